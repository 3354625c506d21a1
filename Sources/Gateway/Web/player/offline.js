// @ts-check
/** Copies of tracks on this device: whole files by their addresses, so that playing them is the same as playing from the server. */
import { asProblem } from '/api/client.js'
import { isWhole, missing, received, segmentBytes, verified, withPart } from '/core/pins.js'
import { isPassing } from '/core/retry.js'
import { readGrid } from '/core/timeline.js'
import { events } from '/lib/signal.js'
import { createCopies } from '/player/copies.js'
import { addresses } from '/player/pieces.js'

/**
 * @typedef {import('/core/pins.js').Pin} Pin
 * @typedef {{id: string, albumId?: string | null, art?: string | null, [name: string]: any}} Track
 */

const covers = [96, 256, 512]

/** @param {Track} track addresses beside the sound, which a track may be without */
const beside = track => [
  `/api/v1/tracks/${track.id}/lyrics`, `/api/v1/tracks/${track.id}/waveform`,
  ...(track.albumId ? [addresses.album(track.albumId)] : []),
  ...(track.art ? covers.map(size => `${track.art}${track.art?.includes('?') ? '&' : '?'}size=${size}`) : []),
]

/**
 * @param {object} world
 * @param {import('/lib/database.js').Database} world.database
 * @param {CacheStorage | null} [world.caches] null where the page did not come over TLS
 * @param {typeof fetch} [world.fetch] @param {StorageManager | null} [world.storage] @param {() => number} [world.now]
 * @param {EventTarget} [world.page]
 */
