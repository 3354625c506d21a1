// @ts-check
/** What is known of the account's taste, since when, what came of it, what left the server, and the switches. */
import '/text/taste.js'
import { html } from '/lib/html.js'
import { icon } from '/icons/icons.js'
import { t } from '/text/text.js'
import { date, number } from '/text/format.js'
import { withQuery } from '/api/client.js'
import { services } from '/core/known.js'
import { readSuggestions } from '/core/suggestions.js'
import { livePart } from '/elements/swap.js'
import { listHeader } from '/elements/view-header.js'
import { notice } from '/elements/notice.js'
import { confirm } from '/elements/dialog.js'
import { hiddenSection } from '/views/taste-hidden.js'
import { askOffers, offersSwitch } from '/views/offers-switch.js'
import { cameSection } from '/views/taste-came.js'
import { remember } from '/views/home-taste.js'

/** @param {any} known */
function whatSection({ enabled, since, plays, skips, tracks }) {
  const facts = enabled ? [
    [t('known.since'), since ? date(since) : ''], [t('known.plays'), number(plays)], [t('known.skips'), number(skips)],
    [t('known.tracks'), number(tracks)],
  ] : []
  return html`<section><h2>${t('known.what')}</h2>
    ${facts.length ? html`<dl class="facts wide">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
      <p class="small quiet">${t('known.tracks.text')}</p>` : html`<p class="quiet">${t('known.never')}</p>`}
    <p><a class="text-link" href="/history">${t('known.history')}</a></p><p><a class="text-link" href="/account">${t('known.account')}</a></p></section>`
}

/** @param {any} leaving what core/known.js reads, false if the server did not answer */
function leftSection(leaving) {
  const names = Array.isArray(leaving) ? leaving : []
  const text = !Array.isArray(leaving) ? t('known.left.unknown') : names.length ? t('known.left.scrobbling', { names: names.join(', ') }) : t('known.left.nothing')
  return html`<section><h2>${t('known.left')}</h2><p>${text}</p><p><a class="text-link" href="/scrobbling">${t('scrobbling.short')}</a></p></section>`
}

/** @param {any} app @param {import('/lib/router.js').Place} place @param {AbortSignal} signal */
export async function show(app, place, signal) {
  const { acts, client } = app
  const title = t('known')
  const path = '/api/v1/me/taste'
  const missing = (/** @type {any} */ error) => {
    if (error?.status === 404) return null
    throw error
  }
  const quiet = (/** @type {string} */ path, /** @type {any} */ other) => client.get(path, { signal }).catch(() => other)
  const load = async () => {
    const [known, today, hidden, leaving, offered] = await Promise.all([
      client.get(path, { signal }).catch(missing), quiet(withQuery('/api/v1/recommendations', { limit: 20, fields: app.fields }), null),
      quiet('/api/v1/hidden', null), client.get('/api/v1/me/scrobbling', { signal }).catch(missing).then(services, () => false),
      askOffers(app, signal),
    ])
    return { known, today: { basis: today?.basis ?? null, items: readSuggestions(today?.items) }, hidden, leaving, offered }
  }
  let now = await load()
  if (!now.known) return { title, node: html`${listHeader(title)}${notice({ icon: 'account', title: t('known.open') })}` }

  const check = html`<input type="checkbox">`
  check.addEventListener('change', () => change(check.checked))
  /** @param {boolean} on */
  async function change(on) {
    const back = () => { check.checked = !on }
    if (!await acts.tell(async () => { await client.put(path, { enabled: on }); return true }, back)) return
    app.live.show(t(on ? 'known.on' : 'known.off'))
    await renew()
  }
  async function forget() {
    if (!await confirm(t('known.forget.title'), t('known.forget.text'), t('known.forget'))) return
    if (!await acts.tell(async () => { await client.delete(path); return true })) return
    app.live.show(t('known.forgotten'))
    await renew()
  }
  const what = livePart(now.known, whatSection)
  const came = livePart(now.today, cameSection)
  const left = livePart(now.leaving, leftSection)
  const hidden = hiddenSection(app, now.hidden, signal)
  const offers = offersSwitch(app, now.offered, () => Boolean(now.known?.enabled))
  async function renew() {
    now = await load()
    if (signal.aborted || !now.known) return
    if (!now.known.enabled) remember(0)
    check.checked = now.known.enabled
    what.update(now.known)
    came.update(now.today)
    left.update(now.leaving)
    hidden.update(now.hidden)
    offers.update(now.offered)
  }
  check.checked = now.known.enabled
  app.changes.on(['account', 'history'], renew, signal)
  return {
    title,
    node: html`${listHeader(title)}<div class="settings">
      <section><label class="choice">${check}<span>${t('known.learn')}<span class="small quiet hint">${t('known.learn.text')}</span></span></label></section>
      ${what.node}${came.node}${left.node}${offers.node}${hidden.node}
      <section><h2>${t('known.forget')}</h2><p class="quiet">${t('known.forget.text')}</p>
        <button class="button danger" @click=${forget}>${icon('trash')}${t('known.forget')}</button></section></div>`,
  }
}
