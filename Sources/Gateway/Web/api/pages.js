// @ts-check
/** A long list of the server by places: pages of it that are here, and those that are to come. */

/** @template T @typedef {{items: T[], total?: number}} Page */

/**
 * @template T
 * @param {object} how
 * @param {(at: number, limit: number, signal: AbortSignal) => Promise<Page<T>>} how.load
 * @param {(first: number, last: number) => void} [how.onChange] places whose items came, both included
 * @param {(error: unknown) => void} [how.onError] @param {number} [how.size] of a page @param {number} [how.most] pages that are kept
 */
export function createPages({ load, onChange = () => {}, onError = () => {}, size = 200, most = 20 }) {
  /** In the order of their last use. @type {Map<number, T[]>} */
  const pages = new Map()
  /** @type {Map<number, {stop: AbortController, done: Promise<void>}>} */
  const coming = new Map()
  /** Counts queries: an answer to an earlier one is dropped. */
  let epoch = 0
  /** @type {number | null} */
  let total = null

  /** @param {number} page */
  function fetchPage(page) {
    const known = coming.get(page)
    if (known) return known.done
    const stop = new AbortController()
    const own = epoch
    const done = load(page * size, size, stop.signal).then(answer => {
      if (own !== epoch) return
      coming.delete(page)
      keep(page, answer.items)
      total = answer.total ?? total
      onChange(page * size, page * size + Math.max(0, answer.items.length - 1))
    }, error => {
      if (own !== epoch) return
      coming.delete(page)
      if (!stop.signal.aborted) onError(error)
    })
    coming.set(page, { stop, done })
    return done
  }

  /** @param {number} page @param {T[]} items */
  function keep(page, items) {
    pages.delete(page)
    pages.set(page, items)
    if (pages.size > most) pages.delete(/** @type {number} */ (pages.keys().next().value))
  }

  const pageOf = (/** @type {number} */ place) => Math.floor(Math.max(0, place) / size)

  return {
    /** Length of the list, null before the first answer. */
    get total() { return total },
    /** The item at a place, undefined if it is not here. @param {number} place @returns {T | undefined} */
    at: place => pages.get(pageOf(place))?.[place % size],

    /**
     * Loads what is missing between two places, and gives up what is on its way elsewhere.
     * @param {number} first @param {number} last both included @returns {Promise<void>} resolves when all has come or failed
     */
    async want(first, last) {
      const end = total === null ? last : Math.min(last, total - 1)
      const wanted = new Set()
      for (let page = pageOf(first); page <= pageOf(Math.max(first, end)); page++) wanted.add(page)
      for (const [page, { stop }] of coming) {
        if (wanted.has(page)) continue
        stop.abort()
        coming.delete(page)
      }
      await Promise.all([...wanted].map(page => {
        const items = pages.get(page)
        if (items) keep(page, items)
        return items ? undefined : fetchPage(page)
      }))
    },

    /** What is here, by places. @returns {Array<[number, T]>} */
    known: () => [...pages].flatMap(([page, items]) => items.map((item, i) => /** @type {[number, T]} */ ([page * size + i, item]))),

    /**
     * Asks anew for the pages of some places, as after a change. What was known stays until they have come, and then is forgotten.
     * @param {readonly number[]} places @returns {Promise<boolean>} whether they came; nobody is told
     */
    async renew(places) {
      epoch += 1
      const own = epoch
      for (const { stop } of coming.values()) stop.abort()
      coming.clear()
      const old = new Map(pages)
      const wanted = [...new Set(places.map(pageOf))]
      const answers = await Promise.all(wanted.map(page => load(page * size, size, new AbortController().signal)))
      if (own !== epoch) return false
      for (const [page, items] of old) if (pages.get(page) === items) pages.delete(page)
      wanted.forEach((page, i) => keep(page, answers[i].items))
      total = answers[0]?.total ?? total
      return true
    },

    /** Another query, or the same after a change: nothing that was known or is on its way counts. */
    reset() {
      epoch += 1
      for (const { stop } of coming.values()) stop.abort()
      coming.clear()
      pages.clear()
      total = null
    },

    /** Changes an item where it is known, as after a rating. @param {(item: T) => T} change gives the same item back if it stays */
    update(change) {
      for (const [page, items] of pages) {
        const changed = items.map(change)
        if (changed.some((item, i) => item !== items[i])) {
          pages.set(page, changed)
          onChange(page * size, page * size + items.length - 1)
        }
      }
    },
  }
}
