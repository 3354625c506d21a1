// @ts-check
/** Keeps the queue, the position and the settings over a reload and a crash: written as they change, and when the page goes. */
import { current } from '/core/queue.js'
import { idOf } from '/lib/id.js'
import { readPosition, readQueue, readSettings, savedQueue, savedSettings } from '/core/saved.js'

/** Seconds of playing between two notes of the position. */
const interval = 5
const names = { position: 'sweetspot.position', settings: 'sweetspot.settings', bandwidth: 'sweetspot.bandwidth' }

/**
 * @param {object} world
 * @param {import('/core/reducer.js').Store<import('/core/reducer.js').State, any>} world.store
 * @param {import('/lib/database.js').Database} world.database holds the queue, which may be megabytes
 * @param {Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | null} [world.storage] holds what has to be written at once; null if there is none
 * @param {EventTarget} [world.page] what tells `pagehide` @param {() => number} [world.now] milliseconds since 1970
 * @param {() => boolean} [world.mayWrite] whether this tab is the one whose queue counts
 * @param {{bandwidth: any} | null} [world.fetcher] whose measurements are kept
 */
export function createPersist({
  store, database, storage = localStorageOrNone(), page = globalThis.window, now = Date.now, mayWrite = () => true, fetcher = null,
}) {
  let noted = -interval
  let notedKey = ''
  let isWriting = false
  let isStale = false
  let restored = 0

  /** @param {string} name @param {unknown} value */
  function note(name, value) {
    try {
      storage?.setItem(name, JSON.stringify(value))
    } catch {
      // A full or forbidden storage loses a setting, not the music.
    }
  }

  /** @param {string} name */
  function noteOf(name) {
    try {
      return JSON.parse(storage?.getItem(name) ?? 'null')
    } catch {
      return null
    }
  }

  function notePosition() {
    const { queue, player } = store.get()
    const item = current(queue)
    if (!item || !mayWrite()) return
    noted = player.position
    notedKey = item.key
    note(names.position, { key: item.key, at: player.position, time: now() })
  }

  /** The newest queue, one write after the other. */
  async function writeQueue() {
    isStale = true
    if (isWriting || !mayWrite()) return
    isWriting = true
    while (isStale) {
      isStale = false
      await database.put('state', 'queue', savedQueue(store.get().queue)).catch(() => {})
    }
    isWriting = false
  }

  const offs = [
    store.subscribe(({ queue: { items, index, shuffle, repeat } }) => `${index} ${shuffle} ${repeat} ${idOf(items)}`, () => {
      writeQueue()
      notePosition()
    }),
    store.subscribe(({ player: { position } }) => position, position => {
      if (Math.abs(position - noted) >= interval || current(store.get().queue)?.key !== notedKey) notePosition()
    }),
    store.subscribe(({ player: { status } }) => status, notePosition),
    store.subscribe(({ player }) => JSON.stringify(savedSettings(player)), () => note(names.settings, savedSettings(store.get().player))),
  ]
  const leave = () => {
    notePosition()
    if (fetcher?.bandwidth) note(names.bandwidth, fetcher.bandwidth)
  }
  page?.addEventListener('pagehide', leave)

  return {
    /** Fills the state from what was kept. Returns the seconds at which to stand ready, null without a queue. */
    async restore() {
      store.dispatch({ type: 'player/restore', player: readSettings(noteOf(names.settings)) })
      const bandwidth = noteOf(names.bandwidth)
      if (fetcher && bandwidth && ['fast', 'slow', 'last'].every(name => bandwidth[name] > 0)) fetcher.bandwidth = bandwidth
      const queue = readQueue(await database.get('state', 'queue').catch(() => null))
      // What the listener has chosen meanwhile is newer, and no change of it may follow.
      if (store.get().queue.items.length > 0) {
        writeQueue()
        notePosition()
        return null
      }
      if (!queue) return null
      // Read before the queue is restored: its watcher notes the position of the new state.
      const place = readPosition(noteOf(names.position))
      store.dispatch({ type: 'queue/restore', queue })
      if (place?.key !== current(queue)?.key) return 0
      restored = place?.time ?? 0
      return place?.at ?? 0
    },
    /** When the listener was at the place that was restored, milliseconds since 1970; 0 if none was. */
    get restored() { return restored },
    /** Forgets all, as after a sign-out. */
    async forget() {
      for (const name of Object.values(names)) storage?.removeItem(name)
      await database.delete('state', 'queue')
    },
    stop() {
      for (const off of offs) off()
      page?.removeEventListener('pagehide', leave)
    },
  }
}

function localStorageOrNone() {
  try {
    return globalThis.localStorage ?? null
  } catch {
    return null
  }
}
