// @ts-check
/** The element tells the time as soon as it passes a join: by a cue, which browsers time. They themselves do so every 250 ms. */

/** Seconds that a cue lasts: a browser that is busy passes over a short one. */
const length = 5

/** @param {HTMLMediaElement} audio @param {any} [Cue] */
export function watchJoins(audio, Cue = /** @type {any} */ (globalThis).VTTCue) {
  const track = Cue && audio.addTextTrack ? audio.addTextTrack('metadata') : null
  if (track) track.mode = 'hidden'
  /** @type {any} */
  let cue = null

  return {
    /** @param {number} seconds of the element's clock, Infinity if nothing joins */
    expect(seconds) {
      if (!track || (cue?.startTime ?? Infinity) === seconds) return
      if (cue) track.removeCue(cue)
      cue = null
      if (!Number.isFinite(seconds)) return
      cue = new Cue(seconds, seconds + length, '')
      cue.onenter = () => audio.dispatchEvent(new Event('timeupdate'))
      track.addCue(cue)
    },
  }
}
