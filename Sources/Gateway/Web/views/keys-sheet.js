// @ts-check
/** The sheet of keyboard shortcuts. */
import { html } from '/lib/html.js'
import { t } from '/text/text.js'
import { openDialog } from '/elements/dialog.js'

const isMac = /mac|iphone|ipad/i.test(navigator.platform ?? '')
/** @type {Record<string, string>} */
const caps = {
  mod: isMac ? '⌘' : t('key.ctrl'), shift: t('key.shift'), alt: isMac ? '⌥' : 'Alt', space: t('key.space'),
  arrowleft: '←', arrowright: '→', arrowup: '↑', arrowdown: '↓', f6: 'F6',
}

/** @param {string} cap */
const keycap = cap => html`<kbd class="kbd">${caps[cap] ?? (cap.length === 1 ? cap.toUpperCase() : cap)}</kbd>`
/** @param {string} stroke */
const stroked = stroke => html`${(stroke === '+' ? ['+'] : stroke.split('+')).map(keycap)} `
/** @param {string} keys */
const shown = keys => keys.split(', ').map((one, i) => html`${i ? ` ${t('or')} ` : ''}${one.split(' ').map(stroked)}`)

/** Keys in lists, which are not shortcuts of the page. @type {Array<[keys: string, name: string]>} */
const inLists = [
  ['arrowup, arrowdown', 'list.move'], ['Enter', 'list.play'], [isMac ? 'shift+space' : 'mod+space', 'list.select'], ['shift+arrowdown', 'list.range'], ['mod+a', 'list.all'],
  ['arrowright, arrowleft', 'list.inside'], ['shift+F10', 'list.menu'], ['alt+arrowup, alt+arrowdown', 'list.reorder'], ['', 'list.ahead'],
]

/** @param {string} keys @param {string} name */
const entry = (keys, name) => html`<dt>${keys ? shown(keys) : [keycap('A'), ' … ', keycap('Z')]}</dt><dd>${t(`key.${name}`)}</dd>`

/** @param {any} app */
export const showKeys = app => openDialog(t('keys'), () => html`<div class="keys-sheet">
  <section><h3>${t('keys.everywhere')}</h3><dl>${app.shortcuts.map((/** @type {any} */ one) => entry(one.keys, one.name))}</dl></section>
  <section><h3>${t('keys.lists')}</h3><dl>${inLists.map(([keys, name]) => entry(keys, name))}</dl></section></div>`, { wide: true })
