import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Problem } from '/api/client.js'
import { createShared } from '/api/shared.js'

const item = (id, more) => ({ id, ticket: `${id}-1`, title: id, album: 'L', duration: 10, artist: 'x', loudness: { integrated: -12, truePeak: -1 }, renditions: [], ...more })

/** A server with pages by cursor; `answer` may be replaced. */
function world(pages) {
  const asked = []
  const state = { now: 1e6, asked, answer: path => pages[new URL(path, 'http://x').searchParams.get('after') ?? ''] }
  const client = { async get(path) { asked.push(path); return state.answer(path) } }
  return Object.assign(state, { shared: createShared({ client, token: 'to/ken', now: () => state.now }) })
}
const two = () => world({ '': { name: 'N', by: 'anna', items: [item('a')], next: 'n 1' }, 'n 1': { items: [item('b')], next: null } })

test('the first page is shown before the rest has come', async () => {
  const { shared, asked } = two()
  const share = await shared.open()
  assert.deepEqual([share.name, share.by, shared.tracks.map(track => track.id)], ['N', 'anna', ['a']])
  let more = 0
  shared.on('more', () => { more += 1 })
  assert.deepEqual((await share.whole).map(track => track.id), ['a', 'b'])
  assert.equal(more, 1)
  assert.deepEqual(asked, ['/api/v1/shared/to%2Fken?limit=500', '/api/v1/shared/to%2Fken?limit=500&after=n%201'])
})

test('the engine gets documents of shared tracks, and of nothing else', async () => {
  const { shared } = two()
  await (await shared.open()).whole
  assert.equal((await (await shared.answer('/api/v1/tracks/a?fields=id')).json()).albumId, 'shared')
  assert.equal((await (await shared.answer('/api/v1/albums/shared')).json()).loudness.integrated.toFixed(3), '-12.000')
  assert.equal(await shared.answer('/api/v1/tracks/other'), null)
  assert.equal(await shared.answer('/hls/a/opus-96/gapless.json'), null)
})

test('tickets that are refused are asked for again, and not over and over', async () => {
  const state = two()
  await (await state.shared.open()).whole
  assert.equal(state.shared.address('/hls/b/x'), '/hls/b/x?ticket=b-1')
  state.answer = () => ({ items: [item('b', { ticket: 'b-2' })], next: null })
  const told = []
  for (const name of ['renewed', 'gone']) state.shared.on(name, () => told.push(name))
  const before = state.asked.length
  await Promise.all([state.shared.renew(), state.shared.renew()])
  await state.shared.renew()
  assert.deepEqual([told, state.asked.length - before], [['renewed'], 1])
  assert.equal(state.shared.address('/hls/b/x'), '/hls/b/x?ticket=b-2')
  state.now += 20_000
  await state.shared.renew()
  assert.equal(state.asked.length - before, 2)
})

test('a link that was revoked is gone, one that cannot be reached is not', async () => {
  const state = two()
  await state.shared.open()
  const told = []
  state.shared.on('gone', () => told.push('gone'))
  state.answer = () => { throw new Problem(0, 'network', '') }
  await state.shared.renew()
  assert.deepEqual(told, [])
  state.now += 20_000
  state.answer = () => { throw new Problem(404, 'not-found', '') }
  await state.shared.renew()
  assert.deepEqual(told, ['gone'])
})

test('an answer that cannot be read is a problem with that name', async () => {
  const { shared } = world({ '': { items: [{}] } })
  await assert.rejects(shared.open(), error => error.slug === 'unreadable')
})
