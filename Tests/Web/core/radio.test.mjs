import test from 'node:test'
import assert from 'node:assert/strict'
import { hrefOf, pathSources, radioOf, readReasons, readSource } from '/core/radio.js'

const track = id => ({ id, title: `title ${id}` })
const items = ids => ids.map(id => ({ track: track(id), reasons: [{ kind: 'sound', id: 's', title: 'S' }] }))
const ofTrack = { kind: 'track', id: 'a', title: 'A', track: track('a') }

test('a radio from a track begins with it, and has each track once', () => {
  const { tracks, from } = radioOf(ofTrack, items(['b', 'a', 'c', 'b']), null)
  assert.deepEqual(tracks.map(one => one.id), ['a', 'b', 'c'])
  assert.deepEqual(from.map(one => [one.kind, one.id, one.title, one.reasons.length]), [['track', 'a', 'A', 0], ['track', 'a', 'A', 1], ['track', 'a', 'A', 1]])
})

test('a radio from an album has only what the server found', () => {
  assert.deepEqual(radioOf({ kind: 'album', id: 'x', title: 'X' }, items(['b', 'c']), null).tracks.map(one => one.id), ['b', 'c'])
})

test('one that goes on after a queue repeats nothing of it, and does not begin anew', () => {
  assert.deepEqual(radioOf(ofTrack, items(['b', 'c', 'd']), new Set(['a', 'c'])).tracks.map(one => one.id), ['b', 'd'])
  assert.deepEqual(radioOf(ofTrack, items(['b']), new Set(['a', 'b'])).tracks, [])
})

test('a track alone is no radio', () => {
  assert.deepEqual(radioOf(ofTrack, items(['a']), null), { tracks: [], from: [] })
  assert.deepEqual(radioOf(ofTrack, [], null), { tracks: [], from: [] })
  assert.deepEqual(radioOf(ofTrack, [{ track: null }, {}, null], null), { tracks: [], from: [] })
})

test('a path is named by its ends', () => {
  const from = pathSources(['a', 'b', 'c'].map(track))
  assert.equal(from.length, 3)
  assert.deepEqual(from[1], { kind: 'path', id: 'a', title: 'title a', to: 'title c' })
})

test('what something was chosen from leads to its page', () => {
  assert.equal(hrefOf({ kind: 'album', id: 'a/b' }), '/album/a%2Fb')
  assert.equal(hrefOf({ kind: 'genre', id: 'R&B' }), '/genre?name=R%26B')
  assert.equal(hrefOf({ kind: 'path', id: 'a' }), '/track/a')
})

test('what is no source is none, and of reasons those that can be read stay', () => {
  const good = { kind: 'album', id: 'x', title: 'X', reasons: [{ kind: 'sound', id: 5, title: 'S' }, { kind: 'x' }, null] }
  assert.deepEqual(readSource(good), { kind: 'album', id: 'x', title: 'X', reasons: [{ kind: 'sound', id: null, title: 'S' }] })
  for (const one of [null, undefined, 5, 'album', {}, { ...good, kind: 'constructor' }, { ...good, id: '' }, { ...good, title: 7 }]) assert.equal(readSource(one), null)
  assert.deepEqual(readReasons('x'), [])
  assert.equal(readReasons(Array(9).fill({ kind: 'sound', title: 'S' })).length, 3)
})
