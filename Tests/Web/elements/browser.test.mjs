import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { failureOf } from '/text/text.js'
import { explained, signIn, signOut } from '/elements/browser.js'

const kept = new Map()
globalThis.localStorage = { getItem: key => kept.get(key) ?? null, setItem: (key, value) => { kept.set(key, value) }, removeItem: key => { kept.delete(key) } }
globalThis.document = { documentElement: { dataset: {} } }
globalThis.navigator ??= {}
const told = []
globalThis.navigator.serviceWorker = { controller: { postMessage: ({ type }) => told.push(type) } }
const deleted = []
globalThis.caches = { delete: async name => deleted.push(name) }
beforeEach(() => { kept.clear(); told.length = 0 })

/** A page on which this person is signed in. */
function page(name) {
  const log = []
  const app = {
    client: { get: async () => ({ name, quota: null, bytes: 0 }) }, store: { dispatch: ({ type, session }) => log.push(`${type} ${session?.name ?? ''}`.trim()) },
    player: { load: async () => { app.forgetQueue = async () => { log.push('forget') } } }, playlistsChanged() {},
  }
  return { app, log }
}

test('what another person has left here is forgotten before this one is shown anything', async () => {
  await signIn(page('ann').app)
  const { app, log } = page('bob')
  await signIn(app)
  assert.deepEqual([log, told], [['forget', 'session/in bob'], ['forget']])
})

test('lists and covers go with the listener, worker or not', async () => {
  await signIn(page('ann').app)
  const { serviceWorker } = navigator
  navigator.serviceWorker = {}
  signOut(page('ann').app)
  navigator.serviceWorker = serviceWorker
  assert.deepEqual(deleted.slice(-3), ['sweetspot-lists', 'sweetspot-places', 'sweetspot-art'])
})

test('a part of the player that does not come is the network’s, or another version’s', async () => {
  const map = '{"imports":{"/a.js":"/web/a.1.js"}}'
  document.querySelector = () => ({ textContent: map })
  const missing = new TypeError('Failed to fetch dynamically imported module: http://x/web/a.1.js')
  const slugOf = async answer => {
    globalThis.fetch = async () => answer()
    return failureOf(await explained(missing)).slug
  }
  const html = imports => () => new Response(`<!doctype html><script type="importmap">${imports}</script>`)
  assert.equal(await slugOf(html(map)), 'network')
  assert.equal(await slugOf(html(map.replace('.1.', '.2.'))), 'outdated')
  assert.equal(await slugOf(() => new Response('<h1>log in to this network</h1>')), 'network')
  assert.equal(await slugOf(() => { throw new TypeError('Failed to fetch') }), 'network')
  const other = new TypeError('x is undefined')
  assert.equal(await explained(other), other)
})

test('the same person finds what was left here', async () => {
  await signIn(page('ann').app)
  const { app, log } = page('ann')
  await signIn(app)
  assert.deepEqual([log, told], [['session/in ann'], []])
  signOut(app)
  assert.deepEqual([log.at(-1), told], ['session/out', ['forget']])
})
