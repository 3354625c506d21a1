// @ts-check
/** Which line of synced lyrics is sung. */

/** @typedef {{at: number | null, text: string}} Line `at` in seconds; null if the lyrics are not synced */

/**
 * Place of the line at `time`, the last of those that have begun; -1 before the first, and if no line has a time.
 * @param {readonly Line[]} lines in the order of their times @param {number} time seconds
 */
export function lineAt(lines, time) {
  let low = 0
  let high = lines.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const at = lines[middle].at
    if (at !== null && at <= time) low = middle + 1
    else high = middle
  }
  return low - 1
}

/**
 * Lines that can be searched: a lyrics document's, sorted by time; without times if one of them has none.
 * @param {readonly Line[]} lines @returns {Line[]}
 */
export function ordered(lines) {
  const isSynced = lines.every(line => typeof line.at === 'number' && Number.isFinite(line.at))
  if (!isSynced) return lines.map(line => ({ at: null, text: line.text }))
  return lines.map((line, place) => ({ line, place }))
    .sort((a, b) => /** @type {number} */ (a.line.at) - /** @type {number} */ (b.line.at) || a.place - b.place)
    .map(({ line }) => line)
}
