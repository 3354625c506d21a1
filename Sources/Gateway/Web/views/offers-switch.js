// @ts-check
/** The one switch of offers, on the account's page and on that of its taste; both follow each other. */
import '/text/offers.js'
import { html } from '/lib/html.js'
import { t } from '/text/text.js'
import { button } from '/elements/controls.js'

const path = '/api/v1/me/offers'

/** What the server says of offers; null if it has none. @param {any} app @param {AbortSignal} [signal] @returns {Promise<any>} */
export const askOffers = (app, signal) => app.client.get(path, { signal }).catch(() => null)

/**
 * @param {any} app @param {any} first what the server says of offers, null if it has none @param {() => boolean} isLearned whether taste is learned
 */
export function offersSwitch(app, first, isLearned) {
  const box = html`<input type="checkbox" @change=${change}>`
  const untaught = html`<p class="small quiet">${t('offers.untaught')}</p>`
  const count = html`<p class="small quiet"></p>`
  const again = button('undo', t('offers.forget'), forget)
  const node = html`<section id="offers"><h2>${t('offers')}</h2>
    <label class="choice">${box}<span>${t('offers.allow')}<span class="small quiet hint">${t('offers.text')}</span></span></label>${untaught}${count}${again}</section>`

  async function change() {
    const on = box.checked
    const now = await app.acts.tell(() => app.client.put(path, { enabled: on }), () => { box.checked = !on })
    if (!now) return
    app.say(t(on ? 'offers.on' : 'offers.off'))
    update(now)
  }
  async function forget() {
    if (!await app.acts.tell(async () => { await app.client.delete(path); return true })) return
    app.say(t('offers.forgotten'))
    box.focus()
    update(await askOffers(app))
  }
  let known = first
  /** @param {any} now null if the server did not answer */
  function update(now) {
    known = now ?? known
    node.hidden = !known?.available
    box.checked = known?.enabled === true
    untaught.hidden = isLearned()
    const n = Number(known?.dismissed) || 0
    count.textContent = t('offers.dismissed', { n })
    count.hidden = again.hidden = n === 0
  }
  update(first)
  return { node, update }
}
