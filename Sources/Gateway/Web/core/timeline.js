// @ts-check
/**
 * Sample arithmetic: where tracks and segments lie on the element's clock. Samples are added up, never seconds, and a run may have
 * tracks of several rates; an instant is therefore a count of samples per rate, and becomes seconds only at the end.
 */

/** @typedef {Readonly<Record<number, number>>} Instant samples by rate in Hz: `{48000: 960, 44100: 17}` */

/**
 * `gapless.json` of a rendition. Frame f begins at sample `f * samplesPerFrame - priming` of the track; segment k has frames
 * `k * framesPerSegment ..< min(frames, (k + 1) * framesPerSegment)`.
 * @typedef {{type: string, rate: number, samples: number, priming: number, samplesPerFrame: number, frames: number,
 *   framesPerSegment: number, segments: number, bitrate: number, version: string}} Grid
 */

/** @type {Instant} */
export const origin = Object.freeze({})

/**
 * A tenth of a sample: Firefox rounds an append window down to samples and Chromium to microseconds, and a start that is a hair
 * late falls on the right one in both.
 */
const hair = 0.1

/** @param {Instant} instant @param {number} rate @param {number} samples @returns {Instant} */
export const plus = (instant, rate, samples) => ({ ...instant, [rate]: (instant[rate] ?? 0) + samples })

/** Seconds of an instant, `extra` samples of `rate` later. @param {Instant} instant @param {number} rate @param {number} extra */
function shifted(instant, rate, extra) {
  let sum = ((instant[rate] ?? 0) + extra) / rate
  for (const [other, samples] of Object.entries(instant)) if (Number(other) !== rate) sum += samples / Number(other)
  return sum
}

/** Seconds on the element's clock of a sample of a track. @param {Instant} start @param {number} rate @param {number} [sample] */
export const seconds = (start, rate, sample = 0) => shifted(start, rate, sample + hair)

/** Where a track ends and the next one starts. @param {Instant} start @param {Grid} grid */
export const end = (start, grid) => plus(start, grid.rate, grid.samples)

/**
 * The timestampOffset for what begins `priming` samples before `start`. Firefox cuts it to whole samples, towards 0: before the origin
 * the hair goes the other way, or all of the track would be a sample late.
 * @param {Instant} start @param {Grid} grid
 */
const offsetOf = (start, { rate, priming }) => shifted(start, rate, (shifted(start, rate, -priming) < 0 ? -hair : hair) - priming)

/**
 * What a source buffer is told before a segment of `grid` is appended.
 * @param {Instant} start of the track @param {Grid} grid of the segments
 * @param {Grid} whole the grid that decides the track's length: the first rendition's that played
 * @returns {{offset: number, from: number, to: number}} seconds: timestampOffset, appendWindowStart and -End
 */
export const placement = (start, grid, whole = grid) => ({
  offset: offsetOf(start, grid),
  from: seconds(start, grid.rate),
  to: seconds(start, whole.rate, whole.samples),
})

/** The samples of the track that segment k holds. @param {Grid} grid @param {number} k @returns {{from: number, to: number}} */
export function samplesOf(grid, k) {
  const first = k * grid.framesPerSegment
  const last = Math.min(grid.frames, first + grid.framesPerSegment)
  const at = (/** @type {number} */ frame) => Math.max(0, Math.min(grid.samples, frame * grid.samplesPerFrame - grid.priming))
  return { from: at(first), to: k >= grid.segments - 1 ? grid.samples : at(last) }
}

/** The segment with this sample, the last one for samples behind the end. @param {Grid} grid @param {number} sample */
export function segmentAt(grid, sample) {
  const frame = Math.floor((Math.max(0, sample) + grid.priming) / grid.samplesPerFrame)
  return Math.min(grid.segments - 1, Math.floor(frame / grid.framesPerSegment))
}

/** Samples before a moment from which a decoder has to start to get it right (`roll`, ISO 14496-12 §10.1). @param {Grid} grid */
export const preRoll = grid => grid.type.includes('opus') ? 4 * grid.samplesPerFrame : grid.type.includes('mp4a') ? grid.samplesPerFrame : 0

/**
 * The segment to begin with so that `sample` is decoded right: the one before if the moment is at the very beginning of its own.
 * @param {Grid} grid @param {number} sample
 */
export const entryAt = (grid, sample) => segmentAt(grid, sample - preRoll(grid))

/**
 * Place of the last entry that has started at `time`, 0 before the first; half a sample early counts, because clocks are rounded.
 * @param {readonly {start: Instant | null, grid: Grid | null}[]} entries in order @param {number} time seconds
 */
export function entryAtTime(entries, time) {
  let place = 0
  for (let i = 1; i < entries.length; i++) {
    const { start } = entries[i]
    if (!start || seconds(start, entries[i].grid?.rate ?? 48_000) > time + 1e-5) break
    place = i
  }
  return place
}

const whole = (/** @type {unknown} */ n, least = 0) => typeof n === 'number' && Number.isSafeInteger(n) && n >= least

/** A server's answer as a grid. Throws a TypeError if its numbers do not fit one another. @param {any} json @returns {Grid} */
export function readGrid(json) {
  const fits = json !== null && typeof json === 'object' && typeof json.type === 'string' && typeof json.version === 'string' &&
    whole(json.rate, 1) && json.rate <= 1_000_000 && whole(json.samples, 1) && whole(json.priming) && whole(json.samplesPerFrame, 1) &&
    whole(json.frames, 1) && whole(json.framesPerSegment, 1) && whole(json.segments, 1) &&
    typeof json.bitrate === 'number' && json.bitrate > 0 &&
    json.segments === Math.ceil(json.frames / json.framesPerSegment) &&
    json.frames * json.samplesPerFrame - json.priming >= json.samples && Number.isSafeInteger(json.frames * json.samplesPerFrame)
  if (!fits) throw new TypeError('the description of the rendition cannot be read')
  const { type, rate, samples, priming, samplesPerFrame, frames, framesPerSegment, segments, bitrate, version } = json
  return { type, rate, samples, priming, samplesPerFrame, frames, framesPerSegment, segments, bitrate, version }
}
