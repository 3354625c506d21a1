// @ts-check
/** App passwords: what Subsonic's apps log in with, one for each device. */
import '/text/rare.js'
import { html } from '/lib/html.js'
import { icon } from '/icons/icons.js'
import { t } from '/text/text.js'
import { ago } from '/text/format.js'
import { ask, confirm } from '/elements/dialog.js'
import { showSecret } from '/views/secret-dialog.js'

/** @param {any} app @param {string} account its name @param {any[]} passwords */
export function appsSection(app, account, passwords) {
  const nameOf = (/** @type {any} */ one) => one.label || t('keys.api.unnamed')
  async function make() {
    const label = await ask(t('apps.new'), { label: t('apps.label'), action: t('apps.make'), max: 60 })
    const made = label && await app.acts.tell(() => app.client.post('/api/v1/app-passwords', { label }))
    if (!made) return
    // What an app asks for.
    const fields = [[t('apps.server'), location.origin], [t('apps.user'), account], [t('apps.password'), made.password]]
    await showSecret(app, { title: t('apps.made'), text: t('apps.once'), fields })
    app.router.again()
  }
  /** @param {any} one */
  async function revoke(one) {
    if (!await confirm(t('apps.revoke'), t('apps.revoke.text', { name: nameOf(one) }), t('keys.api.revoke.action'))) return
    const done = await app.acts.tell(async () => {
      await app.client.delete(`/api/v1/app-passwords/${encodeURIComponent(one.id)}`)
      return true
    })
    if (done) app.router.again()
  }
  /** @param {any} one */
  const entry = one => html`<li><div class="upload-words"><strong dir="auto">${nameOf(one)}</strong>
      <span class="small quiet">${one.used ? t('keys.api.used', { ago: ago(one.used) }) : t('keys.api.unused')}</span></div>
    <button class="button" aria-label=${t('apps.revoke.of', { name: nameOf(one) })} @click=${() => revoke(one)}>${t('keys.api.revoke.action')}</button></li>`
  return html`<section id="apps"><h2>${t('apps')}</h2><p class="quiet">${t('apps.text')}</p>
    ${passwords.length ? html`<ul class="entries">${passwords.map(entry)}</ul>` : null}
    <button class="button" @click=${make}>${icon('plus')}${t('apps.new')}</button></section>`
}