export function createOffline({
  database, caches = globalThis.caches ?? null, fetch = globalThis.fetch.bind(globalThis), storage = globalThis.navigator?.storage ?? null,
  now = Date.now, page = globalThis.window,
}) {
  const bus = events()
  const copies = createCopies({ caches, fetch, now })
  /** @type {Map<string, Pin>} */
  const pins = new Map()
  /** @type {Map<string, AbortController>} */
  const loading = new Map()

  /** @param {Pin} pin */
  async function keep(pin) {
    pins.set(pin.id, pin)
    await database.put('pins', pin.id, pin)
    bus.emit('change', { id: pin.id, received: received(pin), total: pin.bytes, isWhole: isWhole(pin) })
  }

  /** @param {string} id @param {string} rendition */
  async function plan(id, rendition) {
    const grid = readGrid(await (await copies.ask(addresses.grid(id, rendition))).json())
    const segments = Array.from({ length: grid.segments }, (_, k) => addresses.segment(id, rendition, grid, k))
    return { grid, sound: [addresses.track(id), addresses.grid(id, rendition), addresses.init(id, rendition, grid), ...segments] }
  }

  /** @param {Track} track @param {string} rendition @returns {Promise<{bytes: number, isExact: boolean}>} */
  async function sizeOf(track, rendition) {
    const whole = pins.get(track.id)
    if (whole && isWhole(whole) && whole.rendition === rendition) return { bytes: received(whole), isExact: true }
    const { grid, sound } = await plan(track.id, rendition)
    if (!grid.type.includes('opus')) return segmentBytes(grid, null)
    const lengthOf = async (/** @type {string} */ url) => Number((await copies.ask(url, { method: 'HEAD' })).headers.get('Content-Length'))
    const [first, last] = await Promise.all([lengthOf(sound[sound.length - grid.segments]), lengthOf(sound[sound.length - 1])])
    return segmentBytes(grid, first > 0 && last > 0 ? { first, last } : null)
  }

  /** Loads what is missing of a pin. @param {Pin} pin */
  async function complete(pin) {
    if (!caches || loading.has(pin.id)) return
    const stop = new AbortController()
    loading.set(pin.id, stop)
    try {
      for (const url of beside(pin.track)) if (!await copies.match(url)) await copies.store(url, stop.signal).catch(skipAbsent)
      for (const url of missing(pin)) {
        const part = await copies.store(url, stop.signal)
        const current = pins.get(pin.id)
        if (!current || stop.signal.aborted) return
        await keep(withPart(current, part))
      }
    } catch (error) {
      if (stop.signal.aborted) return
      bus.emit('problem', { id: pin.id, problem: asProblem(error).document })
    } finally {
      if (loading.get(pin.id) === stop) loading.delete(pin.id)
    }
  }

  /** A track without lyrics is whole without them; a network that is gone is not. @param {unknown} error */
  function skipAbsent(error) {
    const problem = asProblem(error)
    if (isPassing(problem)) throw problem
  }

  /** Goes on with all copies that are not whole. */
  async function resume() {
    for (const pin of [...pins.values()]) if (!isWhole(pin)) await complete(pin)
  }
  const onOnline = () => { resume() }
  page?.addEventListener('online', onOnline)

  return {
    /** `change` {id, received, total, isWhole}; `problem` {id, problem}; `removed` {id}. */
    on: bus.on,
    isPossible: caches !== null,
    /** Reads what is pinned: before the first of the others. */
    async open() {
      for (const pin of await database.all('pins')) pins.set(pin.id, pin)
    },
    /** @returns {Pin[]} the newest first */
    list: () => [...pins.values()].sort((a, b) => b.at - a.at),
    /** @param {string} id @returns {{received: number, total: number, isWhole: boolean} | null} */
    state(id) {
      const pin = pins.get(id)
      return pin ? { received: received(pin), total: pin.bytes, isWhole: isWhole(pin) } : null
    },
    /** The rendition of a whole copy. @param {string} id @returns {string | null} */
    renditionOf(id) {
      const pin = pins.get(id)
      return pin && isWhole(pin) ? pin.rendition : null
    },
    /** A file of the sound of a copy. @param {string} url @returns {Promise<Response | undefined>} */
    stored: async url => isPart(url) ? copies.match(url) : undefined,
    /** Any file that came with a copy, for when the network has none. @param {string} url @returns {Promise<Response | undefined>} */
    fallback: async url => pins.size > 0 ? copies.match(url) : undefined,

    /** Bytes of the sound of these tracks, before it is loaded. @param {Track[]} tracks @param {string} rendition */
    async size(tracks, rendition) {
      let bytes = 0
      let isExact = true
      for (const track of tracks) {
        const size = await sizeOf(track, rendition)
        bytes += size.bytes
        isExact &&= size.isExact
      }
      return { bytes, isExact }
    },

    /** Copies tracks, one after the other. @param {Track[]} tracks @param {string} rendition */
    async pin(tracks, rendition) {
      // Firefox asks the listener, who may never answer.
      if (pins.size === 0) storage?.persist?.().catch(() => false)
      for (const track of tracks) {
        const known = pins.get(track.id)
        if (known?.rendition === rendition) continue
        const [{ bytes }, { sound, grid }] = await Promise.all([sizeOf(track, rendition), plan(track.id, rendition)])
        await keep({ id: track.id, rendition, version: grid.version, track, wanted: sound, parts: [], bytes, at: now() })
      }
      for (const { id } of tracks) {
        const pin = pins.get(id)
        if (pin && !isWhole(pin)) await complete(pin)
      }
    },

    /**
     * Compares a copy with what was noted when it came. Damaged parts are loaded again.
     * @param {string} id @returns {Promise<boolean>} whether it is whole
     */
    async verify(id) {
      const pin = pins.get(id)
      if (!pin || !caches) return false
      const checked = verified(pin, await copies.measure(pin.parts.map(part => part.url)))
      if (checked.parts.length !== pin.parts.length) await keep(checked)
      if (!isWhole(checked)) await complete(checked)
      return isWhole(pins.get(id) ?? checked)
    },

    /** @param {string[]} ids */
    async unpin(ids) {
      for (const id of ids) {
        const pin = pins.get(id)
        if (!pin) continue
        loading.get(id)?.abort()
        pins.delete(id)
        await database.delete('pins', id)
        for (const url of [...pin.wanted, ...beside(pin.track)]) if (!isShared(url)) await copies.remove(url)
        bus.emit('removed', { id })
      }
    },
    resume,
    /** Bytes that are used and those there are, as the browser estimates. */
    estimate: async () => storage?.estimate ? storage.estimate() : null,
    stop() { page?.removeEventListener('online', onOnline) },
  }

  /** @param {string} url `/hls/{id}/…` or `/api/v1/tracks/{id}?…` */
  function isPart(url) {
    const id = /^\/(?:hls|api\/v1\/tracks)\/([^/?]+)/.exec(url)?.[1]
    return pins.get(id ?? '')?.parts.some(part => part.url === url) === true
  }

  /** Whether another copy needs the file too: tracks of an album share its document and cover. @param {string} url */
  function isShared(url) {
    return [...pins.values()].some(pin => beside(pin.track).includes(url))
  }
}
