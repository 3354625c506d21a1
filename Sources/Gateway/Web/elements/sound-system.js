// @ts-check
/** The element that sounds, its engine, and what the kept state, the server and other tabs have to do with it. */
import { openDatabase } from '/lib/database.js'
import { createCrossfading } from '/player/crossfading.js'
import { createEngine } from '/player/engine.js'
import { createFetcher } from '/player/fetcher.js'
import { createMixer } from '/player/mixer.js'
import { createChannel } from '/state/channel.js'
import { createOutbox } from '/state/outbox.js'
import { createReports } from '/state/reports.js'
import { createPersist } from '/state/persist.js'
import { createQueueSync } from '/state/sync.js'
import { createServerEvents } from '/api/events.js'
import { connectMediaSession } from '/player/session.js'
import { createOffline } from '/player/offline.js'
import { streamLadder } from '/player/progressive.js'
import { playableLadders } from '/player/source.js'
import { current } from '/core/queue.js'
import { isPassing } from '/core/retry.js'
import { remembered } from '/elements/browser.js'
import { createSound } from '/elements/sound.js'
import { watchElsewhere } from '/elements/elsewhere.js'

/** @param {any} app */
export async function soundSystem(app) {
  const { store, client } = app
  const database = await openDatabase()
  const ladders = playableLadders()
  const areWhole = ladders.length === 0
  const offline = createOffline({ database, areWhole, ladders: areWhole ? [streamLadder(new Audio())] : ladders })
  await offline.open()
  offline.on('problem', (/** @type {any} */ { problem }) => { if (!isPassing(problem)) app.fail(problem) })
  const onSignedOut = () => { client.get('/api/v1/me').catch(() => {}) }
  const fetcher = createFetcher({ stored: offline.stored, fallback: offline.fallback, onSignedOut })
  const engine = createCrossfading({
    makeDeck() {
      const audio = new Audio()
      audio.preload = 'auto'
      return { audio, engine: createEngine({ audio, fetcher, policy: { pinned: offline.renditionOf } }) }
    },
    makeMixer: createMixer,
  })
  /** Whether the server said who is there. */
  const hasSession = () => {
    const { open, name, known } = store.get().session
    return known && (open || name !== null)
  }
  const channel = createChannel()
  let isOthers = false
  const outbox = createOutbox({
    database, client,
    // Before the server has answered, and after it wants a new login, what is heard is still this listener's.
    account: () => {
      const { open, name } = hasSession() ? store.get().session : remembered() ?? {}
      return open ? '' : name ?? null
    },
    isIn: hasSession,
  })
  const persist = createPersist({ store, database, fetcher, mayWrite: () => !isOthers })

  /** Whether the account lets its taste be learned: nothing is told of skips otherwise. */
  let learns = false
  const askTaste = async () => { learns = (await client.get('/api/v1/me/taste').catch(() => null))?.enabled ?? false }
  const report = createReports({
    engine, outbox, learns: () => learns,
    durationOf: key => store.get().queue.items.find((/** @type {any} */ one) => one.key === key)?.track.duration ?? 0,
  })
  const sound = createSound(app, engine, {
    onHeard: (/** @type {any} */ heard) => report(heard), hasCopy: (/** @type {string} */ id) => offline.renditionOf(id) !== null,
    onStart: () => {
      isOthers = false
      channel.claim()
    },
  })
  channel.on('lost', () => {
    isOthers = true
    sound.pause()
  })
  connectMediaSession({
    engine, track: app.current, rate: () => store.get().player.speed,
    acts: { play: app.acts.resume, pause: app.acts.pause, next: app.acts.next, previous: app.acts.previous, seek: app.acts.seek },
  })
  // A device that slept may have another network now.
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'visible' && sound.wants) engine.retry() })
  window.addEventListener('pagehide', () => { if (engine.heard) report(engine.heard, false) })
  /** @type {any} */
  let feed = null
  const at = await persist.restore()
  const item = current(store.get().queue)
  if (at !== null && item) {
    // Shown where it was, and silent: nothing plays unasked.
    store.dispatch({ type: 'player/time', position: at, duration: item.track.duration ?? 0, buffered: 0 })
    engine.prepare(item.track)
  }
  const sync = createQueueSync({ store, client, channel, since: () => persist.restored })
  watchElsewhere(app, sync)
  app.offline = offline
  app.onSignedIn = () => {
    engine.retry()
    outbox.send({ isUrgent: true })
    listen()
  }
  app.forgetQueue = () => {
    feed?.close()
    feed = null
    store.dispatch({ type: 'queue/restore', queue: {} })
    sync.forget()
    // Another may be here before the last file is gone.
    offline.unpin(offline.list().map(pin => pin.id))
    return persist.forget()
  }
  listen()
  return sound

  /** Hears of changes, once somebody is signed in. */
  function listen() {
    if (!hasSession()) return
    if (feed) return feed.retry()
    feed = createServerEvents({ isNeeded: () => sound.wants })
    const check = () => { sync.check().catch(() => {}) }
    feed.on('change', (/** @type {any} */ { kinds }) => {
      if (kinds.includes('queue')) check()
      if (kinds.includes('playlists')) app.playlistsChanged()
      if (kinds.includes('account')) askTaste()
      app.changes.tell(kinds)
    })
    feed.on('again', () => {
      sound.reached()
      engine.retry()
      check()
      outbox.send({ isUrgent: true })
      offline.resume()
      app.changes.tell(null)
    })
    check()
    askTaste()
    outbox.send()
    offline.resume()
  }
}
