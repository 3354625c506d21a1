import test from 'node:test'
import assert from 'node:assert/strict'
import { end, entryAt, entryAtTime, origin, placement, plus, preRoll, readGrid, samplesOf, seconds, segmentAt } from '/core/timeline.js'
import { gridOf } from '../fakes/mp4.mjs'
import { chance } from '../chance.mjs'

test('a start is samples over rate, a tenth of a sample late', () => {
  assert.equal(seconds(origin, 48000), 0.1 / 48000)
  assert.equal(seconds({ 48000: 628321 }, 48000), 628321.1 / 48000)
  assert.equal(seconds({ 48000: 100, 44100: 50 }, 44100, 7), 57.1 / 44100 + 100 / 48000)
})

test('the window ends where the next track of the same rate begins, bit for bit', () => {
  const { int } = chance(5)
  let start = origin
  for (let track = 0; track < 5000; track++) {
    const grid = gridOf('opus-96', int(1, 48000 * 400))
    const next = end(start, grid)
    assert.equal(placement(start, grid).to, placement(next, grid).from)
    start = next
  }
})

test('twenty thousand tracks of mixed rates end within a hundredth of a sample of the exact sum', () => {
  const { int, pick } = chance(6)
  let start = origin
  const exact = { 44100: 0n, 48000: 0n }
  for (let track = 0; track < 20_000; track++) {
    const rate = pick([44100, 48000])
    const samples = int(1, rate * 300)
    start = plus(start, rate, samples)
    exact[rate] += BigInt(samples)
  }
  // In 160ths of a sample of 44,100 and 147ths of one of 48,000 Hz: both 1/7,056,000 s.
  const ticks = Number(exact[44100] * 160n + exact[48000] * 147n)
  assert.ok(Math.abs(seconds(start, 48000) - 0.1 / 48000 - ticks / 7_056_000) * 48000 < 0.01)
})

test('priming lies before the start', () => {
  const grid = gridOf('opus-96', 48000)
  assert.deepEqual(placement(origin, grid), { offset: (-0.1 - 312) / 48000, from: 0.1 / 48000, to: 48000.1 / 48000 })
})

test('a rung of another rate keeps the length of the first', () => {
  const opus = gridOf('opus-96', 44100 * 10 + 7, 44100)
  const flac = gridOf('flac', 44100 * 10 + 7, 44100)
  const { from, to, offset } = placement({ 48000: 480 }, flac, opus)
  assert.equal(from, 0.1 / 44100 + 480 / 48000)
  assert.equal(offset, from)
  assert.equal(to, (480 + opus.samples + 0.1) / 48000)
})

test('segments cover the track once, in order, and each sample is in the segment that says so', () => {
  const { int, pick } = chance(7)
  for (let round = 0; round < 400; round++) {
    const grid = gridOf(pick(['opus-24', 'opus-160', 'aac-96', 'flac']), int(1, 48000 * 60), pick([44100, 48000]))
    let at = 0
    for (let k = 0; k < grid.segments; k++) {
      const { from, to } = samplesOf(grid, k)
      assert.equal(from, at)
      assert.ok(to >= from)
      for (const sample of [from, from + Math.floor((to - from) / 2), to - 1]) if (sample >= from && to > from) assert.equal(segmentAt(grid, sample), k)
      at = to
    }
    assert.equal(at, grid.samples)
    assert.equal(segmentAt(grid, grid.samples + 1e9), grid.segments - 1)
    assert.equal(segmentAt(grid, -5), 0)
  }
})

test('who enters a segment at its very beginning begins with the one before', () => {
  const grid = gridOf('opus-96', 48000 * 60)
  const { from } = samplesOf(grid, 3)
  assert.equal(entryAt(grid, from), 2)
  assert.equal(entryAt(grid, from + preRoll(grid) - 1), 2)
  assert.equal(entryAt(grid, from + preRoll(grid)), 3)
  assert.equal(entryAt(grid, 0), 0)
  assert.equal(preRoll(gridOf('flac', 48000)), 0)
  assert.equal(preRoll(gridOf('aac-96', 48000)), 1024)
})

test('the track at a moment is the last that has begun', () => {
  const grid = gridOf('opus-96', 48000)
  const entries = [{ start: origin, grid }, { start: end(origin, grid), grid }, { start: end(end(origin, grid), grid), grid: null }, { start: null, grid: null }]
  for (const [time, place] of [[0, 0], [0.5, 0], [0.9999, 0], [1.00001, 1], [1.5, 1], [2.1, 2], [99, 2], [-1, 0]]) assert.equal(entryAtTime(entries, time), place, `at ${time}`)
})

test('a description whose numbers do not fit is refused', () => {
  const grid = gridOf('opus-96', 48000 * 20)
  assert.deepEqual(readGrid({ ...grid, more: 1 }), grid)
  const wrong = [null, 7, 'x', [], { ...grid, rate: 0 }, { ...grid, rate: '48000' }, { ...grid, segments: 3 }, { ...grid, frames: 5 }, { ...grid, samples: 0.5 },
    { ...grid, samples: Infinity }, { ...grid, type: 7 }, { ...grid, priming: -1 }, { ...grid, frames: 2 ** 53, segments: Math.ceil(2 ** 53 / 300) }, { ...grid, bitrate: 0 }, { ...grid, version: null }]
  for (const one of wrong) assert.throws(() => readGrid(one), TypeError, JSON.stringify(one))
})
