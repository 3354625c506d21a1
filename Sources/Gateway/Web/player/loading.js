// @ts-check
/** Brings what a run asks for: descriptions and segments, each in the rung that the network carries. */
import { abandons, choose } from '/core/ladder.js'
import { placeEntries } from '/player/entries.js'
import { samplesOf } from '/core/timeline.js'

/** @typedef {import('/player/entries.js').Entry} Entry @typedef {import('/core/ladder.js').Rung} Rung */
/**
 * @typedef {{entry: Entry, segment: number, stop: AbortController}} Flight
 * @typedef {{name: string, bytes: Uint8Array, why: string}} Loaded
 * @typedef {{next: () => Promise<Uint8Array | null>, whole: Promise<Loaded>}} Download `next` gives what came since, null behind the end
 */

/** A segment that is here already. @param {Loaded} loaded @returns {Download} */
export const here = loaded => {
  /** @type {Uint8Array | null} */
  let bytes = loaded.bytes
  return {
    whole: Promise.resolve(loaded),
    async next() {
      const all = bytes
      bytes = null
      return all
    },
  }
}

/** Seconds of a segment, more or less. */
const usual = 6

/**
 * @param {object} world
 * @param {HTMLMediaElement} world.audio @param {import('/player/pieces.js').Pieces} world.pieces
 * @param {{throughput: number | null}} world.fetcher
 * @param {() => import('/player/engine.js').Policy} world.policy @param {() => number} world.now milliseconds
 * @param {() => number} world.buffered seconds of sound ahead @param {Entry[]} world.entries
 */
export function createLoading({ audio, pieces, fetcher, policy, now, buffered, entries }) {
  /** @type {Flight | null} */
  let flight = null
  /** @type {Rung | null} */
  let current = null
  let why = ''
  /** kbit/s that the browser had no room for. */
  let tooMuch = Infinity
  /** The last segment that did not come to its end. @type {{entry: Entry, segment: number, rendition: string, why: string} | null} */
  let broken = null
  const inPart = (/** @type {Entry} */ entry, /** @type {number} */ segment) =>
    broken?.entry === entry && broken.segment === segment ? broken : null

  /** What a request says about the player. @param {Entry} entry @param {string} rendition @param {number} segment */
  function about(entry, rendition, segment) {
    const buffer = buffered()
    const grid = entry.grids[rendition]
    const isStarting = buffer < 0.5
    if (!grid) return { content: entry.id, buffer, isStarting }
    const { from, to } = samplesOf(grid, segment)
    return {
      content: entry.id, buffer, bitrate: grid.bitrate, length: (to - from) / grid.rate, speed: audio.playbackRate, isStarting,
      wasStarved: isStarting && entry.pieces.length > 0, next: segment + 1 < grid.segments ? `${segment + 1}.m4s` : null,
    }
  }

  /** How a segment is asked for. @param {Entry} entry @param {string} rendition @param {number} segment @param {AbortController} stop */
  function request(entry, rendition, segment, stop) {
    const state = about(entry, rendition, segment)
    const length = state.length ?? usual
    const began = now()
    const bitrate = entry.grids[rendition]?.bitrate ?? entry.details?.rungs.find(rung => rung.name === rendition)?.bitrate ?? 0
    return {
      signal: stop.signal, about: state,
      abandons: (/** @type {import('/player/fetcher.js').Progress} */ { received, total, elapsed }) => abandons({
        received, elapsed, length, total: total ?? bitrate * 125 * length,
        buffer: state.buffer - (now() - began) / 1000 * audio.playbackRate,
      }, entry.details?.rungs ?? [], rendition),
    }
  }

  return {
    get flight() { return flight },
    /** The rung of the last segment that was appended. */
    get rung() { return current },

    /** @param {number} place @param {number} segment @param {number} buffer seconds @returns {string | null} */
    rungOf(place, segment, buffer) {
      const { details, held, heldWhy, id } = entries[place]
      if (!details) return null
      if (segment === 0 && held) {
        why = heldWhy
        return held
      }
      const { cap, saveData, isMetered, isOffline, downlink, pinned } = policy()
      const fitting = details.rungs.filter(rung => rung.bitrate < tooMuch)
      const choice = choose(fitting.length > 0 ? fitting : details.rungs.slice(0, 1), {
        throughput: isOffline ? 0 : fetcher.throughput ?? downlink, buffer, cap, saveData, isMetered,
        current: current?.name ?? null, isFirst: segment === 0, pinned: pinned(id),
      })
      const part = inPart(entries[place], segment)
      const left = part && pieces.remaining(id, part.rendition, entries[place].grids[part.rendition], segment)
      // What came in part is completed if that is less than another rung's whole segment.
      const isLess = part && left !== null && left < choice.rung.bitrate * 125 * usual
      why = isLess ? part.why : choice.why
      return isLess ? part.rendition : choice.rung.name
    },

    /** A segment finds no room: smaller ones from now on. Returns whether there are any. @param {Entry} entry @param {string} rendition */
    lower(entry, rendition) {
      const { rungs } = /** @type {NonNullable<Entry['details']>} */ (entry.details)
      const bitrate = rungs.find(rung => rung.name === rendition)?.bitrate ?? 0
      if (!rungs.some(rung => rung.bitrate < bitrate)) return false
      tooMuch = bitrate
      Object.assign(entry, { held: null, beginning: null })
      return true
    },

    /** @param {Entry} entry @param {string | null} rendition @param {boolean} isBeginning whether its first segment is what comes next */
    async describe(entry, rendition, isBeginning) {
      if (!entry.details) entry.details = await pieces.details(entry.track)
      if (rendition === null) return
      const version = entry.details.versions[rendition]
      if (isBeginning && !entry.grid && version) {
        pieces.early(entry.id, rendition, version, stop => request(entry, rendition, 0, stop))
        // What is on its way is used, whatever was measured meanwhile.
        Object.assign(entry, { held: rendition, heldWhy: why })
      }
      const grid = await pieces.grid(entry.id, rendition)
      entry.grids[rendition] = grid
      entry.grid ??= grid
      placeEntries(entries)
    },

    /** Asks for a segment. @param {Entry} entry @param {string} rendition @param {number} segment @returns {Download} */
    open(entry, rendition, segment) {
      const name = `${entry.id} ${rendition} ${segment}`
      if (segment === 0 && entry.beginning && entry.held === rendition) return here({ name, ...entry.beginning })
      const chosen = why
      const own = { entry, segment, stop: new AbortController() }
      flight = own
      const { whole, next } = pieces.segment(entry.id, rendition, entry.grids[rendition], segment, request(entry, rendition, segment, own.stop))

      async function loaded() {
        try {
          const { bytes, loaded } = await whole
          entry.bytes += loaded
          return { name, bytes, why: chosen }
        } catch (error) {
          // Another rung may be asked for now.
          if (segment === 0) entry.held = null
          broken = { entry, segment, rendition, why: chosen }
          throw error
        } finally {
          if (flight === own) flight = null
        }
      }
      const all = loaded()
      all.catch(() => {})
      return { next, whole: all }
    },

    /** @param {Entry} entry @param {string} rendition what was appended last */
    appended(entry, rendition) {
      current = entry.details?.rungs.find(one => one.name === rendition) ?? current
    },
  }
}
