// @ts-check
/** What a start of a track takes, asked for before it: a pointer is over a track for longer than the answers take. */
import { choose } from '/core/ladder.js'

/** @typedef {{id: string, [name: string]: any}} Track */

/**
 * @param {object} world
 * @param {import('/player/pieces.js').Pieces} world.pieces @param {{throughput: number | null}} world.fetcher
 * @param {() => import('/player/engine.js').Policy} world.policy
 */
export function createPreparing({ pieces, fetcher, policy }) {
  /** The last one of those that came while another was asked for. @type {{track: Track, isLikely: boolean} | null} */
  let waiting = null
  let isBusy = false

  /** @param {Track} track @param {boolean} isLikely */
  async function ask(track, isLikely) {
    const { rungs, versions } = await pieces.details(track)
    const { cap, saveData, isMetered, isOffline, downlink, pinned } = policy()
    const { rung } = choose(rungs, {
      throughput: isOffline ? 0 : fetcher.throughput ?? downlink, buffer: 0, cap, saveData, isMetered, pinned: pinned(track.id),
    })
    const version = versions[rung.name]
    if (isLikely && version) pieces.early(track.id, rung.name, version)
    const grid = await pieces.grid(track.id, rung.name)
    await pieces.init(track.id, rung.name, grid)
  }

  /**
   * Asks what a start needs to know, for one track after another: of those that a pointer flies over, the last.
   * @param {Track} track @param {boolean} [isLikely] whether the first segment is worth its bytes
   */
  return async function prepare(track, isLikely = false) {
    waiting = { track, isLikely }
    if (isBusy) return
    isBusy = true
    while (waiting) {
      const next = waiting
      waiting = null
      // A start asks again, and says what is wrong.
      await ask(next.track, next.isLikely).catch(() => {})
    }
    isBusy = false
  }
}
