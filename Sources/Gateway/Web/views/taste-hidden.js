// @ts-check
/** What the account does not want suggested, and the way back. */
import { html } from '/lib/html.js'
import { keyed } from '/lib/list.js'
import { icon } from '/icons/icons.js'
import { t } from '/text/text.js'
import { withQuery } from '/api/client.js'
import { button } from '/elements/controls.js'

/** @param {any} app @param {any} first a page of `/api/v1/hidden`, null if it did not come @param {AbortSignal} signal */
export function hiddenSection(app, first, signal) {
  /** @type {any[]} */
  let items = []
  /** @type {string | null} */
  let next = null
  const list = html`<ul class="entries"></ul>`
  const none = html`<p class="quiet">${t('known.hidden.none')}</p>`
  const more = button('down', t('known.hidden.more'), () => app.acts.tell(async () => {
    const page = await app.client.get(withQuery('/api/v1/hidden', { after: next }), { signal })
    next = page.next
    show([...items, ...page.items])
  }))
  const entry = (/** @type {any} */ one) => html`<li><div class="upload-words"><strong class="clip" dir="auto">${one.title}</strong>
      <span class="small quiet clip" dir="auto">${one.artist}</span></div>
    <button class="button" aria-label=${t('known.hidden.again.of', { title: one.title })} @click=${() => again(one)}>${icon('undo')}
      <span>${t('known.hidden.again')}</span></button></li>`

  /** @param {any[]} now */
  function show(now) {
    items = now
    keyed(list, items, one => one.item, entry)
    list.hidden = items.length === 0
    none.hidden = items.length > 0
    more.hidden = next === null
  }
  /** @param {any} one */
  async function again(one) {
    const place = items.indexOf(one)
    const done = await app.acts.tell(async () => {
      await app.client.delete(`/api/v1/hidden/${encodeURIComponent(one.item)}`)
      return true
    })
    if (!done) return
    show(items.filter(other => other !== one))
    app.live.show(t('foryou.shown', { title: one.title }))
    const goal = list.children[Math.min(place, list.children.length - 1)]?.querySelector('button') ?? heading
    goal.focus()
  }
  const heading = html`<h2 tabindex="-1">${t('known.hidden')}</h2>`
  const node = html`<section>${heading}${list}${none}${more}</section>`
  /** Follows a change elsewhere, from the first page on. @param {any} page */
  function update(page) {
    next = page?.next ?? null
    show(page?.items ?? [])
    node.hidden = !page
  }
  update(first)
  return { node, update }
}
