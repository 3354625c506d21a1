// @ts-check
/** Plans, and what another one changes. */

/** @typedef {'quota' | 'streams' | 'maxRendition' | 'lossless' | 'playlists' | 'playlistTracks' | 'history'} Term */
/**
 * @typedef {{name: string, title: string, price: string, quota: number | null, streams: number | null, maxRendition: string | null, lossless: boolean,
 *   playlists: number | null, playlistTracks: number | null, history: number | null}} Plan   null for no bound; `quota` in bytes
 */
/** @typedef {{term: Term, isMore: boolean}} Change */

/** @type {Term[]} */
const terms = ['quota', 'streams', 'maxRendition', 'lossless', 'playlists', 'playlistTracks', 'history']
const bound = (/** @type {unknown} */ value) => typeof value === 'number' && value >= 0 ? value : null
const text = (/** @type {unknown} */ value) => typeof value === 'string' ? value.trim() : ''

/** @param {any} one @returns {Plan} */
const readPlan = one => ({
  name: one.name, title: text(one.title) || one.name, price: text(one.price), quota: bound(one.quota), streams: bound(one.streams),
  maxRendition: text(one.maxRendition) || null, lossless: one.lossless === true, playlists: bound(one.playlists), playlistTracks: bound(one.playlistTracks),
  history: bound(one.history),
})

/**
 * @param {any} json the answer of `/api/v1/plans`
 * @returns {{own: Plan, others: Plan[], upgrade: string} | null} null if the account's own plan is not in it
 */
export function readPlans(json) {
  const plans = (Array.isArray(json?.plans) ? json.plans : []).filter((/** @type {any} */ one) => typeof one?.name === 'string').map(readPlan)
  const own = plans.find((/** @type {Plan} */ one) => one.name === json.plan)
  return own ? { own, others: plans.filter((/** @type {Plan} */ one) => one !== own), upgrade: text(json.upgrade) } : null
}

/** Kilobits of a rendition, as its name has them; a plan without a best one allows all. @param {string | null} rendition */
const worth = rendition => rendition === null ? Infinity : Number(/\d+$/.exec(rendition)?.[0] ?? 0)

/** How much a plan has of something, to be compared. @param {Plan} plan @param {Term} term */
function measure(plan, term) {
  if (term === 'maxRendition') return worth(plan.maxRendition)
  if (term === 'lossless') return Number(plan.lossless)
  return plan[term] ?? Infinity
}

/** What is other in the second plan. @param {Plan} from @param {Plan} to @returns {Change[]} */
export const changes = (from, to) => terms.filter(term => measure(from, term) !== measure(to, term))
  .map(term => ({ term, isMore: measure(to, term) > measure(from, term) }))

/** The first of the other plans that has more of what ran out. @param {{own: Plan, others: Plan[]}} plans @param {Term} term */
export const larger = ({ own, others }, term) => others.find(one => measure(one, term) > measure(own, term)) ?? null

/**
 * Where a plan is to be had; '' if the operator has set no such page.
 * @param {string} upgrade the page, in which `{plan}` stands for the plan's name @param {Plan} plan
 */
export function upgradeLink(upgrade, plan) {
  const link = upgrade.replaceAll('{plan}', encodeURIComponent(plan.name))
  return /^(https?:\/\/|\/(?![/\\]))/i.test(link) ? link : ''
}

/** Which bound of a plan a refusal met; null if it met none. @param {any} problem @returns {Term | null} */
export const limitMet = problem => ['quota', 'streams', 'playlists', 'playlistTracks'].includes(problem?.limit) ? problem.limit : null
