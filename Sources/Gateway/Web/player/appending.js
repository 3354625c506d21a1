// @ts-check
/** Puts segments into the source, each at its sample; makes room where the browser has none (1 to 20 MiB: it does not say how much). */
import { Problem } from '/api/client.js'
import { withOutputGain } from '/core/boxes.js'
import { placement } from '/core/timeline.js'
import { outputGain, pieceOf } from '/player/entries.js'
import { here } from '/player/loading.js'

/** @typedef {import('/player/loading.js').Loaded} Loaded @typedef {import('/player/entries.js').Entry} Entry */

/** Seconds of sound ahead below which a segment is appended as it comes: a listener waits for it. */
const awaited = 0.5

/** Seconds that are played until the browser is asked for room again. */
const pause = 2

/** @param {unknown} error */
export const isFullError = error => error instanceof DOMException && error.name === 'QuotaExceededError'

/**
 * @param {object} world
 * @param {import('/player/source.js').Source} world.source @param {import('/player/pieces.js').Pieces} world.pieces
 * @param {ReturnType<typeof import('/player/loading.js').createLoading>} world.loading @param {Entry[]} world.entries
 * @param {() => import('/player/engine.js').Policy} world.policy @param {() => number} world.time seconds
 * @param {(from: number, to: number) => Promise<void>} world.remove
 */
export function createAppending({ source, pieces, loading, entries, policy, time, remove }) {
  let room = 1
  /** A segment that is loaded and not appended yet. @type {Loaded | null} */
  let kept = null
  let fullUntil = 0
  /** Whose segment the browser takes, or has refused. @type {Entry | null} */
  let suspect = null

  /**
   * @param {import('/player/source.js').Part} part @param {Promise<Loaded>} whole @param {number} edge where the segment joins, seconds
   * @param {() => boolean} lower asks for a smaller rung; returns whether there is one
   */
  async function withRoom(part, whole, edge, lower) {
    try {
      return await source.append(part)
    } catch (error) {
      if (!isFullError(error)) throw error
    }
    // What was played goes, and what is not next; then once more.
    room = Math.max(0.25, room / 2)
    await remove(0, time() - 1)
    const island = source.ranges.find(([from]) => from > edge + 0.5)
    if (island) await remove(island[0], Infinity)
    kept = await whole
    try {
      await source.append({ ...part, bytes: kept.bytes, more: undefined })
    } catch (error) {
      if (!isFullError(error)) throw error
      if (edge - time() >= pause) fullUntil = time() + pause
      // Sound is about to end, and playing on would not make the room.
      else if (!lower()) throw new Problem(0, 'unplayable', 'the browser has no room for a segment of the track')
      throw error
    }
  }

  return {
    /** The part of the usual seconds that the browser had room for. */
    get room() { return room },
    /** Whether to wait until more of what is buffered has been played. */
    get isFull() { return time() < fullUntil && time() > fullUntil - 2 * pause },
    forgetFull() { fullUntil = 0 },
    /** The entry whose segment may be what the browser cannot decode. */
    get suspect() { return suspect },

    /**
     * Loads a segment and appends it. Returns whether it was appended.
     * @param {Extract<import('/core/pump.js').Step, {do: 'fetch'}>} step
     */
    async append({ entry: place, rendition, segment, edge, cut }) {
      const entry = entries[place]
      const grid = entry.grids[rendition]
      const spare = kept?.name === `${entry.id} ${rendition} ${segment}` ? kept : null
      const download = spare ? here(spare) : loading.open(entry, rendition, segment)
      const isAwaited = edge - time() < awaited
      const [init, bytes] = await Promise.all([
        pieces.init(entry.id, rendition, grid), isAwaited ? download.next() : download.whole.then(loaded => loaded.bytes),
        policy().levelling === 'album' && entry.details ? pieces.level(entry.details) : null,
      ])
      if (entries[place] !== entry || !entry.start || !entry.grid || !bytes) return false
      const gain = outputGain(entries, place, rendition, policy().levelling)
      const { offset, from, to } = placement(entry.start, grid, entry.grid)
      suspect = entry
      await withRoom({
        type: grid.type, key: `${place} ${rendition} ${grid.version} ${gain}`, offset, from: cut ?? from, to,
        init: rendition.startsWith('opus') ? withOutputGain(init, gain) : init, bytes, more: isAwaited ? download.next : undefined,
      }, download.whole, edge, () => loading.lower(entry, rendition)).catch(error => {
        if (error?.name !== 'EncodingError') suspect = null
        throw error
      })
      suspect = null
      kept = null
      const { why } = await download.whole
      entry.pieces.push(pieceOf(entry, rendition, segment, why, cut))
      entry.held = null
      entry.beginning = null
      loading.appended(entry, rendition)
      return true
    },
  }
}
