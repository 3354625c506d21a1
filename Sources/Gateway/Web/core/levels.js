// @ts-check
/** How much louder or softer a track plays so that all sound alike (ReplayGain 2.0: -18 LUFS), without clipping. */

/** @typedef {{integrated: number, truePeak: number}} Loudness LUFS and dBTP @typedef {'off' | 'track' | 'album'} Levelling */

export const reference = -18
/** dBTP that a levelled peak may reach: lossy codecs overshoot a little. */
export const ceiling = -1
/** Below this a track is silence (the absolute gate of BS.1770). */
const silence = -70
/** More than this is a measurement of a few clicks. */
const most = 24

/** @param {Loudness | null | undefined} loudness @returns {Loudness | null} null if it measures nothing */
const usable = loudness =>
  loudness && Number.isFinite(loudness.integrated) && Number.isFinite(loudness.truePeak) && loudness.integrated > silence
    ? loudness : null

/**
 * Gain in dB. Album levelling keeps the differences between an album's tracks, and takes the track's loudness if the album's is
 * unknown. A gain that lifts is limited by the true peak; one that lowers is what the reference asks for, and more if the peak
 * would still be above the ceiling.
 * @param {Levelling} levelling @param {Loudness | null | undefined} track @param {Loudness | null | undefined} album
 */
export function gain(levelling, track, album) {
  if (levelling === 'off') return 0
  const measured = (levelling === 'album' ? usable(album) : null) ?? usable(track)
  if (!measured) return 0
  const peak = Math.max(measured.truePeak, usable(track)?.truePeak ?? measured.truePeak)
  return Math.max(-most, Math.min(most, reference - measured.integrated, ceiling - peak))
}

/** Opus OutputGain: steps of 1/256 dB (RFC 7845 §5.1), rounded down so that the peak stays below. @param {number} decibels */
export const steps = decibels => Math.max(-0x8000, Math.min(0x7FFF, Math.floor(decibels * 256)))

/** A step that differs from the neighbour's, by a 256th of a decibel. @param {number} step @param {number | null} neighbour */
export const apart = (step, neighbour) => step !== neighbour ? step : step > -0x8000 ? step - 1 : step + 1

/** The factor of an element's volume for a codec without OutputGain, 1 at most. @param {number} decibels */
export const factor = decibels => Math.min(1, 10 ** (decibels / 20))
