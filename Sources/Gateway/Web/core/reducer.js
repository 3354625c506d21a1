// @ts-check
/** The one state of the page, what each action makes of it, and who is told of that. Unknown actions change nothing. */
import * as queues from '/core/queue.js'

/** @typedef {import('/core/queue.js').Queue} Queue @typedef {import('/core/levels.js').Levelling} Levelling */
/** @typedef {'idle' | 'loading' | 'playing' | 'paused' | 'ended' | 'error'} Status */
/** @typedef {{status: number, slug: string, detail: string}} Problem status 0 if there was no answer */
/**
 * @typedef {object} State
 * @property {{name: string | null, open: boolean, quota: number | null, bytes: number, known: boolean}} session `known` once the
 *   server has said who is there @property {Queue} queue @property {Player} player @property {Record<string, any>} ui
 */
/**
 * @typedef {object} Player
 * @property {Status} status @property {number} position seconds @property {number} duration seconds @property {number} buffered
 *   seconds of the track @property {{rendition: string, bitrate: number, why: string, bytes: number | null} | null} rung
 * @property {number} volume 0 to 1 @property {boolean} muted @property {Levelling} levelling @property {number} crossfade
 *   seconds that tracks overlap @property {boolean} scrub whether a slider that is dragged is heard
 * @property {{mobile: number, wifi: number}} quality kbit/s, 0 for the best there is @property {number | null} sleepAt milliseconds
 *   since 1970 @property {number} speed @property {{id: string, problem: Problem, retryAt: number | null} | null} error
 */
/** @typedef {{type: string, [name: string]: any}} Action */

/** Seconds that tracks overlap at most. */
export const longest = 12

/** @type {State} */
export const initial = Object.freeze({
  session: { name: null, open: false, quota: null, bytes: 0, known: false },
  queue: queues.empty,
  player: {
    status: 'idle', position: 0, duration: 0, buffered: 0, rung: null, volume: 1, muted: false, levelling: 'album', crossfade: 0, scrub: false,
    quality: { mobile: 96, wifi: 160 }, sleepAt: null, speed: 1, error: null,
  },
  ui: {},
})

/** @typedef {(queue: Queue, action: Action) => Queue} QueueRule @type {Record<string, QueueRule>} */
const queueRules = {
  'queue/play': (queue, { tracks, index, shuffle, seed, position, from }) => queues.replaced(queue, tracks, { index, shuffle, seed, position, from }),
  'queue/next': (queue, { tracks }) => queues.playedNext(queue, tracks),
  'queue/add': (queue, { tracks, from }) => queues.added(queue, tracks, from),
  'queue/remove': (queue, { keys, position }) => queues.removed(queue, keys, position),
  'queue/move': (queue, { keys, to }) => queues.moved(queue, keys, to),
  'queue/clear': queue => queues.cleared(queue),
  'queue/shuffle': (queue, { on, seed = 1 }) => queues.withShuffle(queue, on, seed),
  'queue/repeat': (queue, { mode }) => ({ ...queue, repeat: mode }),
  'queue/stopAfter': (queue, { on }) => ({ ...queue, stopAfter: on }),
  'queue/jump': (queue, { key }) => {
    const index = queues.placeOf(queue, key)
    return index < 0 || index === queue.index ? queue : { ...queue, index, stopAfter: false }
  },
  'queue/reached': (queue, { key }) => queues.reached(queue, key),
  'queue/undo': queue => queues.undone(queue),
  'queue/takeOver': (queue, { items, index, position }) => queues.takenOver(queue, items, index, position),
  'queue/restore': (queue, { queue: saved }) => ({ ...queues.empty, ...saved }),
  // What the server says of tracks of which only the ids were known; `isAll` says that it has no others.
  'queue/tracks': (queue, { tracks, isAll = false }) => queues.described(queue, tracks, isAll),
  'queue/track': (queue, { track }) => queue.items.some(item => item.track.id === track.id)
    ? { ...queue, items: queue.items.map(item => item.track.id === track.id ? { ...item, track: { ...item.track, ...track } } : item) }
    : queue,
}

