// @ts-check
/** The queue on the server, for other devices: this one's is sent a moment after it changed, and never over another's unseen. */
import { asProblem } from '/api/client.js'
import { queueDocument } from '/core/queue.js'
import { idOf } from '/lib/id.js'
import { events } from '/lib/signal.js'

const path = '/api/v1/queue'
/** Seconds by which a position is another; and by which what plays goes on until the server is told, with a queue of that many tracks. */
const moved = 1
const stride = 30
const usual = 500
/** Bytes of a request that a browser sends for a page that is gone: 64 KiB, of all of them together. */
const mostKept = 60_000

/** @typedef {{tracks: string[], current: number | null, position: number, changed?: string | null}} Elsewhere */

/**
 * @param {object} world
 * @param {import('/core/reducer.js').Store<import('/core/reducer.js').State, any>} world.store
 * @param {Pick<import('/api/client.js').Client, 'send'>} world.client @param {EventTarget} [world.page] what tells `pagehide` and `online`
 * @param {(ms: number, fn: () => void) => () => void} [world.later] calls once, unless it is taken back
 * @param {Pick<import('/state/channel.js').Channel, 'on' | 'tell'> | null} [world.channel] to the other tabs
 * @param {() => number} [world.since] when the listener was last at the place that this page began with, milliseconds since 1970
 */
export function createQueueSync({ store, client, page = globalThis.window, later = wait, channel = null, since = () => 0 }) {
  const bus = events()
  /** Entity tag of the server's queue as this device saw it. @type {string | null} */
  let tag = null
  let isDirty = false
  let isSending = false
  let takeBack = () => {}
  /** The state that the last exchange ended with, and its position in seconds. */
  let same = ''
  let told = 0
  /** The position with which the server was last asked. */
  let asked = 0
  /** Entity tags that other tabs of this browser have made. */
  const tabs = new Set()
  channel?.on('queue', tag => tabs.add(tag))

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
      told = asked = own.position
      channel?.tell('queue', tag)
      bus.emit('kept')
    } catch (error) {
      // What another device has put there meanwhile stays until the listener has chosen.
      const isRefused = asProblem(error).status === 412
      isDirty = !isRefused || !await meet().catch(() => false)
      if (isRefused && isDirty) takeBack = later(2000, back)
    } finally {
      isSending = false
    }
  }

  /** Looks at the server's queue. @returns {Promise<boolean>} whether it is another than this device has and saw */
  async function meet() {
    const isFirst = tag === null
    const response = await client.send('GET', path, undefined, tag ? { headers: { 'If-None-Match': tag } } : {})
    if (response.status === 304) return false
    const found = /** @type {Elsewhere} */ (await response.json())
    tag = response.headers.get('ETag')
    told = found.position
    const isHere = keyOf(found) === keyOf(document())
    const isOwn = isHere || keyOf(found) === same
    same = keyOf(found)
    if (found.tracks.length === 0) return false
    if (!isOwn) bus.emit('elsewhere', { ...found, isOwnTab: tabs.has(tag) })
    else if (!isFirst || Date.parse(found.changed ?? '') > since()) follow(found, isHere)
    if (isHere && Math.abs(store.get().player.position - found.position) < moved) isDirty = false
    return !isOwn
  }

  /** It is where it was seen, at another position. @param {Elsewhere} found @param {boolean} isHere whether this device stands in the same track */
  function follow(found, isHere) {
    const { status, position } = store.get().player
    const isSounding = status === 'playing' || status === 'loading'
    if (!isHere || (!isSounding && Math.abs(found.position - position) >= moved)) bus.emit('moved', { position: found.position, isHere })
  }

  function leave() {
    // What sounds has gone on since the last change.
    const { status, position } = store.get().player
    if (status !== 'idle' && store.get().queue.index >= 0 && Math.abs(position - told) >= moved) isDirty = true
    push({ keepalive: true }).catch(() => {})
  }
  const back = () => { push().catch(() => {}) }
  const off = store.subscribe(({ queue: { items, index } }) => `${index} ${idOf(items)}`, () => {
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
  // Another device can go on where this one is, not where the track began. What stands on offer is not overwritten by that.
  const offMoved = store.subscribe(({ player: { position } }) => position, (position, { player: { status }, queue: { items } }) => {
    if (status !== 'playing' || Math.abs(position - asked) < stride * Math.ceil(items.length / usual)) return
    asked = position
    if (keyOf(document()) !== same) return
    isDirty = true
    back()
  })
  page?.addEventListener('pagehide', leave)
  page?.addEventListener('online', back)

  return {
    /**
     * `elsewhere` {tracks, current, position, isOwnTab}: another device, or tab, has another queue; {@link keep} or dispatch it. `moved` {position,
     * isHere}: it went on in its queue, or in this one's track. `kept`: the server has this one's.
     */
    on: bus.on,
    /** Looks at the server's queue, and sends what it does not have: at the beginning, and after a change event of kind `queue`. */
    async check() {
      if (isSending) return
      if (!await meet() && isDirty) await push()
    },
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
      offMoved()
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
