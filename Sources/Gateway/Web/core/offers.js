// @ts-check
/** What the server offers for sale: one thing at most, as far as the answer can be read. */

/** @typedef {{kind: 'artist' | 'genre' | 'taste' | 'general', name: string}} Reason */
/**
 * @typedef {{id: string, kind: string, title: string, text: string, by: string, price: string, url: string, picture: string, date: string,
 *   reason: Reason}} Offer   `picture` is a path of this server; texts that the server does not give are ''
 */

const kinds = new Set(['music', 'plan', 'film', 'show', 'concert'])
const reasons = new Set(['artist', 'genre', 'taste', 'general'])
const text = (/** @type {unknown} */ value) => typeof value === 'string' ? value.trim() : ''

/** Whether an address leads to another page, and does nothing else. @param {unknown} url */
function isWebAddress(url) {
  try {
    return ['https:', 'http:'].includes(new URL(String(url)).protocol)
  } catch {
    return false
  }
}

/** @param {any} reason @returns {Reason} one that names nothing is as good as none */
function readReason(reason) {
  const [kind, name] = [reason?.kind, text(reason?.name)]
  if (!reasons.has(kind) || (!name && (kind === 'artist' || kind === 'genre'))) return { kind: 'general', name: '' }
  return { kind, name }
}

/** @param {any} json the answer of `/api/v1/offers` @returns {Offer | null} null if there is none, or one that cannot be shown */
export function readOffer(json) {
  const one = json?.offer
  if (typeof one?.id !== 'string' || !one.id || !kinds.has(one.kind) || !text(one.title) || !isWebAddress(one.url)) return null
  const picture = text(one.picture)
  return {
    id: one.id, kind: one.kind, title: text(one.title), text: text(one.text), by: text(one.by), price: text(one.price), url: one.url,
    picture: /^\/(?![/\\])/.test(picture) ? picture : '', date: text(one.date), reason: readReason(one.reason),
  }
}

/** Whether an offer may be shown beside this: never while something plays, or is about to. @param {{status: string}} player */
export const isQuiet = ({ status }) => status !== 'playing' && status !== 'loading'
