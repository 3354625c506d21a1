// @ts-check
/** Mouse, pen and fingers in a list of tracks: select, play, menus, and rows that are dragged elsewhere. */
import { openMenu } from '/elements/menu.js'
import { menuOf } from '/elements/grid-keys.js'
import { dragRows } from '/elements/drag-rows.js'

/** @param {any} list @param {AbortSignal} signal */
export function listenToRows(list, signal) {
  const { node, selection, virtual, rows, app } = list
  const placeOf = (/** @type {Event} */ event) => {
    const row = /** @type {Element} */ (event.target).closest?.('.row')
    return row ? virtual.placeOf(row) : -1
  }

  node.addEventListener('click', (/** @type {PointerEvent} */ event) => {
    const place = placeOf(event)
    if (place < 0 || !rows.at(place)) return
    const target = /** @type {Element} */ (event.target)
    if (target.closest('.play')) {
      const isCurrent = virtual.rowAt(place)?.classList.contains('current')
      return isCurrent ? app.acts.toggle() : list.play(place)
    }
    const act = /** @type {HTMLElement | null} */ (target.closest('[data-act]'))?.dataset.act
    if (act === 'menu') return menuOf(list, place)
    if (act === 'favourite') return app.acts.favourite('tracks', rows.at(place))
    if (target.closest('a, button, .grip')) return
    if (event.shiftKey) selection.upTo(place)
    else if (event.ctrlKey || event.metaKey || (selection.size > 0 && event.pointerType === 'touch')) selection.toggle(place)
    else if (event.pointerType === 'touch') return list.play(place)
    else selection.only(place)
    list.focus(place)
  }, { signal })

  // A hand takes longer to press than the server to say what a start needs.
  const prepare = (/** @type {Event} */ event) => {
    const track = rows.at(placeOf(event))
    const isPressed = event.type === 'pointerdown' && Boolean(/** @type {Element} */ (event.target).closest('.play'))
    if (track) app.player.prepare(track, isPressed)
  }
  for (const name of ['pointerover', 'pointerdown', 'focusin']) node.addEventListener(name, prepare, { signal, passive: true })

  node.addEventListener('dblclick', (/** @type {MouseEvent} */ event) => {
    const place = placeOf(event)
    if (place < 0 || /** @type {Element} */ (event.target).closest('a, button')) return
    selection.clear()
    list.play(place)
  }, { signal })

  node.addEventListener('contextmenu', (/** @type {PointerEvent} */ event) => {
    const place = placeOf(event)
    if (place < 0 || event.shiftKey || !rows.at(place) || list.isPlain || /** @type {Element} */ (event.target).closest('a')) return
    event.preventDefault()
    if (!selection.has(place)) selection.clear()
    const places = list.chosen(place)
    list.focus(place, true)
    openMenu({ x: event.clientX, y: event.clientY }, list.entries(places), list.nameOf(places))
  }, { signal })

  if (list.move) dragRows(list, signal)
}
