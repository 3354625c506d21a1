// @ts-check
/** Copies of tracks on this device: whole files by their addresses, so that playing them is the same as playing from the server. */
import { asProblem } from '/api/client.js'
import { isWhole, missing, received, verified, weight, withPart } from '/core/pins.js'
import { isPassing, nextTry } from '/core/retry.js'
import { events } from '/lib/signal.js'
import { createCopies } from '/player/copies.js'
import { beside, createWanted } from '/player/wanted.js'

/**
 * @typedef {import('/core/pins.js').Pin} Pin
 * @typedef {{id: string, albumId?: string | null, art?: string | null, [name: string]: any}} Track
 */

/**
 * @param {object} world
 * @param {import('/lib/database.js').Database} world.database
 * @param {CacheStorage | null} [world.caches] null where the page did not come over TLS
 * @param {typeof fetch} [world.fetch] @param {StorageManager | null} [world.storage] @param {() => number} [world.now]
 * @param {EventTarget} [world.page] @param {(ms: number, fn: () => void) => void} [world.later]
 * @param {(ms: number, fn: () => void) => () => void} [world.wait] the timer of a download under way
 * @param {string[]} [world.ladders] that are kept, in segments, or as whole files with `areWhole`: without Media Source @param {boolean} [world.areWhole]
 */
