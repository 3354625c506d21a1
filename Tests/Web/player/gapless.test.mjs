import test from 'node:test'
import assert from 'node:assert/strict'
import { assertSeamless, listener, settle } from '../fakes/listener.mjs'
import { FakeMediaSource } from '../fakes/media.mjs'
import { seconds } from '/core/timeline.js'
import { chance } from '../chance.mjs'

const two = { a: { samples: 48000 * 13 + 4321 }, b: { samples: 48000 * 7 + 77 } }

test('two tracks join at the sample, and end', async () => {
  const { engine, play, heard, server, of, audio, buffer } = listener(two)
  engine.start({ id: 'a' })
  await settle(3)
  await play(30)
  const { track, sample } = assertSeamless(heard, server)
  assert.deepEqual([track, Math.round(sample)], ['b', two.b.samples])
  assert.ok(audio.ended)
  assert.deepEqual(of('track').map(one => one.id), ['a', 'b'])
  assert.equal(of('ended').length, 1)
  assert.deepEqual(of('heard').map(one => [one.id, Math.round(one.seconds * 48000 / 10), one.stopped]), [['a', Math.round(two.a.samples / 10), null], ['b', Math.round(two.b.samples / 10), null]])
  assert.equal(buffer().appendWindowStart, seconds({ 48000: two.a.samples }, 48000))
})

test('priming is before the track, and the window cuts it to the sample', async () => {
  const { engine, buffer } = listener(two)
  engine.start({ id: 'a' })
  await settle(4)
  const [first] = buffer().frames
  assert.ok(Math.abs(first.from - 0.1 / 48000) < 1e-9)
  assert.ok(Math.abs(first.sample) < 0.25)
  assert.ok(Math.abs((first.to - first.from) * 48000 - 648) < 0.25)
  const ofA = buffer().frames.filter(frame => frame.track === 'a').at(-1)
  assert.equal(ofA.to, (two.a.samples + 0.1) / 48000)
})

test('Opus, AAC and FLAC of several rates in one run', async () => {
  const tracks = {
    a: { samples: 44100 * 9 + 17, rate: 44100, renditions: ['flac', 'opus-96'] }, b: { samples: 48000 * 8 + 5, renditions: ['opus-64'] },
    c: { samples: 44100 * 8 + 1234, rate: 44100, renditions: ['aac-96'] }, d: { samples: 48000 * 7 + 3, renditions: ['flac'] },
  }
  const { engine, play, heard, server, buffer } = listener(tracks, { policy: { downlink: 10_000 } })
  engine.start({ id: 'a' })
  await settle(3)
  await play(40)
  assertSeamless(heard, server)
  assert.deepEqual([...new Set(heard.map(frame => `${frame.track} ${frame.rendition}`))], ['a flac', 'b opus-64', 'c aac-96', 'd flac'])
  assert.equal(buffer().log.filter(line => line.startsWith('type')).length, 3)
})

test('neighbouring Opus tracks never have the same OutputGain, and one track has one', async () => {
  const loudness = { integrated: -18, truePeak: -9 }
  const tracks = Object.fromEntries(['a', 'b', 'c', 'd'].map(id => [id, { samples: 48000 * 8, loudness }]))
  tracks.c.loudness = { integrated: -12, truePeak: -1 }
  const { engine, play, buffer, server } = listener(tracks, { policy: { levelling: 'track' } })
  engine.start({ id: 'a' })
  await settle(3)
  server.kbit = 40_000
  await play(40)
  assert.deepEqual(buffer().log.filter(line => line.startsWith('init')).map(line => line.split(' ')[2]), ['0', '-1', '-1536', '0'])
})

test('a level changes from the next segment on, and nothing is loaded twice in between', async () => {
  const { engine, play, buffer, heard, server } = listener({ a: { samples: 48000 * 60, loudness: { integrated: -12, truePeak: -1 } } })
  engine.start({ id: 'a' })
  await settle(3)
  await play(2)
  engine.setPolicy({ levelling: 'track' })
  await settle(4)
  await play(20)
  assertSeamless(heard, server)
  const log = buffer().log
  assert.deepEqual(log.filter(line => line.startsWith('init')).map(line => line.split(' ')[2]), ['0', '-1536'])
  assert.ok(log.some(line => line.startsWith('remove 5.99')))
})

