import test from 'node:test'
import assert from 'node:assert/strict'
import { createOffline } from '/player/offline.js'
import { memoryDatabase } from '/lib/database.js'
import { fakeCaches } from '../fakes/caches.mjs'
import { fakeServer } from '../fakes/server.mjs'
import { assertSeamless, listener, settle } from '../fakes/listener.mjs'

function made(tracks = { a: { samples: 48000 * 20 + 7 }, b: { samples: 48000 * 8 } }, how = {}) {
  const server = fakeServer(tracks)
  const caches = fakeCaches()
  const database = memoryDatabase()
  const page = new EventTarget()
  const asked = { persist: 0 }
  server.instead = path => {
    if (path.endsWith('/waveform')) return new Response('{"peaks":[]}', { headers: { ETag: '"w"' } })
    if (path.endsWith('/lyrics')) return new Response('{}', { status: 404, headers: { 'Content-Type': 'application/problem+json' } })
    if (path.startsWith('/art/')) return new Response('picture')
    return null
  }
  // A question that the listener leaves unanswered.
  const persist = () => { asked.persist += 1; return new Promise(() => {}) }
  const later = []
  const guards = new Set()
  const wait = (ms, fn) => {
    const guard = { ms, fn }
    guards.add(guard)
    return () => guards.delete(guard)
  }
  const make = () => createOffline({ database, caches, fetch: server.fetch, storage: { persist }, later: (ms, fn) => later.push({ ms, fn }), wait, page, now: () => 1, ...how })
  return { server, caches, database, page, offline: make(), again: make, asked, later, guards }
}
const track = { id: 'a', albumId: 'l', art: '/art/a?v=1', title: 'A' }

test('the size is known before, to the byte', async () => {
  const { offline, server, caches } = made()
  const { bytes, isExact } = await offline.size([track, { id: 'b' }], 'opus-64')
  assert.equal(isExact, true)
  assert.equal(caches.files.size, 0)
  await offline.pin([track, { id: 'b' }], 'opus-64')
  const weigh = async part => {
    const files = [...caches.files].filter(([url]) => part.test(url))
    return (await Promise.all(files.map(async ([, response]) => (await response.clone().arrayBuffer()).byteLength))).reduce((a, b) => a + b)
  }
  assert.equal(bytes, await weigh(/\.m4s|init\.mp4/))
  assert.equal(offline.state('a').received + offline.state('b').received, bytes)
  assert.equal(offline.weight(), await weigh(/./))
  const asked = server.log.length
  assert.deepEqual(await offline.size([track, { id: 'b' }], 'opus-64'), { bytes, isExact: true })
  assert.equal(server.log.length, asked)
  assert.ok(server.log.length > 10)
})

test('a copy has sound, description, cover and waveform; lyrics may be missing', async () => {
  const { offline, caches, asked } = made()
  const changes = []
  offline.on('change', change => changes.push(change))
  assert.equal(offline.renditionOf('a'), null)
  await offline.pin([track], 'opus-64')
  assert.equal(offline.renditionOf('a'), 'opus-64')
  assert.deepEqual(changes.map(change => change.isWhole), [...changes.slice(1).map(() => false), true])
  for (const part of ['gapless.json', 'init.mp4', '/3.m4s', '/waveform', '/art/a?v=1&size=320', '/api/v1/albums/l', '/api/v1/tracks/a?']) {
    assert.ok([...caches.files.keys()].some(url => url.includes(part)), part)
  }
  assert.equal(asked.persist, 1)
})

test('a copy that was interrupted goes on after a reload, without a file twice', async () => {
  const { offline, server, page, again } = made()
  const problems = []
  offline.on('problem', problem => problems.push(problem))
  const { instead } = server
  server.instead = path => {
    if (path.endsWith('/2.m4s')) throw new TypeError('Failed to fetch')
    return instead(path)
  }
  await offline.pin([track], 'opus-64')
  assert.deepEqual(problems.map(one => one.problem.slug), ['network'])
  assert.equal(offline.renditionOf('a'), null)
  offline.stop()
  server.instead = instead
  const other = again()
  await other.open()
  assert.equal(other.state('a')?.isWhole, false)
  page.dispatchEvent(new Event('online'))
  await settle(10)
  assert.equal(other.state('a')?.isWhole, true)
  // Of 0 and 3 the length was asked before, 2 had failed.
  const loads = server.segments().filter(name => !/[023]$/.test(name))
  assert.equal(new Set(loads).size, loads.length)
})

test('a damaged file is found and loaded again', async () => {
  const { offline, caches } = made()
  await offline.pin([track], 'opus-64')
  assert.equal(await offline.verify('a'), true)
  const url = [...caches.files.keys()].find(one => one.includes('/1.m4s'))
  const whole = (await caches.files.get(url).clone().arrayBuffer()).byteLength
  caches.files.set(url, new Response('short', { headers: { ETag: '"opus-64--1.m4s"' } }))
  assert.equal(await offline.verify('a'), true)
  assert.equal((await caches.files.get(url).clone().arrayBuffer()).byteLength, whole)
  caches.files.set(url, new Response(new Uint8Array(whole), { headers: { ETag: '"other"' } }))
  assert.equal(await offline.verify('a'), true)
  assert.equal(caches.files.get(url).headers.get('ETag'), '"opus-64--1.m4s"')
})

