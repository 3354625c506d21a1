// @ts-check
/** The services that are told what the account plays: each with its state in words, connected and let go. */
import '/text/offers.js'
import { html } from '/lib/html.js'
import { icon } from '/icons/icons.js'
import { t } from '/text/text.js'
import { ago } from '/text/format.js'
import { authorisation, readServices } from '/core/known.js'
import { button } from '/elements/controls.js'
import { confirm } from '/elements/dialog.js'
import { notice } from '/elements/notice.js'
import { livePart } from '/elements/swap.js'
import { listHeader } from '/elements/view-header.js'

/** @typedef {import('/core/known.js').Service} Service */

const path = '/api/v1/me/scrobbling'
/** Says that this tab has asked for a token: one that comes unasked may be another's. */
const askedKey = 'sweetspot.lastfm'
/** Where a listener of a service without `authorise` finds the token. @type {Record<string, string>} */
const tokenPages = { listenbrainz: 'https://listenbrainz.org/settings/' }

/** @param {Service} one @returns {string[]} sentences */
function stateOf(one) {
  if (!one.isOn) return [one.isOffered ? t('scrobbling.off') : t('scrobbling.absent', { name: one.name })]
  const since = one.since ? ago(one.since) : ''
  return [
    `${one.account ? t('scrobbling.on', { name: one.account, ago: since }) : t('scrobbling.on.nameless', { ago: since })}.`,
    one.sent ? t('scrobbling.sent', { n: one.sent }) : '', one.waiting ? t('scrobbling.waiting', { n: one.waiting }) : '',
  ].filter(Boolean)
}

/** @param {any} app @param {import('/lib/router.js').Place} place @param {AbortSignal} signal */
export async function show(app, place, signal) {
  const { acts, client } = app
  const title = t('scrobbling.short')
  const load = () => client.get(path, { signal })
  if (app.store.get().session.open) return { title, node: html`${listHeader(title)}${notice({ icon: 'account', title: t('scrobbling.open') })}` }

  /** @param {Pick<Service, 'service' | 'name'>} one @param {string} token */
  async function connect({ service, name }, token) {
    const done = await acts.tell(() => client.put(`${path}/${service}`, { token }))
    if (!done) return
    app.live.show(t('scrobbling.connected', { name }))
    await renew()
  }
  /** @param {Service} one */
  async function disconnect({ service, name }) {
    if (!await confirm(t('scrobbling.disconnect.title', { name }), t('scrobbling.disconnect.text'), t('scrobbling.disconnect', { name }))) return
    if (!await acts.tell(async () => { await client.delete(`${path}/${service}`); return true })) return
    app.live.show(t('scrobbling.disconnected', { name }))
    await renew()
    document.getElementById(`scrobbling-${service}`)?.focus()
  }
  /** The service leads back here with a token. @param {string} token */
  async function returned(token) {
    app.router.rename('/scrobbling')
    const isAsked = takeAsked()
    if (isAsked || await confirm(t('scrobbling.returned'), t('scrobbling.returned.text'), t('scrobbling.connect', { name: 'Last.fm' }))) {
      await connect({ service: 'lastfm', name: 'Last.fm' }, token)
    }
  }

  /** @param {Service} one */
  function form(one) {
    const action = t(one.isOn ? 'scrobbling.again' : 'scrobbling.connect', { name: one.name })
    if (one.authorise) {
      const href = authorisation(one.authorise, `${location.origin}/scrobbling`)
      return html`<p class="quiet">${t('scrobbling.lead', { name: one.name })}</p><a class="button" href=${href} @click=${setAsked}>${icon('link')}${action}</a>`
    }
    const page = Object.hasOwn(tokenPages, one.service) && html`<span class="hint">${t('scrobbling.token.where')}
      <a class="text-link" href=${tokenPages[one.service]} target="_blank" rel="noopener noreferrer">${t('scrobbling.token.page')}</a></span>`
    return html`<form class="stack" @submit=${(/** @type {SubmitEvent} */ event) => {
      event.preventDefault()
      connect(one, String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get('token')).trim())
    }}><label class="field">${t('scrobbling.token')}<input name="token" autocapitalize="none" autocomplete="off" spellcheck="false" maxlength="200" required>${page}</label>
      <div class="actions"><button class="button">${icon('link')}${action}</button></div></form>`
  }
  /** @param {Service} one */
  const section = one => html`<section aria-labelledby=${`scrobbling-${one.service}`}><h2 id=${`scrobbling-${one.service}`} tabindex="-1">${one.name}</h2>
    <p dir="auto">${stateOf(one).join(' ')}</p>${one.problem && html`<p class="fault">${t('scrobbling.stopped', { problem: one.problem })}</p>`}
    ${one.isOffered && (!one.isOn || one.problem) ? form(one) : null}
    ${one.isOn ? button('close', t('scrobbling.disconnect', { name: one.name }), () => disconnect(one), 'danger') : null}</section>`

  const sections = (/** @type {Service[]} */ all) => html`<div class="settings">${all.map(section)}
    <section><h2>${t('scrobbling.history')}</h2><p class="quiet">${t('scrobbling.history.text')}</p>
      <a class="button" href="/account">${icon('upload')}${t('scrobbling.history.link')}</a></section></div>`
  const part = livePart(read(await load()), sections)
  async function renew() {
    if (!signal.aborted) part.update(read(await load()))
  }
  app.changes.on(['account', 'history'], renew, signal)
  const token = place.query.get('token')
  if (token) queueMicrotask(() => returned(token))
  return { title, node: html`${listHeader(title)}<p class="quiet settings-about">${t('scrobbling.text')}</p>${part.node}` }
}

/** @param {any} json @returns {Service[]} */
function read(json) {
  const all = readServices(json)
  if (!all) throw Object.assign(new Error('unreadable'), { status: 200, slug: 'unreadable' })
  return all
}

function setAsked() {
  try {
    sessionStorage.setItem(askedKey, 'yes')
  } catch {
    // Without storage the page asks when the listener comes back.
  }
}

/** Whether this tab has asked for a token; once. */
function takeAsked() {
  try {
    const was = sessionStorage.getItem(askedKey) === 'yes'
    sessionStorage.removeItem(askedKey)
    return was
  } catch {
    return false
  }
}