test('FLAC is levelled by the element, as far as it can be softened', async () => {
  const { engine, play, audio } = listener({ a: { samples: 48000 * 20, renditions: ['flac'], loudness: { integrated: -12, truePeak: -1 } } }, { policy: { levelling: 'track' } })
  engine.volume(0.5)
  engine.start({ id: 'a' })
  await settle(3)
  await play(1)
  assert.ok(Math.abs(audio.volume - 0.5 * 10 ** (-6 / 20)) < 1e-6)
})

test('a rung changes inside a song at a segment, under a new init section', async () => {
  let n = 0
  const names = ['opus-96', 'opus-64', 'opus-160', 'opus-128']
  const { engine, play, heard, server, buffer } = listener({ a: { samples: 48000 * 40 + 9 } }, { policy: { isMetered: true, pinned: () => names[n % 4] } })
  engine.start({ id: 'a' })
  server.instead = path => {
    if (path.includes('.m4s')) n += 1
    return null
  }
  await settle(6)
  await play(50)
  assertSeamless(heard, server)
  assert.ok(new Set(heard.map(frame => frame.rendition)).size === 4)
  assert.ok(buffer().inits >= 6)
})

test('a rung changes to another codec and back inside a song, at the sample', async () => {
  let n = 0
  const names = ['flac', 'opus-64', 'aac-96', 'opus-96']
  const renditions = ['flac', 'opus-64', 'opus-96']
  const { engine, play, heard, server, buffer } = listener({ a: { samples: 44100 * 40 + 9, rate: 44100, renditions } }, { policy: { isMetered: true, pinned: () => names[n % 4] } })
  engine.start({ id: 'a' })
  server.instead = path => {
    if (path.includes('.m4s')) n += 1
    return null
  }
  await settle(6)
  await play(50)
  assertSeamless(heard, server)
  assert.ok(new Set(heard.map(frame => frame.rendition)).size >= 2)
  assert.ok(buffer().overwritten < 1e-4, `${buffer().overwritten} s were there already`)
})

test('a seek to what is not there gives up the download under way and asks for what is heard next', async () => {
  const { engine, play, server, audio, heard } = listener({ a: { samples: 48000 * 200 } })
  engine.start({ id: 'a' })
  await settle(4)
  await play(1)
  let open = () => {}
  server.gate = new Promise(resolve => { open = resolve })
  await play(3)
  engine.seek(123)
  await settle()
  open()
  server.gate = null
  heard.length = 0
  await settle(4)
  assert.equal(audio.readyState, 4)
  await play(10)
  assert.ok(Math.abs(heard[0].sample - 123 * 48000) < 960)
  const after = server.segments().filter(name => Number(name.split('/')[2]) >= 19)
  assert.equal(after[0], 'a/opus-160/20')
})

test('a seek inside what is buffered loads nothing', async () => {
  const { engine, play, server } = listener({ a: { samples: 48000 * 30 } })
  engine.start({ id: 'a' })
  await settle(4)
  await play(2)
  const before = server.log.length
  for (const to of [20, 5, 29.9, 0]) {
    engine.seek(to)
    await settle(2)
    await play(0.5)
  }
  assert.equal(server.log.length, before)
})

test('the beginning of the next track is in memory, so that skipping moves the clock and no more', async () => {
  const { engine, play, server, audio, of } = listener({ a: { samples: 48000 * 200 }, b: { samples: 48000 * 100 } })
  engine.start({ id: 'a' })
  await settle(4)
  await play(3)
  assert.ok(server.segments().some(name => name.startsWith('b/') && name.endsWith('/0')))
  const source = audio.source
  server.isGone = true
  engine.start({ id: 'b' })
  await settle(3)
  await play(2)
  assert.equal(audio.source, source)
  assert.deepEqual(of('track').map(one => one.id), ['a', 'b'])
  const [left] = of('heard')
  assert.ok(Math.abs(left.seconds - 3) < 0.3 && Math.abs(left.stopped - 3) < 0.3)
  assert.ok(audio.currentTime > 201)
})

test('another track is a new run: the old one is closed, and hears of nothing', async () => {
  const { engine, play, of, audio } = listener({ a: { samples: 48000 * 60 }, b: { samples: 48000 * 60 }, c: { samples: 48000 * 60 } })
  engine.start({ id: 'a' })
  await settle(2)
  const first = audio.source
  engine.start({ id: 'c' }, { at: 30 })
  await settle(4)
  await play(1)
  assert.notEqual(audio.source, first)
  assert.ok(audio.currentTime > 30 && audio.currentTime < 32)
  assert.deepEqual(of('error'), [])
  assert.equal(of('track').at(-1).id, 'c')
})