test('a copy whose files do not stay is not whole, and they are loaded once more', async () => {
  const { offline, caches, server } = made()
  let copies = 0
  const { put } = await caches.open()
  caches.open = async () => ({ match: async url => caches.files.get(url)?.clone(), put: async (url, response) => {
    await put(url, url.includes('/1.m4s') && ++copies < 2 ? new Response('short', { headers: response.headers }) : response)
  } })
  await offline.pin([track], 'opus-64')
  assert.equal(offline.renditionOf('a'), 'opus-64')
  assert.equal(server.segments().filter(name => name.endsWith(' 1') || name.endsWith('/1')).length, 2)
})

test('a noted file that the browser has thrown away is noticed when it is asked for', async () => {
  const { offline, caches } = made()
  await offline.pin([track], 'opus-64')
  const url = [...caches.files.keys()].find(one => one.includes('/1.m4s'))
  caches.files.delete(url)
  assert.equal(await offline.stored(url), undefined)
  await settle(10)
  assert.ok(caches.files.has(url))
  caches.files.delete(url)
  assert.equal(await offline.verify('a', { isQuick: true }), true)
  assert.ok(caches.files.has(url))
})

test('a full device ends the copying, of this track and of the next, and says so once', async () => {
  const { offline, caches, page } = made()
  const problems = []
  offline.on('problem', ({ problem }) => problems.push(problem.slug))
  const whole = await caches.open()
  caches.open = async () => ({ ...whole, put: async (url, response) => {
    if (url.includes('/2.m4s')) throw new DOMException('full', 'QuotaExceededError')
    return whole.put(url, response)
  } })
  await offline.pin([track, { id: 'b' }], 'opus-64')
  assert.deepEqual(problems, ['device-full'])
  assert.deepEqual([offline.state('a').isWhole, offline.state('b').received], [false, 0])
  page.dispatchEvent(new Event('online'))
  await settle(6)
  assert.deepEqual(problems, ['device-full', 'device-full'])
})

test('a damaged copy is not whole as long as the server is gone', async () => {
  const { offline, caches, server, again } = made()
  await offline.pin([track], 'opus-64')
  caches.files.set([...caches.files.keys()].find(one => one.includes('/1.m4s')), new Response('short'))
  server.isGone = true
  assert.equal(await offline.verify('a'), false)
  assert.equal(offline.renditionOf('a'), null)
  const other = again()
  await other.open()
  assert.equal(other.renditionOf('a'), null)
})

test('a file that comes short is not kept', async () => {
  const { offline, server, caches } = made()
  const { instead } = server
  server.instead = path => path.endsWith('/0.m4s') ? new Response(new Uint8Array(5), { headers: { 'Content-Length': '48152', ETag: '"x"' } }) : instead(path)
  await offline.pin([track], 'opus-64')
  assert.equal(offline.state('a')?.isWhole, false)
  assert.ok(![...caches.files.keys()].some(url => url.includes('/0.m4s')))
})

test('to let go of a copy frees what no other needs', async () => {
  const { offline, caches, database } = made()
  await offline.pin([track, { id: 'b', albumId: 'l' }], 'opus-64')
  await offline.unpin(['a'])
  const left = [...caches.files.keys()]
  assert.ok(!left.some(url => url.includes('/a/') || url.includes('/art/a')))
  assert.ok(left.includes('/api/v1/albums/l'))
  assert.equal((await database.all('pins')).length, 1)
  await offline.unpin(['b'])
  assert.deepEqual([...caches.files.keys()], [])
})

test('without a cache nothing is possible, and nothing throws', async () => {
  const offline = createOffline({ database: memoryDatabase(), caches: null, storage: null, page: new EventTarget() })
  assert.equal(offline.isPossible, false)
  await offline.open()
  assert.equal(await offline.stored('/hls/a/opus-64/0.m4s'), undefined)
  assert.equal(await offline.verify('a'), false)
})

test('a copy plays with the server gone, to its end', async () => {
  const tracks = { a: { samples: 48000 * 20 + 7 } }
  const { offline } = made(tracks)
  await offline.pin([track], 'opus-64')
  const { engine, server, play, heard, audio } = listener(tracks, { policy: { isOffline: true, pinned: offline.renditionOf }, device: offline })
  server.isGone = true
  engine.start({ id: 'a' })
  await settle(6)
  await play(30)
  assert.ok(audio.ended)
  assertSeamless(heard, server)
  assert.ok(Math.abs(heard.at(-1).to - (tracks.a.samples + 0.1) / 48000) < 1e-9)
})

