// @ts-check
/** Which places under a slider that is dragged are heard. */

/** Milliseconds in which a listener knows a place again; a seek to what is cached takes less. */
const snippet = 180
/** Seconds between places that are worth another seek. */
const apart = 0.2

/** @typedef {{time: number, place: number}} Heard milliseconds, and seconds of the track */

/**
 * Whether the place under the hand is heard now. Where the hand comes to rest is not asked here: the release seeks.
 * @param {Heard | null} last that was heard of this drag @param {Heard} now
 */
export const isHeard = (last, now) => last === null || (now.time - last.time >= snippet && Math.abs(now.place - last.place) >= apart)
