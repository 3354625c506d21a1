// @ts-check
/** Places of a list that are selected, with the habits of desktops: one, one more, all between. */

export function createSelection(changed = () => {}) {
  /** @type {Set<number>} */
  let places = new Set()
  let anchor = 0
  const set = (/** @type {Iterable<number>} */ wanted) => { places = new Set(wanted); changed() }
  const between = (/** @type {number} */ a, /** @type {number} */ b) =>
    Array.from({ length: Math.abs(a - b) + 1 }, (_, i) => Math.min(a, b) + i)
  return {
    get size() { return places.size },
    has: (/** @type {number} */ place) => places.has(place),
    /** The same entries at other places. @param {(place: number) => number} move -1 for one that is gone */
    move(move) {
      anchor = Math.max(0, move(anchor))
      set([...places].map(move).filter(place => place >= 0))
    },
    /** In the list's order. */
    get places() { return [...places].sort((a, b) => a - b) },
    clear() { if (places.size) set([]) },
    only(/** @type {number} */ place) { anchor = place; set([place]) },
    toggle(/** @type {number} */ place) {
      anchor = place
      set(places.has(place) ? [...places].filter(one => one !== place) : [...places, place])
    },
    /** All from the last that was selected alone to this one. */
    upTo(/** @type {number} */ place) { set(between(anchor, place)) },
    anchorAt(/** @type {number} */ place) { anchor = place },
    all(/** @type {number} */ total) { set(Array.from({ length: total }, (_, i) => i)) },
  }
}
