// @ts-check
/** What a link's answer says, as the player takes it. */

/** @typedef {{id: string, ticket: string, [name: string]: any}} Item */

/**
 * @param {any} json a page of `/api/v1/shared/{token}`
 * @returns {{name: string, by: string, description: string, expires: string | null, items: Item[], next: string | null}}
 *   Throws a TypeError for another document.
 */
export function readShare(json) {
  const text = (/** @type {unknown} */ value) => typeof value === 'string' ? value : ''
  const isItem = (/** @type {any} */ item) => typeof item?.id === 'string' && typeof item.ticket === 'string'
  if (!Array.isArray(json?.items) || !json.items.every(isItem)) throw new TypeError('not a share')
  return {
    name: text(json.name), by: text(json.by), description: text(json.description), expires: text(json.expires) || null,
    items: json.items, next: text(json.next) || null,
  }
}

/** The URL of a medium or a cover, with the ticket of the track that it is of. @param {string} url @param {ReadonlyMap<string, string>} tickets */
export function withTicket(url, tickets) {
  const ticket = tickets.get(/^\/(?:hls|stream|dash|art)\/([^/?]+)/.exec(url)?.[1] ?? '')
  return ticket ? `${url}${url.includes('?') ? '&' : '?'}ticket=${encodeURIComponent(ticket)}` : url
}

/** A track as lists show it: without ids of what a guest cannot open. @param {Item} item @param {ReadonlyMap<string, string>} tickets */
export const guestTrack = ({ id, title, artist, artists, album, track, disc, duration, art }, tickets) => ({
  id, title, album, track, disc, duration: Number(duration) || 0,
  artist: artist || (artists ?? []).map((/** @type {any} */ one) => one.name).join(', '),
  art: typeof art === 'string' ? withTicket(art, tickets) : null,
})

/**
 * Loudness of tracks played as one: the mean of their energies by their durations, and the highest peak.
 * @param {readonly {duration: number, loudness?: {integrated: number, truePeak: number} | null}[]} items
 */
export function loudnessOf(items) {
  const measured = items.filter(item => item.loudness && item.duration > 0)
  const length = measured.reduce((sum, item) => sum + item.duration, 0)
  if (!length) return null
  const energy = measured.reduce((sum, { duration, loudness }) => sum + duration * 10 ** ((loudness?.integrated ?? 0) / 10), 0)
  return { integrated: 10 * Math.log10(energy / length), truePeak: Math.max(...measured.map(item => item.loudness?.truePeak ?? 0)) }
}

/** The album that all are of; '' if there are several. @param {readonly {album?: string | null}[]} items */
export const commonAlbum = items => items.length > 0 && items.every(item => item.album === items[0].album) ? items[0].album ?? '' : ''

/**
 * The moment at which a link ends.
 * @param {string} term `day`, `week`, `month` or `never` @param {number} now milliseconds @returns {string | null}
 */
export function expiry(term, now) {
  const days = { day: 1, week: 7, month: 30 }[term]
  return days ? new Date(now + days * 86_400_000).toISOString() : null
}
