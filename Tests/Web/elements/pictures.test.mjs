import assert from 'node:assert/strict'
import { test } from 'node:test'
import { albumsOf } from '/elements/covers.js'
import { bars } from '/elements/wave-form.js'
import { begins, typeAhead } from '/elements/type-ahead.js'

test('each bar is the loudest of its part, the loudest of all is 1', () => {
  assert.deepEqual(bars([0, 50, 100, 25], 2), [0.5, 1])
  assert.deepEqual(bars([0, 0], 1), [0])
  assert.equal(bars(Array.from({ length: 1000 }, (_, i) => i % 256), 137).length, 137)
  assert.deepEqual(bars([10, 20], 4), [0.5, 0.5, 1, 1], 'more bars than peaks')
})

test('names are compared without case and accents', () => {
  assert.ok(begins('Émile', 'em'))
  assert.ok(begins('EMILE', 'é'))
  assert.ok(!begins('Remile', 'em'))
})

test('keys soon after one another are one search', () => {
  const sought = []
  const take = typeAhead(typed => sought.push(typed))
  const press = (key, timeStamp, more = {}) => take({ key, timeStamp, ctrlKey: false, metaKey: false, altKey: false, ...more })
  assert.ok(press('m', 1000))
  assert.ok(press('o', 1300))
  assert.ok(press(' ', 1500))
  assert.ok(press('x', 4000))
  assert.ok(!press(' ', 9000), 'a space alone plays and pauses')
  assert.ok(!press('a', 9100, { ctrlKey: true }))
  assert.ok(!press('ArrowDown', 9200))
  assert.deepEqual(sought, ['m', 'mo', 'mo ', 'x'])
})

test('albums of plays are those that were played, the last first, each once', () => {
  const track = (albumId, more) => ({ albumId, album: `album ${albumId}`, albumArtists: [{ id: '1', name: 'A' }, { id: '2', name: 'B' }], year: 1999, art: null, ...more })
  const tracks = [track('x'), track('y'), track('x'), { albumId: null }, track('z', { albumArtists: undefined, year: undefined })]
  assert.deepEqual(albumsOf(tracks, 9).map(album => album.id), ['x', 'y', 'z'])
  assert.deepEqual(albumsOf(tracks, 9)[0], { id: 'x', name: 'album x', artist: 'A, B', year: 1999, art: null })
  assert.deepEqual([albumsOf(tracks, 9)[2].artist, albumsOf(tracks, 9)[2].year], ['', null])
  assert.equal(albumsOf(tracks, 2).length, 2)
  assert.deepEqual(albumsOf([], 9), [])
})
