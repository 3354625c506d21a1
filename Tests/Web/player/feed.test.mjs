import test from 'node:test'
import assert from 'node:assert/strict'
import { createFeed } from '/player/feed.js'
import { readBeginning, readSegment } from '/core/boxes.js'
import { assertSeamless, listener, settle } from '../fakes/listener.mjs'
import { gridOf, segment } from '../fakes/mp4.mjs'

test('a reader that comes late gets all at once, then each part, then the end', async () => {
  const feed = createFeed()
  feed.push(Uint8Array.of(1, 2))
  feed.push(Uint8Array.of(3))
  assert.deepEqual([...await feed.next()], [1, 2, 3])
  const next = feed.next()
  feed.push(Uint8Array.of(4))
  assert.deepEqual([...await next], [4])
  const end = feed.next()
  feed.end()
  assert.equal(await end, null)
})

test('the beginning of a segment says what the whole does, at every cut', () => {
  const whole = segment(gridOf('opus-96', 48000 * 60), 3, 'x', 400)
  const { time, frames } = readSegment(whole)
  const cut = whole.length - 400
  for (let length = 0; length < cut; length++) assert.equal(readBeginning(whole.subarray(0, length)), null, String(length))
  for (let length = cut; length <= whole.length; length++) assert.deepEqual(readBeginning(whole.subarray(0, length)), { time, frames })
})

/** Sizes of what is appended, by parts. */
function appendsOf({ audio }) {
  const sizes = []
  const buffer = audio.source.buffers[0]
  const append = buffer.appendBuffer
  buffer.appendBuffer = function (bytes) {
    sizes.push(bytes.length)
    return append.call(this, bytes)
  }
  return sizes
}

test('the segment that a listener waits for is appended as it comes, the others whole', async () => {
  const made = listener({ a: { samples: 48000 * 60 } }, { policy: { downlink: 10_000 } })
  made.engine.start({ id: 'a' })
  await settle(3)
  await made.play(1)
  const sizes = appendsOf(made)
  made.engine.seek(45)
  await settle(4)
  assert.ok(sizes.length > 4, `${sizes}`)
  assert.ok(sizes.filter(size => size > 100_000).length >= 1, `${sizes}`)
  await made.play(20)
  const after = made.heard.findIndex(frame => frame.sample > 48000 * 40)
  assertSeamless(made.heard.slice(after), made.server, { from: made.heard[after].sample })
  assert.ok(made.audio.ended)
})

test('a segment that breaks in the middle is completed, and nothing of it comes twice', async () => {
  const made = listener({ a: { samples: 48000 * 30 } }, { policy: { downlink: 10_000 } })
  made.server.breakAfter = 30_000
  made.engine.start({ id: 'a' })
  await settle(4)
  made.world.time += 60_000
  made.engine.retry()
  await settle(4)
  await made.play(40)
  assertSeamless(made.heard, made.server)
  assert.ok(made.audio.ended)
  assert.deepEqual(made.server.log.filter(line => line.includes('/0.m4s')), ['/hls/a/opus-160/0.m4s', '/hls/a/opus-160/0.m4s bytes=30000-'])
})

test('a seek while a segment comes leaves the buffer ready for another', async () => {
  const made = listener({ a: { samples: 48000 * 120 } }, { policy: { downlink: 10_000 } })
  made.engine.start({ id: 'a' })
  await new Promise(resolve => setImmediate(resolve))
  await new Promise(resolve => setImmediate(resolve))
  made.engine.seek(100)
  await settle(6)
  await made.play(40)
  assert.equal(made.of('error').length, 0)
  assert.ok(made.audio.ended)
})
