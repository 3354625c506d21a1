// @ts-check
/** Where the entries of a list are after it was changed elsewhere. */

/**
 * @param {ReadonlyMap<number, string>} before ids by places, as far as they were known
 * @param {Iterable<readonly [number, string]>} after the same now @param {number} [total] length of the list now
 * @returns {(place: number) => number} the place now, -1 if the entry is gone; of several the nearest. An entry of which nothing is known goes
 *   with its neighbours
 */
export function moves(before, after, total = Infinity) {
  /** @type {Map<string, number[]>} */
  const places = new Map()
  /** @type {Set<number>} */
  const seen = new Set()
  for (const [place, id] of after) {
    seen.add(place)
    const all = places.get(id)
    if (all) all.push(place)
    else places.set(id, [place])
  }
  const found = (/** @type {number} */ place) => (places.get(before.get(place) ?? '') ?? [])
    .reduce((best, one) => best < 0 || Math.abs(one - place) < Math.abs(best - place) ? one : best, -1)
  const anchors = [...before.keys()].sort((a, b) => a - b).map(place => [place, found(place)]).filter(([, now]) => now >= 0)

  /** Where an entry is if it went with the last one before it that is known, or the first. @param {number} place */
  function guess(place) {
    let low = 0
    let high = anchors.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (anchors[middle][0] <= place) low = middle + 1
      else high = middle
    }
    const [from, to] = anchors[Math.max(0, low - 1)] ?? [0, 0]
    const now = place + to - from
    return now < 0 || now >= total || seen.has(now) ? -1 : now
  }
  return place => {
    const now = found(place)
    return now >= 0 || place < 0 ? now : guess(place)
  }
}

/**
 * Which of the elements that stand in order can stay where they are: those that still stand in order, whatever else is put between
 * them. The one at `fixed` stays if it can.
 * @param {readonly number[]} goals the new place of each, -1 for one that leaves @param {number} [fixed] index, -1 for none
 * @returns {boolean[]}
 */
export function staying(goals, fixed = -1) {
  const middle = fixed >= 0 ? goals[fixed] : -1
  let last = -1
  return goals.map((goal, i) => {
    const fits = goal > last && (middle < 0 || i === fixed || (i < fixed ? goal < middle : goal > middle))
    if (fits) last = goal
    return fits
  })
}
