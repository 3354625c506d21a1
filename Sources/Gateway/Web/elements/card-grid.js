// @ts-check
/** Cards of a list of any length, as many beside each other as fit; only those near the window exist. */
import { html } from '/lib/html.js'
import { virtualRows } from '/elements/virtual-rows.js'
import { onWidth } from '/elements/width.js'

/**
 * @param {{total: () => number, at: (place: number) => any, want: (first: number, last: number) => void,
 *   listen: (changed: () => void, signal: AbortSignal) => void, renew?: (also: number[]) => Promise<((place: number) => number) | null>}} rows
 * @param {{make: () => any, fill: (card: any, item: any, place: number) => void, label: string, signal: AbortSignal, text?: number,
 *   moved?: (move: (place: number) => number) => void}} options
 *   `text` is the height of what stands under the picture, in rem; `moved` is told where entries are now
 */
export function cardGrid(rows, { make, fill, label, signal, text = 3.5, moved = () => {} }) {
  const body = html`<div class="card-rows"></div>`
  const node = html`<div class="card-grid" role="list" aria-label=${label}>${body}</div>`
  let columns = 1

  const virtual = virtualRows({
    body, signal,
    want: (first, last) => rows.want(first * columns, Math.min(rows.total(), (last + 1) * columns) - 1),
    make: () => html`<div class="card-row" role="presentation"></div>`,
    fill(row, line) {
      while (row.children.length < columns) row.append(make())
      while (row.children.length > columns) row.lastElementChild?.remove()
      ;[...row.children].forEach((card, i) => {
        const place = line * columns + i
        const exists = place < rows.total()
        card.toggleAttribute('hidden', !exists)
        if (!exists) return
        card.setAttribute('role', 'listitem')
        card.setAttribute('aria-posinset', String(place + 1))
        card.setAttribute('aria-setsize', String(rows.total()))
        fill(card, rows.at(place), place)
      })
    },
  })

  function measure() {
    const width = node.clientWidth
    if (!width) return
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize)
    const gap = width < 500 ? 0.9 * rem : 1.5 * rem
    const least = width < 500 ? 8.5 * rem : 11 * rem
    columns = Math.max(2, Math.floor((width + gap) / (least + gap)))
    const card = (width - gap * (columns - 1)) / columns
    node.style.setProperty('--columns', String(columns))
    node.style.setProperty('--card-gap', `${gap}px`)
    body.style.setProperty('--row', `${Math.ceil(card + text * rem + gap)}px`)
    virtual.setTotal(Math.ceil(rows.total() / columns))
    virtual.refresh()
  }
  /** @param {Element} card @returns {number} its place, -1 if it shows none */
  function placeOf(card) {
    const line = card.parentElement ? virtual.placeOf(card.parentElement) : -1
    return line >= 0 ? line * columns + [.../** @type {Element} */ (card.parentElement).children].indexOf(card) : -1
  }
  /** The place of the card with the focus, -1 for none. */
  function focusedPlace() {
    const card = node.contains(document.activeElement) ? document.activeElement?.closest('.card') : null
    return card ? placeOf(card) : -1
  }
  /** Gives a card's link, or another part of it, the focus, if the card is in the document. @param {number} place @param {string} [part] */
  const focus = (place, part = 'a') => virtual.rowAt(Math.floor(place / columns))?.children[place % columns]?.querySelector(part)?.focus({ preventScroll: true })
  onWidth(body, measure, signal)
  rows.listen(measure, signal)
  // The card with the focus stays, however far the page is scrolled.
  node.addEventListener('focusin', (/** @type {FocusEvent} */ event) => {
    const row = /** @type {Element} */ (event.target).closest('.card-row')
    if (row) virtual.pin(virtual.placeOf(row))
  }, { signal })
  return {
    node, placeOf, focus,
    /** Shows the items of the cards anew. */
    refill: virtual.refresh,
    /** Follows a change on the server. @returns {Promise<boolean>} whether there was one */
    async refresh() {
      const place = focusedPlace()
      const move = await rows.renew?.(place >= 0 ? [place] : [])
      if (!move || signal.aborted) return false
      const had = focusedPlace()
      const goal = move(had)
      // A line goes where its first card goes.
      virtual.rearrange(line => Math.floor(move(line * columns) / columns), Math.ceil(rows.total() / columns))
      moved(move)
      measure()
      if (goal >= 0 && goal !== had) focus(goal)
      return true
    },
    /** Scrolls to a card. @param {number} place */
    reveal: place => virtual.reveal(Math.floor(place / columns), true),
  }
}
