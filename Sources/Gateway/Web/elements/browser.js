// @ts-check
/**
 * What this browser keeps of its listener: the look and whether single keys act, and who is signed in, for when the server cannot be asked;
 * and whether its page is of the server's version.
 */

import { isMissingPart } from '/text/text.js'

const lookKey = 'sweetspot.look'
const sessionKey = 'sweetspot.session'
const renewedKey = 'sweetspot.renewed'

/** @returns {{theme: string, contrast: string, keys: string}} '' follows the system; `keys` is `off` or '' */
export function look() {
  try {
    const { theme, contrast, keys } = JSON.parse(localStorage.getItem(lookKey) ?? '{}')
    return { theme: ['light', 'dark'].includes(theme) ? theme : '', contrast: contrast === 'more' ? 'more' : '', keys: keys === 'off' ? 'off' : '' }
  } catch {
    return { theme: '', contrast: '', keys: '' }
  }
}

export function applyLook({ theme, contrast } = look()) {
  const root = document.documentElement
  for (const [name, value] of Object.entries({ theme, contrast })) {
    if (value) root.dataset[name] = value
    else delete root.dataset[name]
  }
}

/** @param {{theme?: string, contrast?: string, keys?: string}} change */
export function setLook(change) {
  const now = { ...look(), ...change }
  try {
    localStorage.setItem(lookKey, JSON.stringify(now))
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  applyLook(now)
}

/** Whether the server has another version of the page. */
async function isOutdated() {
  const own = document.querySelector('script[type=importmap]')?.textContent ?? ''
  const answer = await fetch('/', { cache: 'no-cache' })
  const text = answer.ok ? await answer.text() : ''
  return text.includes('<script type="importmap">') && !text.includes(own)
}

/** An error, or the reason for which a part of the player did not come: the server no longer has that of this page. @param {any} error */
export const explained = async error =>
  isMissingPart(error) && await isOutdated().catch(() => false) ? { status: 0, slug: 'outdated', detail: '' } : error

/** Loads the page of the new version, but not again and again. @returns {boolean} whether it does */
export function renewPage() {
  try {
    if (Date.now() - Number(sessionStorage.getItem(renewedKey)) < 60_000) return false
    sessionStorage.setItem(renewedKey, String(Date.now()))
  } catch {
    return false
  }
  location.reload()
  return true
}

const open = { name: null, open: true, quota: null, bytes: 0 }

/** Who was signed in here last; null after signing out. */
export function remembered() {
  try {
    const { name, open: isOpen } = JSON.parse(localStorage.getItem(sessionKey) ?? '{}')
    return typeof name === 'string' || isOpen === true ? { ...open, name: name ?? null, open: isOpen === true } : null
  } catch {
    return null
  }
}

/** Whether nobody can be signed in: the server says so, or nobody was in this browser. */
export const isUnknown = () => document.documentElement.dataset.mode !== 'open' && remembered() === null

/** @param {any} session */
function remember(session) {
  try {
    if (session) localStorage.setItem(sessionKey, JSON.stringify({ name: session.name, open: session.open }))
    else localStorage.removeItem(sessionKey)
  } catch {
    // Without storage the page asks each time.
  }
}

/** @param {any} client */
async function ask(client) {
  try {
    const { name, quota, bytes } = await client.get('/api/v1/me')
    return { name, open: false, quota, bytes }
  } catch (error) {
    const { status } = /** @type {any} */ (error)
    return status === 404 ? open : status === 401 ? null : remembered()
  }
}

/** @param {any} app */
export async function signIn(app) {
  const { client, store } = app
  // The server says on the page if it is open: then there is no account to ask for.
  const session = document.documentElement.dataset.mode === 'open' ? open : await ask(client)
  if (!session) return
  const before = remembered()
  // Somebody else: what the one before has left here is not theirs.
  if (before?.name && session.name && before.name !== session.name) {
    await app.player.load().catch(() => {})
    await forget(app)
  }
  remember(session)
  store.dispatch({ type: 'session/in', session })
  app.playlistsChanged()
  app.onSignedIn?.()
}

/** Forgets what was heard, copied, uploaded and seen here. @param {any} app */
async function forget(app) {
  navigator.serviceWorker?.controller?.postMessage({ type: 'forget' })
  // A page that was reloaded past the worker has none to tell.
  if (globalThis.caches) for (const name of ['sweetspot-lists', 'sweetspot-places', 'sweetspot-art']) caches.delete(name).catch(() => {})
  app.deskMade?.then((/** @type {any} */ desk) => desk.forget())
  await Promise.all([app.forgetQueue?.(), import('/transfer/kept.js').then(kept => kept.forgetAll()).catch(() => {})])
}

/** @param {any} app */
export function signOut(app) {
  remember(null)
  app.store.dispatch({ type: 'session/out' })
  forget(app)
}
