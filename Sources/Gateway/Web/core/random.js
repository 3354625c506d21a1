// @ts-check
/** Random order from a seed, so that a shuffle can be repeated, tested and undone. */

/**
 * Numbers in [0, 1): a counter through Murmur3's finalizer, 32 bits each.
 * @param {number} seed any integer @returns {() => number}
 */
export function random(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x9E3779B9) >>> 0
    let x = state
    x = Math.imul(x ^ (x >>> 16), 0x85EBCA6B)
    x = Math.imul(x ^ (x >>> 13), 0xC2B2AE35)
    return ((x ^ (x >>> 16)) >>> 0) / 0x1_0000_0000
  }
}

/**
 * A permutation of `items`, each as likely as any other (Fisher and Yates).
 * @template T @param {readonly T[]} items @param {number} seed @returns {T[]}
 */
export function shuffled(items, seed) {
  const next = random(seed)
  const result = [...items]
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1))
    const kept = result[i]
    result[i] = result[j]
    result[j] = kept
  }
  return result
}

/**
 * A permutation in which what was heard lately does not come soon: of the newest entries of `recent`, as many as half of the
 * items, none is in the first half.
 * @template T
 * @param {readonly T[]} items @param {readonly string[]} recent ids, the newest last
 * @param {(item: T) => string} idOf @param {number} seed @returns {T[]}
 */
export function shuffledAfter(items, recent, idOf, seed) {
  const half = Math.floor(items.length / 2)
  const wanted = new Set(items.map(idOf))
  const late = new Set()
  for (let i = recent.length - 1; i >= 0 && late.size < half; i--) if (wanted.has(recent[i])) late.add(recent[i])
  const order = shuffled(items, seed)
  const isLate = (/** @type {T} */ item) => late.has(idOf(item))
  const fresh = order.filter(item => !isLate(item))
  const firstHalf = fresh.slice(0, half)
  const chosen = new Set(firstHalf)
  return [...firstHalf, ...order.filter(item => !chosen.has(item))]
}
