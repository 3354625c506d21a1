import test from 'node:test'
import assert from 'node:assert/strict'
import { createFetcher } from '/player/fetcher.js'
import { fakeServer } from '../fakes/server.mjs'

const url = '/hls/a/opus-96/0.m4s?gapless&v=opus-96-'
function made(changes = {}) {
  const server = fakeServer({ a: { samples: 48000 * 60 } })
  return { server, fetcher: createFetcher({ fetch: server.fetch, clock: () => server.clock, now: () => 5000, session: 's', ...changes }) }
}

test('the network is measured by what comes', async () => {
  const { server, fetcher } = made()
  assert.equal(fetcher.throughput, null)
  server.kbit = 800
  await fetcher.bytes(url)
  assert.ok(Math.abs(fetcher.throughput - 800) < 1)
})

test('a broken download goes on where it ended, and counts once', async () => {
  const { server, fetcher } = made()
  server.breakAfter = 20_000
  await assert.rejects(fetcher.bytes(url), { name: 'Problem', status: 0, slug: 'network' })
  const { bytes, loaded } = await fetcher.bytes(url)
  const whole = new Uint8Array(await (await server.fetch(url)).arrayBuffer())
  assert.deepEqual(bytes, whole)
  assert.equal(loaded, whole.length - 20_000)
  assert.equal(server.headers[1].range, 'bytes=20000-')
  assert.equal(server.headers[1]['if-range'], '"opus-96--0.m4s"')
})

test('a server that sends the whole instead is taken at its word', async () => {
  const { server, fetcher } = made()
  server.breakAfter = 20_000
  await assert.rejects(fetcher.bytes(url))
  const plain = server.fetch
  const other = createFetcher({ fetch: (address, init) => plain(address, { ...init, headers: {} }), clock: () => server.clock, session: 's' })
  server.breakAfter = 20_000
  await assert.rejects(other.bytes(url))
  const { bytes } = await other.bytes(url)
  assert.deepEqual(bytes, new Uint8Array(await (await plain(url)).arrayBuffer()))
})

test('another part than was asked for is not put together', async () => {
  const { server, fetcher } = made()
  server.breakAfter = 20_000
  await assert.rejects(fetcher.bytes(url))
  server.instead = () => new Response(new Uint8Array(10), { status: 206, headers: { 'Content-Range': 'bytes 0-9/100' } })
  await assert.rejects(fetcher.bytes(url), { slug: 'network' })
  server.instead = () => null
  assert.equal((await fetcher.bytes(url)).bytes.length, (await (await server.fetch(url)).arrayBuffer()).byteLength)
  assert.equal(server.headers.at(-2).range, undefined)
})

test('a download that says it is longer has ended early', async () => {
  const { server, fetcher } = made()
  server.instead = () => new Response(new Uint8Array(10), { headers: { 'Content-Length': '100' } })
  await assert.rejects(fetcher.bytes(url), { slug: 'network' })
})

test('an abort is an abort, before and during', async () => {
  const { fetcher } = made()
  const stop = new AbortController()
  stop.abort()
  await assert.rejects(fetcher.bytes(url, { signal: stop.signal }), { name: 'AbortError' })
  await assert.rejects(fetcher.bytes(url, { abandons: ({ received }) => received > 20_000 }), { name: 'AbortError' })
})

test('problems keep their meaning, and a 401 is told', async () => {
  let signedOut = 0
  const { server, fetcher } = made({ onSignedOut: () => { signedOut += 1 } })
  server.instead = () => new Response('{"type":"/problems/unauthorised","status":401,"detail":"no"}', { status: 401, headers: { 'Content-Type': 'application/problem+json' } })
  await assert.rejects(fetcher.bytes(url), { status: 401, slug: 'unauthorised', detail: 'no' })
  assert.equal(signedOut, 1)
})

test('a copy on the device needs no network; a fallback only stands in for it', async () => {
  const { server, fetcher } = made({
    stored: async address => address.includes('/0.m4s') ? new Response('stored') : undefined, fallback: async () => new Response('{"from":"device"}'),
  })
  assert.deepEqual(await fetcher.bytes(url), { bytes: new TextEncoder().encode('stored'), loaded: 0 })
  assert.equal(server.log.length, 0)
  assert.equal((await fetcher.json('/api/v1/tracks/a')).id, 'a')
  server.isGone = true
  assert.deepEqual(await fetcher.json('/api/v1/tracks/a'), { from: 'device' })
  server.isGone = false
  await assert.rejects(fetcher.json('/api/v1/tracks/none'), { status: 404 })
})

test('a download of which nothing comes any more has failed, and goes on where it ended', async () => {
  const guards = new Set()
  const { server, fetcher } = made({ later: (ms, fn) => {
    const guard = { ms, fn }
    guards.add(guard)
    return () => guards.delete(guard)
  } })
  server.hangAfter = 20_000
  const hung = fetcher.bytes(url)
  hung.catch(() => {})
  await new Promise(resolve => setTimeout(resolve, 20))
  assert.deepEqual([...guards].map(guard => guard.ms), [8000])
  server.clock += 8000
  for (const guard of guards) guard.fn()
  await assert.rejects(hung, { name: 'Problem', status: 0, slug: 'network' })
  assert.equal(fetcher.throughput, null, 'silence is no speed')
  const { bytes } = await fetcher.bytes(url)
  assert.deepEqual(bytes, new Uint8Array(await (await server.fetch(url)).arrayBuffer()))
  assert.equal(server.headers[1].range, 'bytes=20000-')
  assert.equal(guards.size, 0, 'no timer once nothing is under way')
})

test('on another network only what was silent for a moment is asked for again', async () => {
  const { server, fetcher } = made({ later: () => () => {} })
  server.isHung = true
  const hung = [fetcher.bytes(url), fetcher.json('/api/v1/tracks/a')]
  for (const one of hung) one.catch(() => {})
  await new Promise(resolve => setImmediate(resolve))
  fetcher.hurry()
  server.clock += 2000
  const young = fetcher.refusal(url)
  fetcher.hurry()
  for (const one of hung) await assert.rejects(one, { name: 'AbortError' })
  assert.equal(await Promise.race([young, new Promise(resolve => setImmediate(resolve, 'waits'))]), 'waits')
})

test('what came with a copy is read before the network, if it is good enough', async () => {
  const { server, fetcher } = made({ fallback: async () => new Response('{"from":"device"}'), later: () => () => {} })
  server.isHung = true
  assert.deepEqual(await fetcher.json('/api/v1/albums/b', { isCopyFirst: true }), { from: 'device' })
})