test('what was to follow can be another, also if it is buffered already', async () => {
  const { engine, play, heard, server, buffer } = listener({ ...two, c: { samples: 48000 * 6 } }, { order: ['a', 'b', '', 'c'] })
  engine.start({ id: 'a' })
  await settle(4)
  await play(2)
  assert.ok(buffer().frames.some(frame => frame.track === 'b'))
  engine.follow({ id: 'c' }, { after: 'a' })
  await settle(4)
  assert.ok(!buffer().frames.some(frame => frame.track === 'b'))
  await play(30)
  assertSeamless(heard, server)
  assert.deepEqual([...new Set(heard.map(frame => frame.track))], ['a', 'c'])
})

test('to follow the same again changes nothing', async () => {
  const { engine, play, server } = listener(two)
  engine.start({ id: 'a' })
  await settle(4)
  await play(1)
  const before = server.log.length
  for (let i = 0; i < 5; i++) engine.follow({ id: 'b' }, { after: 'a' })
  await settle(2)
  assert.equal(server.log.length, before)
})

test('a track that repeats follows itself, under the same key', async () => {
  const { engine, play, of, heard } = listener({ a: { samples: 48000 * 5 } }, { answers: false })
  engine.on('want', ({ after }) => engine.follow({ id: 'a' }, { key: 'k', after }))
  engine.start({ id: 'a' }, { key: 'k' })
  await settle(4)
  await play(14)
  assert.deepEqual(of('track').map(one => one.key), ['k', 'k', 'k'])
  assert.equal(heard.filter(frame => Math.abs(frame.sample) < 1).length, 3)
})

test('nothing plays that was started paused, and it stands at its place', async () => {
  const { engine, play, audio, of } = listener(two)
  engine.start({ id: 'a' }, { at: 9, paused: true })
  await settle(4)
  await play(5)
  assert.equal(audio.plays, 0)
  assert.equal(audio.currentTime, 9)
  assert.deepEqual(of('track'), [])
  assert.ok(of('time').at(-1).position > 8.99)
  engine.play()
  await settle(2)
  await play(1)
  assert.deepEqual(of('track').map(one => one.id), ['a'])
})

test('a network that is gone for 20 s is not heard, and no byte is loaded twice', async () => {
  const { engine, play, server, of, heard } = listener({ a: { samples: 48000 * 200 } })
  engine.start({ id: 'a' })
  await settle(4)
  await play(2)
  server.isGone = true
  await play(20)
  server.isGone = false
  await play(20)
  assertSeamless(heard, server)
  assert.deepEqual(of('error'), [])
  assert.ok(!of('state').slice(2).some(one => one.status === 'loading'))
  assert.equal(new Set(server.segments()).size, server.segments().length)
})

test('a stall is told, is tried again by the clock alone, and ends', async () => {
  const { engine, play, server, of, world, audio } = listener({ a: { samples: 48000 * 200 } })
  engine.start({ id: 'a' })
  await settle(4)
  await play(2)
  server.isGone = true
  await play(60)
  assert.equal(of('state').at(-1).status, 'loading')
  assert.equal(of('error').at(-1).problem.slug, 'network')
  assert.ok(of('error').at(-1).retryAt > world.time - 6000)
  assert.ok(world.timers.length > 0 && world.timers.every(timer => timer.ms <= 6300))
  server.isGone = false
  world.time += 7000
  world.timers.at(-1).fn()
  await settle(4)
  await play(5)
  assert.equal(of('state').at(-1).status, 'playing')
  assert.ok(audio.currentTime > 40)
})

test('back online it goes on at once', async () => {
  const { engine, play, server, network, audio, of } = listener({ a: { samples: 48000 * 200 } })
  server.isGone = true
  engine.start({ id: 'a' })
  await settle(4)
  assert.equal(of('error').length, 1)
  server.isGone = false
  network.dispatchEvent(new Event('online'))
  await settle(4)
  await play(1)
  assert.ok(audio.currentTime > 0.5)
})

test('a paused page with a broken network sets no timer', async () => {
  const { engine, server, world } = listener({ a: { samples: 48000 * 200 } })
  server.isGone = true
  engine.start({ id: 'a' }, { paused: true })
  await settle(4)
  assert.deepEqual(world.timers, [])
})

