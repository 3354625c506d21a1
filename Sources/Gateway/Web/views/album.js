// @ts-check
/** An album: its cover, what can be done with it, and its tracks. */
import { html } from '/lib/html.js'
import { t } from '/text/text.js'
import { serverRows } from '/elements/rows.js'
import { date, length } from '/text/format.js'
import { header, playButtons, heartButton, menuButton, stars, facts } from '/elements/view-header.js'
import { albumEntries } from '/elements/track-menu.js'
import { pinButton } from '/elements/pin-button.js'
import { libraryList } from '/elements/library-list.js'
import { artistLinks } from '/elements/track-row.js'
import { shelf, albumCard } from '/elements/covers.js'
import { livePart, unmarked } from '/elements/swap.js'

/** `3`, or `2·3` on an album of several discs. @param {any} track @param {boolean} withDisc */
const placeOf = (track, withDisc) => withDisc ? `${track.disc ?? 1}·${track.track ?? ''}` : String(track.track ?? '–')

/** @param {any} app @param {import('/lib/router.js').Place} place @param {AbortSignal} signal */
export async function show(app, place, signal) {
  const id = encodeURIComponent(place.parts.id)
  const load = () => app.client.get(`/api/v1/albums/${id}`, { signal })
  const album = await load()
  const rows = serverRows(app, '/api/v1/tracks', { album: album.id })
  await rows.ready(signal)
  const discs = () => new Set(rows.known().map((/** @type {any} */ track) => track.disc ?? 1)).size
  let isOfDiscs = discs() > 1 || album.tracks > 400
  const all = () => rows.all()
  const tracks = libraryList(app, rows, {
    label: t('tracks.of', { name: album.name }), columns: { number: true }, signal, inAlbum: true,
    about: track => ({ number: track ? placeOf(track, isOfDiscs) : '' }),
  })
  const artist = `/artist/${encodeURIComponent(album.artistId)}`
  const others = await app.client.get(`/api/v1/albums?artist=${encodeURIComponent(album.artistId)}&limit=24`, { signal })
    .then((/** @type {any} */ page) => page.items.filter((/** @type {any} */ one) => one.id !== album.id), () => [])
  const head = livePart(album, album => header(app, {
    art: album.art, kind: album.compilation ? t('kind.compilation') : t('kind.album'), title: album.name,
    by: html`<p class="by" dir="auto">${artistLinks({ artists: album.artists, artist: album.artist }, '0')}</p>`,
    facts: facts([album.year, t('tracks.n', { n: album.tracks }), length(album.duration)]),
    actions: [
      ...playButtons(app, all), heartButton(app, 'albums', album, signal), pinButton(app, album.name, all, signal),
      menuButton(t('menu.of', { name: album.name }), () => albumEntries(app, [album]), album.name),
      stars(app, 'albums', album, signal),
    ],
  }), unmarked)
  app.changes.on(['library'], async () => {
    const [now] = await Promise.all([load(), tracks.refresh()])
    app.learn([now], performance.now(), ['favourite', 'rating'])
    isOfDiscs = discs() > 1 || now.tracks > 400
    if (head.update(now)) tracks.virtual.refresh()
  }, signal)
  const node = html`${head.node}${tracks.node}
  <p class="small quiet foot">${t('album.added', { date: date(album.added) })}</p>
  ${shelf(t('album.others', { artist: album.artist }), others.map((/** @type {any} */ one) => albumCard(app, one)), { href: artist })}`
  const at = place.again ? -1 : rows.known().findIndex(track => track.id === place.query.get('track'))
  // Once the view is there, and at its top.
  if (at >= 0) requestAnimationFrame(() => { if (!signal.aborted) tracks.focus(at) })
  return { title: `${album.name} – ${album.artist}`, node }
}
