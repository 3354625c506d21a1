// An engine with fakes around it, and a listener who writes down what happens.
import assert from 'node:assert/strict'
import { createEngine } from '/player/engine.js'
import { createFetcher } from '/player/fetcher.js'
import { FakeAudio, FakeMediaSource } from './media.mjs'
import { fakeServer } from './server.mjs'

/** Lets everything that waits go on: fetches, reads and appends are all microtasks and streams here. */
export const settle = async (rounds = 1) => {
  for (let i = 0; i < rounds; i++) for (let j = 0; j < 3; j++) await new Promise(resolve => setImmediate(resolve))
}

export function listener(tracks, { policy = {}, capacity, Class = FakeMediaSource, order = Object.keys(tracks), answers = true, device = {} } = {}) {
  const server = fakeServer(tracks)
  const audio = new FakeAudio({ capacity })
  const network = new EventTarget()
  const log = []
  const heard = []
  const world = {
    time: 1_000_000, timers: [],
    /** What ends requests of which nothing comes. @type {Set<{ms: number, fn: () => void}>} */
    guards: new Set(),
    silence() { for (const guard of [...world.guards]) guard.fn() },
  }
  const later = (ms, fn) => {
    const guard = { ms, fn }
    world.guards.add(guard)
    return () => world.guards.delete(guard)
  }
  const fetcher = createFetcher({ fetch: server.fetch, now: () => world.time, clock: () => server.clock, session: 's', stored: device.stored, fallback: device.fallback, later })
  const engine = createEngine({
    audio, fetcher, policy, Class, urls: audio.urls, network, now: () => world.time, later: (ms, fn) => world.timers.push({ ms, fn }),
  })
  for (const type of ['track', 'state', 'rung', 'want', 'ended', 'error', 'heard', 'time']) engine.on(type, detail => log.push([type, detail]))
  if (answers) {
    engine.on('want', ({ after }) => {
      const next = order[order.indexOf(after) + 1] ?? ''
      engine.follow(next ? { id: next } : null, { after })
    })
  }
  return {
    server, audio, network, engine, log, heard, fetcher, world,
    of: type => log.filter(([name]) => name === type).map(([, detail]) => detail),
    buffer: () => audio.source.buffers[0],
    /** Plays for some seconds, in the steps in which a browser tells the time. */
    async play(seconds, step = 0.25) {
      for (let played = 0; played < seconds; played += step) {
        world.time += step * 1000
        audio.advance(step, heard)
        await settle()
        if (audio.ended) break
      }
    },
  }
}

/**
 * What was heard is each track's samples, one after the other without a gap, a double or a jump, each at its time.
 * @param {any[]} heard frames @param {any} server
 */
export function assertSeamless(heard, server, { from = 0 } = {}) {
  let at = null
  let track = null
  let sample = from
  for (const frame of heard) {
    const samples = (frame.to - frame.from) * frame.rate
    if (at !== null) assert.ok(Math.abs(frame.from - at) * 48000 < 0.3, `a gap of ${(frame.from - at) * 48000} samples before ${frame.track} ${frame.sample}`)
    if (track !== null && frame.track !== track) {
      const length = server.tracks[track].samples * (48000 / (server.tracks[track].rate ?? 48000))
      assert.ok(Math.abs(sample - Math.ceil(length)) < 1.1, `${track} ended at ${sample} of ${length}`)
      sample = 0
    }
    track = frame.track
    const here = frame.sample * 48000 / frame.rate
    assert.ok(Math.abs(here - sample) < 1.1, `${track}: sample ${here} where ${sample} was due`)
    sample = here + samples * 48000 / frame.rate
    at = frame.to
  }
  return { track, sample }
}
