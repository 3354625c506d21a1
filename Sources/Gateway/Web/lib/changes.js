// @ts-check
/**
 * What has changed on the server, told to what shows it: one call at a time and at most one more after it, however many changes there
 * were; none while the page is hidden, and one when it is shown again.
 */

/** @typedef {{kinds: readonly string[], run: () => unknown, isBusy: boolean, isStale: boolean}} Watcher */

/** @param {{document?: any, report?: (error: unknown) => void}} [world] `report` is told what a call throws */
export function createChanges({ document = globalThis.document, report = () => {} } = {}) {
  /** @type {Set<Watcher>} */
  const watchers = new Set()
  const isHidden = () => document?.visibilityState === 'hidden'

  /** @param {Watcher} watcher */
  async function refresh(watcher) {
    watcher.isStale = true
    if (watcher.isBusy) return
    watcher.isBusy = true
    while (watcher.isStale && watchers.has(watcher) && !isHidden()) {
      watcher.isStale = false
      try {
        await watcher.run()
      } catch (error) {
        report(error)
      }
    }
    watcher.isBusy = false
  }
  document?.addEventListener('visibilitychange', () => {
    if (!isHidden()) for (const watcher of [...watchers]) if (watcher.isStale) refresh(watcher)
  })

  return {
    /** Calls `run` after changes of these kinds, until `signal` is aborted. @param {readonly string[]} kinds @param {() => unknown} run @param {AbortSignal} signal */
    on(kinds, run, signal) {
      if (signal.aborted) return
      const watcher = { kinds, run, isBusy: false, isStale: false }
      watchers.add(watcher)
      signal.addEventListener('abort', () => watchers.delete(watcher))
    },
    /** @param {readonly string[] | null} kinds null if anything may have changed */
    tell(kinds) {
      for (const watcher of [...watchers]) if (!kinds || kinds.some(kind => watcher.kinds.includes(kind))) refresh(watcher)
    },
  }
}
