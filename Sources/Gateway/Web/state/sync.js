// @ts-check
/** The queue on the server, for other devices: this one's is sent a moment after it changed, and never over another's unseen. */
import { asProblem } from '/api/client.js'
import { queueDocument } from '/core/queue.js'
import { events } from '/lib/signal.js'

const path = '/api/v1/queue'
/** Seconds by which a position is another. */
const moved = 1
/** Bytes of a request that a browser sends for a page that is gone: 64 KiB, of all of them together. */
const mostKept = 60_000

/** @typedef {{tracks: string[], current: number | null, position: number, changed?: string | null}} Elsewhere */

/**
 * @param {object} world
 * @param {import('/core/reducer.js').Store<import('/core/reducer.js').State, any>} world.store
 * @param {Pick<import('/api/client.js').Client, 'send'>} world.client @param {EventTarget} [world.page] what tells `pagehide` and `online`
 * @param {(ms: number, fn: () => void) => () => void} [world.later] calls once, unless it is taken back
 */
export function createQueueSync({ store, client, page = globalThis.window, later = wait }) {
  const bus = events()
  /** Entity tag of the server's queue as this device saw it. @type {string | null} */
  let tag = null
  let isDirty = false
  let isSending = false
  let takeBack = () => {}
  /** The state that the last exchange ended with, and its position in seconds. */
  let same = ''
  let told = 0

  const document = () => queueDocument(store.get().queue, store.get().player.position)
  const keyOf = (/** @type {Elsewhere} */ { tracks, current }) => JSON.stringify([tracks, current])

  /** @param {{keepalive?: boolean}} [how] */
  async function push({ keepalive = false } = {}) {
    takeBack()
    // A page that goes has no time to look at what is there.
    if (!isDirty || (keepalive ? tag === null : isSending)) return
    isSending = true
    isDirty = false
    try {
      if (tag === null) await meet()
      const own = document()
      // A longer one would be refused unsent; without it the browser may still send it.
      const isShort = keepalive && JSON.stringify(own).length < mostKept
      const response = await client.send('PUT', path, own, { keepalive: isShort, patience: 20_000, headers: tag ? { 'If-Match': tag } : {} })
      tag = response.headers.get('ETag')
      same = keyOf(own)
      told = own.position
      bus.emit('kept')
    } catch (error) {
      isDirty = true
      if (asProblem(error).status === 412) await meet().catch(() => {})
    } finally {
      isSending = false
    }
  }

  /** The server's queue is another than this device saw. */
  async function meet() {
    const response = await client.send('GET', path, undefined, tag ? { headers: { 'If-None-Match': tag } } : {})
    if (response.status === 304) return
    const found = /** @type {Elsewhere} */ (await response.json())
    tag = response.headers.get('ETag')
    const isOwn = keyOf(found) === keyOf(document()) || keyOf(found) === same
    same = keyOf(found)
    if (isOwn || found.tracks.length === 0) return
    bus.emit('elsewhere', found)
  }

  function leave() {
    // What sounds has gone on since the last change.
    const { status, position } = store.get().player
    if (status !== 'idle' && store.get().queue.index >= 0 && Math.abs(position - told) >= moved) isDirty = true
    push({ keepalive: true }).catch(() => {})
  }
  const back = () => { push().catch(() => {}) }
  const off = store.subscribe(({ queue: { items, index } }) => `${items.length} ${index} ${items.map(item => item.track.id).join()}`, () => {
    if (keyOf(document()) === same) return
    isDirty = true
    takeBack()
    takeBack = later(2000, back)
  })
  const offPaused = store.subscribe(({ player: { status } }) => status === 'paused', isPaused => {
    if (!isPaused || store.get().queue.index < 0) return
    isDirty = true
    takeBack()
    takeBack = later(2000, back)
  })
  page?.addEventListener('pagehide', leave)
  page?.addEventListener('online', back)

  return {
    /** `elsewhere` {tracks, current, position}: another device has another queue; {@link keep} or dispatch it. `kept`: the server has this one's. */
    on: bus.on,
    /** Looks at the server's queue: at the beginning, and after a change event of kind `queue`. */
    check: () => isSending ? Promise.resolve() : meet(),
    /** This device's queue counts. */
    keep() {
      isDirty = true
      return push()
    },
    push,
    /** Whoever comes next has another queue. */
    forget() {
      takeBack()
      tag = null
      isDirty = false
      same = ''
    },
    stop() {
      takeBack()
      off()
      offPaused()
      page?.removeEventListener('pagehide', leave)
      page?.removeEventListener('online', back)
    },
  }
}

/** @param {number} ms @param {() => void} fn */
function wait(ms, fn) {
  const id = setTimeout(fn, ms)
  return () => clearTimeout(id)
}
