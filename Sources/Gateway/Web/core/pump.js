// @ts-check
/** What to do next so that the sound goes on: a pure function of what is buffered, where the clock is, and what comes after. */
import { end, entryAt, entryAtTime, seconds, segmentAt } from '/core/timeline.js'

/** @typedef {import('/core/timeline.js').Grid} Grid @typedef {import('/core/timeline.js').Instant} Instant */
/**
 * A segment that was appended; times in seconds of the element's clock.
 * @typedef {{rendition: string, segment: number, from: number, to: number}} Piece
 */
/**
 * A track of the run.
 * @typedef {object} Entry
 * @property {Instant | null} start null as long as the length of a track before it is unknown
 * @property {Grid | null} grid of the rendition that decides the track's length: the first that was described
 * @property {Readonly<Record<string, Grid>>} grids of the renditions that are described
 * @property {readonly Piece[]} pieces that were appended, in the order of appending
 * @property {string | null} held rendition whose first segment is in memory
 */
/**
 * @typedef {object} View
 * @property {number} time of the element, seconds @property {readonly [number, number][]} ranges that are buffered
 * @property {readonly Entry[]} entries at least one @property {boolean} isLast whether nothing follows the last entry
 * @property {boolean} isEnded whether the source was told so @property {boolean} isOpen whether the source takes data now
 * @property {number} ahead seconds to have buffered @property {number} behind seconds to keep
 * @property {{entry: number, segment: number, edge: number} | null} before the last append, for one that changed nothing
 * @property {(entry: number, segment: number, buffer: number) => string | null} rungOf null if the track is not described
 */
/**
 * @typedef {{do: 'describe', entry: number, rendition: string | null} | {do: 'hold', entry: number, rendition: string, segment: number}
 *   | {do: 'fetch', entry: number, rendition: string, segment: number, edge: number, cut: number | null}
 *   | {do: 'remove', from: number, to: number} | {do: 'fail', entry: number} | {do: 'end'} | {do: 'wait'}} Step
 *   `cut` is where the append window begins if the segment overlaps what another codec's segments have filled
 */

/** Seconds of a gap that is none: browsers round what they report, to microseconds at best. */
const gap = 0.001
/** Seconds between a reported end and the end of the segment that it is. */
const near = 0.01
/** Seconds that sums of computed instants may be off: a hundredth of a sample. */
const hair = 2e-7
/** Seconds before a moment that a decoder's pre-roll takes at most. */
const roll = 0.15
/** Seconds ahead above which the next track's beginning goes before more of this one. */
const calm = 15

/**
 * How far sound reaches without a gap from `time` on, or null if there is none at `time`.
 * @param {readonly [number, number][]} ranges @param {number} time
 */
export function edgeAt(ranges, time) {
  let edge = null
  for (const [from, to] of ranges) {
    if (edge === null ? from - gap <= time && to >= time - roll : from - gap <= edge) edge = to
    else if (edge !== null) break
  }
  return edge
}

/**
 * The end of the segment that a reported edge is: segments that were appended end at known samples.
 * @param {readonly Entry[]} entries @param {number} edge @returns {{edge: number, piece: Piece | null}}
 */
function exactly(entries, edge) {
  /** @type {Piece | null} */
  let piece = null
  for (const { pieces } of entries) {
    for (const one of pieces) {
      const distance = Math.abs(one.to - edge)
      if (distance < near && (!piece || distance <= Math.abs(piece.to - edge))) piece = one
    }
  }
  return { edge: piece ? piece.to : edge, piece }
}