test('a download that broke goes on at its byte', async () => {
  const { engine, play, server, heard, network } = listener({ a: { samples: 48000 * 30 } })
  engine.start({ id: 'a' })
  server.breakAfter = 30_000
  await settle(3)
  network.dispatchEvent(new Event('online'))
  await settle(4)
  await play(30)
  assertSeamless(heard, server)
  assert.ok(server.log.some(line => /m4s bytes=30000-$/.test(line)), server.log.join('\n'))
})

test('most of a segment is completed, though the network would now carry less', async () => {
  const { engine, server, network, heard, play } = listener({ a: { samples: 48000 * 60 } })
  engine.start({ id: 'a' })
  await settle(4)
  await play(2)
  engine.seek(50)
  server.breakAfter = 100_000
  server.kbit = 240
  await settle(4)
  server.kbit = 50_000
  network.dispatchEvent(new Event('online'))
  await settle(4)
  await play(3)
  assert.ok(server.log.some(line => line.endsWith('opus-160/8.m4s bytes=100000-')), server.log.slice(-8).join('\n'))
  assert.equal(server.segments().filter(name => name.endsWith('/8')).length, 1)
  assert.ok(heard.length > 0)
})

test('a busy server is asked again when it said', async () => {
  const { engine, server, world, of, play } = listener({ a: { samples: 48000 * 30 } })
  let refusals = 0
  server.instead = path => path.includes('.m4s') && refusals++ < 1 ? new Response('{"type":"/problems/busy","status":503,"detail":"busy"}', { status: 503, headers: { 'Content-Type': 'application/problem+json', 'Retry-After': '4' } }) : null
  engine.start({ id: 'a' })
  await settle(4)
  const error = of('error')[0]
  assert.deepEqual([error.problem.status, error.problem.slug], [503, 'busy'])
  assert.equal(error.retryAt, world.time + 4000)
  world.time += 3000
  engine.setPolicy({})
  await settle(2)
  const before = server.segments().length
  world.time += 1500
  world.timers.at(-1).fn()
  await settle(4)
  assert.ok(server.segments().length > before)
  await play(1)
  assert.equal(of('state').at(-1).status, 'playing')
})

test('a following track that is gone is left out, and another may take its place', async () => {
  const { engine, play, of, heard, server } = listener({ a: two.a, c: two.b }, { answers: false })
  const tried = []
  engine.on('want', ({ after }) => {
    const next = { a: tried.includes('b') ? 'c' : 'b' }[after]
    if (next) tried.push(next)
    engine.follow(next ? { id: next } : null, { after })
  })
  engine.start({ id: 'a' })
  await settle(6)
  await play(30)
  assert.deepEqual(of('error').map(one => [one.id, one.problem.status, one.retryAt]), [['b', 404, null]])
  assertSeamless(heard, server)
  assert.deepEqual([...new Set(heard.map(frame => frame.track))], ['a', 'c'])
})

test('a track that is gone says so, and waits for the listener', async () => {
  const { engine, of, world, play } = listener({})
  engine.start({ id: 'a' })
  await settle(4)
  await play(5)
  assert.deepEqual(of('error').map(one => [one.id, one.problem.status, one.problem.slug, one.retryAt]), [['a', 404, 'not-found', null]])
  assert.equal(of('state').at(-1).status, 'error')
  assert.deepEqual(world.timers, [])
})

test('answers that cannot be read are problems, not exceptions', async () => {
  for (const wrong of [path => path.includes('gapless.json') && new Response('<html>'), path => path.includes('gapless.json') && new Response('{"rate":0}'),
    path => path.includes('init.mp4') && new Response('not mp4'), path => path.includes('.m4s') && new Response(new Uint8Array(500)),
    path => path.includes('/api/') && new Response('[]')]) {
    const { engine, of, server } = listener(two)
    server.instead = wrong
    engine.start({ id: 'a' })
    await settle(4)
    assert.equal(of('error').length, 1, String(wrong))
    assert.ok(['unreadable', 'rendition-not-offered'].includes(of('error')[0].problem.slug), of('error')[0].problem.slug)
  }
})

