// @ts-check
/** Where the account is logged in; each session can be ended. */
import '/text/rare.js'
import { html } from '/lib/html.js'
import { keyed } from '/lib/list.js'
import { t } from '/text/text.js'
import { ago, date } from '/text/format.js'
import { confirm } from '/elements/dialog.js'
import { clientName } from '/core/client-name.js'

/** A client in words: `Chromium on Linux`. @param {string} client its User-Agent */
export function clientInWords(client) {
  const { program, system } = clientName(client)
  return program && system ? t('sessions.on', { program, system }) : program || system || t('sessions.unknown')
}

/** @param {any} one */
const times = one => t('sessions.since', { date: date(one.created), ago: ago(one.used) })

/** @param {any} app @param {any[]} all */
export function sessionsSection(app, all) {
  const list = html`<ul class="entries"></ul>`
  const others = html`<button class="button" @click=${endOthers}>${t('sessions.others')}</button>`
  const path = (/** @type {any} */ one) => `/api/v1/sessions/${encodeURIComponent(one.id)}`

  /** @param {any[]} now */
  function update(now) {
    all = [...now].sort((a, b) => Number(b.current) - Number(a.current) || Date.parse(b.used) - Date.parse(a.used))
    const fill = (/** @type {any} */ node, /** @type {any} */ one) => { node.querySelector('.times').textContent = times(one) }
    keyed(list, all, one => one.id, entry, fill)
    others.hidden = !all.some(one => !one.current)
  }
  /** Leaves the focus where something is that can be done. @param {number} place of the entry that is gone */
  const refocus = place => {
    const buttons = [...list.querySelectorAll('button')]
    const next = buttons[Math.min(place, buttons.length) - 1] ?? buttons[0] ?? node.querySelector('h2')
    next.focus()
  }
  /** @param {any} one */
  async function end(one) {
    const name = clientInWords(one.client)
    const done = await app.acts.tell(async () => { await app.client.delete(path(one)); return true })
    if (!done) return
    const place = all.indexOf(one)
    update(all.filter(other => other !== one))
    app.live.show(t('sessions.ended', { name }))
    refocus(place)
  }
  async function endOthers() {
    const going = all.filter(one => !one.current)
    if (!await confirm(t('sessions.others.title'), t('sessions.others.text', { n: going.length }), t('sessions.others'))) return
    await app.acts.tell(async () => {
      for (const one of going) {
        await app.client.delete(path(one))
        update(all.filter(other => other !== one))
      }
      app.live.show(t('sessions.others.done'))
    })
    refocus(0)
  }
  /** @param {any} one */
  const entry = one => {
    const name = clientInWords(one.client)
    return html`<li><div class="upload-words"><span><strong>${name}</strong>${one.current
      ? html` <span class="badge small">${t('sessions.current')}</span>` : ''}</span>
      <span class="small quiet times">${times(one)}</span></div>${one.current ? null
      : html`<button class="button" aria-label=${t('sessions.end.of', { name })} @click=${() => end(all.find(other => other.id === one.id))}>${t('sessions.end')}</button>`}</li>`
  }
  const node = html`<section><h2 tabindex="-1">${t('sessions')}</h2><p class="quiet">${t('sessions.text')}</p>${list}${others}</section>`
  update(all)
  return { node, update }
}
