// @ts-check
/** Between the state and the engine: the queue says what comes, the engine says what is heard. */
import { dozed } from '/core/fades.js'
import { createPassedOver } from '/core/passed-over.js'
import { current } from '/core/queue.js'
import { followSettings } from '/state/settings.js'
import { t } from '/text/text.js'

/**
 * @param {any} app @param {any} engine @param {{onHeard?: (heard: any) => void, onStart?: () => void, hasCopy?: (id: string) => boolean}} [how]
 */
export function createSound(app, engine, { onHeard = () => {}, onStart = () => {}, hasCopy = () => false } = {}) {
  const { store } = app
  const queue = () => store.get().queue
  const player = () => store.get().player
  /** Key of the entry that the engine has or was told to begin. */
  let begun = ''
  /** How a change of the queue under way is followed by a start. @type {{at?: number, paused?: boolean} | null} */
  let starting = null
  /** Whether the listener wants sound, which the element only shows once it has some. */
  let wants = false
  /** What cannot be played, until the queue changes. */
  const passed = createPassedOver()

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
    passed.delete(now.key)
    wants = false
    if (!paused) wake()
    engine.start(now.track, { key: now.key, at, paused })
    tell(now.key)
  }
  /** A track that was to come cannot: it is left out, and the listener hears of it. @param {any} error */
  function leaveOut({ key, problem }) {
    const isTold = passed.add(key)
    const item = queue().items.find((/** @type {any} */ one) => one.key === key)
    if (item && isTold) app.live.show(t('queue.leftOut', { title: item.track.title, why: app.sentence(problem) }), { label: t('retry'), run: again })
  }
  /** What was left out is tried again. */
  function again() {
    passed.clear()
    if (begun) tell(begun)
  }
  /** Says what comes after an entry. @param {string} key */
  function tell(key) {
    const next = passed.following(queue(), key)
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
    passed.heard()
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
    if (error.problem.slug === 'network' && !settings.isCutOff && hasCopy(error.id)) return settings.cutOff(true)
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
  store.subscribe((/** @type {any} */ state) => state.queue.items, passed.clear)
  store.subscribe((/** @type {any} */ state) => state.queue, () => begun && tell(begun))
  store.subscribe((/** @type {any} */ state) => state.player.volume, setVolume)
  store.subscribe((/** @type {any} */ state) => state.player.sleepAt, doze)
  const settings = followSettings({ store, engine, onCrossfade: () => begun && tell(begun) })
  setVolume()

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
    /** Stands at another place of the track, silent: another device went on from here. @param {number} seconds */
    standAt(seconds) {
      const now = current(queue())
      if (wants || !now) return
      if (begun) rest()
      store.dispatch({ type: 'player/time', position: seconds, duration: Number(now.track.duration) || player().duration, buffered: 0 })
    },
    next: () => step(1),
    previous: () => step(-1),
    retry() {
      if (player().status === 'error') sound.toggle()
      else engine.retry()
    },
    prepare: engine.prepare,
    /** The server answers again. */
    reached: () => { if (settings.isCutOff) settings.cutOff(false) },
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
    const item = passed.following(queue(), begun)
    if (item) startAfter(() => store.dispatch({ type: 'queue/jump', key: item.key }), {})
    else start()
  }
  /** @param {1 | -1} by */
  function step(by) {
    const item = passed.neighbour(queue(), by)
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
