// @ts-check
/** What each of today's suggestions came from. */
import { html } from '/lib/html.js'
import { t } from '/text/text.js'
import { whyInShort } from '/elements/suggestion-card.js'
import { reasonList } from '/views/why-dialog.js'

/** @param {{basis: string | null, items: import('/core/suggestions.js').Suggestion[]}} today */
export function cameSection({ basis, items }) {
  const entry = (/** @type {any} */ one) => html`<li><details><summary><strong dir="auto">${one.title}</strong>
    <span class="quiet" dir="auto">${one.artist}</span><span class="small quiet" dir="auto">${whyInShort(one)}</span></summary>
    ${reasonList(one.reasons)}</details></li>`
  return html`<section><h2>${t('known.came')}</h2>${items.length
    ? html`${basis && html`<p class="small quiet">${t(basis === 'listeners' ? 'why.basis.listeners' : 'why.basis.library')}</p>`}
      <ul class="came">${items.map(entry)}</ul>` : html`<p class="quiet">${t('known.came.none')}</p>`}</section>`
}
