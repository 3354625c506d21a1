import test from 'node:test'
import assert from 'node:assert/strict'
import { createCrossfading } from '/player/crossfading.js'
import { createEngine } from '/player/engine.js'
import { createFetcher } from '/player/fetcher.js'
import { FakeAudio, FakeMediaSource } from '../fakes/media.mjs'
import { assertSeamless, settle } from '../fakes/listener.mjs'
import { fakeServer } from '../fakes/server.mjs'

const length = 48000 * 30
const trackOf = (id, albumId = id, track = 1) => ({ id, albumId, track, disc: 1, duration: length / 48000 })

/** Decks around fakes, and a listener who hears both. @param {any[]} queue */
function made(queue, crossfade = 4) {
  const server = fakeServer(Object.fromEntries(queue.map(({ id }) => [id, { samples: length }])))
  const world = { time: 1_000_000, audios: [], log: [], mixes: [], heard: [] }
  const fetcher = createFetcher({ fetch: server.fetch, clock: () => server.clock, session: 's' })
  const mixer = {
    level: (audio, factor) => world.mixes.push(['level', world.audios.indexOf(audio), factor]),
    cross: (one, other, seconds) => world.mixes.push(['cross', world.audios.indexOf(one), world.audios.indexOf(other), seconds]),
    resume: () => world.mixes.push(['resume']), suspend: () => world.mixes.push(['suspend']), close: () => world.mixes.push(['close']),
  }
  const engine = createCrossfading({
    makeDeck() {
      const audio = new FakeAudio()
      world.audios.push(audio)
      return { audio, engine: createEngine({ audio, fetcher, Class: FakeMediaSource, urls: audio.urls, network: new EventTarget(), now: () => world.time, policy: { downlink: 10_000 } }) }
    },
    makeMixer: () => mixer, clock: () => world.time, isGesture: () => false,
  })
  engine.setPolicy({ crossfade })
  for (const type of ['track', 'state', 'ended', 'error', 'heard', 'time', 'rung']) engine.on(type, detail => world.log.push([type, detail, world.audios.map(audio => audio.now)]))
  const tell = after => {
    const failed = new Set(world.log.filter(([type]) => type === 'error').map(([, { key }]) => key))
    const next = queue.slice(queue.findIndex(one => one.id === after) + 1).find(({ id }) => !failed.has(id)) ?? null
    engine.follow(next, { key: next?.id, after })
  }
  engine.on('want', ({ after }) => tell(after))
  engine.on('track', ({ key }) => tell(key))
  return {
    ...world, world, server, engine, of: type => world.log.filter(([name]) => name === type).map(([, detail]) => detail),
    async play(seconds, step = 0.25) {
      for (let played = 0; played < seconds; played += step) {
        world.time += step * 1000
        for (const [i, audio] of world.audios.entries()) if (audio.source && !audio.paused) audio.advance(step, world.heard[i] ??= [])
        await settle()
      }
    },
  }
}

test('a track begins over the end of the one before, and both are whole', async () => {
  const { engine, play, audios, mixes, of, log, heard, server } = made([trackOf('a'), trackOf('b'), trackOf('c')])
  engine.start(trackOf('a'))
  await settle(3)
  await play(90)
  const [first, second] = mixes.filter(([what]) => what === 'cross')
  assert.deepEqual([first.slice(0, 3), second.slice(0, 3)], [['cross', 0, 1], ['cross', 1, 0]])
  for (const [, , , seconds] of [first, second]) assert.ok(seconds > 3.4 && seconds <= 4, String(seconds))
  assert.equal(audios.length, 2)
  assert.deepEqual(of('track').map(one => one.id), ['a', 'b', 'c'])
  assert.deepEqual(of('heard').map(one => [one.id, Math.round(one.seconds), one.stopped]), [['a', 30, null], ['b', 30, null], ['c', 30, null]])
  assert.equal(of('ended').length, 1)
  assert.equal(of('error').length, 0)
  const join = log.find(([type, detail]) => type === 'track' && detail.id === 'b')[2]
  assert.ok(join[0] > 26 && join[0] < 26.6, String(join))
  for (const id of ['a', 'c']) assertSeamless(heard[0].filter(frame => frame.track === id), server)
  assertSeamless(heard[1], server)
  assert.ok(of('rung').some(one => one.id === 'b'))
})

