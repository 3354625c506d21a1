// @ts-check
/** What went wrong in a run: when it is tried again, and when the listener hears of it. */
import { Problem, asProblem } from '/api/client.js'
import { isPassing, nextTry } from '/core/retry.js'

/** @typedef {import('/player/entries.js').Entry} Entry */

/**
 * @param {object} world
 * @param {() => number} world.now milliseconds since 1970
 * @param {(ms: number, fn: () => void) => void} world.later the only timer: it ends a stall that no event would end
 * @param {() => boolean} world.isPressing whether sound is about to end @param {() => boolean} world.isPaused
 * @param {() => void} world.pump
 * @param {(entry: Entry, problem: Problem, retryAt: number | null) => void} world.onProblem `retryAt` is null if it failed for good
 */
export function createTrouble({ now, later, isPressing, isPaused, pump, onProblem }) {
  let failures = 0
  let retryAt = 0
  let isWaiting = false
  /** @type {{entry: Entry, problem: Problem} | null} */
  let untold = null

  return {
    /** Whether it is too early to ask the network for anything. */
    get isResting() { return now() < retryAt },
    /** Whether asking again would not help. */
    get isFinal() { return retryAt === Infinity },

    /**
     * Notes why a step failed. Returns whether it failed for good.
     * @param {Entry} entry @param {unknown} error
     */
    note(entry, error) {
      const problem = error instanceof DOMException ? new Problem(0, 'unplayable', error.message) : asProblem(error)
      if (!isPassing(problem)) {
        retryAt = Infinity
        onProblem(entry, problem, null)
        return true
      }
      failures += 1
      retryAt = nextTry(now(), failures, problem, Math.random())
      untold = { entry, problem }
      this.tell()
      return false
    },

    /** Speaks of a failure once it is about to be heard. */
    tell() {
      if (!untold || now() >= retryAt || !isPressing()) return
      const { entry, problem } = untold
      untold = null
      onProblem(entry, problem, retryAt)
    },

    /** A stalled element has no events, so nothing else would try again. */
    wake() {
      const ms = retryAt - now()
      if (isWaiting || isPaused() || !(ms > 0) || ms === Infinity || !isPressing()) return
      isWaiting = true
      later(ms, () => {
        isWaiting = false
        pump()
      })
    },

    /** It works again. */
    over() {
      failures = 0
      untold = null
    },
    /** Tries at once. */
    retry() { retryAt = 0 },
  }
}