test('what the browser cannot decode is tried once more, then it is said', async () => {
  const { engine, of, server } = listener(two)
  const { addSourceBuffer } = FakeMediaSource.prototype
  FakeMediaSource.prototype.addSourceBuffer = function (type) {
    const buffer = addSourceBuffer.call(this, type)
    buffer.type = 'audio/mp4; codecs="other"'
    return buffer
  }
  try {
    engine.start({ id: 'a' })
    await settle(8)
    assert.equal(of('error').length, 1)
    assert.equal(of('error')[0].problem.slug, 'unplayable')
    assert.equal(of('state').at(-1).status, 'error')
    assert.equal(server.log.filter(line => line.includes('gapless.json') && line.includes('/a/')).length, 2)
  } finally {
    FakeMediaSource.prototype.addSourceBuffer = addSourceBuffer
  }
})

test('a full buffer: what was played goes, the segment is kept, and the sound goes on', async () => {
  // Room for 20 s of opus-160.
  const { engine, play, heard, server, of } = listener({ a: { samples: 48000 * 120 } }, { capacity: 20 * 160 * 125 })
  engine.start({ id: 'a' })
  await settle(6)
  await play(110)
  assertSeamless(heard, server)
  assert.ok(heard.at(-1).sample > 48000 * 100)
  assert.deepEqual(of('error'), [])
  assert.equal(new Set(server.segments()).size, server.segments().length)
})

test('the buffer is as long as it should be, and what was played is not kept for ever', async () => {
  const { engine, play, buffer, audio } = listener({ a: { samples: 48000 * 400 } })
  engine.start({ id: 'a' })
  await settle(4)
  for (let i = 0; i < 15; i++) {
    await play(20, 0.5)
    assert.ok(audio.edge - audio.currentTime >= 30, `${audio.edge - audio.currentTime} s ahead`)
    assert.ok(audio.edge - audio.currentTime < 44)
    assert.ok(audio.currentTime - buffer().frames[0].from < 73)
  }
})

test('requests say how the player does', async () => {
  const { engine, play, server } = listener({ a: { samples: 48000 * 100 } })
  engine.start({ id: 'a' })
  await settle(4)
  await play(8)
  const requests = server.headers.map(fields => fields['cmcd-request']).filter(Boolean)
  assert.ok(requests[0].endsWith('su'))
  assert.match(requests.at(-1), /^bl=3\d\d00,dl=3\d\d00,mtp=\d+,nor="\d+\.m4s"$/)
  assert.match(server.headers.at(-1)['cmcd-session'], /cid="a",sid="s"/)
})

test('the rung that sounds is told with its reason and the bytes so far', async () => {
  const { engine, play, of } = listener({ a: { samples: 48000 * 30 } }, { policy: { cap: 100 } })
  engine.start({ id: 'a' })
  await settle(4)
  await play(1)
  const rung = of('rung').at(-1)
  assert.deepEqual([rung.id, rung.rendition, rung.bitrate, rung.why], ['a', 'opus-96', 96, 'max'])
  assert.ok(rung.bytes > 96 * 125 * 28)
})

test('the first segment that was asked for is used, whatever the network turned out to be', async () => {
  const { engine, play, server, heard, of } = listener({ a: { samples: 48000 * 30, renditions: ['opus-64', 'opus-160', 'flac'] } })
  engine.start({ id: 'a' })
  await settle(4)
  await play(30)
  assert.deepEqual(server.segments().filter(name => name.endsWith('/0')), ['a/opus-160/0'])
  assert.equal(of('rung').at(-1).why, 'codec')
  assertSeamless(heard, server)
})

test('a slow network at the start: the first segment is given up for a smaller one', async () => {
  const { engine, server, of } = listener({ a: { samples: 48000 * 60 } })
  server.kbit = 60
  let sounding = 0
  engine.on('state', ({ status }) => { if (status === 'playing') sounding ||= server.clock })
  engine.start({ id: 'a' })
  await settle(8)
  assert.deepEqual(server.segments().slice(0, 2), ['a/opus-160/0', 'a/opus-64/0'])
  assert.ok(sounding > 0 && sounding < 10_000, `${sounding} ms until there was sound`)
  assert.deepEqual(of('error'), [])
})

test('a seek during the very first download does not wait for it', async () => {
  const { engine, server, audio } = listener({ a: { samples: 48000 * 60 } })
  server.instead = (path, { signal }) => path.endsWith('/0.m4s') ? new Response(new ReadableStream({
    start: stream => signal.addEventListener('abort', () => stream.error(new DOMException('aborted', 'AbortError'))),
  })) : null
  engine.start({ id: 'a' })
  await settle(4)
  engine.seek(30)
  await settle(6)
  assert.ok(server.segments().some(name => name.endsWith('/4') || name.endsWith('/5')), server.log.join('\n'))
  assert.equal(audio.currentTime >= 30, true)
})

