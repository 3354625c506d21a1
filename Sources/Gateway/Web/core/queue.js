// @ts-check
/** The queue: what plays now, what played before and what comes. All functions return a new queue, and keep the old one intact. */
import { shuffledAfter } from '/core/random.js'

/** @typedef {{id: string, [name: string]: any}} Track the slim document */
/** @typedef {import('/core/radio.js').Source} Source @typedef {{key: string, track: Track, place: number, from?: Source}} Item */
/**
 * @typedef {object} Queue
 * @property {readonly Item[]} items in playing order; `place` orders them as before they were shuffled
 * @property {number} index of the current item, -1 if there is none
 * @property {readonly string[]} history ids of tracks that became audible, the newest last
 * @property {boolean} shuffle @property {'off' | 'all' | 'one'} repeat @property {boolean} stopAfter whether playing stops after this track
 * @property {readonly Act[]} undo the newest last @property {number} made how many keys were given out
 */
/**
 * What can be undone. `position` of the track that was current, in seconds, if the act replaced it.
 * @typedef {{name: string, count: number, position: number, before: Pick<Queue, 'items' | 'index' | 'shuffle'>}} Act
 */

/** Tracks that the server takes. */
export const mostItems = 10_000
const mostHistory = 1000
const mostActs = 30

/** @type {Queue} */
export const empty = Object.freeze({
  items: [], index: -1, history: [], shuffle: false, repeat: 'off', stopAfter: false, undo: [], made: 0,
})

/** @param {Queue} queue @returns {Item | null} */
export const current = queue => queue.items[queue.index] ?? null
/** @param {Queue} queue @param {string} key */
export const placeOf = (queue, key) => queue.items.findIndex(item => item.key === key)

/**
 * @param {Queue} queue @param {string} name @param {number} count @param {Partial<Queue>} change @param {number} [position]
 * @returns {Queue}
 */
function act(queue, name, count, change, position = 0) {
  const before = { items: queue.items, index: queue.index, shuffle: queue.shuffle }
  return { ...queue, ...change, undo: [...queue.undo.slice(1 - mostActs), { name, count, position, before }] }
}

/** @param {Queue} queue @param {readonly Track[]} tracks @param {readonly Source[]} [from] what each was chosen from @returns {Item[]} */
function made(queue, tracks, from = []) {
  return tracks.map((track, i) => ({ key: `q${queue.made + i}`, track, place: queue.made + i, ...(from[i] && { from: from[i] }) }))
}

/**
 * Another list, to play from `index` on. In shuffle the chosen track is first; without a choice (`index` null) any is.
 * @param {Queue} queue @param {readonly Track[]} tracks
 * @param {{index?: number | null, shuffle?: boolean, seed?: number, position?: number, from?: readonly Source[]}} how `position` of what
 *   played until now; `from` what each track was chosen from
 * @returns {Queue}
 */
export function replaced(queue, tracks, { index = 0, shuffle = queue.shuffle, seed = 1, position = 0, from } = {}) {
  const items = made(queue, tracks.slice(0, mostItems), from)
  const first = items.length === 0 ? -1 : Math.max(0, Math.min(items.length - 1, index ?? 0))
  const change = { items, index: first, shuffle, made: queue.made + items.length, stopAfter: false }
  if (!shuffle || items.length === 0) return act(queue, 'play', items.length, change, position)
  const chosen = index === null ? [] : [items[first]]
  const others = items.filter(item => !chosen.includes(item))
  const mixed = shuffledAfter(others, queue.history, item => item.track.id, seed)
  return act(queue, 'play', items.length, { ...change, items: [...chosen, ...mixed], index: 0 }, position)
}

/**
 * The queue of another device, in its order; how it is repeated and mixed stays.
 * @param {Queue} queue @param {readonly Item[]} items @param {number} index @param {number} position of what played here until now @returns {Queue}
 */
export function takenOver(queue, items, index, position) {
  const change = { items, index, made: Math.max(queue.made, items.length), stopAfter: false }
  return queue.items.length === 0 ? { ...queue, ...change } : act(queue, 'takeOver', items.length, change, position)
}

/** Puts tracks behind the current one. @param {Queue} queue @param {readonly Track[]} tracks @returns {Queue} */
export function playedNext(queue, tracks) {
  const items = made(queue, tracks.slice(0, Math.max(0, mostItems - queue.items.length)))
  const at = queue.index + 1
  const all = [...queue.items.slice(0, at), ...items, ...queue.items.slice(at)]
  return act(queue, 'next', items.length, { items: all, index: started(queue, all), made: queue.made + items.length })
}

/** Puts tracks at the end. @param {Queue} queue @param {readonly Track[]} tracks @param {readonly Source[]} [from] @returns {Queue} */
export function added(queue, tracks, from) {
  const items = made(queue, tracks.slice(0, Math.max(0, mostItems - queue.items.length)), from)
  const all = [...queue.items, ...items]
  return act(queue, 'add', items.length, { items: all, index: started(queue, all), made: queue.made + items.length })
}

/** @param {Queue} queue @param {readonly Item[]} items of the queue after additions */
const started = (queue, items) => queue.index < 0 && items.length > 0 ? 0 : queue.index

