// @ts-check
/** A list that is sent whole, and may have been changed elsewhere since it was read. */

/** How often each is there. @param {readonly string[]} ids */
function counted(ids) {
  const counts = new Map()
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1)
  return counts
}

/** Those that are not among others; of several alike the first ones are. @param {readonly string[]} ids @param {readonly string[]} others */
export function without(ids, others) {
  const left = counted(others)
  return ids.filter(id => {
    const n = left.get(id) ?? 0
    if (n > 0) left.set(id, n - 1)
    return n === 0
  })
}

/**
 * A change of a list, made to what the list is now: what came meanwhile stays, at the end, and what went stays away.
 * @param {readonly string[]} now @param {readonly string[]} before the list that was changed @param {readonly string[]} wanted
 */
export function rebased(now, before, wanted) {
  return [...without(wanted, without(before, now)), ...without(now, before)]
}

/** A list without what was put at its end. @param {readonly string[]} ids @param {readonly string[]} added */
export const withoutLast = (ids, added) => without([...ids].reverse(), added).reverse()
