// @ts-check
/** Lists of the server as rows of a view: pages come as the window needs them, and whole ranges when they are to be played. */
import { withQuery } from '/api/client.js'
import { createPages } from '/api/pages.js'
import { begins } from '/elements/type-ahead.js'
import { moves } from '/core/moves.js'

const size = 200
/** Rows that type-ahead looks at: those of the pages that are kept. */
const known = 20 * size
/** Places around those that are seen which are asked for anew after a change, and pages that are at most. */
const around = 40
const mostAnew = 6
/** @param {any} app @param {string} path @param {Record<string, any>} query */
export function serverRows(app, path, query) {
  const whole = path === '/api/v1/tracks' ? { ...query, fields: app.fields } : query
  /** @type {Set<() => void>} */
  const watchers = new Set()
  /** @type {unknown} */
  let failure = null
  const load = (/** @type {number} */ at, /** @type {number} */ limit, /** @type {AbortSignal | undefined} */ signal = undefined) =>
    app.client.get(withQuery(path, { ...whole, at, limit }), { signal })
  const pages = createPages({
    size, load,
    onChange: () => { for (const fn of [...watchers]) fn() },
    onError(error) {
      failure = error
      if (pages.total !== null) app.fail(error)
    },
  })
  const total = () => pages.total ?? 0
  let seen = [0, 0]
  const itemsOf = async (/** @type {number} */ page) => (await load(page * size, size)).items
  const isHere = (/** @type {number} */ page) => pages.at(page * size) !== undefined

  const rows = {
    total, at: pages.at,
    /** @param {number} first @param {number} last */
    want(first, last) {
      seen = [first, last]
      if (pages.total !== 0) pages.want(first, last)
    },
    /** @param {() => void} changed @param {AbortSignal} signal */
    listen(changed, signal) {
      watchers.add(changed)
      signal.addEventListener('abort', () => watchers.delete(changed))
    },
    /** The first page, or what is in its way. @param {AbortSignal} [signal] */
    async ready(signal) {
      await pages.want(0, 0)
      signal?.throwIfAborted()
      if (pages.total === null) throw failure ?? new TypeError('the list did not come')
    },
    /**
     * Asks anew for what is seen, as after a change of the library, and for these places.
     * @param {readonly number[]} also @returns {Promise<((place: number) => number) | null>} where entries are now; null if all is as it was
     */
    async renew(also) {
      if (pages.total === null) return null
      const before = new Map(pages.known().map(([place, item]) => [place, item.id]))
      const old = JSON.stringify([pages.total, pages.known()])
      const began = performance.now()
      const places = [seen[0] - around, seen[1], Math.min(seen[1] + around, Math.max(0, total() - 1)), ...also]
      const anew = [...new Set(places.map(place => Math.max(0, Math.floor(place / size))))].slice(0, mostAnew)
      if (!await pages.renew(anew.map(page => page * size))) return null
      app.learn(pages.known().map(([, item]) => item), began)
      if (JSON.stringify([pages.total, pages.known()]) === old) return null
      return moves(before, pages.known().map(([place, item]) => [place, item.id]), total())
    },
    /** Those of the first page. @returns {any[]} */
    known: () => Array.from({ length: Math.min(size, total()) }, (_, place) => pages.at(place)).filter(Boolean),
    /** @param {number} from @param {number} to @returns {Promise<any[]>} */
    async range(from, to) {
      const end = Math.min(to, total())
      const wanted = []
      for (let page = Math.floor(from / size); page * size < end; page++) {
        wanted.push(isHere(page) ? Array.from({ length: size }, (_, i) => pages.at(page * size + i)) : itemsOf(page))
      }
      const all = (await Promise.all(wanted)).flat()
      const start = Math.floor(from / size) * size
      return all.slice(from - start, end - start).filter(Boolean)
    },
    all: () => rows.range(0, total()),
    /** @param {number[]} places in order @returns {Promise<any[]>} */
    async some(places) {
      if (places.every(place => pages.at(place))) return places.map(place => pages.at(place))
      const from = places[0]
      const all = await rows.range(from, places[places.length - 1] + 1)
      return places.map(place => all[place - from]).filter(Boolean)
    },
    /** The next row whose title begins so, among those that are here. @type {(typed: string, from: number) => Promise<number>} */
    seek: async (typed, from) => seekKnown(rows, typed, from, 'title'),
  }
  return rows
}

/** @param {any} rows @param {string} typed @param {number} from @param {string} member */
function seekKnown(rows, typed, from, member) {
  const total = rows.total()
  const start = typed.length > 1 ? from : from + 1
  for (let i = 0; i < Math.min(total, known); i++) {
    const place = (start + i) % total
    const item = rows.at(place)
    if (item && begins(item[member] ?? item.name ?? '', typed)) return place
  }
  return -1
}

/**
 * Type-ahead in a list of the whole library, in order of `member`: by its initials, then by halves.
 * @param {any} rows @param {{letter: string, at: number}[]} letters @param {string} member
 */
export const seeker = (rows, letters, member) => async (/** @type {string} */ typed) => {
  const initial = typed[0].toUpperCase()
  const found = letters.findIndex(one => one.letter === initial)
  if (found < 0) return -1
  let low = letters[found].at
  let high = letters[found + 1]?.at ?? rows.total()
  if (typed.length === 1) return low
  const start = low
  while (low < high) {
    const middle = (low + high) >> 1
    const [item] = await rows.range(middle, middle + 1)
    const name = item?.[member] ?? ''
    if (begins(name, typed) || name.localeCompare(typed, undefined, { sensitivity: 'base' }) >= 0) high = middle
    else low = middle + 1
  }
  return low < rows.total() ? low : start
}

/** Rows that are here already. @param {any[]} items @param {() => Promise<any[]>} [load] gives them anew */
export const fixedRows = (items, load) => {
  const rows = {
    total: () => items.length, at: (/** @type {number} */ place) => items[place], want() {}, listen() {},
    range: async (/** @type {number} */ from, /** @type {number} */ to) => items.slice(from, to),
    all: async () => items, some: async (/** @type {number[]} */ places) => places.map(place => items[place]),
    seek: async (/** @type {string} */ typed, /** @type {number} */ from) => seekKnown(rows, typed, from, 'title'),
    renew: load && (async () => {
      const ids = () => items.map((item, place) => /** @type {[number, string]} */ ([place, item.id]))
      const before = new Map(ids())
      const now = await load()
      if (JSON.stringify(now) === JSON.stringify(items)) return null
      items = now
      return moves(before, ids())
    }),
  }
  return rows
}

/**
 * The initials of a list, none if the server does not say.
 * @param {any} app @param {string} kind @param {string} [sort] @returns {Promise<{letter: string, at: number}[]>}
 */
export const lettersOf = (app, kind, sort = '') =>
  app.client.get(withQuery(`/api/v1/letters/${kind}`, { sort: sort || null })).then((/** @type {any} */ found) => found.items, () => [])
