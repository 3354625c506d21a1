// @ts-check
/** An artist: albums, albums of others, and all tracks. */
import { html } from '/lib/html.js'
import { t } from '/text/text.js'
import { serverRows } from '/elements/rows.js'
import { header, playButtons, heartButton, menuButton, stars, facts } from '/elements/view-header.js'
import { seedEntries } from '/elements/track-menu.js'
import { albumCard, initials, tint, shelf } from '/elements/covers.js'
import { livePart, unmarked } from '/elements/swap.js'
import { libraryList } from '/elements/library-list.js'

/** @param {any} app @param {import('/lib/router.js').Place} place @param {AbortSignal} signal */
export async function show(app, place, signal) {
  const id = encodeURIComponent(place.parts.id)
  const rows = serverRows(app, '/api/v1/tracks', { artist: place.parts.id })
  const albumsOf = async (/** @type {string} */ how) => (await app.client.get(`/api/v1/albums?${how}=${id}&limit=200`, { signal })).items
  const load = () => Promise.all([app.client.get(`/api/v1/artists/${id}`, { signal }), albumsOf('artist'), albumsOf('appearsOn')])
  const [[artist, own, others]] = await Promise.all([load(), rows.ready(signal)])
  const tracks = libraryList(app, rows, { label: t('tracks.of', { name: artist.name }), columns: { cover: true, album: true }, signal })
  const cards = (/** @type {any[]} */ all) => all.map(album => albumCard(app, album))
  const all = () => rows.range(0, Math.min(rows.total(), 1000))
  const head = livePart(artist, artist => header(app, {
    art: null, kind: t('kind.artist'), title: artist.name,
    picture: html`<span class="initials large" data-tint=${tint(artist.name)} aria-hidden="true">${initials(artist.name)}</span>`,
    facts: facts([artist.albums ? t('albums.n', { n: artist.albums }) : '', t('tracks.n', { n: artist.tracks })]),
    actions: [
      ...playButtons(app, all), heartButton(app, 'artists', artist, signal),
      menuButton(t('menu.of', { name: artist.name }), () => seedEntries(app, { kind: 'artist', id: artist.id, title: artist.name }, all), artist.name),
      stars(app, 'artists', artist, signal),
    ],
  }), unmarked)
  const albums = livePart([own, others], ([own, others]) => html`
    ${own.length ? html`<section class="part"><h2>${t('nav.albums')}</h2><ul class="cards">${cards(own)}</ul></section>` : null}
    ${shelf(t('artist.appearsOn'), cards(others))}`)
  app.changes.on(['library'], async () => {
    const [[now, ...both]] = await Promise.all([load(), tracks.refresh()])
    app.learn([now], performance.now(), ['favourite', 'rating'])
    head.update(now)
    albums.update(both)
  }, signal)
  const node = html`${head.node}${albums.node}
  ${rows.total() ? html`<section class="part"><h2>${t('nav.tracks')}</h2>${tracks.node }</section>` : null}`
  return { title: artist.name, node }
}
