// @ts-check
/** Rows dragged by their grip, with mouse, pen or finger. Menus and Alt with arrows do the same without dragging. */
import { html } from '/lib/html.js'

/** Pixels from the window's edge where the page begins to scroll. */
const edge = 90

/** @param {any} list @param {AbortSignal} signal */
export function dragRows(list, signal) {
  const { node, virtual, rows } = list
  const body = /** @type {HTMLElement} */ (node.querySelector('.rows'))

  node.addEventListener('pointerdown', (/** @type {PointerEvent} */ event) => {
    const grip = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest('.grip'))
    const row = grip?.closest('.row')
    if (!grip || !row || event.button) return
    event.preventDefault()
    const places = list.chosen(virtual.placeOf(row))
    const line = html`<div class="drop-line" aria-hidden="true"></div>`
    const done = new AbortController()
    let to = -1
    let y = event.clientY
    let frame = 0
    grip.setPointerCapture(event.pointerId)
    virtual.pin(virtual.placeOf(row))

    function follow() {
      const top = body.getBoundingClientRect().top
      to = Math.max(0, Math.min(rows.total(), Math.round((y - top) / virtual.height)))
      line.style.setProperty('transform', `translateY(${body.offsetTop + to * virtual.height}px)`)
      if (!line.isConnected) {
        node.append(line)
        node.classList.add('dragging')
        for (const place of places) virtual.rowAt(place)?.classList.add('dragged')
      }
    }
    function scroll() {
      const by = y < edge ? y - edge : y > innerHeight - edge * 2 ? y - innerHeight + edge * 2 : 0
      if (by) {
        virtual.scrollBy(by / 6)
        follow()
      }
      frame = requestAnimationFrame(scroll)
    }
    /** @param {boolean} commit */
    function end(commit) {
      done.abort()
      cancelAnimationFrame(frame)
      line.remove()
      node.classList.remove('dragging')
      for (const one of node.querySelectorAll('.dragged')) one.classList.remove('dragged')
      if (commit && to >= 0) list.moveTo(places, to)
    }
    frame = requestAnimationFrame(scroll)
    const while_ = { signal: done.signal }
    grip.addEventListener('pointermove', moved => { y = moved.clientY; follow() }, while_)
    grip.addEventListener('pointerup', () => end(true), while_)
    grip.addEventListener('pointercancel', () => end(false), while_)
    document.addEventListener('keydown', key => {
      if (key.key !== 'Escape') return
      key.preventDefault()
      end(false)
    }, while_)
  }, { signal })
}
