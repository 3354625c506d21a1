// @ts-check
/** Files from the server in the browser's cache, each as it came or not at all. */
import { Problem, answerOf, asProblem } from '/api/client.js'
import { cmcd } from '/core/cmcd.js'
import { randomID } from '/lib/id.js'
import { joined } from '/player/feed.js'
import { createPatience } from '/player/patience.js'

/** @typedef {ReturnType<typeof createCopies>} Copies */

export const cacheName = 'sweetspot-pins'

/**
 * @param {object} world
 * @param {CacheStorage | null} world.caches null where the page did not come over TLS @param {typeof fetch} world.fetch
 * @param {() => number} world.now @param {(ms: number, fn: () => void) => () => void} [world.wait] the timer of a download under way
 */
export function createCopies({ caches, fetch, now, wait }) {
  const patience = createPatience({ clock: () => performance.now(), later: wait })
  const open = async () => caches ? caches.open(cacheName) : null
  // By these the server knows that one copier asks for all of them: a plan limits how many tracks are streamed at once.
  const headers = cmcd({ session: randomID() })

  /** @param {string} url @param {RequestInit} [init] */
  const ask = (url, init) => answerOf(fetch, url, init, now)

  /** A file with all its bytes, which come or not: a network can hang instead of failing. @param {string} url @param {AbortSignal} [signal] */
  async function whole(url, signal) {
    const { stop, heard, why, over } = patience.watch(signal)
    try {
      const response = await ask(url, { signal: stop.signal, headers })
      const reader = response.body?.getReader()
      const chunks = []
      for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
        heard()
        chunks.push(part.value)
      }
      return { response, bytes: joined(chunks) }
    } catch (error) {
      throw asProblem(why(error))
    } finally {
      over()
    }
  }

  return {
    ask,
    /** @param {string} url @returns {Promise<Response | undefined>} */
    match: async url => (await open())?.match(url),
    /** @param {string} url */
    remove: async url => { await (await open())?.delete(url) },

    /**
     * Stores a file if all of it came.
     * @param {string} url @param {AbortSignal} [signal] @returns {Promise<import('/core/pins.js').Part>}
     */
    async store(url, signal) {
      const { response, bytes } = await whole(url, signal)
      const length = response.headers.get('Content-Length')
      const isEncoded = response.headers.has('Content-Encoding')
      if (length !== null && !isEncoded && Number(length) !== bytes.byteLength) throw new Problem(0, 'network', 'the download ended early')
      const tag = response.headers.get('ETag') ?? ''
      const kept = { 'Content-Type': response.headers.get('Content-Type') ?? '', 'Content-Length': String(bytes.byteLength), ETag: tag }
      await (await open())?.put(url, new Response(bytes, { headers: kept }))
      return { url, bytes: bytes.byteLength, tag }
    },

    /**
     * What is on the disk.
     * @param {string[]} urls @param {boolean} [isQuick] whether the lengths that were noted with the files will do
     * @returns {Promise<Map<string, {bytes: number, tag: string}>>}
     */
    async measure(urls, isQuick = false) {
      const cache = await open()
      const found = new Map()
      for (const url of urls) {
        const response = await cache?.match(url)
        if (!response) continue
        const bytes = isQuick ? Number(response.headers.get('Content-Length')) : (await response.arrayBuffer()).byteLength
        found.set(url, { bytes, tag: response.headers.get('ETag') ?? '' })
      }
      return found
    },
  }
}
