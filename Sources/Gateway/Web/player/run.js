// @ts-check
/** Tracks that follow one another in one source: carries out what core/pump.js decides, one step after the other. */
import { Problem } from '/api/client.js'
import { aheadOf, edgeAt, next } from '/core/pump.js'
import { entryAtTime } from '/core/timeline.js'
import { createAppending, isFullError } from '/player/appending.js'
import { endsAt, entryOf, forgetPieces, pieceAt, placeEntries } from '/player/entries.js'
import { createLoading } from '/player/loading.js'
import { createTrouble } from '/player/trouble.js'

/**
 * @typedef {import('/player/entries.js').Entry} Entry @typedef {import('/core/pump.js').Step} Step
 * @typedef {ReturnType<typeof createRun>} Run
 */

/** Below this many seconds a listener is about to hear that something is wrong. */
const pressing = 2

/**
 * @param {object} world
 * @param {HTMLMediaElement} world.audio @param {import('/player/source.js').Source} world.source
 * @param {import('/player/pieces.js').Pieces} world.pieces @param {{throughput: number | null, hurry: () => void}} world.fetcher
 * @param {() => import('/player/engine.js').Policy} world.policy @param {() => number} world.now milliseconds since 1970
 * @param {(ms: number, fn: () => void) => void} world.later the only timer: it ends a stall that no event would end
 * @param {() => number} world.position seconds at which the first track begins, until the element knows its clock
 * @param {(entry: Entry) => void} world.onWant @param {() => void} world.onAppend
 * @param {(entry: Entry, problem: Problem, retryAt: number | null) => void} world.onProblem `retryAt` is null if it failed for good
 */
