// @ts-check
/** Albums as a grid of cards, of which several can be selected: by their boxes, and with Shift, Ctrl or Command. */
import { html } from '/lib/html.js'
import { icon } from '/icons/icons.js'
import { t } from '/text/text.js'
import { albumCard, fillAlbumCard } from '/elements/covers.js'
import { cardGrid } from '/elements/card-grid.js'
import { createSelection } from '/elements/selection.js'
import { selectionBar } from '/elements/selection-bar.js'
import { albumEntries } from '/elements/track-menu.js'
import { openMenu } from '/elements/menu.js'

/** @param {any} app @param {any} rows as elements/rows.js makes them @param {{label: string, signal: AbortSignal}} options */
export function albumGrid(app, rows, { label, signal }) {
  let focused = 0
  const selection = createSelection(() => {
    grid.node.classList.toggle('selecting', selection.size > 0)
    grid.refill()
    bar.update()
  })
  const grid = cardGrid({ ...rows, renew: (/** @type {number[]} */ also) => rows.renew([...also, ...selection.places]) }, {
    make, fill, label, signal, moved: move => selection.move(move),
  })

  const list = {
    selection,
    get focused() { return focused },
    focus: (/** @type {number} */ place) => grid.focus(place),
    nameOf: (/** @type {number[]} */ places) => places.length > 1 ? t('selected', { n: places.length }) : rows.at(places[0])?.name ?? '',
    entries: (/** @type {number[]} */ places) => albumEntries(app, places.map(rows.at).filter(Boolean), () => rows.some(places), selection.size ? [] : [
      { name: 'select', label: t('select'), icon: 'check', run: () => { toggle(places[0]); grid.focus(places[0], '.card-check') } },
    ]),
  }
  const bar = selectionBar(list, 1)

  function make() {
    const card = albumCard(app, undefined)
    const check = html`<button class="card-check" role="checkbox" tabindex="-1"><span>${icon('check')}</span></button>`
    check.addEventListener('click', (/** @type {MouseEvent} */ event) => choose(event, grid.placeOf(card)))
    card.append(check)
    card.openMenu = (/** @type {any} */ _, /** @type {{x: number, y: number}} */ at) => {
      const place = grid.placeOf(card)
      const places = selection.has(place) ? selection.places : [place]
      if (!selection.has(place)) selection.clear()
      openMenu(at, list.entries(places), list.nameOf(places))
    }
    return card
  }

  /** @param {any} card @param {any} album @param {number} place */
  function fill(card, album, place) {
    fillAlbumCard(card, album)
    const check = card.querySelector('.card-check')
    check.hidden = !album
    check.tabIndex = selection.size ? 0 : -1
    check.setAttribute('aria-checked', String(selection.has(place)))
    check.setAttribute('aria-label', t('select.of', { name: album?.name ?? '' }))
  }

  /** @param {number} place */
  function toggle(place) {
    focused = place
    selection.toggle(place)
  }

  /** One more or one less; with Shift all from the one before. @param {MouseEvent} event @param {number} place */
  function choose(event, place) {
    if (place < 0) return
    if (!event.shiftKey || !selection.size) return toggle(place)
    focused = place
    selection.upTo(place)
  }

  const placeAt = (/** @type {Event} */ event) => {
    const card = /** @type {Element} */ (event.target).closest('.card')
    return card ? grid.placeOf(card) : -1
  }
  grid.node.addEventListener('click', (/** @type {MouseEvent} */ event) => {
    // With Ctrl or Command a link opens in another tab, as everywhere.
    if (!event.shiftKey || !/** @type {Element} */ (event.target).closest('a')) return
    event.preventDefault()
    choose(event, placeAt(event))
  }, { signal })
  grid.node.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
    const place = placeAt(event)
    const mod = event.ctrlKey || event.metaKey
    const onCheck = /** @type {Element} */ (event.target).matches('.card-check')
    if (event.key === 'Escape' && selection.size) {
      selection.clear()
      if (onCheck) grid.focus(place)
    } else if (event.key === ' ' && (mod || event.shiftKey) && !onCheck && rows.at(place)) toggle(place)
    else if (event.key === 'a' && mod) selection.all(rows.total())
    else return
    event.preventDefault()
    app.say(t('selected', { n: selection.size }))
  }, { signal })
  signal.addEventListener('abort', bar.leave)
  document.body.append(bar.node)
  return grid
}
