// @ts-check
/**
 * The network's throughput from downloads of segments. Means are harmonic, of time per bit: a slow download takes the time that
 * many fast ones do not give back. The least of a fast mean, a slow mean and the last download counts, so the estimate falls at
 * once and climbs carefully.
 */

/** @typedef {{fast: number, slow: number, last: number}} Bandwidth seconds per kbit */

/** Below this a download's time is mostly latency. */
const leastBytes = 8192
/** A shorter time is the browser's cache, or a clock without resolution. */
const leastSeconds = 0.01
/** Part of the new download in the mean: half of it is forgotten after one download, and after three. */
const fastPart = 0.5
const slowPart = 0.2

/**
 * @param {Bandwidth | null} bandwidth null before the first download
 * @param {number} bytes @param {number} seconds from the request to the last byte @returns {Bandwidth | null}
 */
export function measured(bandwidth, bytes, seconds) {
  if (!(bytes > 0) || !Number.isFinite(seconds)) return bandwidth
  const isSlow = seconds > 1
  if (bytes < leastBytes && !isSlow) return bandwidth
  const last = Math.max(seconds, leastSeconds) / (bytes * 8 / 1000)
  if (!bandwidth) return { fast: last, slow: last, last }
  return {
    fast: bandwidth.fast + fastPart * (last - bandwidth.fast),
    slow: bandwidth.slow + slowPart * (last - bandwidth.slow),
    last,
  }
}

/** kbit/s, or null before the first download. @param {Bandwidth | null} bandwidth */
export const throughput = bandwidth => bandwidth && 1 / Math.max(bandwidth.fast, bandwidth.slow, bandwidth.last)
