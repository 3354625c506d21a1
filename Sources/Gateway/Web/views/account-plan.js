// @ts-check
/** The account's plan, what other plans would change, and where they are to be had. */
import '/text/offers.js'
import { html } from '/lib/html.js'
import { icon } from '/icons/icons.js'
import { t } from '/text/text.js'
import { changes, upgradeLink } from '/core/plans.js'
import { termInWords } from '/elements/plan-words.js'

/** @typedef {import('/core/plans.js').Plan} Plan */

const priceLine = (/** @type {Plan} */ { price }) => price && html`<p class="plan-price" dir="auto">${price}</p>`

/** @param {Plan} own @param {Plan} other @param {string} upgrade */
function otherPlan(own, other, upgrade) {
  const link = upgradeLink(upgrade, other)
  const all = changes(own, other)
  const line = (/** @type {import('/core/plans.js').Change} */ { term, isMore }) => html`<li class=${isMore ? 'more' : 'less'}>${icon(isMore ? 'plus' : 'minus')}
    <span><span class="unseen">${t(isMore ? 'plans.more' : 'plans.less')} </span>${termInWords(other, term)}
      <span class="small quiet">${t('plans.now', { text: termInWords(own, term) })}</span></span></li>`
  return html`<li class="plan"><h4 dir="auto">${other.title}</h4>${priceLine(other)}${all.length
    ? html`<ul class="terms" aria-label=${t('plans.changes', { title: other.title })}>${all.map(line)}</ul>` : html`<p class="quiet">${t('plans.same')}</p>`}
    ${link && html`<a class="button" href=${link} target="_blank" rel="noopener noreferrer">${t('plans.upgrade', { title: other.title })}
      <span class="unseen"> (${t('offer.tab')})</span></a>`}</li>`
}

/** @param {NonNullable<ReturnType<typeof import('/core/plans.js').readPlans>>} plans */
export function planSection({ own, others, upgrade }) {
  const terms = /** @type {const} */ (['quota', 'maxRendition', 'lossless', 'streams', 'playlists', 'playlistTracks', 'history'])
  return html`<section id="plan" tabindex="-1"><h2>${t('plans')}</h2>
    <div class="plan own"><h3 dir="auto">${own.title}</h3>${priceLine(own)}<ul class="terms">${terms.map(term =>
      html`<li>${icon(term === 'lossless' && !own.lossless ? 'minus' : 'check')}<span>${termInWords(own, term)}</span></li>`)}</ul></div>
    ${others.length ? html`<h3>${t('plans.others')}</h3><ul class="plans">${others.map(other => otherPlan(own, other, upgrade))}</ul>` : null}</section>`
}
