// @ts-check
/** Values that tell who reads them when they change, and events by name. */

/** @template T @typedef {{get(): T, set(value: T): void, watch(fn: (value: T) => void): () => void}} Signal */

/** @template T @param {T} value @returns {Signal<T>} */
export function signal(value) {
  /** @type {Set<(value: T) => void>} */
  const watchers = new Set()
  return {
    get: () => value,
    set(other) {
      if (Object.is(value, other)) return
      value = other
      for (const fn of [...watchers]) if (watchers.has(fn)) fn(value)
    },
    /** Calls `fn` at each change until the returned function is called. */
    watch(fn) {
      watchers.add(fn)
      return () => watchers.delete(fn)
    },
  }
}

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
