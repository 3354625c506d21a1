// @ts-check
/** Who is told of what: events by name, and changes on the server. */

/** @typedef {{on(type: string, fn: (detail: any) => void): () => void, emit(type: string, detail?: any): void}} Events */

/** Says that a listener failed, as the browser says it of its own. @param {unknown} error */
const complain = error => queueMicrotask(() => { throw error })

/** @param {(error: unknown) => void} [report] @returns {Events} */
export function events(report = complain) {
  /** @type {Map<string, Set<(detail: any) => void>>} */
  const listeners = new Map()
  return {
    on(type, fn) {
      const all = listeners.get(type) ?? new Set()
      listeners.set(type, all.add(fn))
      return () => { all.delete(fn) }
    },
    emit(type, detail) {
      for (const fn of [...listeners.get(type) ?? []]) {
        try {
          fn(detail)
        } catch (error) {
          // A view that fails is reported, and does not stop the music.
          report(error)
        }
      }
    },
  }
}

/** @typedef {{kinds: readonly string[], run: () => unknown, isBusy: boolean, isStale: boolean}} Watcher */

/**
 * What has changed on the server, told to what shows it: one call at a time and at most one more after it, however many changes there
 * were; none while the page is hidden, and one when it is shown again.
 * @param {{document?: any, report?: (error: unknown) => void}} [world] `report` is told what a call throws
 */
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
