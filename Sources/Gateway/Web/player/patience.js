// @ts-check
/** Requests under way: each ends once nothing has come of it for a while, because a network can hang instead of failing. */
import { Problem } from '/api/client.js'

/** Milliseconds without a byte after which a request has failed; and after which it is not worth keeping if the network has changed. */
const silence = 8000
const doubt = 2000

/** @param {number} ms @param {() => void} fn */
function wait(ms, fn) {
  const id = setTimeout(fn, ms)
  return () => clearTimeout(id)
}

/** @param {{clock: () => number, later?: (ms: number, fn: () => void) => () => void}} world `later` calls once, unless it is taken back */
export function createPatience({ clock, later = wait }) {
  /** @type {Set<{at: number, stop: AbortController}>} */
  const open = new Set()
  /** How many in a row ended in silence: on a busy network the next one waits longer. */
  let silent = 0

  return {
    /** @param {AbortSignal | undefined} signal ends the request too @param {number} [most] milliseconds without a byte */
    watch(signal, most = silence * Math.min(2, 1 + silent / 2)) {
      const own = { at: clock(), stop: new AbortController() }
      const { stop } = own
      const end = () => stop.abort(signal?.reason)
      let takeBack = () => {}
      const arm = () => {
        own.at = clock()
        takeBack()
        takeBack = later(most, () => {
          silent += 1
          stop.abort(new Problem(0, 'network', 'nothing came from the server'))
        })
      }
      if (signal?.aborted) end()
      signal?.addEventListener('abort', end, { signal: stop.signal })
      open.add(own)
      arm()
      return {
        stop,
        heard() {
          silent = 0
          arm()
        },
        /** What went wrong: this, if it was the silence. @param {unknown} error */
        why: error => stop.signal.aborted ? stop.signal.reason : error,
        over() {
          takeBack()
          signal?.removeEventListener('abort', end)
          open.delete(own)
        },
      }
    },
    /** The network may be another now: gives up what has been silent for a moment, so that it is asked for again. */
    hurry() {
      for (const { at, stop } of [...open]) if (clock() - at >= doubt) stop.abort()
    },
  }
}
