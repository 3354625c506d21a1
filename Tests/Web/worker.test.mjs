import assert from 'node:assert/strict'
import { problemOf } from '/api/client.js'
import { before, beforeEach, test } from 'node:test'

const origin = 'http://x'
/** What the browser keeps, by the caches' names; a key is an address. @type {Map<string, Map<string, Response>>} */
const stores = new Map()
/** The pages that are open. */
let pages = [{ id: 'p' }]
const worker = Object.assign(new EventTarget(), { location: { href: `${origin}/worker.js`, origin }, skipWaiting() {}, clients: { claim() {}, matchAll: async () => pages } })
/** What the network answers. @type {(path: string) => Response} */
let network = () => new Response('')

const addressOf = request => new URL(request.url ?? request, origin)
function cacheOf(name) {
  const files = stores.get(name) ?? new Map()
  stores.set(name, files)
  const place = url => url.pathname + url.search
  return {
    async match(request, { ignoreSearch = false } = {}) {
      const url = addressOf(request)
      const key = ignoreSearch ? [...files.keys()].find(one => one.split('?')[0] === url.pathname) : place(url)
      return files.get(key)?.clone()
    },
    async put(request, response) { files.set(place(addressOf(request)), response) },
    async delete(request) { return files.delete(place(addressOf(request))) },
    async keys() { return [...files.keys()].map(key => ({ url: origin + key })) },
  }
}

before(async () => {
  Object.assign(globalThis, { self: worker, caches: { open: async name => cacheOf(name), delete: async name => stores.delete(name) }, fetch: async request => network(addressOf(request).pathname + addressOf(request).search) })
  await import('/worker.js')
})
beforeEach(() => stores.clear())

const settle = async () => { for (let i = 0; i < 6; i++) await new Promise(resolve => setImmediate(resolve)) }
/** What a page gets for a request; null if the worker leaves it to the browser. */
async function ask(path, mode = 'cors', headers = {}) {
  let answer = null
  const request = { url: origin + path, method: 'GET', mode, headers: new Headers(headers) }
  worker.dispatchEvent(Object.assign(new Event('fetch'), { request, respondWith: promise => { answer = promise } }))
  const response = await answer
  await settle()
  return response && { status: response.status, text: await response.text(), range: response.headers.get('Content-Range') ?? '' }
}
/** An answer as it comes from the same origin. */
const from = (text, { status = 200, type = 'text/html; charset=utf-8' } = {}) =>
  Object.defineProperty(new Response(text, { status, headers: { 'Content-Type': type } }), 'type', { value: 'basic' })
const gone = () => { throw new TypeError('Failed to fetch') }
const page = '<!doctype html><script type="importmap">{}</script>'

test('the page with the server gone is the player’s, whatever was shown in its place', async () => {
  network = () => from(page)
  await ask('/albums', 'navigate')
  for (const answer of [() => from('<h1>log in to this network</h1>'), () => from('{}', { type: 'application/json' }), () => from(page, { status: 404 })]) {
    network = answer
    await ask('/tracks', 'navigate')
  }
  network = gone
  assert.equal((await ask('/', 'navigate')).text, page)
})

test('pictures, streams and what programs ask for are not pages', async () => {
  network = () => from(page)
  for (const path of ['/art/a?size=96', '/metrics', '/healthz', '/readyz', '/setup', '/api/v1/openapi.json', '/stream/a/auto', '/hls/a/index.m3u8', '/dash/a/manifest.mpd', '/rest/ping']) {
    assert.equal(await ask(path, 'navigate'), null, path)
  }
})

test('a proxy without a server is a server that is gone; a server that is busy says so itself', async () => {
  network = path => path === '/' ? from(page) : from('[1]', { type: 'application/json' })
  await ask('/', 'navigate')
  await ask('/api/v1/albums')
  for (const status of [502, 503, 504]) {
    network = () => from('<h1>Bad Gateway</h1>', { status })
    assert.equal((await ask('/', 'navigate')).text, page)
    assert.equal((await ask('/api/v1/albums')).text, '[1]')
    assert.equal((await ask('/api/v1/genres')).status, status)
  }
  network = () => from('{}', { status: 503, type: 'application/problem+json' })
  assert.equal((await ask('/api/v1/albums')).status, 503)
})

test('with the server gone copies have their words, waveform and cover, in the nearest size', async () => {
  const pins = cacheOf('sweetspot-pins')
  await pins.put('/api/v1/tracks/a/lyrics', new Response('words'))
  await pins.put('/art/a?v=1&size=320', new Response('picture'))
  network = gone
  assert.equal((await ask('/api/v1/tracks/a/lyrics')).text, 'words')
  assert.equal((await ask('/art/a?v=1&size=480')).text, 'picture')
  await assert.rejects(ask('/art/b?size=96'))
  // What stood in for it is not kept as it.
  network = path => from(path, { type: 'image/jpeg' })
  assert.equal((await ask('/art/a?v=1&size=480')).text, '/art/a?v=1&size=480')
})

