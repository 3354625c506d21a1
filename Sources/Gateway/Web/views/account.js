// @ts-check
/** The account: what it holds, its plan, what may be learned of it and shown for it, where it is logged in, links, apps, keys for programs, the export, and its end. */
import { html } from '/lib/html.js'
import { icon } from '/icons/icons.js'
import { t } from '/text/text.js'
import { size } from '/text/format.js'
import { readPlans } from '/core/plans.js'
import { listHeader } from '/elements/view-header.js'
import { quotaBar } from '/elements/quota-bar.js'
import { notice } from '/elements/notice.js'
import { appsSection } from '/views/account-apps.js'
import { askToErase } from '/views/account-end.js'
import { keysSection } from '/views/account-keys.js'
import { planSection } from '/views/account-plan.js'
import { sessionsSection } from '/views/account-sessions.js'
import { sharesSection } from '/views/account-shares.js'
import { tasteSection } from '/views/account-taste.js'
import { askOffers, offersSwitch } from '/views/offers-switch.js'

/** @param {any} me */
const usage = me => html`<section><h2 dir="auto">${me.name}</h2>
  <p class="quiet">${t('tracks.n', { n: me.tracks })}</p>
  ${me.quota ? quotaBar(me.bytes, me.quota) : html`<p class="quiet">${t('account.used', { used: size(me.bytes) })}</p>`}</section>`

const exportLink = () => html`<a class="button" href="/api/v1/me/export" download>${icon('offline')}${t('account.export.action')}</a>`

const scrobblingLink = () => html`<section><h2>${t('scrobbling.short')}</h2><p class="quiet">${t('scrobbling.text')}</p>
  <a class="button" href="/scrobbling">${icon('share')}${t('scrobbling')}</a></section>`

/** @param {any} app @param {import('/lib/router.js').Place} place @param {AbortSignal} signal */
export async function show(app, place, signal) {
  const title = t('nav.account')
  const [known, offered] = await Promise.all([app.client.get('/api/v1/me/taste', { signal }).catch(() => null), askOffers(app, signal)])
  const taste = known && tasteSection(app, known)
  const offers = taste && offersSwitch(app, offered, taste.isOn)
  app.changes.on(['account', 'history'], async () => {
    await taste?.renew()
    offers?.update(await askOffers(app, signal))
  }, signal)
  if (app.store.get().session.open) {
    const open = notice({ icon: 'account', title: t('account.open'), text: t('account.open.text') }, exportLink())
    return { title, node: html`${listHeader(title)}${open}<div class="settings">${taste?.node}${offers?.node}</div>` }
  }
  const { client } = app
  const quiet = (/** @type {string} */ path) => client.get(path, { signal }).then((/** @type {any} */ page) => page.items, () => null)
  const [me, answer, apps, keys, sessions, shares] = await Promise.all([
    client.get('/api/v1/me', { signal }), client.get('/api/v1/plans', { signal }).catch(() => null), quiet('/api/v1/app-passwords'), quiet('/api/v1/keys'), 
    quiet('/api/v1/sessions?limit=500'), quiet('/api/v1/shares?limit=500'),
  ])
  const plans = readPlans(answer)
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
      <div class="settings">${used}${plans && planSection(plans)}${taste?.node}${offers?.node}${scrobblingLink()}${devices?.node}${links?.node}
        ${apps && appsSection(app, me.name, apps)}${keys && keysSection(app, keys)}
        <section><h2>${t('account.export')}</h2><p class="quiet">${t('account.export.text')}</p>${exportLink()}</section>
        <section><h2>${t('account.delete')}</h2><p class="quiet">${t('account.delete.about')}</p>
          <button class="button danger" @click=${() => askToErase(app, me)}>${t('account.delete.action')}</button></section></div>`,
  }
}
