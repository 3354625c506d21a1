// @ts-check
/** Where the entries of a list are after it was changed elsewhere. */

/**
 * @param {ReadonlyMap<number, string>} before ids by places, as far as they were known
 * @param {Iterable<readonly [number, string]>} after the same now
 * @returns {(place: number) => number} the place now, -1 if the entry is gone or was not known; of several the nearest
 */
export function moves(before, after) {
  /** @type {Map<string, number[]>} */
  const places = new Map()
  for (const [place, id] of after) {
    const all = places.get(id)
    if (all) all.push(place)
    else places.set(id, [place])
  }
  return place => {
    const all = places.get(before.get(place) ?? '') ?? []
    return all.reduce((best, one) => best < 0 || Math.abs(one - place) < Math.abs(best - place) ? one : best, -1)
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