test('a copy that the server refuses for the moment goes on when the server wants to be asked again', async () => {
  const { offline, server, later } = made()
  const { instead } = server
  server.instead = path => path.endsWith('/2.m4s')
    ? new Response('{"type":"/problems/too-many-streams"}', { status: 429, headers: { 'Content-Type': 'application/problem+json', 'Retry-After': '7' } })
    : instead(path)
  await offline.pin([track, { id: 'b' }], 'opus-64')
  assert.equal(offline.renditionOf('a'), null)
  assert.equal(later.length, 1)
  // What is refused for the moment is not asked for of the next track.
  assert.equal(offline.renditionOf('b'), null)
  assert.ok(later[0].ms >= 7000 && later[0].ms < 9000, String(later[0].ms))
  server.instead = instead
  later[0].fn()
  await settle(10)
  assert.equal(offline.renditionOf('a'), 'opus-64')
  assert.equal(later.length, 1)
})

test('in another quality the files of the one before go, once the new ones are whole', async () => {
  const { offline, caches, server } = made()
  await offline.pin([track], 'opus-64')
  const { instead } = server
  server.instead = path => {
    if (path.endsWith('opus-96/2.m4s')) throw new TypeError('Failed to fetch')
    return instead(path)
  }
  await offline.pin([track], 'opus-96')
  const of = rendition => [...caches.files.keys()].filter(url => url.includes(`/${rendition}/`)).length
  assert.deepEqual([offline.renditionOf('a'), of('opus-64')], [null, 6])
  server.instead = instead
  await offline.resume()
  assert.deepEqual([offline.renditionOf('a'), of('opus-64'), of('opus-96')], ['opus-96', 0, 6])
  await offline.pin([track], 'opus-64')
  await offline.unpin(['a'])
  assert.deepEqual([...caches.files.keys()], [])
})

test('sizes are asked for a few at a time, and no more once they are not wanted', async () => {
  const ids = Array.from({ length: 20 }, (_, i) => `t${i}`)
  const { offline, server } = made(Object.fromEntries(ids.map(id => [id, { samples: 48000 * 8 }])))
  let [open, most] = [0, 0]
  const stop = new AbortController()
  server.instead = async (path, { signal }) => {
    most = Math.max(most, ++open)
    await new Promise(resolve => setImmediate(resolve))
    open -= 1
    if (server.log.length > 20) stop.abort()
    signal?.throwIfAborted()
    return null
  }
  await assert.rejects(offline.size(ids.map(id => ({ id })), 'opus-64', stop.signal), { name: 'AbortError' })
  assert.ok(most > 1 && most <= 8 && server.log.length < 40, `${most} at once, ${server.log.length} in all`)
})

test('a copy on a network that hangs ends as one on a network that is gone, and goes on when that is back', async () => {
  const { offline, server, page, guards } = made()
  const problems = []
  offline.on('problem', ({ problem }) => problems.push(problem.slug))
  const { instead } = server
  server.instead = path => {
    if (path.endsWith('/2.m4s')) server.hangAfter = 1000
    return instead(path)
  }
  const copying = offline.pin([track], 'opus-64')
  await settle(20)
  assert.equal(guards.size, 1)
  server.instead = instead
  for (const { fn } of guards) fn()
  await copying
  assert.deepEqual([problems, offline.renditionOf('a'), guards.size], [['network'], null, 0])
  page.dispatchEvent(new Event('online'))
  await settle(10)
  assert.equal(offline.renditionOf('a'), 'opus-64')
})

test('without a Media Source a copy is one file, of which the size is known before', async () => {
  const { offline, server, caches, again } = made(undefined, { areWhole: true, ladders: ['opus'] })
  const { instead } = server
  server.instead = (path, init) => path.startsWith('/stream/') ? new Response(init.method === 'HEAD' ? null : new Uint8Array(7000), { headers: { 'Content-Length': '7000', ETag: '"s"' } }) : instead(path)
  assert.deepEqual(await offline.size([track], 'opus-64'), { bytes: 7000, isExact: true })
  await offline.pin([track], 'opus-64')
  assert.deepEqual([offline.renditionOf('a'), offline.state('a').received], ['opus-64', 7000])
  assert.deepEqual([...caches.files.keys()].filter(url => /hls|stream/.test(url)), ['/stream/a/opus-64'])
  caches.files.set('/stream/a/opus-64', new Response(new Uint8Array(7000), { headers: { ETag: '"other"' } }))
  server.isGone = true
  assert.equal(await offline.verify('a'), false)
  server.isGone = false
  assert.equal(await offline.verify('a'), true)
  const other = again()
  await other.open()
  assert.equal(other.renditionOf('a'), 'opus-64')
})

test('a copy in segments is none for a browser without a Media Source, and the other way round', async () => {
  const { offline, database } = made()
  await offline.pin([track], 'opus-64')
  const other = createOffline({ database, caches: fakeCaches(), storage: null, page: new EventTarget(), areWhole: true })
  await other.open()
  assert.deepEqual([offline.renditionOf('a'), other.renditionOf('a')], ['opus-64', null])
})
