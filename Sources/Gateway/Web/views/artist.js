// @ts-check
/** An artist: albums, albums of others, and all tracks. */
import { mostItems } from '/core/queue.js'
import { html } from '/lib/html.js'
import { t } from '/text/text.js'
import { serverRows } from '/elements/rows.js'
import { header, playButtons, heartButton, menuButton, stars, facts } from '/elements/view-header.js'
import { seedEntries } from '/elements/track-menu.js'
import { albumCard, initials, tint, shelf } from '/elements/covers.js'
import { albumGrid } from '/elements/album-grid.js'
import { livePart, unmarked } from '/elements/swap.js'
import { libraryList } from '/elements/library-list.js'

/** Albums beside each other in one row that is scrolled sideways; more are a grid. */
const mostBeside = 60

/** @param {any} app @param {import('/lib/router.js').Place} place @param {AbortSignal} signal */
export async function show(app, place, signal) {
  const id = encodeURIComponent(place.parts.id)
  const rows = serverRows(app, '/api/v1/tracks', { artist: place.parts.id })
  const [own, others] = ['artist', 'appearsOn'].map(how => serverRows(app, '/api/v1/albums', { [how]: place.parts.id }))
  const load = () => app.client.get(`/api/v1/artists/${id}`, { signal })
  const [artist] = await Promise.all([load(), rows.ready(signal), own.ready(signal), others.ready(signal)])
  const tracks = libraryList(app, rows, { label: t('tracks.of', { name: artist.name }), columns: { cover: true, album: true }, signal })
  /** @param {any} albums rows @param {string} title */
  function section(albums, title) {
    const grid = albumGrid(app, albums, { label: title, signal })
    const node = html`<section class="part"><h2>${title}</h2>${grid.node}</section>`
    const show = () => { node.hidden = albums.total() === 0 }
    show()
    return { node, refresh: async () => { if (await grid.refresh()) show() } }
  }
  const all = () => rows.range(0, Math.min(rows.total(), mostItems))
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
  const albums = section(own, t('nav.albums'))
  const beside = livePart(others.known(), known => shelf(t('artist.appearsOn'), known.map((/** @type {any} */ album) => albumCard(app, album))))
  const guests = others.total() > mostBeside ? section(others, t('artist.appearsOn'))
    : { node: beside.node, refresh: async () => { if (await others.renew([])) beside.update(others.known()) } }
  app.changes.on(['library'], async () => {
    const [now] = await Promise.all([load(), tracks.refresh(), albums.refresh(), guests.refresh()])
    app.learn([now], performance.now(), ['favourite', 'rating'])
    head.update(now)
  }, signal)
  const node = html`${head.node}${albums.node}${guests.node}
  ${rows.total() ? html`<section class="part"><h2>${t('nav.tracks')}</h2>${tracks.node }</section>` : null}`
  return { title: artist.name, node }
}