test('tracks of an album in order stay on one element, and join at the sample', async () => {
  const { engine, play, audios, mixes, heard, server } = made([trackOf('a', 'l', 1), trackOf('b', 'l', 2)])
  engine.start(trackOf('a', 'l', 1))
  await settle(3)
  await play(62)
  assert.equal(audios.length, 1)
  assert.equal(mixes.filter(([what]) => what === 'cross').length, 0)
  assertSeamless(heard[0], server)
  assert.deepEqual([...new Set(heard[0].map(frame => frame.track))], ['a', 'b'])
})

test('without a wish there is no mixer, and with the end of the wish a fresh element', async () => {
  const { engine, play, audios, mixes, heard, server } = made([trackOf('a'), trackOf('b')], 0)
  engine.start(trackOf('a'))
  await settle(3)
  await play(62)
  assert.deepEqual([audios.length, mixes.length], [1, 0])
  assertSeamless(heard[0], server)
  engine.setPolicy({ crossfade: 4 })
  engine.start(trackOf('a'))
  await settle(3)
  assert.deepEqual(mixes.slice(0, 2), [['level', 0, 1], ['resume']])
  const before = audios.length
  engine.setPolicy({ crossfade: 0 })
  engine.start(trackOf('a'))
  await settle(3)
  assert.equal(audios.length, before + 1)
  assert.ok(!audios.at(-1).paused && audios.slice(0, -1).every(audio => audio.paused))
  assert.equal(mixes.at(-1)[0], 'close')
})

test('a skip uses what is loaded; a pause in a fade stops both; a seek ends the fade', async () => {
  const { engine, play, audios, mixes, of, server } = made([trackOf('a'), trackOf('b'), trackOf('c')])
  engine.start(trackOf('a'))
  await settle(3)
  await play(10)
  const asked = server.log.filter(line => line.includes('/hls/b/') && line.includes('/0.m4s')).length
  engine.start(trackOf('b'))
  await settle(3)
  await play(1)
  assert.equal(asked, 1)
  assert.equal(server.log.filter(line => line.includes('/hls/b/') && line.includes('/0.m4s')).length, 1)
  assert.deepEqual(of('heard').map(one => [one.id, Math.round(one.seconds), Math.round(one.stopped)]), [['a', 10, 10]])
  await play(27)
  assert.equal(mixes.filter(([what]) => what === 'cross').length, 1)
  engine.pause()
  assert.ok(audios.every(audio => audio.paused))
  assert.equal(mixes.at(-1)[0], 'suspend')
  engine.play()
  await play(0.5)
  assert.ok(audios.every(audio => !audio.paused))
  engine.seek(10)
  await settle(2)
  assert.equal(audios.filter(audio => !audio.paused).length, 1)
  assert.deepEqual(mixes.at(-1).slice(0, 1), ['level'])
  await play(5)
  const { id, position } = of('time').at(-1)
  assert.equal(id, 'c')
  assert.ok(position > 14 && position < 16, String(position))
})

test('what comes and cannot be loaded is said once, and what comes after it fades in instead', async () => {
  const { engine, play, of, server, mixes } = made([trackOf('a'), trackOf('b'), trackOf('c')])
  server.instead = path => path.includes('/tracks/b') ? new Response('{}', { status: 404 }) : null
  engine.start(trackOf('a'))
  await settle(3)
  await play(65)
  assert.deepEqual(of('error').map(one => [one.id, one.problem.status]), [['b', 404]])
  assert.deepEqual(of('heard').map(one => one.id), ['a', 'c'])
  assert.equal(mixes.filter(([what]) => what === 'cross').length, 1)
})

test('what is found out about a track while it plays decides, too', async () => {
  const { engine, play, mixes, audios } = made([trackOf('a'), trackOf('b')])
  engine.start({ id: 'a' })
  await settle(3)
  await play(5)
  assert.equal(audios.length, 1)
  engine.follow(trackOf('b'), { key: 'b', after: 'a', from: trackOf('a') })
  await play(26)
  assert.equal(mixes.filter(([what]) => what === 'cross').length, 1)
})

test('another track that comes takes the place of the one that was loaded', async () => {
  const { engine, play, of, server } = made([trackOf('a'), trackOf('b'), trackOf('c')])
  engine.start(trackOf('a'))
  await settle(3)
  await play(10)
  engine.follow(trackOf('c'), { key: 'c', after: 'a' })
  await play(30)
  assert.deepEqual(of('track').map(one => one.id), ['a', 'c'])
  assert.ok(server.log.some(line => line.includes('/hls/b/')))
})
