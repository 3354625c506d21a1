// @ts-check
/** Between the state and the engine: the queue says what comes, the engine says what is heard. */
import { dozed } from '/core/fades.js'
import { current, following, neighbour } from '/core/queue.js'
import { network } from '/core/ladder.js'

/**
 * @param {any} app @param {any} engine @param {{onHeard?: (heard: any) => void, onStart?: () => void, hasCopy?: (id: string) => boolean}} [how]
 */
export function createSound(app, engine, { onHeard = () => {}, onStart = () => {}, hasCopy = () => false } = {}) {
  const { store } = app
  const queue = () => store.get().queue
  const player = () => store.get().player
  /** Key of the entry that the engine has or was told to begin. */
  let begun = ''
  /** Whether the server cannot be reached, although there is a network. */
  let isCutOff = false
  /** How a change of the queue under way is followed by a start. @type {{at?: number, paused?: boolean} | null} */
  let starting = null
  /** Whether the listener wants sound, which the element only shows once it has some. */
  let wants = false

  /** @param {{at?: number, paused?: boolean}} [how] */
  function start({ at = 0, paused = false } = {}) {
    const now = current(queue())
    if (!now) return
    begun = now.key
    wants = !paused
    if (wants) onStart()
    engine.start(now.track, { key: now.key, at, paused })
    tell(now.key)
  }
  /** Says what comes after an entry. @param {string} key */
  function tell(key) {
    const next = following(queue(), key)
    const from = queue().items.find((/** @type {any} */ item) => item.key === key)?.track
    engine.follow(next?.track ?? null, { key: next?.key, after: key, from })
  }

  /** What the sleep timer leaves of the volume. */
  let part = 1
  const setVolume = () => engine.volume(player().volume * part)
  function doze() {
    const { sleepAt } = player()
    const now = sleepAt === null ? 1 : dozed((sleepAt - Date.now()) / 1000)
    if (now === 0) {
      store.dispatch({ type: 'player/sleep', at: null })
      sound.pause()
    }
    if (now === part) return
    // Who wakes up hears what was set.
    part = now || 1
    setVolume()
  }

  engine.on('track', (/** @type {any} */ { key }) => {
    begun = key
    store.dispatch({ type: 'queue/reached', key })
    tell(key)
  })
  engine.on('want', (/** @type {any} */ { after }) => tell(after))
  engine.on('time', (/** @type {any} */ { key, position, duration, buffered }) => {
    if (key !== begun) return
    store.dispatch({ type: 'player/time', position, duration, buffered })
    doze()
  })
  engine.on('state', (/** @type {any} */ { status }) => {
    if (status === 'playing') wants = true
    if (status === 'paused' || status === 'ended') wants = false
    store.dispatch({ type: 'player/status', status })
  })
  engine.on('rung', (/** @type {any} */ { id, key, ...rung }) => key === begun && store.dispatch({ type: 'player/rung', rung }))
  engine.on('error', (/** @type {any} */ error) => {
    // The server is gone, but there is a copy here: it plays, whatever the network looks like.
    if (error.problem.slug === 'network' && !isCutOff && hasCopy(error.id)) return setCutOff(true)
    store.dispatch({ type: 'player/error', error })
  })
  engine.on('ended', () => {
    wants = false
    store.dispatch({ type: 'player/status', status: 'ended' })
  })
  engine.on('heard', onHeard)

  store.subscribe((/** @type {any} */ state) => current(state.queue)?.key ?? '', (/** @type {string} */ key) => {
    if (starting) {
      const how = starting
      starting = null
      start(how)
    } else if (key && begun && key !== begun) start({ at: 0, paused: !wants })
    // Views take longer to show a track than its first sound takes to be asked for.
  }, true)
  store.subscribe((/** @type {any} */ state) => state.queue, () => begun && tell(begun))
  store.subscribe((/** @type {any} */ state) => state.player.volume, setVolume)
  store.subscribe((/** @type {any} */ state) => state.player.sleepAt, doze)
  store.subscribe((/** @type {any} */ state) => state.player.muted, engine.mute)
  store.subscribe((/** @type {any} */ state) => state.player.speed, engine.rate)
  const { connection, deviceMemory = 8 } = /** @type {any} */ (navigator)
  const policy = () => {
    const { cap, saveData, isMetered, downlink } = network(player().quality, connection)
    const isOffline = isCutOff || navigator.onLine === false
    engine.setPolicy({ levelling: player().levelling, crossfade: player().crossfade, cap, saveData, isMetered, downlink, isOffline, isSmall: deviceMemory < 1 })
  }
  store.subscribe((/** @type {any} */ state) => state.player.quality, policy)
  store.subscribe((/** @type {any} */ state) => state.player.levelling, policy)
  store.subscribe((/** @type {any} */ state) => state.player.crossfade, () => {
    policy()
    if (begun) tell(begun)
  })
  connection?.addEventListener?.('change', policy)
  for (const name of ['online', 'offline']) window.addEventListener(name, () => setCutOff(false))
  /** @param {boolean} isOff */
  function setCutOff(isOff) {
    isCutOff = isOff
    policy()
    if (isOff) engine.retry()
  }
  policy()
  setVolume()
  engine.mute(player().muted)
  engine.rate(player().speed)

  const sound = {
    get wants() { return wants },
    start,
    /** Changes the queue, and plays what is current then. @param {() => void} change */
    startWith: change => startAfter(change, {}),
    /**
     * Changes the queue; if another item is current then, goes on with that from `at`, playing if it did.
     * @param {() => void} change @param {number} at seconds
     */
    changeTo(change, at) {
      const before = current(queue())?.key
      starting = begun ? { at, paused: !wants } : null
      change()
      starting = null
      const now = current(queue())
      if (now && now.key !== before && !begun) store.dispatch({ type: 'player/time', position: at, duration: Number(now.track.duration) || 0, buffered: 0 })
    },
    toggle() {
      if (!begun || player().status === 'ended') return start({ at: player().status === 'ended' ? 0 : player().position })
      if (wants && player().status !== 'paused') return sound.pause()
      wants = true
      onStart()
      engine.play()
    },
    play() {
      if (!wants) sound.toggle()
    },
    pause() {
      wants = false
      engine.pause()
    },
    /** @param {number} seconds */
    seek(seconds) {
      if (!begun) start({ at: seconds, paused: true })
      else engine.seek(seconds)
    },
    next: () => step(1),
    previous: () => step(-1),
    retry: engine.retry,
    prepare: engine.prepare,
    /** The server answers again. */
    reached: () => { if (isCutOff) setCutOff(false) },
  }
  /** @param {1 | -1} by */
  function step(by) {
    const item = neighbour(queue(), by)
    if (!item) return by < 0 ? sound.seek(0) : undefined
    startAfter(() => store.dispatch({ type: 'queue/jump', key: item.key }), { paused: !wants && player().status !== 'ended' })
  }
  /** Changes the queue, and begins what is current then. @param {() => void} change @param {{at?: number, paused?: boolean}} how */
  function startAfter(change, how) {
    starting = how
    change()
    // The same item again is no change.
    if (starting) start(how)
    starting = null
  }
  return sound
}