test('a network that hangs shows what is kept; without it the answer is waited for', async () => {
  const { setTimeout } = globalThis
  const waits = []
  globalThis.setTimeout = (fn, ms) => waits.push({ fn, ms })
  try {
    network = path => from(path, { type: 'application/json' })
    for (const path of ['/api/v1/albums', '/art/a?size=96']) await ask(path)
    network = () => new Promise(() => {})
    waits.length = 0
    const late = [ask('/api/v1/albums'), ask('/art/a?size=320'), ask('/api/v1/genres')]
    await settle()
    assert.deepEqual(waits.map(wait => wait.ms), [4000, 4000, 4000])
    for (const { fn } of waits) fn()
    assert.deepEqual([(await late[0]).text, (await late[1]).text], ['/api/v1/albums', '/art/a?size=96'])
    assert.equal(await Promise.race([late[2], settle().then(() => 'waits')]), 'waits')
  } finally {
    globalThis.setTimeout = setTimeout
  }
})

test('the files of an older version go with the last page that may ask for them', async () => {
  const shell = cacheOf('sweetspot-shell')
  network = path => from(path, { type: 'text/javascript' })
  const tell = async (...urls) => {
    worker.dispatchEvent(Object.assign(new Event('message'), { data: { type: 'shell', urls }, source: { id: 'p' }, waitUntil() {} }))
    await settle()
  }
  await tell('/web/a.1.js')
  pages = [{ id: 'p' }, { id: 'old' }]
  await tell('/web/a.2.js')
  assert.equal((await ask('/web/a.1.js')).text, '/web/a.1.js')
  network = gone
  assert.equal((await ask('/web/a.1.js')).text, '/web/a.1.js')
  pages = [{ id: 'p' }]
  await tell('/web/a.2.js')
  assert.equal(await shell.match('/web/a.1.js'), undefined)
  assert.equal((await ask('/web/a.2.js')).text, '/web/a.2.js')
})

test('a long scroll does not push out the pages of albums and playlists', async () => {
  network = path => from(path, { type: 'application/json' })
  const own = ['/api/v1/tracks?album=a&limit=200', '/api/v1/playlists/p/tracks?limit=500', '/api/v1/albums/a']
  for (const path of own) await ask(path)
  await ask('/api/v1/tracks?sort=title&at=200')
  assert.deepEqual([[...stores.get('sweetspot-lists').keys()], [...stores.get('sweetspot-places').keys()]], [['/api/v1/tracks?sort=title&at=200'], own])
  network = gone
  for (const path of own) assert.equal((await ask(path)).text, path)
})

test('what is about this moment, secret or large is asked of the server alone', async () => {
  network = path => from(path, { type: 'application/json' })
  for (const path of ['offers', 'plans', 'me', 'me/offers', 'recommendations', 'keys', 'app-passwords', 'sessions', 'events', 'queue', 'search?q=a']) {
    assert.equal(await ask(`/api/v1/${path}`), null, path)
  }
  assert.equal((await ask('/api/v1/playlists')).text, '/api/v1/playlists')
})

test('the worker and the page take the same answers for a server that is gone', async () => {
  network = () => from('[1]', { type: 'application/json' })
  await ask('/api/v1/albums')
  for (let status = 400; status < 600; status++) {
    network = () => from('<h1>no</h1>', { status })
    const isGone = (await problemOf(network(), 0)).slug === 'network'
    assert.equal((await ask('/api/v1/albums')).text === '[1]', isGone, String(status))
  }
})

test('an element gets the part of a copied file that it asks for, with the server gone; of what is no copy, the server’s', async () => {
  cacheOf('sweetspot-pins').put('/stream/a/opus-64', new Response('0123456789'))
  network = gone
  const part = async range => { const { status, text, range: of } = await ask('/stream/a/opus-64', 'no-cors', { Range: range }); return [status, text, of] }
  assert.deepEqual(await part('bytes=0-1'), [206, '01', 'bytes 0-1/10'])
  assert.deepEqual(await part('bytes=7-'), [206, '789', 'bytes 7-9/10'])
  assert.deepEqual(await part('bytes=8-99'), [206, '89', 'bytes 8-9/10'])
  assert.deepEqual(await part('bytes=10-'), [416, '', 'bytes */10'])
  assert.deepEqual(await ask('/stream/a/opus-64', 'no-cors'), { status: 200, text: '0123456789', range: '' })
  network = path => new Response(`of the server: ${path}`)
  assert.equal((await ask('/stream/b/opus-64', 'no-cors', { Range: 'bytes=0-' })).text, 'of the server: /stream/b/opus-64')
  for (const path of ['/stream/a/auto?ladder=opus', '/stream/a/original', '/hls/a/opus-64/0.m4s']) assert.equal(await ask(path, 'no-cors', { Range: 'bytes=0-' }), null)
})
