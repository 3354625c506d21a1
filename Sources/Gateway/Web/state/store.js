// @ts-check
/** The one state of the page: changed only by actions, watched by what shows it. */

/**
 * @template S, A
 * @typedef {{get(): S, dispatch(action: A): void, subscribe<V>(selector: (state: S) => V, fn: (value: V, state: S) => void, isFirst?: boolean): () => void}} Store
 */

/**
 * @template S, A
 * @param {(state: S, action: A) => S} reduce pure @param {S} initial @returns {Store<S, A>}
 */
export function createStore(reduce, initial) {
  let state = initial
  /** @type {Set<{selector: (state: S) => any, fn: (value: any, state: S) => void, last: any, isFirst: boolean}>} */
  const watchers = new Set()
  let isTelling = false
  let isStale = false

  /** Tells each watcher of a value that differs from the one it saw last. An action from a watcher is told after this round. */
  function tell() {
    isStale = true
    if (isTelling) return
    isTelling = true
    try {
      while (isStale) {
        isStale = false
        for (const watcher of [...watchers].sort((a, b) => Number(b.isFirst) - Number(a.isFirst))) {
          if (!watchers.has(watcher)) continue
          const value = watcher.selector(state)
          if (Object.is(value, watcher.last)) continue
          watcher.last = value
          watcher.fn(value, state)
        }
      }
    } finally {
      isTelling = false
    }
  }

  return {
    get: () => state,
    dispatch(action) {
      const other = reduce(state, action)
      if (other === state) return
      state = other
      tell()
    },
    /**
     * Calls `fn` at each change of what `selector` takes from the state, and not before the first; returns the end of it. Those with
     * `isFirst` are told before the others.
     */
    subscribe(selector, fn, isFirst = false) {
      const watcher = { selector, fn, last: selector(state), isFirst }
      watchers.add(watcher)
      return () => { watchers.delete(watcher) }
    },
  }
}
