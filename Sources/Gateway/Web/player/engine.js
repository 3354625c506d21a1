// @ts-check
/** The engine that this browser can have: with a Media Source, or without. */
import { createGapless } from '/player/gapless.js'
import { createProgressive } from '/player/progressive.js'
import { playableLadders } from '/player/source.js'

/** @typedef {{id: string, [name: string]: any}} Track */
/**
 * What the listener and the device allow.
 * @typedef {object} Policy
 * @property {import('/core/levels.js').Levelling} levelling @property {number} cap kbit/s, 0 for any @property {boolean} saveData
 * @property {boolean} isMetered whether bytes cost money @property {boolean} isOffline
 * @property {number | null} downlink kbit/s that the browser states
 * @property {number} [crossfade] seconds
 * @property {boolean} isSmall whether the device has little memory @property {(id: string) => string | null} pinned rendition of a
 *   track's copy on this device
 */
/**
 * @typedef {object} World
 * @property {HTMLAudioElement} audio @property {import('/player/fetcher.js').Fetcher} fetcher @property {Policy} policy
 * @property {any} [Class] the Media Source's @property {Pick<typeof URL, 'createObjectURL' | 'revokeObjectURL'>} [urls]
 * @property {() => number} [now] milliseconds since 1970 @property {any} [network] what tells `online`
 * @property {(ms: number, fn: () => void) => void} [later] @property {(url: string) => string} [address] what the element is given for
 *   the URL of a stream
 */
/**
 * Events, by `on`: `track` {id, key} at the audible join; `time` {id, key, position, duration, buffered}; `state` {status};
 * `rung` {id, key, rendition, bitrate, why, bytes}; `want` {id, after: key}; `ended`; `error` {id, key, problem, retryAt};
 * `heard` {id, key, at, seconds, stopped}.
 * @typedef {object} Engine
 * @property {'gapless' | 'progressive'} kind @property {(type: string, fn: (detail: any) => void) => () => void} on
 * @property {(track: Track, how?: {at?: number, paused?: boolean, key?: string}) => void} start plays, or stands ready if `paused`;
 *   in a listener's gesture, before any await
 * @property {(track: Track | null, how?: {key?: string, after?: string, from?: Track}) => void} follow says what comes after the entry with the key
 *   `after`, the last one if it is missing; what was to come there before leaves, unless it is the same
 * @property {(track: Track, isLikely?: boolean) => void} prepare asks what a start needs to know; if it is likely, also for its first sound
 * @property {() => void} play @property {() => void} pause @property {(seconds: number) => void} seek in the audible track
 * @property {(changes: Partial<Policy>) => void} setPolicy @property {(value: number) => void} volume 0 to 1
 * @property {(on: boolean) => void} mute
 * @property {(speed: number) => void} rate @property {() => void} retry tries at once what failed, as after a login
 * @property {{id: string, key: string, at: number, seconds: number, stopped: number} | null} heard of the audible track until now
 * @property {() => void} rest leaves the track and gives back what it takes @property {() => void} stop for good
 */

/** @type {Policy} */
export const anyPolicy = Object.freeze({
  levelling: 'off', cap: 0, saveData: false, isMetered: false, isOffline: false, downlink: null, isSmall: false, pinned: () => null,
})

/** @param {Omit<World, 'policy'> & {policy?: Partial<Policy>}} world @returns {Engine} */
export function createEngine({ policy = {}, ...world }) {
  const whole = { ...world, policy: { ...anyPolicy, ...policy } }
  return playableLadders(world.Class).length > 0 ? createGapless(whole) : createProgressive(whole)
}
