// @ts-check
/**
 * Media from the server, or from the copies on this device: measures the network, says with each request how the player does
 * (CMCD), and goes on where a broken download ended.
 */
import { Problem, answerOf, asProblem } from '/api/client.js'
import { measured, throughput } from '/core/bandwidth.js'
import { cmcd } from '/core/cmcd.js'
import { randomID } from '/lib/id.js'
import { joined } from '/player/feed.js'
import { createPatience } from '/player/patience.js'

/** @typedef {ReturnType<typeof createFetcher>} Fetcher */
/** @typedef {{received: number, total: number | null, elapsed: number}} Progress bytes, and seconds since the request */
/** @typedef {{chunks: Uint8Array[], received: number, tag: string, total: number | null}} Partial */

/** Downloads that are kept to be continued. */
const mostPartials = 4

/**
 * @param {object} world
 * @param {typeof fetch} [world.fetch] @param {() => number} [world.now] milliseconds since 1970
 * @param {() => number} [world.clock] milliseconds, for measuring
 * @param {string} [world.session] an id of this visit
 * @param {((url: string) => Promise<Response | undefined | null>) | null} [world.stored] finds a copy on this device
 * @param {((url: string) => Promise<Response | undefined | null>) | null} [world.fallback] the same for what the network should have
 * @param {() => void} [world.onSignedOut] called after a 401
 * @param {(ms: number, fn: () => void) => () => void} [world.later] the timer of a request under way; returns what takes it back
 */
