// @ts-check
/** Music that was chosen from something: a radio from a track, an album, an artist, a playlist or a genre, and a path between two tracks. */

/** @typedef {{kind: string, id: string | null, title: string}} Reason as the server gives it, the strongest first */
/** @typedef {'track' | 'album' | 'artist' | 'playlist' | 'genre'} Kind */
/** What a radio begins with; the `id` of a genre is its name. @typedef {{kind: Kind, id: string, title: string, track?: any}} Seed */
/**
 * What a track of the queue was chosen from. `to` is the title of a path's end.
 * @typedef {{kind: Kind | 'path', id: string, title: string, to?: string, reasons?: readonly Reason[]}} Source
 */

const kinds = ['track', 'album', 'artist', 'playlist', 'genre', 'path']
const isText = (/** @type {unknown} */ value) => typeof value === 'string' && value !== ''

/** @param {any} reasons @returns {Reason[]} those that can be read, at most three */
export const readReasons = reasons => (Array.isArray(reasons) ? reasons : [])
  .filter(one => isText(one?.kind) && isText(one.title)).slice(0, 3)
  .map(({ kind, id, title }) => ({ kind, title, id: isText(id) ? id : null }))

/** @param {any} saved @returns {Source | null} null if it is none */
export function readSource(saved) {
  if (!kinds.includes(saved?.kind) || !isText(saved.id) || !isText(saved.title)) return null
  const { kind, id, title, to, reasons } = saved
  return { kind, id, title, ...(isText(to) && { to }), reasons: readReasons(reasons) }
}

/** The page of what a radio was made from. @param {{kind: string, id: string | null}} seed */
export function hrefOf({ kind, id }) {
  const name = encodeURIComponent(id ?? '')
  return kind === 'genre' ? `/genre?name=${name}` : `/${kind === 'path' ? 'track' : kind}/${name}`
}

/**
 * The tracks of a radio, each once. That of a track begins with it, unless it goes on after a queue: then nothing of that queue comes again.
 * @param {Seed} seed @param {readonly {track: any, reasons?: any}[]} items of the server @param {ReadonlySet<string> | null} queued ids, if it goes on
 * @returns {{tracks: any[], from: Source[]}} both in the same order; none if the server found nothing
 */
export function radioOf({ kind, id, title, track }, items, queued) {
  const first = track && !queued ? [{ track, reasons: [] }] : []
  const seen = new Set(queued)
  const isNew = (/** @type {string} */ id) => !seen.has(id) && seen.add(id)
  const once = [...first, ...items].filter(one => isText(one?.track?.id) && isNew(one.track.id))
  if (once.length === first.length) return { tracks: [], from: [] }
  return { tracks: once.map(one => one.track), from: once.map(one => ({ kind, id, title, reasons: readReasons(one.reasons) })) }
}

/** A path's tracks, ends included. @param {readonly any[]} tracks @returns {Source[]} */
export function pathSources(tracks) {
  const [start, end] = [tracks[0], tracks[tracks.length - 1]]
  return tracks.map(() => ({ kind: 'path', id: start.id, title: start.title, to: end.title }))
}
