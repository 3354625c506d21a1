import test from 'node:test'
import assert from 'node:assert/strict'
import { initial, reduce } from '/core/reducer.js'

const run = (...actions) => actions.reduce(reduce, initial)
const play = { type: 'queue/play', tracks: [{ id: 'a', duration: 100 }, { id: 'b', duration: 200 }] }

test('what an action does not name stays the same object', () => {
  assert.equal(reduce(initial, { type: 'none' }), initial)
  assert.equal(reduce(initial, { type: 'constructor' }), initial)
  const state = run(play)
  assert.equal(state.session, initial.session)
  assert.equal(reduce(state, { type: 'queue/jump', key: 'none' }), state)
  assert.equal(reduce(state, { type: 'queue/track', track: { id: 'z', rating: 5 } }), state)
  assert.equal(reduce(state, { type: 'player/status', status: 'idle' }), state)
})

test('another current track does not inherit the time of the old one', () => {
  let state = run(play, { type: 'player/time', position: 50, duration: 100, buffered: 60 }, { type: 'player/rung', rung: { rendition: 'opus-96' } })
  state = reduce(state, { type: 'queue/jump', key: state.queue.items[1].key })
  assert.deepEqual([state.player.position, state.player.duration, state.player.rung], [0, 200, null])
  const same = reduce(reduce(state, { type: 'player/time', position: 5, duration: 200, buffered: 9 }), { type: 'queue/add', tracks: [{ id: 'c' }] })
  assert.equal(same.player.position, 5)
})

test('a rating shows in every item of the track, and nowhere else', () => {
  const state = run(play, { type: 'queue/add', tracks: [{ id: 'a', duration: 100 }] }, { type: 'queue/track', track: { id: 'a', rating: 4 } })
  assert.deepEqual(state.queue.items.map(item => item.track.rating), [4, undefined, 4])
  assert.equal(state.queue.items[0].track.duration, 100)
})

test('sound ends an error; a pause does not', () => {
  const failed = run({ type: 'player/error', error: { id: 'a', problem: { status: 0, slug: 'network', detail: '' }, retryAt: 5 } })
  assert.notEqual(reduce(failed, { type: 'player/status', status: 'paused' }).player.error, null)
  assert.equal(reduce(failed, { type: 'player/status', status: 'playing' }).player.error, null)
})

test('numbers stay in their bounds', () => {
  assert.equal(run({ type: 'player/volume', volume: 7 }).player.volume, 1)
  assert.equal(run({ type: 'player/speed', speed: 0 }).player.speed, 0.25)
})

test('who signs out leaves nothing of the session, and keeps the queue', () => {
  const state = run({ type: 'session/in', session: { name: 'ann', quota: 5, bytes: 3 } }, play)
  assert.equal(state.session.name, 'ann')
  const out = reduce(state, { type: 'session/out' })
  assert.deepEqual(out.session, { ...initial.session, known: true })
  assert.equal(out.queue, state.queue)
})

test('a queue of which only the ids were known gets its tracks, and loses those that the server does not have', () => {
  const items = ['a', 'b', 'a', 'c'].map((id, place) => ({ key: `k${place}`, place, track: { id, title: '…' } }))
  let state = reduce(initial, { type: 'queue/restore', queue: { items, index: 2, made: 4 } })
  state = reduce(state, { type: 'queue/tracks', tracks: [{ id: 'a', title: 'A', duration: 3 }, { id: 'x', title: 'X', duration: 1 }] })
  assert.deepEqual(state.queue.items.map(item => item.track.title), ['A', '…', 'A', '…'])
  state = reduce(state, { type: 'queue/tracks', tracks: [{ id: 'c', title: 'C', duration: 5 }], isAll: true })
  assert.deepEqual(state.queue.items.map(item => item.key), ['k0', 'k2', 'k3'])
  assert.equal(state.queue.index, 1)
  assert.deepEqual(state.queue.undo, [])
})