export function createFetcher({
  fetch = globalThis.fetch.bind(globalThis), now = Date.now, clock = () => performance.now(),
  session = randomID(), stored = null, fallback = null, onSignedOut = () => {}, later,
} = {}) {
  const patience = createPatience({ clock, later })
  /** @type {import('/core/bandwidth.js').Bandwidth | null} */
  let bandwidth = null
  /** @type {Map<string, Partial>} */
  const partials = new Map()

  /** @param {string} url @param {RequestInit} init @returns {Promise<Response>} */
  async function answer(url, init) {
    try {
      return await answerOf(fetch, url, init, now)
    } catch (error) {
      if (error instanceof Problem && error.status === 401) onSignedOut()
      throw error
    }
  }

  /** @param {string} url @param {Partial} partial */
  function keep(url, partial) {
    if (!partial.tag || partial.received === 0) return
    partials.delete(url)
    partials.set(url, partial)
    if (partials.size > mostPartials) partials.delete(/** @type {string} */ (partials.keys().next().value))
  }

  /**
   * What is here already, if the answer goes on there.
   * @param {Response} response @param {Partial | undefined} kept @returns {Partial}
   */
  function continued(response, kept) {
    const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(response.headers.get('Content-Range') ?? '')
    if (response.status === 206) {
      if (kept && range && Number(range[1]) === kept.received) return { ...kept, total: Number(range[2]) }
      throw new Problem(0, 'network', 'the server sent another part than it was asked for')
    }
    const length = response.headers.get('Content-Length')
    const tag = response.headers.get('ETag') ?? ''
    return { chunks: [], received: 0, tag: tag.startsWith('W/') ? '' : tag, total: length === null ? null : Number(length) }
  }

  /** @param {Response} response @param {Partial} partial @param {(received: number, chunk: Uint8Array) => void} onChunk */
  async function receive(response, partial, onChunk) {
    const reader = response.body?.getReader()
    while (reader) {
      const { done, value } = await reader.read()
      if (done) break
      partial.chunks.push(value)
      partial.received += value.byteLength
      onChunk(partial.received, value)
    }
    if (partial.total !== null && partial.received !== partial.total) throw new Problem(0, 'network', 'the download ended early')
  }

  return {
    /** kbit/s, null before the first segment. */
    get throughput() { return throughput(bandwidth) },
    /** What was measured, to be kept for the next visit. */
    get bandwidth() { return bandwidth },
    set bandwidth(value) { bandwidth = value },

    /** Bytes that a download lacks which broke or was given up; null if there is none, or its length is unknown. @param {string} url */
    remaining(url) {
      const partial = partials.get(url)
      return partial && partial.total !== null ? partial.total - partial.received : null
    },

    /** The network may be another now: what has been silent for a moment is given up. */
    hurry: patience.hurry,

    /** Why the server gives nothing at an address, null if it gives something. @param {string} url @returns {Promise<Problem | null>} */
    async refusal(url) {
      const { stop, why, over } = patience.watch(undefined)
      try {
        const response = await answer(url, { signal: stop.signal, headers: { Range: 'bytes=0-0' } })
        response.body?.cancel().catch(() => {})
        return null
      } catch (error) {
        return asProblem(why(error))
      } finally {
        over()
      }
    },

    /**
     * A document. @param {string} url
     * @param {{signal?: AbortSignal, most?: number, isCopyFirst?: boolean}} [how] `most` milliseconds of silence; `isCopyFirst` if what came with a
     *   copy is good enough
     */
    async json(url, { signal, most, isCopyFirst = false } = {}) {
      const own = await stored?.(url) ?? (isCopyFirst ? await fallback?.(url) : null)
      if (own) return own.json()
      const { stop, why, over } = patience.watch(signal, most)
      try {
        const response = await answer(url, { signal: stop.signal, headers: { Accept: 'application/json' } })
        return await response.json()
      } catch (error) {
        const isText = error instanceof SyntaxError
        const problem = isText ? new Problem(0, 'unreadable', 'the answer of the server cannot be read') : asProblem(why(error))
        const copy = problem.slug === 'network' ? await fallback?.(url) : null
        if (copy) return copy.json()
        throw problem
      } finally {
        over()
      }
    },

    /**
     * The bytes of a segment or an init section. A copy on this device is as good, because its URL names the version.
     * @param {string} url
     * @param {object} [how]
     * @param {AbortSignal} [how.signal] @param {Omit<Parameters<typeof cmcd>[0], 'session' | 'throughput'>} [how.about]
     * @param {(progress: Progress) => boolean} [how.abandons] asked at each part: true ends the download with an AbortError
     * @param {(bytes: Uint8Array) => void} [how.onPart] is given the bytes in order, as they come
     * @returns {Promise<{bytes: Uint8Array, loaded: number}>} `loaded` is what came over the network now
     */
    async bytes(url, { signal, about = {}, abandons = () => false, onPart = () => {} } = {}) {
      const copy = await stored?.(url)
      if (copy) {
        const bytes = new Uint8Array(await copy.arrayBuffer())
        onPart(bytes)
        return { bytes, loaded: 0 }
      }
      signal?.throwIfAborted()
      const kept = partials.get(url)
      partials.delete(url)
      const began = clock()
      let last = began
      const elapsed = () => (clock() - began) / 1000
      /** @type {Record<string, string>} */
      const headers = cmcd({ ...about, session, throughput: throughput(bandwidth) })
      if (kept) Object.assign(headers, { Range: `bytes=${kept.received}-`, 'If-Range': kept.tag })
      const { stop, heard, why, over } = patience.watch(signal)
      let partial = kept
      let before = 0
      try {
        const response = await answer(url, { signal: stop.signal, headers })
        partial = undefined
        partial = continued(response, kept)
        before = partial.received
        const current = partial
        for (const chunk of current.chunks) onPart(chunk)
        await receive(response, current, (received, chunk) => {
          heard()
          last = clock()
          onPart(chunk)
          if (abandons({ received, total: current.total, elapsed: elapsed() })) stop.abort()
        })
      } catch (error) {
        const isRange = error instanceof Problem && error.status === 416
        if (partial && !isRange) keep(url, partial)
        const loaded = (partial?.received ?? 0) - before
        // A silence says nothing of how fast the network is when it carries.
        const took = stop.signal.reason instanceof Problem ? (last - began) / 1000 : elapsed()
        if (took > 1 && loaded > 0) bandwidth = measured(bandwidth, loaded, took)
        throw isRange ? new Problem(0, 'network', error.detail) : asProblem(why(error))
      } finally {
        over()
      }
      bandwidth = measured(bandwidth, partial.received - before, elapsed())
      return { bytes: joined(partial.chunks), loaded: partial.received - before }
    },
  }
}