/** @typedef {(player: Player, action: Action) => Player} PlayerRule @type {Record<string, PlayerRule>} */
const playerRules = {
  'player/status': (player, { status }) => status === player.status ? player
    : { ...player, status, error: status === 'playing' ? null : player.error },
  'player/time': (player, { position, duration, buffered }) => ({ ...player, position, duration, buffered }),
  'player/rung': (player, { rung }) => ({ ...player, rung }),
  'player/volume': (player, { volume, muted = false }) => ({ ...player, volume: Math.max(0, Math.min(1, volume)), muted }),
  'player/levelling': (player, { levelling }) => ({ ...player, levelling }),
  'player/crossfade': (player, { seconds }) => ({ ...player, crossfade: Math.max(0, Math.min(longest, seconds)) }),
  'player/scrub': (player, { on }) => ({ ...player, scrub: on }),
  'player/quality': (player, { kind, limit }) => ({ ...player, quality: { ...player.quality, [kind]: limit } }),
  'player/sleep': (player, { at }) => ({ ...player, sleepAt: at }),
  'player/speed': (player, { speed }) => ({ ...player, speed: Math.max(0.25, Math.min(4, speed)) }),
  'player/error': (player, { error }) => ({ ...player, error }),
  'player/restore': (player, { player: saved }) => ({ ...player, ...saved }),
}

/**
 * The track that is current now is another: its time is not that of the old one.
 * @param {State} old @param {State} state @returns {State}
 */
function withOwnTime(old, state) {
  const now = queues.current(state.queue)
  if (now?.key === queues.current(old.queue)?.key) return state
  const duration = Number(now?.track.duration) || 0
  return { ...state, player: { ...state.player, position: 0, buffered: 0, duration, rung: null, error: null } }
}

/** @param {State} state @param {Action} action @returns {State} */
export function reduce(state, action) {
  const { type } = action
  if (Object.hasOwn(queueRules, type)) {
    const queue = queueRules[type](state.queue, action)
    return queue === state.queue ? state : withOwnTime(state, { ...state, queue })
  }
  if (Object.hasOwn(playerRules, type)) {
    const player = playerRules[type](state.player, action)
    return player === state.player ? state : { ...state, player }
  }
  switch (type) {
    case 'session/in': return { ...state, session: { ...state.session, ...action.session, known: true } }
    case 'session/out': return { ...state, session: { ...initial.session, known: true } }
    case 'ui/set': return state.ui[action.name] === action.value ? state : { ...state, ui: { ...state.ui, [action.name]: action.value } }
    default: return state
  }
}

/**
 * @template S, A
 * @typedef {{get(): S, dispatch(action: A): void, subscribe<V>(selector: (state: S) => V, fn: (value: V, state: S) => void, isFirst?: boolean): () => void}} Store
 */

/**
 * @template S, A
 * @param {(state: S, action: A) => S} reduce pure @param {S} initial @returns {Store<S, A>}
 */
export function createStore(reduce, initial) {
  let state = initial
  /** @type {Set<{selector: (state: S) => any, fn: (value: any, state: S) => void, last: any, isFirst: boolean}>} */
  const watchers = new Set()
  let isTelling = false
  let isStale = false

  /** Tells each watcher of a value that differs from the one it saw last. An action from a watcher is told after this round. */
  function tell() {
    isStale = true
    if (isTelling) return
    isTelling = true
    try {
      while (isStale) {
        isStale = false
        for (const watcher of [...watchers].sort((a, b) => Number(b.isFirst) - Number(a.isFirst))) {
          if (!watchers.has(watcher)) continue
          const value = watcher.selector(state)
          if (Object.is(value, watcher.last)) continue
          watcher.last = value
          watcher.fn(value, state)
        }
      }
    } finally {
      isTelling = false
    }
  }

  return {
    get: () => state,
    dispatch(action) {
      const other = reduce(state, action)
      if (other === state) return
      state = other
      tell()
    },
    /**
     * Calls `fn` at each change of what `selector` takes from the state, and not before the first; returns the end of it. Those with
     * `isFirst` are told before the others.
     */
    subscribe(selector, fn, isFirst = false) {
      const watcher = { selector, fn, last: selector(state), isFirst }
      watchers.add(watcher)
      return () => { watchers.delete(watcher) }
    },
  }
}
