// @ts-check
/** Rows of a long list: only those near the window are in the document, each at its place, in the order of their places. */
import { onWidth } from '/elements/width.js'
import { staying } from '/core/moves.js'

/** Rows kept above and below the window, so that a slow frame shows no hole. */
const spare = 6
/** Rows that pass between two updates before covers wait until the scrolling ends. */
const fast = 12
const calm = 120

/**
 * @param {{body: HTMLElement, make: () => HTMLElement, fill: (row: HTMLElement, place: number, isFast: boolean) => void,
 *   want: (first: number, last: number) => void, signal: AbortSignal, scroller?: HTMLElement | null}} options
 *   `make` makes an empty row, `fill` shows an item in it, `want` says which places are near the window;
 *   `scroller` is what scrolls the list, the page without it
 */
export function virtualRows({ body, make, fill, want, signal, scroller = null }) {
  /** @type {Map<number, HTMLElement>} */
  const rows = new Map()
  /** @type {HTMLElement[]} */
  const free = []
  let total = 0
  let height = 56
  let pinned = -1
  let lastFirst = 0
  let timer = 0
  body.style.setProperty('position', 'relative')

  /** Where the window, or the scroller, shows rows that nothing covers. */
  function frame() {
    if (scroller) {
      const { top, bottom } = scroller.getBoundingClientRect()
      return { top: top + (parseFloat(getComputedStyle(scroller).scrollPaddingTop) || 0), bottom }
    }
    const { scrollPaddingTop, scrollPaddingBottom } = getComputedStyle(document.documentElement)
    return { top: parseFloat(scrollPaddingTop) || 0, bottom: innerHeight - (parseFloat(scrollPaddingBottom) || 0) }
  }

  /** The places that are in the window. */
  function span() {
    const top = body.getBoundingClientRect().top
    const edge = scroller?.getBoundingClientRect()
    return { first: Math.floor(((edge?.top ?? 0) - top) / height), last: Math.ceil(((edge?.bottom ?? innerHeight) - top) / height) }
  }

  /** @param {number} place @param {boolean} isFast */
  function row(place, isFast) {
    const element = free.shift() ?? make()
    element.style.setProperty('transform', `translateY(${place * height}px)`)
    if (element.hidden) element.hidden = false
    rows.set(place, element)
    fill(element, place, isFast)
    return element
  }

  /** Makes the document hold the rows that the window needs. @param {unknown} [calmly] true after a jump that was asked for */
  function update(calmly) {
    if (signal.aborted) return
    const { first, last } = span()
    const from = Math.max(0, Math.min(total, first - spare))
    const to = Math.max(0, Math.min(total, last + spare))
    const isFast = calmly !== true && Math.abs(first - lastFirst) > fast
    lastFirst = first
    // Rows leave in the document's order and come back in it: after a jump none is moved.
    for (const place of [...rows.keys()].sort((a, b) => a - b)) {
      if ((place >= from && place < to) || (place === pinned && place < total)) continue
      free.push(/** @type {HTMLElement} */ (rows.get(place)))
      rows.delete(place)
    }
    /** @type {Set<Element>} */
    const came = new Set()
    const come = (/** @type {number} */ place) => { if (!rows.has(place)) came.add(row(place, isFast)) }
    for (let place = from; place < to; place++) come(place)
    if (pinned >= 0 && pinned < total) come(pinned)
    for (const element of free) if (!element.hidden) element.hidden = true
    if (came.size) arrange(came)
    clearTimeout(timer)
    // What flies past is not asked for.
    if (isFast) timer = setTimeout(() => { refresh(); update(true) }, calm)
    else if (to > from) want(Math.max(0, first), Math.min(total, last) - 1)
  }

  /**
   * Puts rows that came where a reader of the document expects them. Rows that stayed are not moved: one may have the focus.
   * @param {Set<Element>} came
   */
  function arrange(came) {
    let next = body.firstElementChild
    for (const place of [...rows.keys()].sort((a, b) => a - b)) {
      const element = /** @type {HTMLElement} */ (rows.get(place))
      while (next && next !== element && (came.has(next) || /** @type {HTMLElement} */ (next).hidden)) next = next.nextElementSibling
      if (next === element) next = next.nextElementSibling
      else body.insertBefore(element, next)
    }
  }

  /** Shows the items of the rows anew. */
  function refresh() {
    for (const [place, element] of rows) fill(element, place, false)
  }

  function measure() {
    const style = getComputedStyle(body)
    const row = style.getPropertyValue('--row').trim()
    const unit = row.endsWith('rem') ? parseFloat(getComputedStyle(document.documentElement).fontSize) : 1
    height = parseFloat(row) * unit || 56
    body.style.setProperty('height', `${total * height}px`)
    for (const [place, element] of rows) element.style.setProperty('transform', `translateY(${place * height}px)`)
  }

  ;(scroller ?? window).addEventListener('scroll', update, { passive: true, signal })
  window.addEventListener('resize', () => { measure(); update() }, { signal })
  onWidth(body, () => { measure(); update() }, signal)
  signal.addEventListener('abort', () => clearTimeout(timer))

  return {
    update, refresh,
    get height() { return height },
    get last() { return total - 1 },
    /** @param {number} count */
    setTotal(count) {
      total = count
      measure()
      update()
    },
    /**
     * The entries are at other places now: rows go with theirs, as far as they stay in order; what is in sight stays in sight.
     * @param {(place: number) => number} move @param {number} count of entries now
     */
    rearrange(move, count) {
      const { first, last } = span()
      const all = [...rows].sort(([a], [b]) => a - b)
      const goals = all.map(([place]) => move(place))
      const stays = staying(goals, all.findIndex(([, element]) => element.contains(document.activeElement)))
      rows.clear()
      all.forEach(([, element], i) => {
        if (stays[i]) rows.set(goals[i], element)
        else free.push(element)
      })
      pinned = move(pinned)
      total = count
      measure()
      // Above the list's beginning everything stays; within it, the first row in sight does.
      if (first > 0) {
        for (let place = first; place < last; place++) {
          if (move(place) < 0) continue
          const by = (move(place) - place) * height
          if (by) (scroller ?? window).scrollBy(0, by)
          break
        }
      }
      update(true)
      refresh()
    },
    /** The row of a place, if it is in the document. @param {number} place */
    rowAt: place => rows.get(place),
    /** The place of a row. @param {Element} element */
    placeOf(element) {
      for (const [place, row] of rows) if (row === element) return place
      return -1
    },
    /** Keeps the row of this place in the document. @param {number} place */
    pin(place) {
      pinned = place
      if (place >= 0 && !rows.has(place)) update(true)
    },
    /** Scrolls as little as makes the place visible, or puts it at the top. @param {number} place @param {boolean} [atTop] */
    reveal(place, atTop = false) {
      const top = body.getBoundingClientRect().top + place * height
      const seen = frame()
      const by = atTop || top < seen.top ? top - seen.top : Math.max(0, top + height - seen.bottom)
      if (by) (scroller ?? window).scrollBy(0, by)
      update(true)
    },
    /** @param {number} by */
    scrollBy: by => (scroller ?? window).scrollBy(0, by),
    /** Rows that fit into the window. */
    get perPage() { return Math.max(1, Math.floor((frame().bottom - frame().top) / height)) },
  }
}
