// @ts-check
/** When a request that failed is made again, and what failed for good. */

/** Milliseconds before the first repetition; and at most, without an answer and after one. */
const first = 1000
const longestSilence = 5000
const longestRefusal = 30_000

/**
 * The moment to try again.
 * @param {number} now milliseconds @param {number} failures in a row, this one included
 * @param {{status: number, retryAt?: number | null}} problem `retryAt` is what the server asked for, milliseconds
 * @param {number} [chance] 0 to 1, spreads clients
 */
export function nextTry(now, failures, { status, retryAt = null }, chance = 0.5) {
  const longest = status === 0 ? longestSilence : longestRefusal
  const pause = Math.min(longest, first * 2 ** Math.min(20, Math.max(1, failures) - 1))
  return Math.max(retryAt ?? 0, now + pause * (0.75 + chance / 2))
}

/**
 * Whether the same request may succeed later: there was no answer, or one that says so. A 401 does after a login.
 * @param {{status: number, slug: string}} problem
 */
export const isPassing = ({ status, slug }) => status === 0 ? slug === 'network'
  : [401, 408, 425, 429].includes(status) || (status >= 500 && ![501, 505, 507].includes(status))
