// @ts-check
/** What a plan allows, in words. */
import '/text/offers.js'
import { t } from '/text/text.js'
import { size } from '/text/format.js'
import { nameOf } from '/elements/rung-badge.js'

/** @param {import('/core/plans.js').Plan} plan @param {import('/core/plans.js').Term} term @returns {string} */
export function termInWords(plan, term) {
  if (term === 'lossless') return t(plan.lossless ? 'plans.lossless.yes' : 'plans.lossless.no')
  const value = plan[term]
  if (value === null) return t(`plans.${term}.any`)
  if (term === 'quota') return t('plans.quota', { size: size(Number(value)) })
  // `Opus 160` of `opus-160`.
  return term === 'maxRendition' ? t('plans.maxRendition', { name: nameOf({ rendition: value, bitrate: 0 }) }) : t(`plans.${term}`, { n: value })
}
