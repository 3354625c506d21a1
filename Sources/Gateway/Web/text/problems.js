// @ts-check
/** A failure as a sentence, and the way on that it leaves. */
import { t } from '/text/text.js'

/** @typedef {{status: number, slug?: string, detail?: string, retryAt?: number | null, limit?: string}} Failure `limit` is the plan's that it met */

const bySlug = new Set([
  'network', 'unreadable', 'too-large', 'unsupported-format', 'undecodable', 'over-quota', 'disk-full', 'too-many-streams', 'busy',
  'render-failed', 'rendition-not-offered', 'unplayable',
])
const byStatus = new Set([401, 403, 404, 409, 412, 429, 503, 507])

/** @param {Failure} problem */
export function sentence(problem) {
  if (problem.slug && bySlug.has(problem.slug)) return t(`problem.${problem.slug}`)
  if (byStatus.has(problem.status)) return t(`problem.${problem.status}`)
  if (problem.status === 400 && problem.detail) return t('problem.400', { detail: problem.detail })
  return problem.status >= 500 ? t('problem.server') : t('problem.other')
}

/** `retry`, `login`, `home`: what the button under the sentence does. @param {Failure} problem */
export const wayOn = problem => problem.status === 401 ? 'login' : problem.status === 404 || problem.status === 403 ? 'home' : 'retry'

/** Any error as a failure; also a problem document as the server states it. @param {any} error @returns {Failure} */
export function failureOf(error) {
  if (typeof error?.status !== 'number') return { status: 0, slug: '', detail: String(error?.message ?? error) }
  const slug = /^\/problems\/([a-z-]+)$/.exec(error.type ?? '')?.[1]
  return slug ? { ...error, slug } : error
}
