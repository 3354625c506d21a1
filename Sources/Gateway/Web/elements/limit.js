// @ts-check
/** A limit of the plan was met: which plan has more is said once, where it happened, and never again for this limit. */
import '/text/offers.js'
import { t, sentence } from '/text/text.js'
import { larger, limitMet, readPlans } from '/core/plans.js'
import { termInWords } from '/elements/plan-words.js'

const key = 'sweetspot.limits'

/** @returns {string[]} limits that were told in this browser */
function told() {
  try {
    const all = JSON.parse(localStorage.getItem(key) ?? '[]')
    return Array.isArray(all) ? all : []
  } catch {
    return []
  }
}

/** @param {string} limit @returns {boolean} false without storage: then it is not told at all, for it could not be told once */
function remember(limit) {
  try {
    localStorage.setItem(key, JSON.stringify([...told(), limit]))
    return true
  } catch {
    return false
  }
}

/** Limits about which the server was asked from a page: once each, however many refusals there are. @type {WeakMap<object, Set<string>>} */
const asked = new WeakMap()

/** @param {any} app @param {import('/text/text.js').Failure} failure @returns {Promise<boolean>} whether it was said, with what went wrong */
export async function tellLimit(app, failure) {
  const limit = limitMet(failure)
  const before = asked.get(app) ?? new Set()
  if (!limit || before.has(limit) || told().includes(limit)) return false
  asked.set(app, before.add(limit))
  const plans = readPlans(await app.client.get('/api/v1/plans').catch(() => null))
  const other = plans && larger(plans, limit)
  if (!other || !remember(limit)) return false
  const text = t('plans.met', { sentence: sentence(failure), title: other.title, text: termInWords(other, limit) })
  app.live.show(text, { label: t('plans.see'), run: () => app.router.go('/account') })
  return true
}
