// @ts-check
/** Why something was suggested: all reasons, in plain words. */
import '/text/taste.js'
import { html } from '/lib/html.js'
import { icon } from '/icons/icons.js'
import { t } from '/text/text.js'
import { hrefOf } from '/core/radio.js'
import { knownReasons } from '/core/suggestions.js'
import { openDialog } from '/elements/dialog.js'

/** The page of what a reason names; a genre is its name. @param {import('/core/radio.js').Reason} reason @returns {string | null} */
const pageOf = ({ kind, id, title }) => kind === 'genre' ? hrefOf({ kind, id: id ?? title })
  : id && hrefOf({ kind: kind === 'artist' ? kind : 'track', id })

/**
 * The reasons as a list. @param {any} reasons @param {() => void} [leave] called when one is followed
 */
export function reasonList(reasons, leave = () => {}) {
  const known = knownReasons(reasons)
  if (!known.length) return html`<p class="quiet">${t('why.none')}</p>`
  const name = (/** @type {import('/core/radio.js').Reason} */ one) => pageOf(one)
    ? html`<a class="text-link" dir="auto" href=${pageOf(one)} @click=${leave}>${one.title}</a>` : html`<strong dir="auto">${one.title}</strong>`
  return html`<ul class="reasons">${known.map(one => html`<li>${name(one)}<span>${t(`why.${one.kind}`)}</span></li>`)}</ul>`
}

/**
 * @param {any} app @param {{title: string, artist?: string, reasons: any, basis?: string | null, hide?: () => void}} what
 *   `hide` if it can be hidden from suggestions
 */
export async function showWhy(app, { title, artist, reasons, basis, hide }) {
  const isHidden = await openDialog(t('why.title', { title }), close => html`<div class="stack">
    ${artist && html`<p class="quiet" dir="auto">${artist}</p>`}${reasonList(reasons, () => close())}
    ${basis && html`<p class="small quiet">${t(basis === 'listeners' ? 'why.basis.listeners' : 'why.basis.library')}</p>`}
    ${app.store.get().session.open ? null : html`<p class="small"><a class="text-link" href="/taste" @click=${() => close()}>${t('why.more')}</a></p>`}
    <div class="actions">${hide && html`<button class="button" @click=${() => close('hide')}>${icon('close')}${t('foryou.hide')}</button>`}
      <button class="button" autofocus @click=${() => close()}>${t('close')}</button></div></div>`)
  if (isHidden === 'hide') hide?.()
}
