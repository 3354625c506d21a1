// @ts-check
/** What may be learned from listening: the switch, plays of other services, and the end of plays. */
import '/text/rare.js'
import { html } from '/lib/html.js'
import { icon } from '/icons/icons.js'
import { t } from '/text/text.js'
import { ago, number } from '/text/format.js'
import { withQuery } from '/api/client.js'
import { timeOfDays } from '/core/days.js'
import { confirm } from '/elements/dialog.js'

const path = '/api/v1/me/taste'

/** @param {any} taste */
const stateOf = taste => taste.enabled
  ? `${t('taste.since', { ago: ago(taste.since) })} · ${t('plays.n', { n: taste.plays })} · ${t('skips.n', { n: taste.skips })}`
  : t('taste.off')

/** @param {any} app @param {any} taste what the server says of it */
export function tasteSection(app, taste) {
  const state = html`<p class="small quiet" role="status">${stateOf(taste)}</p>`
  /** @param {any} now */
  function update(now) {
    if (!now) return
    box.checked = now.enabled
    state.textContent = stateOf(now)
  }
  const renew = async () => update(await app.client.get(path).catch(() => null))
  async function change() {
    const now = await app.acts.tell(() => app.client.put(path, { enabled: box.checked }), () => { box.checked = !box.checked })
    update(now)
  }
  const box = /** @type {HTMLInputElement} */ (html`<input type="checkbox" ?checked=${taste.enabled} @change=${change}>`)

  const told = html`<p class="small quiet" role="status"></p>`
  /** @param {Event} event */
  async function bring(event) {
    const field = /** @type {HTMLInputElement} */ (event.target)
    const file = field.files?.[0]
    if (!file) return
    field.disabled = true
    told.textContent = t('taste.import.runs')
    const found = await app.acts.tell(() => app.client.post('/api/v1/history/import', file), () => { told.textContent = '' })
    field.disabled = false
    field.value = ''
    if (!found) return
    const { joined, known, unknown } = found
    told.textContent = t('taste.import.done', { joined: number(joined), known: number(known), unknown: number(unknown) })
    renew()
  }

  /** @param {SubmitEvent} event */
  async function erase(event) {
    event.preventDefault()
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target))
    const time = timeOfDays(String(form.get('first')), String(form.get('last')))
    if (!time) return app.say(t('taste.erase.none'))
    if (!await confirm(t('taste.erase'), t('taste.erase.text'), t('taste.erase.action'))) return
    const done = await app.acts.tell(async () => {
      await app.client.delete(withQuery('/api/v1/history', time))
      return true
    })
    if (!done) return
    app.say(t('taste.erased'))
    renew()
  }
  const day = (/** @type {string} */ name, /** @type {string} */ label) => html`<label class="field">${label}<input type="date" name=${name}></label>`
  const node = html`<section id="taste"><h2>${t('taste')}</h2>
    <label class="choice">${box}<span>${t('taste.allow')}<span class="small quiet hint">${t('taste.text')}</span></span></label>${state}
    <p><a class="text-link" href="/taste">${t('taste.more')}</a></p>
    <label class="field">${t('taste.import')}<input type="file" accept=".json,.jsonl,.csv,.txt" @change=${bring}>
      <span class="hint">${t('taste.import.text')}</span></label>${told}
    <form class="stack" @submit=${erase}>${day('first', t('taste.erase.first'))}${day('last', t('taste.erase.last'))}
      <div class="actions"><button class="button">${icon('trash')}${t('taste.erase.action')}</button></div></form></section>`
  return { node, renew, isOn: () => box.checked }
}
