// @ts-check
/** Modal dialogs on the element of that name. */
import { html } from '/lib/html.js'
import { icon } from '/icons/icons.js'
import { t } from '/text/text.js'

/**
 * Opens a dialog and returns a promise of what it was closed with ('' if it was dismissed). `fill` gets a function that closes it.
 * @param {string} title @param {(close: (value?: string) => void) => Node} fill @param {{wide?: boolean}} [how]
 * @returns {Promise<string>}
 */
export function openDialog(title, fill, { wide = false } = {}) {
  const dialog = /** @type {HTMLDialogElement} */ (html`<dialog class=${wide ? 'wide' : ''} aria-labelledby="dialog-title"></dialog>`)
  const close = (value = '') => dialog.close(value)
  dialog.append(html`<header class="dialog-head"><h2 id="dialog-title">${title}</h2>
    <button class="tool" aria-label=${t('close')} @click=${() => close()}>${icon('close')}</button></header>`, fill(close))
  // A press that began inside and ended outside is a selection of text, not a dismissal.
  let began = false
  dialog.addEventListener('pointerdown', event => { began = event.target === dialog })
  dialog.addEventListener('click', event => { if (began && event.target === dialog) close() })
  document.body.append(dialog)
  return new Promise(resolve => {
    dialog.addEventListener('close', () => {
      resolve(dialog.returnValue)
      dialog.remove()
    })
    dialog.addEventListener('cancel', () => { dialog.returnValue = '' })
    dialog.showModal()
    // Not the button that closes it, which is first in the document.
    const first = dialog.querySelector('input:checked') ?? dialog.querySelector('.stack input, .stack button, .pick button')
    if (!dialog.querySelector('[autofocus]')) /** @type {HTMLElement | null} */ (first)?.focus()
  })
}

/**
 * Asks for a text; resolves to it, trimmed, or to ''.
 * @param {string} title @param {{label: string, value?: string, action: string, max?: number}} options
 */
export const ask = (title, { label, value = '', action, max = 500 }) => openDialog(title, close => html`
  <form class="stack" @submit=${(/** @type {SubmitEvent} */ event) => {
    event.preventDefault()
    const text = new FormData(/** @type {HTMLFormElement} */ (event.target)).get('text')
    close(String(text).trim())
  }}>
    <label class="field">${label}<input name="text" required maxlength=${max} value=${value} autocomplete="off" autofocus></label>
    <div class="actions"><button type="button" class="button" @click=${() => close()}>${t('cancel')}</button>
      <button class="button main">${action}</button></div>
  </form>`)

/**
 * Asks whether to do what cannot be undone.
 * @param {string} title @param {string} text @param {string} action @returns {Promise<boolean>}
 */
export const confirm = async (title, text, action) => await openDialog(title, close => html`
  <div class="stack"><p>${text}</p>
    <div class="actions"><button class="button" autofocus @click=${() => close()}>${t('cancel')}</button>
      <button class="button danger" @click=${() => close('yes')}>${action}</button></div></div>`) === 'yes'
