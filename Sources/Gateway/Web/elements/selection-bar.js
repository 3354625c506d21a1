// @ts-check
/** What can be done with the rows that are selected. */
import { html } from '/lib/html.js'
import { icon } from '/icons/icons.js'
import { t } from '/text/text.js'
import { tool } from '/elements/controls.js'
import { openMenu } from '/elements/menu.js'

/** The list whose bar is shown: a page has one selection. @type {any} */
let holder = null

/** @param {any} list @param {number} [least] selected rows from which on the bar is shown */
export function selectionBar(list, least = 2) {
  const count = html`<strong></strong>`
  const run = (/** @type {string} */ name) => list.entries(list.selection.places).find((/** @type {any} */ one) => one?.name === name)?.run()
  const menu = tool('more', t('menu.of', { name: t('selection') }), () => {
    const { places } = list.selection
    openMenu(menu, list.entries(places), list.nameOf(places))
  })
  menu.setAttribute('aria-haspopup', 'menu')
  const end = () => {
    list.selection.clear()
    list.focus(list.focused)
  }
  const node = html`<div class="selection-bar" role="region" aria-label=${t('selection')} hidden>${count}
    <button class="button" @click=${() => run('next')}>${icon('queue')}<span>${t('play.next')}</span></button>
    <button class="button" @click=${() => run('add')}>${icon('plus')}<span>${t('queue.add')}</span></button>
    ${menu}${tool('close', t('selection.clear'), end)}</div>`
  return {
    node,
    leave() {
      if (!node.hidden) document.documentElement.classList.remove('selecting')
      if (holder === list) holder = null
      node.remove()
    },
    update() {
      const n = list.selection.size
      if (n >= least && holder !== list) {
        holder?.selection.clear()
        holder = list
      }
      node.hidden = n < least
      if (node.isConnected) document.documentElement.classList.toggle('selecting', n >= least)
      count.textContent = t('selected', { n })
    },
  }
}
