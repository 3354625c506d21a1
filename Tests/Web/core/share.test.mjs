import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commonAlbum, expiry, guestTrack, loudnessOf, readShare, withTicket } from '/core/share.js'

const tickets = new Map([['a', '2.a.*.9.x+y'], ['b', 'B']])

test('media and covers get the ticket of their own track, and nothing else does', () => {
  assert.equal(withTicket('/hls/a/opus-96/0.m4s?gapless&v=1', tickets), '/hls/a/opus-96/0.m4s?gapless&v=1&ticket=2.a.*.9.x%2By')
  assert.equal(withTicket('/stream/b/auto', tickets), '/stream/b/auto?ticket=B')
  assert.equal(withTicket('/art/b?v=1', tickets), '/art/b?v=1&ticket=B')
  for (const url of ['/hls/c/opus-96/0.m4s', '/api/v1/tracks/a', '/x/hls/a/1', 'https://other/hls/a/1']) assert.equal(withTicket(url, tickets), url)
})

test('a track for a guest has no id that only the account can open', () => {
  const track = guestTrack({
    id: 'a', ticket: 'A', title: 'T', artist: '', artists: [{ id: 'x', name: 'One' }, { id: 'y', name: 'Two' }], album: 'L', duration: 3, art: '/art/a?v=1', albumId: 'l',
  }, tickets)
  assert.equal(track.artist, 'One, Two')
  assert.equal(track.art, '/art/a?v=1&ticket=2.a.*.9.x%2By')
  assert.ok(!('artists' in track) && !('albumId' in track) && !('ticket' in track))
  assert.equal(guestTrack({ id: 'a', ticket: 'A' }, tickets).art, null)
})

test('an answer is read with care', () => {
  assert.deepEqual(readShare({ items: [], name: 5 }), { name: '', by: '', description: '', expires: null, items: [], next: null })
  for (const json of [null, {}, { items: 'x' }, { items: [{ id: 'a' }] }, { items: [{ ticket: 'x' }] }]) assert.throws(() => readShare(json), TypeError)
})

test('tracks played as one are as loud as their energies on average', () => {
  const at = (integrated, duration) => ({ duration, loudness: { integrated, truePeak: integrated / 10 } })
  assert.equal(loudnessOf([at(-14, 60), at(-14, 600)]).integrated.toFixed(6), '-14.000000')
  // Half of the energy for as long again.
  assert.equal(loudnessOf([at(-10, 10), { duration: 10, loudness: { integrated: -200, truePeak: -90 } }]).integrated.toFixed(2), '-13.01')
  assert.equal(loudnessOf([at(-10, 10), at(-20, 10)]).truePeak, -1)
  assert.equal(loudnessOf([{ duration: 3, loudness: null }]), null)
})

test('tracks of one album have it in common', () => {
  assert.equal(commonAlbum([{ album: 'x' }, { album: 'x' }]), 'x')
  for (const all of [[], [{ album: 'x' }, { album: 'y' }], [{ album: null }, { album: null }]]) assert.equal(commonAlbum(all), '')
})

test('a term ends so many days later, or never', () => {
  const now = Date.UTC(2026, 0, 31)
  assert.equal(expiry('day', now), '2026-02-01T00:00:00.000Z')
  assert.equal(expiry('week', now), '2026-02-07T00:00:00.000Z')
  assert.equal(expiry('month', now), '2026-03-02T00:00:00.000Z')
  assert.equal(expiry('never', now), null)
})
