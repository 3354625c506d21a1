// @ts-check
/** A menu at a button or at the pointer; on a narrow screen a sheet at the bottom. */
import { html } from '/lib/html.js'
import { icon } from '/icons/icons.js'

/**
 * @typedef {{label: string, icon?: string, run?: () => void, href?: string, danger?: boolean, checked?: boolean}} Entry
 *   a null stands for a line between groups
 */

/** @type {HTMLElement | null} */
let open = null

/** @param {Entry} entry @param {() => void} close */
function item(entry, close) {
  const role = entry.checked === undefined ? 'menuitem' : 'menuitemcheckbox'
  const node = entry.href
    ? html`<a class="menu-item" role="menuitem" tabindex="-1" href=${entry.href}>${entry.icon && icon(entry.icon)}<span>${entry.label}</span></a>`
    : html`<button class="menu-item" role=${role} tabindex="-1">${entry.icon && icon(entry.icon)}<span>${entry.label}</span></button>`
  if (entry.danger) node.classList.add('danger')
  if (entry.checked !== undefined) {
    node.setAttribute('aria-checked', String(entry.checked))
    if (entry.checked) node.append(icon('check'))
  }
  node.addEventListener('click', () => {
    close()
    entry.run?.()
  })
  return node
}

/** @param {HTMLElement} menu @param {DOMRect} at */
function place(menu, at) {
  if (matchMedia('(max-width: 47.99rem)').matches) return
  const { width, height } = menu.getBoundingClientRect()
  const left = Math.max(8, Math.min(at.left, innerWidth - width - 8))
  const below = at.bottom + 4 + height <= innerHeight - 8
  const top = below ? at.bottom + 4 : Math.max(8, at.top - 4 - height)
  menu.style.setProperty('left', `${left}px`)
  menu.style.setProperty('top', `${top}px`)
}

/**
 * Opens a menu at a button, or at a point of the window. Focus returns to where it was.
 * @param {Element | {x: number, y: number}} anchor @param {Array<Entry | null>} entries @param {string} label
 */
export function openMenu(anchor, entries, label) {
  open?.hidePopover()
  const before = /** @type {HTMLElement | null} */ (document.activeElement)
  const button = anchor instanceof Element ? anchor : null
  const menu = html`<div class="menu" role="menu" popover="auto" aria-label=${label}></div>`
  const close = () => menu.hidePopover()
  menu.append(html`<p class="menu-title clip" aria-hidden="true">${label}</p>`,
    ...entries.map(entry => entry ? item(entry, close) : html`<hr role="separator">`))
  const items = () => /** @type {HTMLElement[]} */ ([...menu.querySelectorAll('.menu-item')])
  menu.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
    const all = items()
    const here = all.indexOf(/** @type {any} */ (document.activeElement))
    const by = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: -1 }[event.key]
    if (by !== undefined) all.at(by === all.length ? 0 : by)?.focus()
    else if (event.key === 'Tab') close()
    else if (event.key.length === 1 && event.key !== ' ') {
      const key = event.key.toLowerCase()
      const order = [...all.slice(here + 1), ...all.slice(0, here + 1)]
      order.find(one => one.textContent?.trim().toLowerCase().startsWith(key))?.focus()
    } else return
    event.preventDefault()
    event.stopPropagation()
  })
  // The item with the focus is the one that Tab would come to: so a menu that scrolls can be reached by keyboard.
  menu.addEventListener('focusin', () => { for (const one of items()) one.tabIndex = one === document.activeElement ? 0 : -1 })
  menu.addEventListener('toggle', (/** @type {any} */ event) => {
    if (event.newState !== 'closed') return
    button?.setAttribute('aria-expanded', 'false')
    if (menu.contains(document.activeElement) || document.activeElement === document.body) before?.focus()
    menu.remove()
    if (open === menu) open = null
  })
  ;(document.querySelector('main') ?? document.body).append(menu)
  button?.setAttribute('aria-expanded', 'true')
  open = menu
  menu.showPopover()
  const point = /** @type {{x: number, y: number}} */ (anchor)
  place(menu, button ? button.getBoundingClientRect() : new DOMRect(point.x, point.y, 0, 0))
  items()[0]?.focus()
}
