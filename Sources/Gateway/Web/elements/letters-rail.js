// @ts-check
/** Jumps to initials: a rail of letters at the side, and the same as a choice where there is no room for it. */
import { html } from '/lib/html.js'
import { t } from '/text/text.js'

/** @typedef {{letter: string, at: number}} Letter */

/** A list with the rail beside it, if there is one. @param {Node} list @param {Node | null} rail */
export const railed = (list, rail) => html`<div class=${rail ? 'with-rail lettered' : 'with-rail'}>${list}${rail}</div>`

/**
 * @param {Letter[]} letters is changed by `update`, which takes those of the list as it is now
 * @param {(at: number) => void} jump @param {AbortSignal} signal
 */
export function lettersRail(letters, jump, signal) {
  const update = (/** @type {Letter[]} */ now) => {
    const isSame = now.map(one => one.letter).join() === letters.map(one => one.letter).join()
    letters.splice(0, letters.length, ...now)
    if (!isSame && rail) fill()
  }
  if (letters.length < 2) return { rail: null, choice: null, update: (/** @type {Letter[]} */ _) => {} }
  const rail = html`<div class="rail" role="toolbar" aria-orientation="vertical" aria-label=${t('letters')}></div>`
  const choice = html`<label class="letters-choice"><span class="unseen">${t('letters')}</span><select class="entry"></select></label>`
  const select = choice.querySelector('select')
  select.addEventListener('change', () => {
    if (select.value) jump(letters[Number(select.value)].at)
    select.value = ''
  })
  function fill() {
    rail.replaceChildren(...letters.map(({ letter }, i) =>
      html`<button tabindex=${i ? '-1' : '0'} aria-label=${t('letters.to', { letter })} @click=${() => jump(letters[i].at)}>${letter}</button>`))
    select.replaceChildren(html`<option value="">${t('letters.short')}</option>`, ...letters.map(({ letter }, i) => html`<option value=${i}>${letter}</option>`))
  }
  fill()
  const buttons = () => /** @type {HTMLElement[]} */ ([...rail.children])
  rail.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
    const all = buttons()
    const here = all.indexOf(/** @type {any} */ (document.activeElement))
    const goal = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: all.length - 1 }[event.key]
      ?? (event.key.length === 1 ? all.findIndex(one => one.textContent === event.key.toUpperCase()) : -1)
    const button = all[goal]
    if (!button) return
    event.preventDefault()
    for (const one of all) one.tabIndex = one === button ? 0 : -1
    button.focus()
  }, { signal })
  // A finger that moves along the rail scrubs through the letters.
  rail.addEventListener('pointermove', (/** @type {PointerEvent} */ event) => {
    if (event.pointerType !== 'touch') return
    const button = document.elementFromPoint(event.clientX, event.clientY)
    const place = buttons().indexOf(/** @type {any} */ (button))
    if (place >= 0) jump(letters[place].at)
  }, { signal })
  return { rail, choice, update }
}
