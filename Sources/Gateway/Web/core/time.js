// @ts-check
/** Times as text: `1:03`, `1:02:03`, and words for a screen reader. */

/** @param {number} seconds @returns {number} whole seconds, 0 for what is no time */
const whole = seconds => Number.isFinite(seconds) && seconds > 0 ? Math.floor(seconds) : 0

/** @param {number} seconds @returns {[hours: number, minutes: number, seconds: number]} */
export const parts = seconds => [Math.floor(whole(seconds) / 3600), Math.floor(whole(seconds) / 60) % 60, whole(seconds) % 60]

/** `0:00` to `99:59:59`, rounded down: a clock never shows a second that has not been reached. @param {number} seconds */
export function format(seconds) {
  const [h, m, s] = parts(seconds)
  const two = (/** @type {number} */ n) => String(n).padStart(2, '0')
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}

/** Seconds of `63`, `1:03`, `1:02:03`, with decimals; null if the text is none of these. @param {string} text */
export function parse(text) {
  const trimmed = text.trim()
  if (!/^\d{1,6}(:[0-5]?\d){0,2}(\.\d{1,9})?$/.test(trimmed)) return null
  return trimmed.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
}

/** @typedef {(unit: 'hour' | 'minute' | 'second', n: number) => string} Say says a number of units in the listener's language */

/** `1 minute 3 seconds`. @param {number} seconds @param {Say} say */
export function spoken(seconds, say) {
  const units = /** @type {const} */ (['hour', 'minute', 'second'])
  const values = parts(seconds)
  const said = units.flatMap((unit, i) => values[i] > 0 ? [say(unit, values[i])] : [])
  return said.length > 0 ? said.join(' ') : say('second', 0)
}

/** Minutes that the listener's clock is ahead of UTC. @param {Date} now */
export const offsetOf = now => -now.getTimezoneOffset()

/** A day of every year, as the server names it: `11-30`. @param {Date} now */
export const dayOf = now => [now.getMonth() + 1, now.getDate()].map(n => String(n).padStart(2, '0')).join('-')
