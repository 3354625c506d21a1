// @ts-check
/** Two elements at their own levels. An element that is connected sounds through here only, for as long as it lives. */
import { equalPower } from '/core/fades.js'

/** @typedef {ReturnType<typeof createMixer>} Mixer */

/** @param {{Context?: typeof AudioContext}} [world] */
export function createMixer({ Context = globalThis.AudioContext } = {}) {
  const context = new Context({ latencyHint: 'playback' })
  /** @type {Map<HTMLMediaElement, AudioParam>} */
  const levels = new Map()
  const curves = equalPower()

  /** @param {HTMLMediaElement} audio */
  function connect(audio) {
    const known = levels.get(audio)
    if (known) return known
    const gain = context.createGain()
    context.createMediaElementSource(audio).connect(gain).connect(context.destination)
    levels.set(audio, gain.gain)
    return gain.gain
  }

  return {
    /** @param {HTMLMediaElement} audio @param {number} factor */
    level(audio, factor) {
      const level = connect(audio)
      level.cancelScheduledValues(0)
      level.setValueAtTime(factor, context.currentTime)
    },
    /** From one to the other, from now on. @param {HTMLMediaElement} one @param {HTMLMediaElement} other @param {number} seconds */
    cross(one, other, seconds) {
      for (const [audio, curve] of /** @type {const} */ ([[one, curves.out], [other, curves.in]])) {
        const level = connect(audio)
        level.cancelScheduledValues(0)
        level.setValueCurveAtTime(curve, context.currentTime, seconds)
      }
    },
    resume: () => { context.resume().catch(() => {}) },
    /** The levels stay where they are, as the elements do. */
    suspend: () => { context.suspend().catch(() => {}) },
    close: () => { context.close().catch(() => {}) },
  }
}
