// @ts-check
/** The first view: what is new, what was heard, what is liked, and what the account's taste suggests. */
import { html } from '/lib/html.js'
import { icon } from '/icons/icons.js'
import { t } from '/text/text.js'
import { albumsOf, albumCard, playlistCard, artistCard, shelf } from '/elements/covers.js'
import { livePart } from '/elements/swap.js'
import { notice } from '/elements/notice.js'

/** Cards on a shelf, and plays that are looked through for them. */
const most = 24
const plays = 300

const paths = {
  added: `/api/v1/albums?sort=-added&limit=${most}`,
  heard: `/api/v1/history?limit=${plays}&fields=albumId,album,albumArtists,art,year`,
  random: `/api/v1/albums?sort=random&limit=${most}`,
  albums: `/api/v1/albums?favourite=true&limit=${most}`,
  artists: `/api/v1/artists?favourite=true&limit=${most}`,
  playlists: `/api/v1/playlists?limit=${most}`,
}
/** What is asked for again after a change; the random choice stays. @type {Record<string, Array<keyof typeof paths>>} */
const concerned = { library: ['added', 'heard', 'albums', 'artists'], history: ['heard'], playlists: ['playlists'] }

/** @param {any} app @param {import('/lib/router.js').Place} place @param {AbortSignal} signal */
export async function show(app, place, signal) {
  /** @type {Record<string, any[]>} */
  const found = {}
  // A shelf that fails is left out; only if the first one fails is there nothing to show.
  const load = async (/** @type {keyof typeof paths} */ name) => {
    try {
      found[name] = (await app.client.get(paths[name], { signal })).items
    } catch (error) {
      if (name === 'added' || /** @type {any} */ (error).name === 'AbortError') throw error
      found[name] ??= []
    }
  }
  await Promise.all(/** @type {Array<keyof typeof paths>} */ (Object.keys(paths)).map(load))
  const heading = html`<h1 class="unseen" tabindex="-1">${t('home')}</h1>`
  const isEmpty = () => found.added.length === 0
  const wasEmpty = isEmpty()

  const cards = (/** @type {any[]} */ all) => all.map(album => albumCard(app, album))
  const played = () => albumsOf(found.heard.map(play => play.track), most)
  const quick = livePart(found.heard.length > 0, hasPlays => quickRow(app, hasPlays))
  const shelves = [
    { of: played, part: livePart(played(), all => shelf(t('home.played'), cards(all), { href: '/history' })) },
    { of: () => found.added, part: livePart(found.added, all => shelf(t('home.added'), cards(all), { href: '/albums?sort=-added' })) },
    { of: () => [found.albums, found.artists], part: livePart([found.albums, found.artists], ([albums, artists]) =>
      shelf(t('home.favourites'), [...cards(albums), ...artists.map(artistCard)])) },
    { of: () => found.playlists, part: livePart(found.playlists, all =>
      shelf(t('nav.playlists'), all.map((/** @type {any} */ one) => playlistCard(app, one)), { href: '/playlists' })) },
    { of: () => found.random, part: livePart(found.random, all => shelf(t('home.random'), cards(all))) },
  ]
  for (const [kind, names] of Object.entries(concerned)) {
    app.changes.on([kind], async () => {
      await Promise.all(names.map(load))
      if (isEmpty() !== wasEmpty) return app.router.again()
      quick.update(found.heard.length > 0)
      for (const { of, part } of shelves) part.update(of())
    }, signal)
  }
  if (wasEmpty) return { title: t('home'), node: html`${heading}${empty()}` }
  // The offer comes last: nothing is below it that could move when it comes or goes.
  const [forYou, days, offers] = [html`<div class="for-you"></div>`, html`<div></div>`, html`<div></div>`]
  forYou.style.setProperty('min-height', `${room()}px`)
  // After the view: it waits for neither.
  setTimeout(() => Promise.all([import('/views/home-taste.js'), app.moreStyles()]).then(([{ fill }]) => fill(app, { forYou, days, offers }, signal)).catch(() => {}))
  const [first, ...rest] = shelves.map(one => one.part.node)
  return { title: t('home'), node: html`${heading}${quick.node}${first}${forYou}${rest}${days}${offers}` }
}

/** Pixels that the row of suggestions had on the last visit: with room for it nothing moves when it comes. */
function room() {
  try {
    return Number(localStorage.getItem('sweetspot.foryou')) || 0
  } catch {
    return 0
  }
}

/** Ways to hear something at once. @param {any} app @param {boolean} hasPlays */
function quickRow(app, hasPlays) {
  const words = (/** @type {string} */ key) => html`<span><strong>${t(`home.${key}`)}</strong><span class="small">${t(`home.${key}.text`)}</span></span>`
  const mixed = (/** @type {any} */ query) => () => app.playList('/api/v1/tracks', query, true)
  return html`<div class="quick">
    <button class="quick-card" @click=${mixed({ sort: 'random', limit: 200 })}>${icon('shuffle')}${words('shuffle')}</button>
    <button class="quick-card" @click=${mixed({ favourite: true, limit: 500 })}>${icon('heartFull')}${words('liked')}</button>
    ${hasPlays && html`<a class="quick-card" href="/tracks?sort=-plays">${icon('star')}${words('most')}</a>`}</div>`
}

const empty = () => notice({ icon: 'tracks', title: t('home.empty'), text: t('home.empty.text') },
  html`<a class="button main" href="/uploads">${icon('upload')}${t('nav.upload')}</a>`)