test('no Media Source and no way to open one: the engine is another', () => {
  const none = listener(two, { Class: class { static isTypeSupported() { return false } } })
  assert.equal(none.engine.kind, 'progressive')
})

test('a managed source takes data only while it asks for it', async () => {
  class Managed extends FakeMediaSource {
    streaming = false
  }
  const { engine, audio, server } = listener(two, { Class: Managed })
  engine.start({ id: 'a' })
  await settle(4)
  assert.equal(audio.disableRemotePlayback, true)
  assert.deepEqual(server.segments(), [])
  audio.source.streaming = true
  audio.source.dispatchEvent(new Event('startstreaming'))
  await settle(4)
  assert.ok(server.segments().length > 0)
})

test('what a managed source throws away is loaded again, and nothing while it wants nothing', async () => {
  class Managed extends FakeMediaSource {
    streaming = true
  }
  const { engine, audio, buffer, server, heard, play } = listener({ a: { samples: 48000 * 60 } }, { Class: Managed, policy: { downlink: 10_000 } })
  engine.start({ id: 'a' })
  await settle(4)
  await play(2)
  audio.source.streaming = false
  const asked = server.segments().length
  buffer().frames = buffer().frames.filter(frame => frame.to < 12 || frame.from > 20)
  buffer().dispatchEvent(new Event('bufferedchange'))
  await settle(2)
  await play(5)
  assert.equal(server.segments().length, asked)
  audio.source.streaming = true
  audio.source.dispatchEvent(new Event('startstreaming'))
  await settle(3)
  await play(60)
  assertSeamless(heard, server)
  assert.ok(audio.ended)
})

test('a quarter of an hour of music holds no more than minutes of it', async () => {
  const tracks = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`t${i}`, { samples: 48000 * 90 + i }]))
  const { engine, play, buffer, heard, server, of } = listener(tracks, { policy: { downlink: 10_000 } })
  engine.start({ id: 't0' })
  await settle(3)
  let most = 0
  for (let track = 0; track < 8; track++) {
    await play(90, 1)
    most = Math.max(most, buffer().frames.reduce((sum, frame) => sum + frame.to - frame.from, 0))
    heard.splice(0, heard.length - 1)
  }
  // 36 s ahead, twice that behind before it goes, and the segments at both ends.
  assert.ok(most > 36 && most < 36 * 3 + 12, String(most))
  assert.equal(of('track').length, 8)
  assert.equal(new Set(server.segments()).size, server.segments().length)
})

test('of a track that is over its length is kept, and to go back describes it again', async () => {
  const tracks = Object.fromEntries(['a', 'b', 'c'].map(id => [id, { samples: 48000 * 60 }]))
  const { engine, play, heard, server, audio } = listener(tracks, { policy: { downlink: 10_000 } })
  engine.start({ id: 'a' })
  await settle(3)
  await play(150)
  assert.equal(Math.round(audio.currentTime), 150)
  heard.length = 0
  const asked = server.segments().length
  audio.currentTime = 10
  await settle(4)
  await play(60)
  assertSeamless(heard, server, { from: heard[0].sample })
  assert.deepEqual([...new Set(heard.map(frame => frame.track))], ['a', 'b'])
  assert.ok(server.segments().slice(asked).includes('a/opus-160/1'))
})

test('any run, with seeks, rungs, skips and broken networks: what is heard is the tracks, sample by sample', async () => {
  const { int, pick, next } = chance(11)
  for (let round = 0; round < 12; round++) {
    const tracks = Object.fromEntries(Array.from({ length: int(1, 4) }, (_, i) => [`t${i}`, {
      samples: int(20_000, 48000 * 25), rate: pick([44100, 48000]), renditions: pick([['opus-64', 'opus-96', 'opus-128'], ['opus-96', 'flac'], ['aac-96']]),
    }]))
    let rung = 0
    const { engine, play, server, audio, heard, of, network } = listener(tracks, { policy: { isMetered: true, pinned: id => { const all = tracks[id].renditions; return all[rung % all.length] } } })
    engine.start({ id: 't0' })
    await settle(4)
    for (let step = 0; step < 60 && !audio.ended; step++) {
      rung += int(0, 1)
      if (next() < 0.15) {
        assertSeamless(heard, server, { from: heard.length ? heard[0].sample * 48000 / heard[0].rate : 0 })
        engine.seek(next() * tracks[of('time').at(-1).id].samples / tracks[of('time').at(-1).id].rate)
        await settle(3)
        heard.length = 0
      }
      server.isGone = next() < 0.1
      await play(1)
      if (server.isGone) {
        server.isGone = false
        network.dispatchEvent(new Event('online'))
        await settle(2)
      }
    }
    assertSeamless(heard, server, { from: heard.length ? heard[0].sample * 48000 / heard[0].rate : 0 })
    assert.deepEqual(of('error').filter(one => one.retryAt === null), [])
  }
})

