// @ts-check
/** Wires the player: state, server, sound, views. */
import { createStore, initial, reduce } from '/core/reducer.js'
import { createClient } from '/api/client.js'
import { createRouter } from '/lib/router.js'
import { t, language, moreWords } from '/text/text.js'
import { applyLook, explained, isUnknown, renewPage, signIn, signOut } from '/elements/browser.js'
import { createContext, lazySound } from '/elements/context.js'
import { shell } from '/elements/shell.js'
import { liveRegion, problemNotice, waiting } from '/elements/notice.js'
import { moreStyles, routes } from '/begin.js'

applyLook()
document.documentElement.lang = language
const store = createStore(reduce, initial)
const client = createClient()
const app = createContext({ store, client, live: liveRegion() })
const [guest] = location.pathname.startsWith('/share/') ? await Promise.all([import('/elements/guest.js'), moreStyles()]) : [null]
app.player = lazySound(app, guest?.makeSound)
const page = guest ? guest.frame(app) : shell(app)

let isFirst = true
let isStarted = false

/** @param {import('/lib/router.js').Place} place @param {AbortSignal} signal */
async function show(place, signal) {
  page.mark(place.path)
  const slow = setTimeout(() => { if (!signal.aborted) page.main.replaceChildren(waiting()) }, isFirst ? 0 : 150)
  try {
    const [{ show: view }] = await Promise.all([place.load(), ...place.name === 'home' ? [] : [moreWords(), moreStyles()]])
    const { title, node, bare = false, focus } = await view(app, place, signal)
    if (signal.aborted) return
    page.bare(bare)
    document.title = title === t('home') ? 'sweetspot' : `${title} · sweetspot`
    page.main.className = `view view-${place.name}`
    page.main.replaceChildren(node)
    performance.mark('view')
    const heading = page.main.querySelector('h1')
    if (focus) focus.focus({ preventScroll: true })
    else if (!isFirst) heading?.focus({ preventScroll: true })
  } catch (thrown) {
    const error = await explained(thrown)
    if (signal.aborted) return
    if (error.slug === 'outdated' && !app.wants() && renewPage()) return
    page.main.replaceChildren(problemNotice(error, () => app.router.again()))
    document.title = `${t('problem.title')} · sweetspot`
  } finally {
    clearTimeout(slow)
    isFirst = false
  }
}

app.router = createRouter({ routes: guest?.routes ?? routes, show, other: () => import('/views/nowhere.js') })
app.countUploads = page.countUploads
app.moreStyles = moreStyles
app.nothing = () => t('nothing.toPlay')
app.playlistsChanged = async () => {
  const found = await client.get('/api/v1/playlists?limit=40').catch(() => null)
  if (found) page.showPlaylists(found.items)
}
app.signedIn = () => signIn(app)
/** What was asked of who is no longer there. */
const closeDialogs = () => { for (const dialog of document.querySelectorAll('dialog')) dialog.close('') }
app.signedOut = () => {
  closeDialogs()
  signOut(app)
  app.router.go('/login')
}
client.on('signed-out', () => {
  if (guest || location.pathname === '/login' || location.pathname === '/setup') return
  closeDialogs()
  store.dispatch({ type: 'session/out' })
  const login = `/login?to=${encodeURIComponent(location.pathname + location.search + location.hash)}`
  // Before the first view the address changes, and nothing of the view is asked for.
  if (isStarted) app.router.go(login)
  else history.replaceState(null, '', login)
})
const isOutside = guest || location.pathname === '/setup' || location.pathname === '/login'
// Where nobody is known to be signed in, one question comes before those of the view.
const asked = isOutside ? null : app.signedIn()
if (isUnknown()) await asked
isStarted = true
await app.router.start()
// What fails is asked for again where it is awaited.
const coming = [guest ?? import('/elements/late.js'), moreWords(), app.player.load()]
for (const part of coming.slice(1)) part.catch(() => {})
// By imports alone the player's modules would come one round trip after the other.
const { imports } = JSON.parse(document.querySelector('script[type=importmap]')?.textContent ?? '{"imports":{}}')
const about = { rel: 'modulepreload', fetchPriority: 'low' }
for (const [name, href] of Object.entries(imports)) {
  if (/^\/(core|player|state)\//.test(name)) document.head.append(Object.assign(document.createElement('link'), { ...about, href }))
}
const { addTheRest } = await coming[0]
await addTheRest(app, page)
