// @ts-check
/** Between the state and the engine: the queue says what comes, the engine says what is heard. */
import { dozed } from '/core/fades.js'
import { current, following, neighbour } from '/core/queue.js'
import { network } from '/core/ladder.js'
import { t } from '/text/text.js'

/** Tracks in a row that are left out because they failed; more is not one track's fault. */
const mostLeftOut = 20
/** How many of them are told. */
const mostTold = 3

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
  /** Keys of entries that failed for good before they were heard: they are left out until the queue changes. @type {Set<string>} */
  const failed = new Set()
  /** How many of these since a track sounded. */
  let leftOut = 0

  /** The listener wants sound. A time to sleep that passed in silence is over. */
  function wake() {
    wants = true
    const { sleepAt } = player()
    if (sleepAt !== null && sleepAt <= Date.now()) store.dispatch({ type: 'player/sleep', at: null })
    onStart()
  }

  /** @param {{at?: number, paused?: boolean}} [how] */
  function start({ at = 0, paused = false } = {}) {
    const now = current(queue())
    if (!now) return
    begun = now.key
    failed.delete(now.key)
    wants = false
    if (!paused) wake()
    engine.start(now.track, { key: now.key, at, paused })
    tell(now.key)
  }
  /** The item after an entry, without those that failed. @param {string} key */
  function coming(key) {
    if (leftOut >= mostLeftOut) return null
    let next = following(queue(), key)
    for (let n = queue().items.length; next && failed.has(next.key) && n > 0; n--) next = following(queue(), next.key)
    return next && !failed.has(next.key) ? next : null
  }
  /** A track that was to come cannot: it is left out, and the listener hears of it. @param {any} error */
  function leaveOut({ key, problem }) {
    failed.add(key)
    leftOut += 1
    const item = queue().items.find((/** @type {any} */ one) => one.key === key)
    if (!item || leftOut > mostTold) return
    app.live.show(t('queue.leftOut', { title: item.track.title, why: app.sentence(problem) }), { label: t('retry'), run: again })
  }
  /** What was left out is tried again. */
  function again() {
    failed.clear()
    leftOut = 0
    if (begun) tell(begun)
  }
  /** Says what comes after an entry. @param {string} key */
  function tell(key) {
    const next = coming(key)
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
    leftOut = 0
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
    if (error.retryAt === null && error.key !== begun) return leaveOut(error)
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
    else if (!key && begun) rest()
    // Views take longer to show a track than its first sound takes to be asked for.
  }, true)
  store.subscribe((/** @type {any} */ state) => state.queue.items, () => {
    failed.clear()
    leftOut = 0
  })
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
      const { status, position } = player()
      if (status === 'ended' && queue().stopAfter) return goOn()
      if (!begun || status === 'ended') return start({ at: status === 'ended' ? 0 : position })
      if (wants && status !== 'paused' && status !== 'error') return sound.pause()
      store.dispatch({ type: 'player/error', error: null })
      wake()
      engine.play()
    },
    play() {
      if (!wants || player().status === 'error') sound.toggle()
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
    retry() {
      if (player().status === 'error') sound.toggle()
      else engine.retry()
    },
    prepare: engine.prepare,
    /** The server answers again. */
    reached: () => { if (isCutOff) setCutOff(false) },
  }
  /** Nothing plays any more. */
  function rest() {
    begun = ''
    wants = false
    engine.rest()
  }
  /** It was to stop after a track, and has: what comes is the next one. */
  function goOn() {
    store.dispatch({ type: 'queue/stopAfter', on: false })
    const item = coming(begun)
    if (item) startAfter(() => store.dispatch({ type: 'queue/jump', key: item.key }), {})
    else start()
  }
  /** The next one in a direction that has not failed. @param {1 | -1} by */
  function beside(by) {
    let far = /** @type {number} */ (by)
    let item = neighbour(queue(), far)
    while (item && failed.has(item.key) && Math.abs(far) < queue().items.length) item = neighbour(queue(), far += by)
    return item ?? neighbour(queue(), by)
  }
  /** @param {1 | -1} by */
  function step(by) {
    const item = beside(by)
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
