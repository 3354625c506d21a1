// @ts-check
/** Days as a date field has them (`2026-11-30`), as moments of this place. */

/**
 * The moment at which a day begins here, or null where it is none.
 * @param {string} day @param {number} [later] days later
 */
function start(day, later = 0) {
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day)
  if (!parts) return null
  const [year, month, date] = parts.slice(1).map(Number)
  const moment = new Date(year, month - 1, date)
  if (moment.getMonth() !== month - 1 || moment.getDate() !== date) return null
  // Not by hours: a day may have 23 or 25.
  return new Date(year, month - 1, date + later)
}

/**
 * The time from the first day to the last, both with it, as the server takes it; a day that is empty bounds nothing. Null if neither
 * is given, if one is no day, or if the last is before the first.
 * @param {string} first @param {string} last @returns {{from?: string, to?: string} | null}
 */
export function timeOfDays(first, last) {
  const from = first ? start(first) : undefined
  const to = last ? start(last, 1) : undefined
  if (from === null || to === null || (!from && !to) || (from && to && from >= to)) return null
  return { ...(from && { from: from.toISOString() }), ...(to && { to: to.toISOString() }) }
}
