// @ts-check
/** Shows a secret that is shown only once, to be copied. */
import { html } from '/lib/html.js'
import { copyText } from '/lib/clipboard.js'
import { icon } from '/icons/icons.js'
import { t } from '/text/text.js'
import { openDialog } from '/elements/dialog.js'

/**
 * @param {any} app
 * @param {{title: string, text: string, fields: [label: string, value: string][]}} words the last field is the secret
 */
export const showSecret = (app, { title, text, fields }) => openDialog(title, close => {
  const secret = fields[fields.length - 1][1]
  const copy = async () => { if (await copyText(secret)) app.say(t('link.copied')) }
  return html`<div class="stack"><p>${text}</p>${fields.map(([label, value]) => html`<label class="field">${label}
      <input class="number" readonly value=${value} @focus=${(/** @type {any} */ event) => event.target.select()}></label>`)}
    <div class="actions"><button class="button" @click=${copy}>${icon('link')}${t('copy')}</button>
      <button class="button main" @click=${() => close()}>${t('done')}</button></div></div>`
})