export function createOffline({
  database, later = (ms, fn) => { setTimeout(fn, ms) }, caches = globalThis.caches ?? null, fetch = globalThis.fetch.bind(globalThis), storage = globalThis.navigator?.storage ?? null,
  now = Date.now, page = globalThis.window, wait, ladders = [], areWhole = false,
}) {
  const bus = events()
  const copies = createCopies({ caches, fetch, now, wait })
  const wanted = createWanted(copies, areWhole)
  /** @type {Map<string, Pin>} */
  const pins = new Map()
  /** @type {Map<string, AbortController>} */
  const loading = new Map()
  let refusals = 0
  let isResting = false

  /** @param {Pin} pin */
  async function keep(pin) {
    pins.set(pin.id, pin)
    await database.put('pins', pin.id, pin)
    bus.emit('change', { id: pin.id, received: received(pin), total: pin.bytes, isWhole: isWhole(pin) })
  }

  /** Loads what is missing of a pin, and looks at what it has. @param {Pin} pin @returns {Promise<boolean>} whether there may be room for more */
  async function complete(pin) {
    if (!caches || isResting || loading.has(pin.id)) return true
    const stop = new AbortController()
    loading.set(pin.id, stop)
    try {
      for (const url of beside(pin.track)) if (!await copies.match(url)) await copies.store(url, stop.signal).catch(skipAbsent)
      const begun = pins.get(pin.id)
      if (!begun || stop.signal.aborted) return true
      await keep({ ...begun, beside: await whatCame(begun) })
      // Once more for what did not stay as it came.
      for (let turn = 0; turn < 2; turn++) {
        for (const url of missing(pins.get(pin.id) ?? pin)) {
          const part = await copies.store(url, stop.signal)
          const current = pins.get(pin.id)
          if (!current || stop.signal.aborted) return true
          await keep(withPart(current, part))
          refusals = 0
        }
        if (await check(pin.id)) break
      }
      await dropOld(pin.id)
    } catch (error) {
      if (stop.signal.aborted) return true
      const problem = asProblem(error)
      bus.emit('problem', { id: pin.id, problem: problem.document })
      if (problem.slug === 'device-full') return false
      if (problem.status > 0 && isPassing(problem)) rest(problem)
    } finally {
      if (loading.get(pin.id) === stop) loading.delete(pin.id)
    }
    return true
  }

  /** Of a copy that is whole, the files of another rendition go. @param {string} id */
  async function dropOld(id) {
    const pin = pins.get(id)
    if (!pin?.old?.length || !isWhole(pin)) return
    for (const url of pin.old) await copies.remove(url)
    if (pins.get(id) === pin) await keep({ ...pin, old: [] })
  }

  /** What of a copy is no sound and is here. @param {Pin} pin */
  const whatCame = async pin => [...await copies.measure(beside(pin.track), true)].map(([url, part]) => ({ url, ...part }))

  /** Compares a copy with what was noted when it came; what differs counts as missing. @param {string} id @param {boolean} [isQuick] */
  async function check(id, isQuick = false) {
    const pin = pins.get(id)
    if (!pin) return false
    const checked = verified(pin, await copies.measure(pin.parts.map(part => part.url), isQuick))
    checked.beside = await whatCame(pin)
    const isNews = checked.parts.length !== pin.parts.length || weight([checked]) !== weight([pin])
    if (pins.get(id) === pin && isNews) await keep(checked)
    return isWhole(checked)
  }

  /** A track without lyrics is whole without them; a network that is gone, or no room, is another matter. @param {unknown} error */
  function skipAbsent(error) {
    const problem = asProblem(error)
    if (isPassing(problem) || problem.slug === 'device-full') throw problem
  }

  /**
   * Looks at a copy, and loads again what is not there as it came.
   * @param {string} id @param {{isQuick?: boolean}} [how] `isQuick` trusts the noted lengths of files that are there
   * @returns {Promise<boolean>} whether it is whole
   */
  async function verify(id, { isQuick = false } = {}) {
    if (!caches || !pins.has(id) || loading.has(id)) return false
    if (await check(id, isQuick)) return true
    const pin = pins.get(id)
    if (pin) await complete(pin)
    return renditionOf(id) !== null
  }

  /** The rendition of a whole copy. @param {string} id @returns {string | null} */
  function renditionOf(id) {
    const pin = pins.get(id)
    // What came before the browser had a Media Source plays without one alone.
    const isPlayable = pin && pin.wanted.some(url => url.startsWith('/stream/')) === areWhole
    return isPlayable && isWhole(pin) ? pin.rendition : null
  }

  /** A file of the sound of a copy. @param {string} url */
  async function stored(url) {
    const id = partOf(url)
    if (id === null) return undefined
    const found = await copies.match(url)
    // The browser has thrown it away.
    if (!found) verify(id, { isQuick: true }).catch(() => {})
    return found
  }

  /** Goes on when the server wants to be asked again; a network that comes back says so itself. @param {{status: number, retryAt: number | null}} problem */
  function rest(problem) {
    if (isResting) return
    isResting = true
    later(nextTry(now(), ++refusals, problem) - now(), () => {
      isResting = false
      resume()
    })
  }

  /** Goes on with all copies that are not whole. */
  async function resume() {
    for (const pin of [...pins.values()]) if (!isWhole(pin) && !await complete(pin)) return
  }
  const onOnline = () => { resume() }
  page?.addEventListener('online', onOnline)

  return {
    /** `change` {id, received, total, isWhole}; `problem` {id, problem}; `removed` {id}. */
    on: bus.on,
    isPossible: caches !== null, ladders,
    /** Reads what is pinned: before the first of the others. */
    async open() {
      for (const pin of await database.all('pins')) pins.set(pin.id, pin)
    },
    /** @returns {Pin[]} the newest first */
    list: () => [...pins.values()].sort((a, b) => b.at - a.at),
    /** Bytes of all files of copies, of these tracks or of all, as far as they are here. @param {string[]} [ids] */
    weight: (ids = [...pins.keys()]) => weight(ids.flatMap(id => pins.get(id) ?? [])),
    /** @param {string} id @returns {{received: number, total: number, isWhole: boolean} | null} */
    state(id) {
      const pin = pins.get(id)
      return pin ? { received: received(pin), total: pin.bytes, isWhole: isWhole(pin) } : null
    },
    renditionOf, stored,
    /** Any file that came with a copy, for when the network has none. @param {string} url @returns {Promise<Response | undefined>} */
    fallback: async url => pins.size > 0 ? copies.match(url) : undefined,

    /** Bytes of the sound of these tracks, before it is loaded. @param {Track[]} tracks @param {string} rendition @param {AbortSignal} [signal] */
    size: (tracks, rendition, signal) => wanted.size(tracks, rendition, id => pins.get(id), signal),

    /** Copies tracks, one after the other. @param {Track[]} tracks @param {string} rendition */
    async pin(tracks, rendition) {
      // Firefox asks the listener, who may never answer.
      if (pins.size === 0) storage?.persist?.().catch(() => false)
      for (const track of tracks) {
        const known = pins.get(track.id)
        if (known?.rendition === rendition) continue
        const plan = await wanted.plan(track.id, rendition)
        const { bytes } = await wanted.weight(plan)
        const wants = [...plan.documents, ...plan.sound]
        loading.get(track.id)?.abort()
        loading.delete(track.id)
        // What was copied in another quality goes once this one is whole.
        const old = [...known?.old ?? [], ...known?.wanted ?? []].filter(url => !wants.includes(url))
        await keep({ id: track.id, rendition, track, wanted: wants, old, parts: [], bytes, at: now() })
      }
      for (const { id } of tracks) {
        const pin = pins.get(id)
        if (pin && !isWhole(pin) && !await complete(pin)) return
      }
    },
    verify,

    /** @param {string[]} ids */
    async unpin(ids) {
      const going = ids.flatMap(id => pins.get(id) ?? [])
      for (const { id } of going) {
        loading.get(id)?.abort()
        pins.delete(id)
      }
      for (const { id, wanted, old = [], track } of going) {
        await database.delete('pins', id)
        for (const url of [...wanted, ...old, ...beside(track)]) if (!isShared(url)) await copies.remove(url)
        bus.emit('removed', { id })
      }
    },
    resume,
    /** Bytes that are used and those there are, as the browser estimates. */
    estimate: async () => storage?.estimate ? storage.estimate() : null,
    stop() { page?.removeEventListener('online', onOnline) },
  }

  /** The track whose copy has the file. @param {string} url `/hls/{id}/…` or `/api/v1/tracks/{id}?…` */
  function partOf(url) {
    const id = /^\/(?:hls|api\/v1\/tracks)\/([^/?]+)/.exec(url)?.[1] ?? ''
    return pins.get(id)?.parts.some(part => part.url === url) ? id : null
  }

  /** Whether another copy needs the file too: tracks of an album share its document and cover. @param {string} url */
  function isShared(url) {
    return [...pins.values()].some(pin => beside(pin.track).includes(url))
  }
}
