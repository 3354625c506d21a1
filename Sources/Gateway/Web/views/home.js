// @ts-check
/** The first view: what is new, what was heard, what is liked. */
import { html } from '/lib/html.js'
import { icon } from '/icons/icons.js'
import { t } from '/text/text.js'
import { albumCard, playlistCard, artistCard, shelf } from '/elements/album-card.js'
import { notice } from '/elements/notice.js'

/** @param {any} app @param {import('/lib/router.js').Place} place @param {AbortSignal} signal */
export async function show(app, place, signal) {
  // A shelf that fails is left out; only if the first one fails is there nothing to show.
  const list = (/** @type {string} */ path) => app.client.get(path, { signal }).then((/** @type {any} */ page) => page.items)
  const quiet = (/** @type {string} */ path) => list(path).catch((/** @type {any} */ error) => {
    if (error.name === 'AbortError') throw error
    return []
  })
  const [added, latest, heard, random, albums, artists, playlists] = await Promise.all([
    list('/api/v1/albums?sort=-added&limit=24'), quiet('/api/v1/albums?sort=-played&limit=24'),
    quiet('/api/v1/history?limit=500&fields=albumId'), quiet('/api/v1/albums?sort=random&limit=24'),
    quiet('/api/v1/albums?favourite=true&limit=24'), quiet('/api/v1/artists?favourite=true&limit=24'), quiet('/api/v1/playlists?limit=24'),
  ])
  // Behind the albums that were played come those that never were.
  const known = new Set(heard.map((/** @type {any} */ play) => play.track.albumId))
  const played = latest.filter((/** @type {any} */ album) => known.has(album.id))
  const cards = (/** @type {any[]} */ all) => all.map(album => albumCard(app, album))
  if (!added.length) return { title: t('home'), node: html`<h1 class="unseen" tabindex="-1">${t('home')}</h1>${empty()}` }
  return {
    title: t('home'),
    node: html`<h1 class="unseen" tabindex="-1">${t('home')}</h1>
      ${quickRow(app)}
      ${shelf(t('home.played'), cards(played), { href: '/history' })}
      ${shelf(t('home.added'), cards(added), { href: '/albums?sort=-added' })}
      ${shelf(t('home.favourites'), [...cards(albums), ...artists.map(artistCard)])}
      ${shelf(t('nav.playlists'), playlists.map((/** @type {any} */ one) => playlistCard(app, one)), { href: '/playlists' })}
      ${shelf(t('home.random'), cards(random))}`,
  }
}

/** Ways to hear something at once. @param {any} app */
function quickRow(app) {
  const words = (/** @type {string} */ key) => html`<span><strong>${t(`home.${key}`)}</strong><span class="small">${t(`home.${key}.text`)}</span></span>`
  const mixed = (/** @type {any} */ query) => () => app.playList('/api/v1/tracks', query, true)
  return html`<div class="quick">
    <button class="quick-card" @click=${mixed({ sort: 'random', limit: 200 })}>${icon('shuffle')}${words('shuffle')}</button>
    <button class="quick-card" @click=${mixed({ favourite: true, limit: 500 })}>${icon('heartFull')}${words('liked')}</button>
    <a class="quick-card" href="/tracks?sort=-plays">${icon('star')}${words('most')}</a></div>`
}

const empty = () => notice({ icon: 'tracks', title: t('home.empty'), text: t('home.empty.text') },
  html`<a class="button main" href="/uploads">${icon('upload')}${t('nav.upload')}</a>`)
