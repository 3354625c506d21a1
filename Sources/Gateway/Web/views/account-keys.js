// @ts-check
/** Keys for programs: made, shown once, and revoked. */
import { html } from '/lib/html.js'
import { icon } from '/icons/icons.js'
import { t } from '/text/text.js'
import { ago } from '/text/format.js'
import { openDialog, confirm } from '/elements/dialog.js'
import { showSecret } from '/views/secret-dialog.js'

const scopes = ['stream', 'library', 'upload', 'admin']

/** Asks what the key is for and what it may do; null if the listener changed their mind. @returns {Promise<any>} */
async function askForKey() {
  /** @type {any} */
  let asked = null
  await openDialog(t('keys.api.new'), close => {
    const none = html`<p class="fault" role="alert" hidden>${t('keys.api.none')}</p>`
    /** @param {SubmitEvent} event */
    function submit(event) {
      event.preventDefault()
      const form = new FormData(/** @type {HTMLFormElement} */ (event.target))
      const chosen = form.getAll('scope')
      none.hidden = chosen.length > 0
      if (!chosen.length) return
      asked = { label: String(form.get('label')).trim(), scopes: chosen }
      close()
    }
    return html`<form class="stack" @submit=${submit}>
      <label class="field">${t('keys.api.label')}<input name="label" maxlength="200" autofocus></label>
      <fieldset class="setting"><legend>${t('keys.api.scopes')}</legend>${scopes.map(one => html`<label class="choice">
        <input type="checkbox" name="scope" value=${one} ?checked=${one !== 'admin'}><span>${t(`scope.${one}`)}</span></label>`)}</fieldset>${none}
      <div class="actions"><button type="button" class="button" @click=${() => close()}>${t('cancel')}</button>
        <button class="button main">${t('keys.api.make')}</button></div></form>`
  })
  return asked
}

/** @param {any} app @param {any[]} keys */
export function keysSection(app, keys) {
  async function make() {
    const asked = await askForKey()
    const made = asked && await app.acts.tell(() => app.client.post('/api/v1/keys', asked))
    if (!made) return
    await showSecret(app, { title: t('keys.api.made'), text: t('keys.api.once'), fields: [[t('keys.api.secret'), made.key]] })
    app.router.again()
  }
  /** @param {any} key */
  async function revoke(key) {
    const name = key.label || t('keys.api.unnamed')
    if (!await confirm(t('keys.api.revoke'), t('keys.api.revoke.text', { name }), t('keys.api.revoke.action'))) return
    const done = await app.acts.tell(async () => {
      await app.client.delete(`/api/v1/keys/${encodeURIComponent(key.id)}`)
      return true
    })
    if (done) app.router.again()
  }
  /** @param {any} key */
  const entry = key => {
    const used = key.used ? t('keys.api.used', { ago: ago(key.used) }) : t('keys.api.unused')
    return html`<li><div class="upload-words"><strong dir="auto">${key.label || t('keys.api.unnamed')}</strong>
        <span class="small quiet">${key.scopes.map((/** @type {string} */ one) => t(`scope.${one}`)).join(', ')} · ${used}</span></div>
      <button class="button" @click=${() => revoke(key)}>${t('keys.api.revoke.action')}</button></li>`
  }
  return html`<section><h2>${t('keys.api')}</h2><p class="quiet">${t('keys.api.text')}</p>
    ${keys.length ? html`<ul class="entries">${keys.map(entry)}</ul>` : null}
    <button class="button" @click=${make}>${icon('plus')}${t('keys.api.new')}</button></section>`
}
