// @ts-check
/** When a play counts: after half of the track, or four minutes, were heard. Heard is what sounded, not where the slider is. */

/** Seconds that are enough of any track. */
export const enough = 240

/**
 * @param {number} heard seconds of sound @param {number} duration seconds; 0 or NaN if unknown: then four minutes decide
 */
export const counts = (heard, duration) => heard > 0 && heard >= Math.min(enough, duration > 0 ? duration / 2 : enough)

/**
 * What has been heard since a track became audible.
 * @typedef {{key: string, id: string, began: number, seconds: number}} Hearing `began` is a time in milliseconds since 1970
 */

/** @param {string} key @param {string} id @param {number} began @returns {Hearing} */
export const begin = (key, id, began) => ({ key, id, began, seconds: 0 })

/**
 * Adds what sounded while the element's clock went from one reading to another without a seek between them.
 * @param {Hearing} hearing @param {number} from @param {number} to seconds of the element's clock @returns {Hearing}
 */
export const hear = (hearing, from, to) => to > from ? { ...hearing, seconds: hearing.seconds + (to - from) } : hearing

/**
 * The play to report, or null if too little was heard. Its time is when it began, so that a play that is reported twice is the
 * same play for the server.
 * @param {Hearing} hearing @param {number} duration seconds of the track
 * @param {number | null} stopped seconds where it was left, null at its end
 */
export function play(hearing, duration, stopped) {
  if (!counts(hearing.seconds, duration)) return null
  const at = new Date(hearing.began).toISOString()
  return { track: hearing.id, at, stopped: stopped === null ? null : Math.round(stopped * 1000) / 1000 }
}

/**
 * Albums of plays, the last played first, each once.
 * @param {readonly any[]} tracks of the plays, the latest first @param {number} most
 * @returns {{id: string, name: string, artist: string, year: number | null, art: string | null}[]}
 */
export function albumsOf(tracks, most) {
  const albums = new Map()
  for (const { albumId, album, albumArtists, year, art } of tracks) {
    if (!albumId || albums.has(albumId)) continue
    if (albums.size === most) break
    const artist = (albumArtists ?? []).map((/** @type {any} */ one) => one.name).join(', ')
    albums.set(albumId, { id: albumId, name: album, artist, year: year ?? null, art: art ?? null })
  }
  return [...albums.values()]
}
