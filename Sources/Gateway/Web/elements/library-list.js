// @ts-check
/** A list of tracks of the library: plays from the row on, and has the tracks' menus. */
import { t } from '/text/text.js'
import { trackList } from '/elements/track-list.js'
import { trackEntries } from '/elements/track-menu.js'

/** Tracks of a list that are queued whole; of a longer one those from the chosen one on. */
const whole = 1000
const part = 500

/**
 * @param {any} app @param {any} rows as elements/rows.js makes them
 * @param {{label: string, columns: import('/elements/track-row.js').Columns, signal: AbortSignal, inAlbum?: boolean,
 *   about?: (track: any) => {number?: string, when?: string}, seek?: (typed: string, from: number) => Promise<number>}} options
 */
export function libraryList(app, rows, { label, columns, signal, inAlbum = false, about, seek }) {
  const list = trackList(app, {
    total: rows.total, want: rows.want, renew: rows.renew, seek: seek ?? rows.seek,
    at: place => rows.at(place) && app.fresh(rows.at(place)),
    about: place => about?.(rows.at(place)) ?? {},
    listen(changed, until) {
      rows.listen(changed, until)
      app.onMark(changed, until)
    },
  }, {
    label, columns, signal,
    async play(place) {
      const total = rows.total()
      const from = total <= whole ? 0 : place
      const load = () => rows.range(from, total <= whole ? total : Math.min(total, place + part))
      await app.acts.playWhatComes(load, (/** @type {any[]} */ tracks) => app.acts.play(tracks, place - from, false))
    },
    entries: places => trackEntries(app, places.map(place => rows.at(place)).filter(Boolean), () => rows.some(places), {
      album: !inAlbum,
      own: places.length === 1
        ? [{ name: 'select', label: t('select'), icon: 'check', run: () => { list.selection.toggle(places[0]); list.focus(places[0]) } }] : [],
    }),
  })
  // What most listeners press first.
  if (rows.at(0)) app.player.prepare(rows.at(0))
  return list
}
