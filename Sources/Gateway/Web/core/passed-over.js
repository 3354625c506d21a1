// @ts-check
/** Items of the queue that are passed over, because they failed for good before they were heard. */
import { following, neighbour } from '/core/queue.js'

/** @typedef {import('/core/queue.js').Queue} Queue @typedef {import('/core/queue.js').Item} Item */

/** Items in a row that are passed over; more is not one track's fault. */
const most = 20
/** How many of them are worth a word. */
const mostTold = 3

export function createPassedOver() {
  /** @type {Set<string>} */
  const keys = new Set()
  /** How many since a track sounded. */
  let count = 0

  return {
    /** @param {string} key @returns {boolean} whether the listener is to hear of it */
    add(key) {
      keys.add(key)
      count += 1
      return count <= mostTold
    },
    /** It is tried again. @param {string} key */
    delete: key => { keys.delete(key) },
    /** A track sounds. */
    heard() { count = 0 },
    clear() {
      keys.clear()
      count = 0
    },
    /** The item after another that has not failed; null at the end, or after too many that have. @param {Queue} queue @param {string} key @returns {Item | null} */
    following(queue, key) {
      if (count >= most) return null
      let next = following(queue, key)
      for (let n = queue.items.length; next && keys.has(next.key) && n > 0; n--) next = following(queue, next.key)
      return next && !keys.has(next.key) ? next : null
    },
    /** The next item in a direction that has not failed; if all have, the next one. @param {Queue} queue @param {1 | -1} by @returns {Item | null} */
    neighbour(queue, by) {
      let far = /** @type {number} */ (by)
      let item = neighbour(queue, far)
      while (item && keys.has(item.key) && Math.abs(far) < queue.items.length) item = neighbour(queue, far += by)
      return item ?? neighbour(queue, by)
    },
  }
}
