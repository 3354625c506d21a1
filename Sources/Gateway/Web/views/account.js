// @ts-check
/** The account: what it holds and may, what may be learned of it, where it is logged in, links, apps, keys for programs, the export, and its end. */
import { html } from '/lib/html.js'
import { icon } from '/icons/icons.js'
import { t } from '/text/text.js'
import { size } from '/text/format.js'
import { listHeader } from '/elements/view-header.js'
import { quotaBar } from '/elements/quota-bar.js'
import { notice } from '/elements/notice.js'
import { appsSection } from '/views/account-apps.js'
import { askToErase } from '/views/account-end.js'
import { keysSection } from '/views/account-keys.js'
import { sessionsSection } from '/views/account-sessions.js'
import { sharesSection } from '/views/account-shares.js'
import { tasteSection } from '/views/account-taste.js'
import { termsSection } from '/views/account-terms.js'

/** @param {any} me */
const usage = me => html`<section><h2 dir="auto">${me.name}</h2>
  <p class="quiet">${t('account.plan', { plan: me.plan })} · ${t('tracks.n', { n: me.tracks })}</p>
  ${me.quota ? quotaBar(me.bytes, me.quota) : html`<p class="quiet">${t('account.used', { used: size(me.bytes) })}</p>`}</section>`

const exportLink = () => html`<a class="button" href="/api/v1/me/export" download>${icon('offline')}${t('account.export.action')}</a>`

/** @param {any} app @param {import('/lib/router.js').Place} place @param {AbortSignal} signal */
export async function show(app, place, signal) {
  const title = t('nav.account')
  const known = await app.client.get('/api/v1/me/taste', { signal }).catch(() => null)
  const taste = known && tasteSection(app, known)
  app.changes.on(['account', 'history'], () => taste?.renew(), signal)
  if (app.store.get().session.open) {
    const open = notice({ icon: 'account', title: t('account.open'), text: t('account.open.text') }, exportLink())
    return { title, node: html`${listHeader(title)}${open}<div class="settings">${taste?.node}</div>` }
  }
  const { client } = app
  const quiet = (/** @type {string} */ path) => client.get(path, { signal }).then((/** @type {any} */ page) => page.items, () => null)
  const [me, apps, keys, sessions, shares] = await Promise.all([
    client.get('/api/v1/me', { signal }), quiet('/api/v1/app-passwords'), quiet('/api/v1/keys'), quiet('/api/v1/sessions?limit=500'),
    quiet('/api/v1/shares?limit=500'),
  ])
  async function leave() {
    const done = await app.acts.tell(async () => {
      await client.delete('/api/v1/session')
      return true
    })
    if (done) app.signedOut()
  }
  const devices = sessions && sessionsSection(app, sessions)
  const links = shares && sharesSection(app, shares)
  let used = usage(me)
  app.changes.on(['account', 'library'], async () => {
    const now = await client.get('/api/v1/me', { signal }).catch(() => null)
    if (!now) return
    const other = usage(now)
    used.replaceWith(other)
    used = other
  }, signal)
  app.changes.on(['account'], async () => {
    const [nowSessions, nowShares] = await Promise.all([devices && quiet('/api/v1/sessions?limit=500'), links && quiet('/api/v1/shares?limit=500')])
    if (nowSessions) devices?.update(nowSessions)
    if (nowShares) links?.update(nowShares)
  }, signal)
  return {
    title,
    node: html`${listHeader(title, html`<button class="button" @click=${leave}>${icon('logout')}${t('logout')}</button>`)}
      <div class="settings">${used}${me.terms && termsSection(me.terms)}${taste?.node}${devices?.node}${links?.node}
        ${apps && appsSection(app, me.name, apps)}${keys && keysSection(app, keys)}
        <section><h2>${t('account.export')}</h2><p class="quiet">${t('account.export.text')}</p>${exportLink()}</section>
        <section><h2>${t('account.delete')}</h2><p class="quiet">${t('account.delete.about')}</p>
          <button class="button danger" @click=${() => askToErase(app, me)}>${t('account.delete.action')}</button></section></div>`,
  }
}
