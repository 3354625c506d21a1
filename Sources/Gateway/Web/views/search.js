// @ts-check
/** Search as you type: artists, albums, tracks from the server, playlists and genres from the lists at hand. */
import { html } from '/lib/html.js'
import { icon } from '/icons/icons.js'
import { t } from '/text/text.js'
import { fixedRows } from '/elements/rows.js'
import { every, withQuery } from '/api/client.js'
import { isWorthAsking, narrowed, query as cleaned } from '/core/search.js'
import { livePart } from '/elements/swap.js'
import { albumCard, artistCard, playlistCard, shelf } from '/elements/covers.js'
import { libraryList } from '/elements/library-list.js'
import { problemNotice, notice } from '/elements/notice.js'

/** Milliseconds without a key before the server is asked. */
const pause = 90

/** @param {any} app @param {import('/lib/router.js').Place} place @param {AbortSignal} signal */
export async function show(app, place, signal) {
  const input = /** @type {HTMLInputElement} */ (html`<input class="search-entry" type="search" name="q" autocomplete="off" autocapitalize="off"
    spellcheck="false" enterkeyhint="search" aria-label=${t('search.label')} placeholder=${t('search.label')} value=${place.query.get('q') ?? ''}>`)
  const results = html`<div class="results"></div>`
  const node = html`<h1 class="unseen" tabindex="-1">${t('nav.search')}</h1>
    <form class="search-box" role="search" @submit=${submit}>${icon('search')}${input}</form>${results}`
  /** What is at hand: asked for once. @type {Promise<any[][]> | null} */
  let atHand = null
  let asking = new AbortController()
  let timer = 0
  /** What is shown, to be kept if it is asked for again. @type {any} */
  let shown = null
  const first = () => /** @type {HTMLElement | null} */ (results.querySelector('a[href], .row[tabindex="0"]'))

  /** @param {Event} event */
  function submit(event) {
    event.preventDefault()
    first()?.focus()
  }
  async function search() {
    const text = cleaned(input.value)
    asking.abort()
    asking = new AbortController()
    const until = asking.signal
    const address = text ? `/search?q=${encodeURIComponent(text)}` : '/search'
    if (address !== location.pathname + location.search) app.router.rename(address)
    shown = null
    if (!text) return results.replaceChildren(notice({ icon: 'search', title: t('search.start'), text: t('search.start.text') }))
    try {
      const found = await find(text, until)
      if (!until.aborted) fill(text, found, until)
    } catch (error) {
      if (/** @type {any} */ (error).name === 'AbortError' || until.aborted) return
      results.replaceChildren(problemNotice(error, search, false))
    }
  }
  /** @param {string} text @param {AbortSignal} until */
  async function find(text, until) {
    atHand ??= Promise.all(['/api/v1/playlists', '/api/v1/genres'].map(path => every(app.client, path, {}, { signal }).catch(() => [])))
    const asked = isWorthAsking(text)
      ? app.client.get(withQuery('/api/v1/search', { q: text, limit: 50, fields: app.fields }), { signal: until })
      : { artists: [], albums: [], tracks: [] }
    const [found, [playlists, genres]] = await Promise.all([asked, atHand])
    const name = (/** @type {any} */ one) => ({ name: one.name })
    return { ...found, playlists: narrowed(text, playlists, name), genres: narrowed(text, genres, name) }
  }
  /** What changed elsewhere takes its place among what is shown. */
  async function follow() {
    const was = shown
    if (!was) return search()
    atHand = null
    const found = await find(was.text, asking.signal)
    if (shown !== was) return
    if ((found.tracks.length > 0) !== Boolean(was.list)) return fill(was.text, found, asking.signal)
    was.tracks = found.tracks
    was.shelves.update(found)
    await was.list?.refresh()
  }

  /** @param {any} found */
  const shelvesOf = ({ artists, albums, playlists, genres }) => html`${shelf(t('nav.artists'), artists.map(artistCard))}
    ${shelf(t('nav.albums'), albums.map((/** @type {any} */ album) => albumCard(app, album)))}
    ${shelf(t('nav.playlists'), playlists.map((/** @type {any} */ one) => playlistCard(app, one)))}
    ${genres.length ? html`<section class="part"><h2>${t('nav.genres')}</h2><ul class="chips">${genres.map((/** @type {any} */ genre) =>
      html`<li><a class="chip" href=${`/genre?name=${encodeURIComponent(genre.name)}`}>${genre.name}</a></li>`)}</ul></section>` : null}`

  /** @param {string} text @param {any} found @param {AbortSignal} until */
  function fill(text, found, until) {
    const { artists, albums, tracks, playlists, genres } = found
    const count = artists.length + albums.length + tracks.length + playlists.length + genres.length
    app.say(t('search.found', { n: count }))
    if (!count) return results.replaceChildren(notice({ icon: 'search', title: t('search.nothing', { text }), text: t('search.nothing.text') }))
    const rows = fixedRows(tracks, async () => shown.tracks)
    const list = tracks.length ? libraryList(app, rows, { label: t('nav.tracks'), columns: { cover: true, album: true }, signal: until }) : null
    const shelves = livePart(found, shelvesOf, ({ tracks: _, ...rest }) => rest)
    shown = { text, tracks, list, shelves }
    results.replaceChildren(html`${shelves.node}${list ? html`<section class="part"><h2>${t('nav.tracks')}</h2>${list.node}</section>` : null}`)
  }

  input.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(search, pause)
  })
  input.addEventListener('keydown', event => {
    if (event.key !== 'ArrowDown') return
    event.preventDefault()
    first()?.focus()
  })
  app.changes.on(['library', 'playlists'], follow, signal)
  signal.addEventListener('abort', () => {
    clearTimeout(timer)
    asking.abort()
  })
  if (input.value) await search()
  else search()
  return { title: t('nav.search'), node, focus: input }
}
