// @ts-check
/** The views by their paths. The first one is asked for, its words and its styles, while that which shows them is on its way. */
import { match } from '/lib/router.js'

const home = () => import('/views/home.js')
/** @type {Array<[string, () => Promise<any>]>} */
export const routes = [
  ['/', home], ['/albums', () => import('/views/albums.js')], ['/album/:id', () => import('/views/album.js')],
  ['/artists', () => import('/views/artists.js')], ['/artist/:id', () => import('/views/artist.js')],
  ['/tracks', () => import('/views/tracks.js')], ['/track/:id', () => import('/views/track.js')],
  ['/genres', () => import('/views/genres.js')], ['/genre', () => import('/views/genre.js')], ['/search', () => import('/views/search.js')],
  ['/playlists', () => import('/views/playlists.js')], ['/playlist/:id', () => import('/views/playlist.js')],
  ['/smart', () => import('/views/rules.js')], ['/smart/:id', () => import('/views/rules.js')],
  ['/history', () => import('/views/history.js')], ['/deleted', () => import('/views/deleted.js')], ['/device', () => import('/views/device.js')],
  ['/library', () => import('/views/library.js')], ['/queue', () => import('/views/queue.js')],
  ['/playing', () => import('/views/playing.js')], ['/uploads', () => import('/views/uploads.js')], ['/account', () => import('/views/account.js')],
  ['/scrobbling', () => import('/views/scrobbling.js')], ['/taste', () => import('/views/taste.js')], ['/year', () => import('/views/year.js')], ['/year/:year', () => import('/views/year.js')],
  ['/settings', () => import('/views/settings.js')], ['/login', () => import('/views/login.js')], ['/setup', () => import('/views/setup.js')],
]

/** @type {Promise<unknown> | null} */
let coming = null

/** @param {HTMLLinkElement} link @returns {Promise<void>} */
const enabled = link => new Promise(done => {
  link.addEventListener('load', () => done(), { once: true })
  // Without its styles a view can still be read; the next one asks for them again.
  link.addEventListener('error', () => {
    link.disabled = true
    coming = null
    done()
  }, { once: true })
  link.disabled = false
})

/** The styles that the first view does not need. They are there once this resolves. */
export const moreStyles = () => coming ??= Promise.all([.../** @type {NodeListOf<HTMLLinkElement>} */ (document.querySelectorAll('link[disabled]'))].map(enabled))

const first = match(routes, location.pathname)
first?.load().catch(() => {})
if (first?.name !== 'home') moreStyles()
import('/text/text.js').catch(() => {})
