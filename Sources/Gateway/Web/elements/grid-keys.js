// @ts-check
/** The keyboard in a list of tracks. */
import { typeAhead } from '/elements/type-ahead.js'
import { openMenu } from '/elements/menu.js'

/** What can have the focus inside a row, in order. @param {Element} row */
const widgets = row => /** @type {HTMLElement[]} */ ([...row.querySelectorAll('a, button')].filter(one => one.getClientRects().length > 0))

/** @param {any} list @param {number} place */
export function menuOf(list, place) {
  if (list.isPlain) return
  const places = list.chosen(place)
  const row = list.virtual.rowAt(place)
  const button = row?.querySelector('[data-act=menu]')
  openMenu(button ?? row, list.entries(places), list.nameOf(places))
}

/** @param {any} list @param {AbortSignal} signal */
export function listenToGrid(list, signal) {
  const { node, selection, virtual, rows } = list
  let turn = 0
  const ahead = typeAhead(async typed => {
    const own = ++turn
    const place = await rows.seek?.(typed, list.focused)
    if (place >= 0 && own === turn && !signal.aborted) list.focus(place)
  })

  /** Goes along a row: from the row to its widgets and back. @param {KeyboardEvent} event @param {number} by */
  function sideways(event, by) {
    const row = virtual.rowAt(list.focused)
    if (!row) return
    const stops = [row, ...widgets(row)]
    const here = stops.indexOf(/** @type {any} */ (document.activeElement))
    stops[Math.max(0, Math.min(stops.length - 1, here + by))]?.focus()
    event.preventDefault()
  }

  /** @param {KeyboardEvent} event @param {number} place */
  function go(event, place) {
    event.preventDefault()
    const goal = Math.max(0, Math.min(rows.total() - 1, place))
    if (event.altKey && list.move) {
      const down = goal > list.focused
      if (goal !== list.focused) list.moveTo([list.focused], down ? goal + 1 : goal)
      return
    }
    if (event.shiftKey) {
      if (!selection.size) selection.anchorAt(list.focused)
      selection.upTo(goal)
    } else if (!event.ctrlKey && !event.metaKey) selection.clear()
    list.focus(goal)
  }

  node.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
    if (event.defaultPrevented) return
    const inWidget = !(/** @type {Element} */ (event.target).matches('.row'))
    const mod = event.ctrlKey || event.metaKey
    switch (event.key) {
      case 'ArrowDown': return go(event, list.focused + 1)
      case 'ArrowUp': return go(event, list.focused - 1)
      case 'PageDown': return go(event, list.focused + virtual.perPage)
      case 'PageUp': return go(event, list.focused - virtual.perPage)
      case 'Home': return go(event, 0)
      case 'End': return go(event, rows.total() - 1)
      case 'ArrowRight': return sideways(event, 1)
      case 'ArrowLeft': return sideways(event, -1)
      case 'Escape':
        if (inWidget) list.focus(list.focused)
        else if (selection.size) selection.clear()
        else return
        return event.preventDefault()
      case 'Enter':
        if (inWidget) return
        event.preventDefault()
        return list.play(list.focused)
      case ' ':
        if (inWidget || !(mod || event.shiftKey)) break
        event.preventDefault()
        return selection.toggle(list.focused)
      case 'ContextMenu':
        event.preventDefault()
        return menuOf(list, list.focused)
      case 'F10':
        if (!event.shiftKey) return
        event.preventDefault()
        return menuOf(list, list.focused)
      case 'Delete':
        if (!list.remove || inWidget) return
        event.preventDefault()
        return list.remove(list.chosen(list.focused))
      case 'a':
        if (!mod) break
        event.preventDefault()
        return selection.all(rows.total())
    }
    if (!inWidget && rows.seek && ahead(event)) event.preventDefault()
  }, { signal })

  node.addEventListener('focusin', (/** @type {FocusEvent} */ event) => {
    const row = /** @type {Element} */ (event.target).closest('.row')
    const place = row ? virtual.placeOf(row) : -1
    if (place >= 0 && place !== list.focused) list.focus(place, true)
    else if (place >= 0) virtual.pin(place)
  }, { signal })
}