export function createRun({ audio, source, pieces, fetcher, policy, now, later, position, onWant, onAppend, onProblem }) {
  /** @type {Entry[]} */
  const entries = []
  let isLast = false
  let isClosed = false
  let isWorking = false
  let again = false
  /** @type {import('/core/pump.js').View['before']} */
  let before = null
  /** The last entry that a follower was asked for. @type {Entry | null} */
  let wanted = null

  const time = () => audio.readyState > 0 ? audio.currentTime : position()
  const buffered = () => Math.max(0, source.edge(time()) - time())
  const loading = createLoading({ audio, pieces, fetcher, policy, now, buffered, entries })
  const appending = createAppending({ source, pieces, loading, entries, policy, time, remove })
  const trouble = createTrouble({
    now, later, onProblem, isPressing: () => buffered() < pressing, isPaused: () => audio.paused, pump: () => { pump() },
  })

  /** @returns {import('/core/pump.js').View} */
  function view() {
    const seconds = aheadOf(loading.rung?.bitrate ?? 128, policy().isSmall) * appending.room
    return {
      time: time(), ranges: source.ranges, entries, isLast, isEnded: source.isEnded, before, ahead: seconds, behind: seconds,
      isOpen: source.isOpen && !trouble.isResting && !appending.isFull, rungOf: loading.rungOf,
    }
  }

  /** @param {Extract<Step, {do: 'fetch'}>} step */
  async function append(step) {
    if (isClosed || !await appending.append(step)) return
    before = { entry: step.entry, segment: step.segment, edge: step.edge }
    trouble.over()
    onAppend()
  }

  /** @param {number} from @param {number} to seconds */
  async function remove(from, to) {
    if (to <= from) return
    forgetPieces(entries, from, to)
    before = null
    await source.remove(from, to)
  }

  /** Whether there is more to do at once. @param {Step} step @returns {Promise<boolean>} */
  async function carryOut(step) {
    switch (step.do) {
      case 'describe': {
        const entry = entries[step.entry]
        await loading.describe(entry, step.rendition, entry !== entries[0] || position() < 0.1)
        if (entry.start && entry.grid) await source.extend(endsAt(entry))
        return true
      }
      case 'hold': {
        const entry = entries[step.entry]
        entry.beginning = await loading.open(entry, step.rendition, step.segment).whole
        Object.assign(entry, { held: step.rendition, heldWhy: entry.beginning.why })
        return true
      }
      case 'fetch': await append(step); return true
      case 'remove': await remove(step.from, step.to); return true
      case 'end': await source.end(); return false
      case 'fail': throw new Problem(0, 'unplayable', 'the browser takes no sound from the segment')
      default: return false
    }
  }

  /** @param {unknown} error @param {Entry | undefined} entry the step was for */
  function failed(error, entry) {
    if (isClosed || !entry || !entries.includes(entry)) return
    // An abort is a change of mind, a full buffer waits, and what the decoder refuses is an event of the element.
    if (isFullError(error) || (error instanceof DOMException && (error.name === 'AbortError' || audio.error))) return
    const place = entries.indexOf(entry)
    const isAhead = place > entryAtTime(entries, time())
    if (!trouble.note(entry, error) || !isAhead) return
    // What plays now goes on without it.
    trouble.retry()
    if (entries[place] === entry) cutAfter(place - 1)
  }

  /** @param {number} place entries behind it leave the run */
  function cutAfter(place) {
    const gone = entries.splice(place + 1)
    if (loading.flight && gone.includes(loading.flight.entry)) loading.flight.stop.abort()
    wanted = null
    isLast = false
    if (gone.some(entry => entry.pieces.length > 0)) remove(endsAt(entries[place]) - 2e-6, Infinity).catch(() => {})
  }

  /** Asks what follows the last entry as soon as its length is known. */
  function askForMore() {
    const last = entries.at(-1)
    if (!last?.grid || isLast || wanted === last || isClosed) return
    wanted = last
    onWant(last)
  }

  async function pump() {
    again = true
    trouble.tell()
    if (isWorking) return
    isWorking = true
    while (again && !isClosed) {
      again = false
      /** @type {Step} */
      let step = { do: 'wait' }
      /** @type {Entry | undefined} */
      let entry
      try {
        do {
          askForMore()
          step = next(view())
          entry = 'entry' in step ? entries[step.entry] : undefined
        } while (await carryOut(step) && !isClosed)
      } catch (error) {
        failed(error, entry)
        again ||= step.do === 'fetch' && !trouble.isResting && !appending.isFull && !audio.error
      }
      askForMore()
    }
    isWorking = false
    if (!isClosed) trouble.wake()
  }

  return {
    entries,
    pump,
    /** Whether there will be no more sound of this track. */
    get hasFailed() { return trouble.isFinal },
    /** The entry at a segment of which the browser failed, if it does not sound yet. @returns {Entry | null} */
    get refused() {
      const { suspect } = appending
      return suspect && entries.indexOf(suspect) > entryAtTime(entries, time()) ? suspect : null
    },
    /** Tries at once what failed, or hangs. */
    retry() {
      trouble.retry()
      appending.forgetFull()
      fetcher.hurry()
      pump()
    },
    /** The clock was set: what is on its way may be of no use. */
    reconsider() {
      before = null
      trouble.retry()
      appending.forgetFull()
      const { flight } = loading
      const step = flight && next(view())
      const isSame = step && 'segment' in step && entries[step.entry] === flight.entry && step.segment === flight.segment
      if (flight && !isSame) flight.stop.abort()
      pump()
    },
    /** @param {{id: string, [name: string]: any} | null} track @param {string} key @param {number} after place of the entry before */
    follow(track, key, after) {
      const existing = entries[after + 1]
      if (existing && track && existing.key === key) return
      if (existing) cutAfter(after)
      isLast = track === null
      if (track) {
        entries.push(entryOf(track, key))
        placeEntries(entries)
      }
      pump()
    },
    /** What is buffered, from the next segment on, is loaded again: with another level. */
    async renew() {
      const piece = pieceAt(entries[entryAtTime(entries, time())], time() + 0.3)
      const from = piece ? piece.to : edgeAt(source.ranges, time())
      if (from !== null) await remove(from - 2e-6, Infinity).catch(() => {})
      pump()
    },
    close() {
      isClosed = true
      loading.flight?.stop.abort()
      source.close()
    },
  }
}
