// @ts-check
/** What survives a reload: read with care, because it may be of another version of the page, or damaged. */
import { longest } from '/core/reducer.js'
import { empty, mostItems } from '/core/queue.js'
import { readSource } from '/core/radio.js'

/** @typedef {import('/core/queue.js').Queue} Queue @typedef {import('/core/reducer.js').Player} Player */

const version = 1
const isObject = (/** @type {unknown} */ value) => typeof value === 'object' && value !== null
const between = (/** @type {unknown} */ value, /** @type {number} */ least, /** @type {number} */ most) =>
  typeof value === 'number' && value >= least && value <= most

/** @param {Queue} queue */
export const savedQueue = ({ items, index, history, shuffle, repeat, made }) => ({ version, items, index, history, shuffle, repeat, made })

/** What an item was chosen from stays if it can be read. @param {any} item */
function withSource({ from, ...item }) {
  const source = readSource(from)
  return source ? { ...item, from: source } : item
}

/** @param {any} saved @returns {Queue | null} null if it is not a queue */
export function readQueue(saved) {
  if (!isObject(saved) || saved.version !== version || !Array.isArray(saved.items) || saved.items.length > mostItems) return null
  const { items, index, history, shuffle, repeat, made } = saved
  const isItem = (/** @type {any} */ item) =>
    isObject(item) && typeof item.key === 'string' && Number.isInteger(item.place) &&
    isObject(item.track) && typeof item.track.id === 'string'
  if (!items.every(isItem) || new Set(items.map((/** @type {any} */ item) => item.key)).size !== items.length) return null
  if (!Number.isInteger(index) || index < -1 || index >= items.length || !Number.isInteger(made)) return null
  return {
    ...empty, index, made, items: items.map(withSource),
    history: Array.isArray(history) ? history.filter(id => typeof id === 'string') : [],
    shuffle: shuffle === true, repeat: ['all', 'one'].includes(repeat) ? repeat : 'off',
  }
}

/** The listener's settings. @param {Player} player */
export const savedSettings = ({ volume, muted, levelling, crossfade, scrub, quality, speed }) =>
  ({ version, volume, muted, levelling, crossfade, scrub, quality, speed })

/** @param {any} saved @returns {Partial<Player>} those that can be read */
export function readSettings(saved) {
  if (!isObject(saved) || saved.version !== version) return {}
  /** @type {Partial<Player>} */
  const player = {}
  if (between(saved.volume, 0, 1)) player.volume = saved.volume
  if (typeof saved.muted === 'boolean') player.muted = saved.muted
  if (['off', 'track', 'album'].includes(saved.levelling)) player.levelling = saved.levelling
  if (between(saved.crossfade, 0, longest)) player.crossfade = saved.crossfade
  if (typeof saved.scrub === 'boolean') player.scrub = saved.scrub
  if (between(saved.speed, 0.25, 4)) player.speed = saved.speed
  const { mobile, wifi } = isObject(saved.quality) ? saved.quality : {}
  if (between(mobile, 0, 100_000) && between(wifi, 0, 100_000)) player.quality = { mobile, wifi }
  return player
}

/**
 * Where playing stopped: the item's key, and seconds; `time` is when, milliseconds since 1970.
 * @param {any} saved @returns {{key: string, at: number, time: number} | null}
 */
export const readPosition = saved =>
  isObject(saved) && typeof saved.key === 'string' && between(saved.at, 0, 1e7)
    ? { key: saved.key, at: saved.at, time: between(saved.time, 0, 1e14) ? saved.time : Infinity } : null
