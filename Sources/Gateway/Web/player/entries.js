// @ts-check
/** The tracks of a run, what is known of each, and how loud each plays. */
import { apart, factor, gain, steps } from '/core/levels.js'
import { starts } from '/core/pump.js'
import { origin, samplesOf, seconds } from '/core/timeline.js'

/** @typedef {import('/core/timeline.js').Grid} Grid @typedef {import('/core/levels.js').Levelling} Levelling */
/** @typedef {import('/core/pump.js').Piece & {why: string}} Piece */
/**
 * @typedef {object} Entry
 * @property {string} key @property {string} id @property {{id: string, [name: string]: any}} track
 * @property {import('/core/timeline.js').Instant | null} start @property {Grid | null} grid @property {Record<string, Grid>} grids
 * @property {Piece[]} pieces @property {string | null} held rendition whose first segment is in memory or on its way
 * @property {string} heldWhy @property {{bytes: Uint8Array, why: string} | null} beginning the held segment
 * @property {import('/player/pieces.js').Details | null} details @property {number} bytes that came over the network
 * @property {string | null} first rendition of the first segment that was appended
 * @property {{levelling: Levelling, steps: number} | null} gain
 * @property {number} renewals how often the run was begun anew because the browser could not play the track
 */

/** @param {{id: string, [name: string]: any}} track @param {string} [key] @returns {Entry} */
export const entryOf = (track, key = track.id) => ({
  key, id: track.id, track, start: null, grid: null, grids: {}, pieces: [], held: null, heldWhy: '', beginning: null, details: null,
  bytes: 0, first: null, gain: null, renewals: 0,
})

/** Puts each entry where the one before ends. @param {Entry[]} entries */
export function placeEntries(entries) {
  starts(entries, origin).forEach((start, i) => { entries[i].start = start })
}

/** Where an entry begins, seconds of the element's clock. @param {Entry} entry */
export const beginsAt = entry => seconds(entry.start ?? origin, entry.grid?.rate ?? 48_000)

/** @param {Entry} entry */
export const durationOf = ({ grid, details, track }) => grid ? grid.samples / grid.rate : details?.duration || Number(track.duration) || 0

/** @param {Entry} entry the element's clock at the end of the track */
export const endsAt = entry => entry.start && entry.grid ? seconds(entry.start, entry.grid.rate, entry.grid.samples) : Infinity

/**
 * A segment as it lies on the element's clock.
 * @param {Entry} entry @param {string} rendition @param {number} segment @param {string} why @param {number | null} cut @returns {Piece}
 */
export function pieceOf(entry, rendition, segment, why, cut) {
  const grid = entry.grids[rendition]
  const { from, to } = samplesOf(grid, segment)
  const start = entry.start ?? origin
  return {
    rendition, segment, why,
    from: Math.max(cut ?? 0, seconds(start, grid.rate, from)),
    to: segment === grid.segments - 1 ? endsAt(entry) : seconds(start, grid.rate, to),
  }
}

/** @param {Entry} entry @param {number} time the piece that sounds then: the one appended last */
export const pieceAt = (entry, time) => entry.pieces.findLast(piece => piece.from - 0.01 <= time && time < piece.to)

/**
 * Forgets pieces of which nothing is left between two moments, and of tracks that are over all but their lengths: a night's music has
 * hundreds.
 * @param {Entry[]} entries @param {number} from @param {number} to seconds
 */
export function forgetPieces(entries, from, to) {
  for (const entry of entries) {
    entry.pieces = entry.pieces.filter(piece => piece.from < from - 0.01 || piece.to > to + 0.01)
    if (from <= 0 && entry.pieces.length === 0 && endsAt(entry) <= to) Object.assign(entry, { details: null, grids: {}, beginning: null, held: null })
  }
}

/** Decibels of an entry. @param {Entry} entry @param {Levelling} levelling */
const decibels = (entry, levelling) => gain(levelling, entry.track.loudness ?? entry.details?.loudness, entry.details?.album)

/**
 * OutputGain of an entry's Opus init sections, in steps; 0 if another codec began the track, because then the element's volume sets
 * the level. No two neighbours have the same: Chromium makes a fresh decoder only if the set-up differs, and else decodes the first
 * packet of a track with the state that the last one of another left.
 * @param {readonly Entry[]} entries @param {number} place @param {string} rendition of the segment @param {Levelling} levelling
 * @returns {number}
 */
export function outputGain(entries, place, rendition, levelling) {
  const entry = entries[place]
  entry.first ??= rendition
  if (entry.gain?.levelling !== levelling) {
    const own = entry.first.startsWith('opus') ? steps(decibels(entry, levelling)) : 0
    entry.gain = { levelling, steps: apart(own, entries[place - 1]?.gain?.steps ?? null) }
  }
  return entry.gain.steps
}

/** The factor of the element's volume for codecs whose decoder has no gain. @param {Entry} entry @param {Levelling} levelling */
export const volumeOf = (entry, levelling) => entry.first === null || entry.first.startsWith('opus') ? 1 : factor(decibels(entry, levelling))
