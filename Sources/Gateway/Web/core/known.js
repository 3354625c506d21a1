// @ts-check
/** What leaves the server: the services that plays are told to, as far as the answer can be read. */

/** @type {Record<string, string>} */
const names = { listenbrainz: 'ListenBrainz', lastfm: 'Last.fm' }
/**
 * @typedef {{service: string, name: string, isOffered: boolean, isOn: boolean, account: string, since: string, sent: number, waiting: number,
 *   problem: string, authorise: string}} Service   `name` is what people call it, `account` the listener's there; texts that are not given are ''
 */

const text = (/** @type {unknown} */ value) => typeof value === 'string' ? value : ''
const count = (/** @type {unknown} */ value) => Number.isSafeInteger(value) ? Math.max(0, Number(value)) : 0

/** @param {any} json the answer of `/api/v1/me/scrobbling` @returns {Service[] | null} null if it cannot be read */
export function readServices(json) {
  if (!Array.isArray(json?.items) || json.items.some((/** @type {any} */ one) => typeof one?.service !== 'string')) return null
  return json.items.map((/** @type {any} */ one) => ({
    service: one.service, name: Object.hasOwn(names, one.service) ? names[one.service] : one.service, isOffered: one.offered === true,
    isOn: one.enabled === true, account: text(one.name), since: text(one.since), sent: count(one.sent), waiting: count(one.waiting),
    problem: text(one.problem), authorise: /^https:\/\//.test(text(one.authorise)) ? one.authorise : '',
  }))
}

/**
 * @param {any} json the answer of `/api/v1/me/scrobbling`; null if the server has no such thing
 * @returns {string[] | null} names of services that plays go to; null if it cannot be read
 */
export const services = json => json === null ? [] : readServices(json)?.filter(one => one.isOn).map(one => one.name) ?? null

/** Where a listener lets this server in, and is led back from. @param {string} authorise @param {string} back */
export function authorisation(authorise, back) {
  const url = new URL(authorise)
  url.searchParams.set('cb', back)
  return url.href
}
