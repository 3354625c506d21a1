// @ts-check
/** A year's plays: which year, and its months as bars. */

/**
 * A year in an address.
 * @param {string | undefined} text @returns {number | null} null if it is none
 */
export const readYear = text => /^[1-9]\d{3}$/.test(text ?? '') ? Number(text) : null

/** @param {any} months @returns {number[]} twelve numbers of plays */
export const readMonths = months => Array.from({ length: 12 }, (_, i) => Math.max(0, Number(months?.[i]) || 0))

/** The height of each bar as a part of the highest. @param {readonly number[]} months */
export function bars(months) {
  const most = Math.max(...months, 1)
  return months.map(plays => ({ plays, part: plays / most }))
}

/**
 * The month with the most plays and its plays; null if there are none. Of several the first.
 * @param {readonly number[]} months @returns {{month: number, plays: number} | null}
 */
export function busiest(months) {
  const plays = Math.max(...months)
  return plays > 0 ? { month: months.indexOf(plays), plays } : null
}

/**
 * The year to show: the one that is asked for, else the latest with plays.
 * @param {number | null} asked @param {readonly {year: number}[]} years with plays @param {number} now
 */
export const yearToShow = (asked, years, now) => asked ?? (years.length ? Math.max(...years.map(one => one.year)) : now)

/** The years to choose from, the latest first: those with plays, and the one that is shown. @param {readonly {year: number}[]} years @param {number} shown */
export const choices = (years, shown) => [...new Set([...years.map(one => one.year), shown])].sort((a, b) => b - a)

/** Days of the year until now, or all of them; at least one. @param {number} year @param {number} now milliseconds */
export function daysOf(year, now) {
  const [start, end] = [Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1)]
  return Math.max(1, Math.ceil((Math.min(end, now) - start) / 86_400_000))
}