/** @param {View} view @returns {Step} */
export function next(view) {
  const { time, ranges, entries } = view
  const filled = edgeAt(ranges, time)
  const { edge, piece } = filled === null ? { edge: time, piece: null } : exactly(entries, filled)
  const ahead = Math.max(0, edge - time)
  if (ranges.length > 0 && time - ranges[0][0] > 2 * view.behind) return { do: 'remove', from: 0, to: time - view.behind }
  if (!view.isOpen) return { do: 'wait' }
  const place = entryAtTime(entries, edge + hair)
  const isComplete = reaches(entries[place], edge) && place === entries.length - 1
  const needs = !isComplete && ahead < view.ahead
  const more = () => append(view, place, { edge, piece, isJoined: filled !== null, ahead })
  if (needs && ahead < Math.min(calm, view.ahead)) return more()
  const beginning = beginningOf(view, entryAtTime(entries, time) + 1)
  if (beginning) return beginning
  if (needs) return more()
  if (isComplete && !view.isEnded && (view.isLast || ahead < 0.5)) return { do: 'end' }
  return { do: 'wait' }
}

/** Whether sound up to `edge` reaches the entry's end. @param {Entry} entry @param {number} edge */
function reaches({ start, grid }, edge) {
  return start !== null && grid !== null && edge + 1e-5 >= seconds(start, grid.rate, grid.samples)
}

/**
 * The first segment of the next track, in memory, so that skipping is instant.
 * @param {View} view @param {number} entry @returns {Step | null}
 */
function beginningOf(view, entry) {
  const following = view.entries[entry]
  if (!following || following.held !== null || following.pieces.length > 0) return null
  const rendition = view.rungOf(entry, 0, view.ahead)
  if (rendition === null || !following.grids[rendition]) return { do: 'describe', entry, rendition }
  return { do: 'hold', entry, rendition, segment: 0 }
}

/**
 * @param {View} view @param {number} place
 * @param {{edge: number, piece: Piece | null, isJoined: boolean, ahead: number}} at `piece` is what ends there, if it is known
 * @returns {Step}
 */
function append(view, place, { edge, piece, isJoined, ahead }) {
  const entry = view.entries[place]
  const known = entry.grid
  if (!known || !entry.start) return { do: 'describe', entry: place, rendition: view.rungOf(place, 0, ahead) }
  const from = edge - seconds(entry.start, known.rate)
  // A boundary belongs to the segment behind it, whatever the sums of floating point say.
  const sampleOf = (/** @type {Grid} */ grid) => from * grid.rate + hair * grid.rate
  const rendition = view.rungOf(place, segmentAt(known, sampleOf(known)), ahead)
  const grid = rendition === null ? undefined : entry.grids[rendition]
  if (rendition === null || !grid) return { do: 'describe', entry: place, rendition }
  const isOwn = piece !== null && entry.pieces.includes(piece)
  const cut = isOwn && !areAlike(entry.grids[piece.rendition], grid) ? edge : null
  const segment = isJoined ? segmentAt(grid, sampleOf(grid)) : entryAt(grid, sampleOf(grid))
  const { before } = view
  if (before && before.entry === place && before.segment === segment && edge - before.edge < hair) return { do: 'fail', entry: place }
  return { do: 'fetch', entry: place, rendition, segment, edge, cut }
}

/** Whether segments of both share their boundaries. @param {Grid} one @param {Grid} other */
const areAlike = (one, other) => one.rate === other.rate && one.priming === other.priming &&
  one.samplesPerFrame === other.samplesPerFrame && one.framesPerSegment === other.framesPerSegment

/**
 * The starts of all entries, each where the one before ends; null behind one of unknown length.
 * @param {readonly {grid: Grid | null}[]} entries @param {Instant} start of the first @returns {(Instant | null)[]}
 */
export function starts(entries, start) {
  /** @type {Instant | null} */
  let at = start
  return entries.map(({ grid }) => {
    const own = at
    at = own && grid ? end(own, grid) : null
    return own
  })
}

/**
 * Seconds to have buffered: 36, so that a network that is gone for 30 s is not heard; less if they are more bytes than a source
 * buffer holds (12 MiB in Chromium, 2 on a small device).
 * @param {number} bitrate kbit/s @param {boolean} isSmall whether the device has little memory
 */
export const aheadOf = (bitrate, isSmall) => Math.max(10, Math.min(36, (isSmall ? 0.75 : 6) * 2 ** 20 * 8 / 1000 / bitrate))
