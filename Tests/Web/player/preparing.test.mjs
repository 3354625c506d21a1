import test from 'node:test'
import assert from 'node:assert/strict'
import { assertSeamless, listener, settle } from '../fakes/listener.mjs'

const tracks = Object.fromEntries(['a', 'b', 'c', 'd'].map(id => [id, { samples: 48000 * 20, albumId: 'l' }]))
const fast = { policy: { downlink: 10_000 } }

test('what was prepared starts with one request', async () => {
  const { engine, server, play, heard } = listener(tracks, fast)
  engine.prepare({ id: 'a' })
  await settle(3)
  assert.deepEqual(server.log, ['/api/v1/tracks/a', '/hls/a/opus-160/gapless.json', '/hls/a/opus-160/init.mp4'])
  engine.start({ id: 'a' })
  await settle(3)
  assert.equal(server.log[3], '/hls/a/opus-160/0.m4s')
  await play(5)
  assertSeamless(heard, server)
})

test('what is about to be pressed has its first segment asked for, once', async () => {
  const { engine, server, play, heard } = listener(tracks, fast)
  engine.prepare({ id: 'a' }, true)
  engine.prepare({ id: 'a' }, true)
  engine.start({ id: 'a' })
  await settle(4)
  await play(5)
  assertSeamless(heard, server)
  for (const path of ['/0.m4s', '/init.mp4', '/gapless.json']) assert.equal(server.log.filter(line => line.endsWith(`a/opus-160${path}`)).length, 1, path)
})

test('of the tracks that a pointer flies over, the last is prepared', async () => {
  const { engine, server } = listener(tracks, fast)
  for (const id of ['a', 'b', 'c', 'd']) engine.prepare({ id })
  await settle(4)
  assert.deepEqual([...new Set(server.log.map(line => line.split('/').find(part => part in tracks)))], ['a', 'd'])
})

test('what cannot be prepared is said by the start, and not before', async () => {
  const { engine, of, server } = listener(tracks, fast)
  server.isGone = true
  engine.prepare({ id: 'a' })
  await settle(3)
  assert.equal(of('error').length, 0)
  engine.start({ id: 'a' })
  await settle(3)
  assert.equal(of('error')[0].problem.slug, 'network')
})

test('the album is asked for only if levels go by it', async () => {
  for (const levelling of ['off', 'track', 'album']) {
    const { engine, server, buffer } = listener({ a: { ...tracks.a, loudness: { integrated: -12, truePeak: -1 } } }, { policy: { ...fast.policy, levelling } })
    server.album = { integrated: -10, truePeak: -1 }
    engine.start({ id: 'a' })
    await settle(4)
    assert.equal(server.log.includes('/api/v1/albums/l'), levelling === 'album', levelling)
    const [gain] = buffer().log.filter(line => line.startsWith('init')).map(line => Number(line.split(' ')[2]))
    assert.equal(gain, { off: 0, track: -6 * 256, album: -8 * 256 }[levelling])
  }
})
