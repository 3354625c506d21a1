// @ts-check
/** Numbers, times and sizes as the listener's language writes them. */
import { language } from '/text/text.js'
import { parts, spoken as spokenWith } from '/core/time.js'

/** @param {string} name @param {number} digits @param {'long' | 'short'} display */
const unit = (name, digits, display) => new Intl.NumberFormat(language, {
  style: 'unit', unit: name, unitDisplay: display, maximumFractionDigits: digits,
})
/** @type {Map<string, Intl.NumberFormat>} */
const made = new Map()
/** @param {string} name @param {number} n @param {number} [digits] @param {'long' | 'short'} [display] */
function measure(name, n, digits = 0, display = 'short') {
  const key = name + digits + display
  if (!made.has(key)) made.set(key, unit(name, digits, display))
  return /** @type {Intl.NumberFormat} */ (made.get(key)).format(n)
}
const sizes = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte']
const dates = new Intl.DateTimeFormat(language, { dateStyle: 'medium' })
const moments = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })

export { format as clock, parse as secondsOf } from '/core/time.js'
export const number = (/** @type {number} */ n, digits = 0) => n.toLocaleString(language, { maximumFractionDigits: digits })
export const percent = (/** @type {number} */ part) => part.toLocaleString(language, { style: 'percent' })
export const date = (/** @type {string} */ time) => dates.format(new Date(time))
export const moment = (/** @type {string} */ time) => moments.format(new Date(time))

/** `1 minute, 3 seconds`, for a screen reader. @param {number} seconds */
export const spoken = seconds => spokenWith(seconds, (name, n) => measure(name, n, 0, 'long'))

/** `1 hr 12 min`, for albums. @param {number} seconds */
export function length(seconds) {
  const [h, m] = parts(seconds + 30)
  return [h ? measure('hour', h) : '', m || !h ? measure('minute', m) : ''].filter(Boolean).join(' ')
}

/** `412 MB`. @param {number} bytes */
export function size(bytes) {
  const step = Math.min(sizes.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** step
  // Short, English has no plural of bytes.
  return measure(sizes[step], value, value < 10 && step > 1 ? 1 : 0, step ? 'short' : 'long')
}

/** `3 hours ago`. @param {string} time @param {number} [now] milliseconds */
export function ago(time, now = Date.now()) {
  const past = (Date.parse(time) - now) / 1000
  const steps = /** @type {const} */ ([['year', 31557600], ['month', 2629800], ['day', 86400], ['hour', 3600], ['minute', 60]])
  const step = steps.find(([, length]) => Math.abs(past) >= length)
  return step ? relative.format(Math.round(past / step[1]), step[0]) : relative.format(0, 'minute')
}
