// @ts-check
/** What leaves the server: the services that plays are sent on to, as far as the answer can be read. */

/** @type {Record<string, string>} */
const names = { listenbrainz: 'ListenBrainz', lastfm: 'Last.fm', 'last.fm': 'Last.fm' }
const isOff = (/** @type {any} */ one) => !one || one.enabled === false || one.on === false

/**
 * @param {any} json the answer to `/api/v1/me/scrobbling`; null if the server has no such thing
 * @returns {string[] | null} names of services that plays go to; null if it cannot be read
 */
export function services(json) {
  if (json === null) return []
  const list = Array.isArray(json) ? json : json?.items ?? json?.services
  const pairs = Array.isArray(list) ? list.map(one => [one?.service ?? one?.name, one])
    : typeof json === 'object' ? Object.entries(json).filter(([name]) => Object.hasOwn(names, name.toLowerCase())) : []
  if (!Array.isArray(list) && !pairs.length) return isOff(json) ? [] : null
  if (pairs.some(([name]) => typeof name !== 'string')) return null
  return pairs.filter(([, one]) => !isOff(one)).map(([name]) => names[name.toLowerCase()] ?? name)
}
