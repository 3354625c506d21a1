// @ts-check
/** When one track sounds over the end of another, and how loud each is then. */
import { longest } from '/core/reducer.js'

/** @typedef {{albumId?: string | null, disc?: number | null, track?: number | null, duration?: number}} Track */

/** Less than this is a click and no fade. */
const least = 0.5

/** Whether `other` follows `one` on their album: there the join is the artist's. @param {Track} one @param {Track} other */
function areInOrder(one, other) {
  if (!one.albumId || one.albumId !== other.albumId) return false
  const [disc, next] = [one.disc ?? 1, other.disc ?? 1]
  return next === disc ? other.track === (one.track ?? -1) + 1 : next === disc + 1 && other.track === 1
}

/**
 * Seconds for which two tracks sound together; 0 if they join at the sample. A short track is not all fade.
 * @param {number} wanted seconds @param {Track | undefined} one @param {Track | null} other that follows
 */
export function overlapOf(wanted, one, other) {
  if (!(wanted > 0) || !one || !other || areInOrder(one, other)) return 0
  const seconds = Math.min(wanted, longest, (Number(one.duration) || 0) / 3, (Number(other.duration) || 0) / 3)
  return seconds < least ? 0 : seconds
}

/** Seconds that a track has buffered before the next one is loaded beside it. */
const calm = 15
/** Seconds before the overlap at which the next one is loaded, whatever is buffered. */
const late = 10

/**
 * Whether to load what will sound together with the end of a track.
 * @param {{position: number, duration: number, buffered: number}} time of the track @param {number} overlap seconds
 */
export const isTimeToLoad = ({ position, duration, buffered }, overlap) =>
  buffered - position > calm || buffered > duration - 0.1 || duration - position < overlap + late

/**
 * Factors of two signals that have nothing in common, so that their power together stays the same.
 * @param {number} steps @returns {{out: Float32Array, in: Float32Array}}
 */
export function equalPower(steps = 129) {
  const angle = (/** @type {number} */ i) => i / (steps - 1) * Math.PI / 2
  return { out: Float32Array.from({ length: steps }, (_, i) => Math.cos(angle(i))), in: Float32Array.from({ length: steps }, (_, i) => Math.sin(angle(i))) }
}

/** Seconds in which a listener is sung to sleep. */
export const dozing = 10

/** The factor of the volume before the sleep timer ends. @param {number} left seconds */
export const dozed = left => left >= dozing ? 1 : Math.max(0, left / dozing) ** 2
