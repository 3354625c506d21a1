// @ts-check
/** The account's links: what each opens, how often it was, and its end. */
import '/text/rare.js'
import { html } from '/lib/html.js'
import { keyed } from '/lib/list.js'
import { icon } from '/icons/icons.js'
import { t } from '/text/text.js'
import { copyLink } from '/elements/copy-link.js'
import { ago, moment } from '/text/format.js'
import { confirm } from '/elements/dialog.js'

/** @param {any} share */
function about({ kind, tracks, expires, visits, visited }) {
  const what = kind === 'tracks' ? t('share.tracks', { n: tracks }) : `${t(`shares.kind.${kind}`)}, ${t('share.tracks', { n: tracks })}`
  const end = !expires ? t('shares.forever') : Date.parse(expires) > Date.now() ? t('shares.until', { date: moment(expires) })
    : t('shares.over', { ago: ago(expires) })
  return [what, end, visits ? t('shares.visits', { n: visits, ago: ago(visited) }) : t('shares.unvisited')].join(' · ')
}

/** @param {any} app @param {any[]} all */
export function sharesSection(app, all) {
  const list = html`<ul class="entries"></ul>`
  const none = html`<p class="quiet">${t('shares.none')}</p>`

  /** @param {any} node @param {any} share */
  function fill(node, share) {
    node.querySelector('.about').textContent = about(share)
    node.querySelector('.words').textContent = share.description
    node.querySelector('.words').hidden = !share.description
  }
  /** @param {any[]} now */
  function update(now) {
    all = now
    keyed(list, all, share => share.id, entry, fill)
    none.hidden = all.length > 0
    list.hidden = all.length === 0
  }
  /** @param {any} share */
  async function revoke(share) {
    if (!await confirm(t('shares.revoke.title'), t('shares.revoke.text', { name: share.name }), t('shares.revoke'))) return
    const done = await app.acts.tell(async () => {
      await app.client.delete(`/api/v1/shares/${encodeURIComponent(share.id)}`)
      return true
    })
    if (!done) return
    const place = all.findIndex(one => one.id === share.id)
    update(all.filter(one => one.id !== share.id))
    app.live.show(t('shares.revoked', { name: share.name }))
    const next = list.children[Math.min(place, list.children.length - 1)]?.querySelector('button')
    ;(next ?? node.querySelector('h2')).focus()
  }
  /** @param {any} share */
  const entry = share => {
    const { name } = share
    const item = html`<li><div class="upload-words"><a class="clip" href=${share.url} dir="auto"><strong>${name}</strong></a>
        <span class="words small clip" dir="auto"></span><span class="about small quiet"></span></div>
      <div class="actions"><button class="tool" aria-label=${t('shares.copy', { name })} title=${t('shares.copy', { name })}
        @click=${() => copyLink(app, share.url)}>${icon('link')}</button>
      <button class="button" aria-label=${t('shares.revoke.of', { name })} @click=${() => revoke(share)}>${t('shares.revoke')}</button></div></li>`
    fill(item, share)
    return item
  }
  const node = html`<section id="shares"><h2 tabindex="-1">${t('shares')}</h2><p class="quiet">${t('shares.text')}</p>${list}${none}</section>`
  update(all)
  return { node, update }
}
