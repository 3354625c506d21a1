// @ts-check
/** When a play counts: after half of the track, or four minutes, were heard. Heard is what sounded, not where the slider is. */

/** Seconds that are enough of any track. */
export const enough = 240

/**
 * @param {number} heard seconds of sound @param {number} duration seconds; 0 or NaN if unknown: then four minutes decide
 */
export const counts = (heard, duration) => heard > 0 && heard >= Math.min(enough, duration > 0 ? duration / 2 : enough)

/**
 * What has been heard since a track became audible.
 * @typedef {{key: string, id: string, began: number, seconds: number}} Hearing `began` is a time in milliseconds since 1970
 */

/** @param {string} key @param {string} id @param {number} began @returns {Hearing} */
export const begin = (key, id, began) => ({ key, id, began, seconds: 0 })

/**
 * Adds what sounded while the element's clock went from one reading to another without a seek between them.
 * @param {Hearing} hearing @param {number} from @param {number} to seconds of the element's clock @returns {Hearing}
 */
export const hear = (hearing, from, to) => to > from ? { ...hearing, seconds: hearing.seconds + (to - from) } : hearing

const precise = (/** @type {number} */ seconds) => Math.round(seconds * 1000) / 1000

/** @param {Hearing} hearing @param {number | null} stopped */
const report = (hearing, stopped) => ({
  track: hearing.id, at: new Date(hearing.began).toISOString(), stopped: stopped === null ? null : precise(stopped),
  heard: precise(hearing.seconds), source: 'player',
})

/**
 * The play to report, or null if too little was heard. Its time is when it began, so that a play that is reported twice is the
 * same play for the server.
 * @param {Hearing} hearing @param {number} duration seconds of the track
 * @param {number | null} stopped seconds where it was left, null at its end
 */
export function play(hearing, duration, stopped) {
  return counts(hearing.seconds, duration) ? report(hearing, stopped) : null
}

/**
 * The report of a track that was left before a fifth of it, and before it counted; null for any other. The server keeps none
 * unless the account lets its taste be learned.
 * @param {Hearing} hearing @param {number} duration seconds of the track
 * @param {number | null} stopped seconds where it was left, null at its end
 */
export function skip(hearing, duration, stopped) {
  const isSkip = stopped !== null && hearing.seconds > 0 && hearing.seconds < duration / 5 && !counts(hearing.seconds, duration)
  return isSkip ? report(hearing, stopped) : null
}
