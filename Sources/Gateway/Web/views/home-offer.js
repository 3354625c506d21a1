// @ts-check
/** The offer on the first view: one card that says what it is, goes as soon as something plays, and for good with one click. */
import '/text/offers.js'
import { html } from '/lib/html.js'
import { t } from '/text/text.js'
import { date } from '/text/format.js'
import { isQuiet } from '/core/offers.js'
import { whenSeen } from '/elements/seen.js'
import { tool } from '/elements/controls.js'

/** At noon no clock makes a day the day before. @param {string} day */
const dayOf = day => Number.isNaN(Date.parse(day)) ? '' : date(day.length === 10 ? `${day}T12:00:00` : day)

/** @param {any} app @param {import('/core/offers.js').Offer} offer @param {AbortSignal} signal */
export function offerCard(app, offer, signal) {
  const { acts, client, live, store } = app
  const path = `/api/v1/offers/${encodeURIComponent(offer.id)}`
  const gone = new AbortController()
  const leave = () => { gone.abort(); node.remove() }
  signal.addEventListener('abort', () => gone.abort())
  let isSeen = false
  // What is counted is never worth a word to the listener, and is sent even if the page is left.
  const count = (/** @type {'shown' | 'clicked'} */ what) => client.post(`${path}/${what}`, undefined, { keepalive: true }).catch(() => {})
  const seen = async () => { if (!isSeen) { isSeen = true; await count('shown') } }
  const follow = async (/** @type {MouseEvent} */ event) => {
    if (event.button > 1) return
    await seen()
    await count('clicked')
  }

  async function dismiss() {
    const home = node.parentElement
    leave()
    document.querySelector('main').querySelector('h1')?.focus({ preventScroll: true })
    const done = await acts.tell(async () => { await client.post(`${path}/dismissed`); return true })
    if (!done) return home?.isConnected && isQuiet(store.get().player) && home.append(offerCard(app, offer, signal))
    live.show(t('offer.dismissed', { title: offer.title }), { label: t('offer.switch'), run: () => app.router.go('/taste') })
  }

  const facts = [offer.by, dayOf(offer.date), offer.price].filter(Boolean).join(' · ')
  const picture = offer.picture && html`<img class="offer-picture" alt="" src=${offer.picture} width="120" height="120" decoding="async"
    @error=${(/** @type {any} */ event) => event.target.remove()}>`
  const node = html`<section class="offer" aria-labelledby="offer-title">${picture}
    <div class="offer-words"><p class="small offer-label"><strong>${t('offer')}</strong> · ${t(`offer.kind.${offer.kind}`)}</p>
      <h2 id="offer-title"><a dir="auto" href=${offer.url} target="_blank" rel="noopener noreferrer" @click=${follow} @auxclick=${follow}>${offer.title}<span
        class="unseen"> (${t('offer.tab')})</span></a></h2>
      ${facts && html`<p class="small" dir="auto">${facts}</p>`}${offer.text && html`<p class="offer-text" dir="auto">${offer.text}</p>`}
      <p class="small quiet">${t(`offer.why.${offer.reason.kind}`, { name: offer.reason.name })} <a href="/taste">${t('offer.about')}</a></p></div>
    ${tool('close', t('offer.dismiss', { title: offer.title }), dismiss)}</section>`
  const off = store.subscribe((/** @type {any} */ { player }) => isQuiet(player), (/** @type {boolean} */ quiet) => { if (!quiet) leave() })
  gone.signal.addEventListener('abort', off)
  // Elsewhere something plays now, or offers were switched off: the server says so. Once it was seen, it may also say so because that was enough.
  app.changes.on(['account', 'queue'], async () => {
    const now = isSeen ? null : await client.get('/api/v1/offers', { signal: gone.signal }).catch(() => null)
    if (now && now.offer?.id !== offer.id) leave()
  }, gone.signal)
  whenSeen(node, seen, gone.signal)
  return node
}
