// @ts-check
/** What was deleted lately and can still be brought back, and for how long. */
import '/text/rare.js'
import { every } from '/api/client.js'
import { html } from '/lib/html.js'
import { keyed } from '/lib/list.js'
import { icon } from '/icons/icons.js'
import { t } from '/text/text.js'
import { ago, length } from '/text/format.js'
import { listHeader } from '/elements/view-header.js'
import { notice } from '/elements/notice.js'
import { restoreTracks } from '/views/restore-tracks.js'

/** Milliseconds between two looks at the time that is left. */
const pause = 20_000

/** @param {any} one */
const leftOf = one => t('deleted.left', { time: length(Math.max(60, (Date.parse(one.until) - Date.now()) / 1000)) })

/** @param {any} app @param {import('/lib/router.js').Place} place @param {AbortSignal} signal */
export async function show(app, place, signal) {
  const load = () => every(app.client, '/api/v1/deleted', {}, { signal })
  /** @type {any[]} */
  let all = await load()
  const list = html`<ul class="entries"></ul>`
  const none = notice({ icon: 'trash', title: t('deleted.none'), text: t('deleted.none.text') })
  const restoreAll = html`<button class="button" @click=${() => restore(all.map(one => one.id))}>${icon('undo')}${t('deleted.restoreAll')}</button>`

  /** @param {any[]} now */
  function update(now) {
    all = now.filter(one => Date.parse(one.until) > Date.now())
    keyed(list, all, one => one.id, entry, (node, one) => { node.querySelector('.left').textContent = leftOf(one) })
    none.hidden = all.length > 0
    list.hidden = all.length === 0
    restoreAll.hidden = all.length < 2
  }
  /** @param {string[]} ids */
  async function restore(ids) {
    const place = all.findIndex(one => one.id === ids[0])
    const back = new Set(await restoreTracks(app, ids))
    update(all.filter(one => !back.has(one.id)))
    const next = list.children[Math.min(place, list.children.length - 1)]?.querySelector('button')
    ;(next ?? root.querySelector('h1'))?.focus()
  }
  /** @param {any} one */
  const entry = one => html`<li><div class="upload-words"><strong class="clip" dir="auto">${one.title}</strong>
      <span class="small quiet clip" dir="auto">${[one.artist, one.album].filter(Boolean).join(' · ')}</span>
      <span class="small quiet"><span>${t('deleted.at', { ago: ago(one.deleted) })}</span> · <span class="left">${leftOf(one)}</span></span></div>
    <button class="button" aria-label=${t('deleted.restore.of', { name: one.title })} @click=${() => restore([one.id])}>${icon('undo')}
      <span>${t('deleted.restore')}</span></button></li>`

  const root = html`<div class="deleted">${listHeader(t('nav.deleted'), restoreAll)}<p class="quiet deleted-about">${t('deleted.text')}</p>${list}${none}</div>`
  update(all)
  let timer = 0
  const tick = () => {
    clearTimeout(timer)
    if (document.visibilityState === 'hidden' || signal.aborted) return
    update(all)
    if (all.length) timer = setTimeout(tick, pause)
  }
  document.addEventListener('visibilitychange', tick, { signal })
  signal.addEventListener('abort', () => clearTimeout(timer))
  app.changes.on(['library'], async () => {
    all = await load()
    tick()
  }, signal)
  tick()
  return { title: t('nav.deleted'), node: root }
}