test('a network that hangs is one that failed: what is here plays on, and the rest comes when it answers', async () => {
  const { engine, play, heard, server, world, network, audio } = listener({ a: { samples: 48000 * 60 } })
  engine.start({ id: 'a' })
  await settle(3)
  await play(2)
  server.isHung = true
  engine.seek(45)
  await settle(2)
  assert.equal(world.guards.size, 1)
  server.isHung = false
  server.clock += 3000
  network.dispatchEvent(new Event('online'))
  await settle(4)
  await play(3)
  assert.ok(audio.currentTime > 46, `it plays at ${audio.currentTime}`)
  server.isHung = true
  engine.seek(20)
  await settle(2)
  world.silence()
  await settle(2)
  server.isHung = false
  world.time += 10_000
  for (const { fn } of world.timers.splice(0)) fn()
  await settle(4)
  await play(2)
  assert.ok(audio.currentTime > 21 && heard.length > 0)
})

test('the loudness of an album that does not come is not waited for', async () => {
  const { engine, play, server, world, audio } = listener({ a: { samples: 48000 * 20, albumId: 'x' } }, { policy: { levelling: 'album' } })
  server.instead = (path, { signal }) => path.includes('/albums/') ? new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))) : null
  engine.start({ id: 'a' })
  await settle(3)
  const [guard] = world.guards
  assert.deepEqual([world.guards.size, guard.ms, audio.currentTime], [1, 3000, 0])
  guard.fn()
  await settle(3)
  await play(2)
  assert.ok(audio.currentTime > 1)
})

test('what cannot be decoded of the next track is not the fault of the one that sounds', async () => {
  const order = ['a', 'b', 'c']
  const { engine, play, heard, of } = listener({ a: two.a, b: two.b, c: two.b }, { answers: false })
  engine.on('error', ({ key }) => order.splice(order.indexOf(key), 1))
  engine.on('want', ({ after }) => {
    const id = order[order.indexOf(after) + 1]
    engine.follow(id ? { id } : null, { after })
  })
  FakeMediaSource.refuses = ({ track }) => track === 'b'
  try {
    engine.start({ id: 'a' })
    await settle(4)
    await play(30)
  } finally {
    FakeMediaSource.refuses = () => false
  }
  assert.deepEqual(of('error').map(({ key, problem, retryAt }) => [key, problem.slug, retryAt]), [['b', 'unplayable', null]])
  assert.deepEqual(of('track').map(one => one.id), ['a', 'c'])
  const ofA = heard.filter(frame => frame.track === 'a').reduce((sum, frame) => sum + frame.to - frame.from, 0)
  assert.ok(ofA > two.a.samples / 48000 - 0.1, `${ofA} s of a`)
})

test('a segment that never finds room is not waited for: a smaller rung plays on, and without one it is said', async () => {
  // Less than one segment of FLAC.
  const room = { capacity: 600_000, policy: { downlink: 10_000 } }
  const one = listener({ a: { samples: 48000 * 60, renditions: ['opus-64', 'opus-160', 'flac'] } }, room)
  one.engine.start({ id: 'a' })
  await settle(6)
  await one.play(70)
  assertSeamless(one.heard, one.server)
  assert.deepEqual(one.of('error'), [])
  assert.ok(one.heard.at(-1).sample > 48000 * 59)
  assert.deepEqual([...new Set(one.heard.map(frame => frame.rendition))], ['flac', 'opus-160'])
  const other = listener({ a: { samples: 48000 * 60, renditions: ['flac'] } }, room)
  other.engine.start({ id: 'a' })
  await settle(6)
  await other.play(20)
  assert.deepEqual(other.of('error').map(({ problem, retryAt }) => [problem.slug, retryAt]), [['unplayable', null]])
})