/**
 * Without these items. If the current one is among them, the next that stays is current.
 * @param {Queue} queue @param {readonly string[]} keys @param {number} [position] of what played until now @returns {Queue}
 */
export function removed(queue, keys, position = 0) {
  const gone = new Set(keys)
  const items = queue.items.filter(item => !gone.has(item.key))
  if (items.length === queue.items.length) return queue
  const before = queue.items.slice(0, Math.max(0, queue.index)).filter(item => !gone.has(item.key)).length
  const index = items.length === 0 ? -1 : Math.min(before, items.length - 1)
  return act(queue, 'remove', queue.items.length - items.length, { items, index: queue.index < 0 ? -1 : index }, position)
}

/**
 * Moves items, in their order, in front of the item that is now at place `to`; the end if `to` is the length.
 * @param {Queue} queue @param {readonly string[]} keys @param {number} to @returns {Queue}
 */
export function moved(queue, keys, to) {
  const going = new Set(keys)
  const block = queue.items.filter(item => going.has(item.key))
  const at = Math.max(0, Math.min(queue.items.length, Math.trunc(to) || 0))
  const front = queue.items.slice(0, at).filter(item => !going.has(item.key))
  const items = [...front, ...block, ...queue.items.slice(at).filter(item => !going.has(item.key))]
  if (block.length === 0 || items.every((item, i) => item === queue.items[i])) return queue
  const now = current(queue)
  return act(queue, 'move', block.length, { items, index: now ? items.indexOf(now) : queue.index })
}

/** Only the current item stays. @param {Queue} queue @returns {Queue} */
export function cleared(queue) {
  const now = current(queue)
  const items = now ? [now] : []
  return queue.items.length === items.length ? queue : act(queue, 'clear', queue.items.length - items.length, { items, index: now ? 0 : -1 })
}

/**
 * Shuffles what comes, or puts all in the order from before; what was added since then is at the end.
 * @param {Queue} queue @param {boolean} on @param {number} seed @returns {Queue}
 */
export function withShuffle(queue, on, seed) {
  if (on === queue.shuffle) return queue
  const at = queue.index + 1
  const now = current(queue)
  // The order to go back to is the one that the listener sees, made by hand or not.
  const placed = on ? queue.items.map((item, place) => ({ ...item, place })) : []
  const items = on
    ? [...placed.slice(0, at), ...shuffledAfter(placed.slice(at), queue.history, item => item.track.id, seed)]
    : [...queue.items].sort((a, b) => a.place - b.place)
  return act(queue, 'shuffle', items.length, { items, index: now ? items.findIndex(item => item.key === now.key) : queue.index, shuffle: on })
}

/**
 * What comes after an item: null at the end, and if playing stops after it.
 * @param {Queue} queue @param {string} key @returns {Item | null}
 */
export function following(queue, key) {
  const place = placeOf(queue, key)
  if (place < 0 || (queue.stopAfter && place === queue.index)) return null
  if (queue.repeat === 'one') return queue.items[place]
  return queue.items[place + 1] ?? (queue.repeat === 'all' ? queue.items[0] : null)
}

/**
 * The item that a press on next or previous leads to, whatever is repeated.
 * @param {Queue} queue @param {number} by places, 1 or -1 @returns {Item | null}
 */
export function neighbour(queue, by) {
  const place = queue.index + by
  const around = queue.repeat === 'all' && queue.items.length > 0 ? (place + queue.items.length) % queue.items.length : place
  return queue.items[around] ?? null
}

/** The item is audible now. @param {Queue} queue @param {string} key @returns {Queue} */
export function reached(queue, key) {
  const index = placeOf(queue, key)
  if (index < 0) return queue
  const history = [...queue.history.slice(1 - mostHistory), queue.items[index].track.id]
  return { ...queue, index, history, stopAfter: queue.stopAfter && index === queue.index }
}

/** As before the last act. What plays goes on if it is in that queue too. @param {Queue} queue @returns {Queue} */
export function undone(queue) {
  const last = queue.undo.at(-1)
  if (!last) return queue
  const now = current(queue)
  const place = now ? last.before.items.findIndex(item => item.key === now.key) : -1
  return { ...queue, ...last.before, index: place < 0 ? last.before.index : place, undo: queue.undo.slice(0, -1) }
}

/** The queue as the server has it. @param {Queue} queue @param {number} position seconds */
export const queueDocument = (queue, position) => ({
  tracks: queue.items.map(item => item.track.id),
  current: queue.index < 0 ? null : queue.index,
  position: Math.max(0, Math.round(position * 1000) / 1000),
})

/**
 * With what is known of tracks.
 * @param {Queue} queue @param {readonly Track[]} tracks @param {boolean} isAll whether items that nothing is known of leave
 * @returns {Queue}
 */
export function described(queue, tracks, isAll) {
  const known = new Map(tracks.map(track => [track.id, track]))
  const items = queue.items.map(item => known.has(item.track.id) ? { ...item, track: { ...item.track, ...known.get(item.track.id) } } : item)
  const other = { ...queue, items }
  const gone = isAll ? items.filter(item => item.track.duration === undefined).map(item => item.key) : []
  return gone.length ? { ...removed(other, gone), undo: queue.undo } : other
}
