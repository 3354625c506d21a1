import test from 'node:test'
import assert from 'node:assert/strict'
import { aheadOf, edgeAt, next, starts } from '/core/pump.js'
import { end, entryAtTime, origin, preRoll, samplesOf, seconds } from '/core/timeline.js'
import { gridOf } from '../fakes/mp4.mjs'
import { chance } from '../chance.mjs'

/** Entries one after the other, described in their first rendition. */
function entriesOf(...list) {
  const entries = list.map(([rendition, samples, rate = 48000]) => {
    const grid = rendition && gridOf(rendition, samples, rate)
    return { grid, grids: grid ? { [rendition]: grid } : {}, pieces: [], held: null, rung: rendition }
  })
  starts(entries, origin).forEach((start, i) => { entries[i].start = start })
  return entries
}
const viewOf = (entries, changes = {}) => ({
  time: 0, ranges: [], entries, isLast: true, isEnded: false, isOpen: true, ahead: 36, behind: 36, before: null,
  rungOf: place => entries[place].rung, ...changes,
})

test('the edge of what is buffered bridges rounding, and no gap', () => {
  for (const [ranges, time, edge] of [[[], 5, null], [[[0, 10]], 5, 10], [[[0, 10]], 11, null], [[[0, 10], [10.001, 20]], 5, 20], [[[0, 10], [10.5, 20]], 5, 10],
    [[[0.000002, 10]], 0, 10], [[[3, 10]], 0, null], [[[0, 5], [8, 10]], 9, 10], [[[0, 10]], 10.1, 10]]) assert.equal(edgeAt(ranges, time), edge, JSON.stringify(ranges))
})

test('what is not described is described, and the first segment comes first', () => {
  const [unknown] = entriesOf([null, 0])
  assert.deepEqual(next(viewOf([unknown])), { do: 'describe', entry: 0, rendition: null })
  unknown.rung = 'opus-96'
  assert.deepEqual(next(viewOf([unknown])), { do: 'describe', entry: 0, rendition: 'opus-96' })
  assert.deepEqual(next(viewOf(entriesOf(['opus-96', 48000 * 60]))), { do: 'fetch', entry: 0, rendition: 'opus-96', segment: 0, edge: 0, cut: null })
})

test('after the end of one track comes the beginning of the next', () => {
  const entries = entriesOf(['opus-96', 48000 * 10 + 123], ['opus-96', 48000 * 10])
  const edge = seconds(entries[1].start, 48000)
  for (const error of [-1e-5, 0, 1e-5]) {
    const step = next(viewOf(entries, { ranges: [[0, edge + error]] }))
    assert.equal(`${step.do} ${step.entry} ${step.segment}`, 'fetch 1 0')
  }
})

test('the beginning of the next track is held once 15 s are buffered, before more of this one', () => {
  const entries = entriesOf(['opus-96', 48000 * 300], ['opus-96', 48000 * 300])
  assert.equal(next(viewOf(entries, { ranges: [[0, 14]] })).do, 'fetch')
  assert.deepEqual(next(viewOf(entries, { ranges: [[0, 16]] })), { do: 'hold', entry: 1, rendition: 'opus-96', segment: 0 })
  entries[1].held = 'opus-96'
  assert.equal(next(viewOf(entries, { ranges: [[0, 16]] })).do, 'fetch')
  assert.deepEqual(next(viewOf(entries, { ranges: [[0, 36.5]] })), { do: 'wait' })
})

test('an end is told once, and only if nothing follows', () => {
  const entries = entriesOf(['opus-96', 48000 * 10])
  const ranges = [[0, 10]]
  assert.deepEqual(next(viewOf(entries, { ranges })), { do: 'end' })
  assert.deepEqual(next(viewOf(entries, { ranges, isEnded: true })), { do: 'wait' })
  assert.deepEqual(next(viewOf(entries, { ranges, isLast: false })), { do: 'wait' })
  // Nobody has answered: the sound ends rather than hangs.
  assert.deepEqual(next(viewOf(entries, { ranges, isLast: false, time: 9.8 })), { do: 'end' })
})

test('what was played goes, but not at every step', () => {
  const entries = entriesOf(['opus-96', 48000 * 300])
  assert.deepEqual(next(viewOf(entries, { time: 80, ranges: [[0, 120]] })), { do: 'remove', from: 0, to: 44 })
  assert.notEqual(next(viewOf(entries, { time: 70, ranges: [[0, 120]] })).do, 'remove')
})

test('a closed source, and one that is full or resting, waits', () => {
  assert.deepEqual(next(viewOf(entriesOf(['opus-96', 48000 * 60]), { isOpen: false })), { do: 'wait' })
})

test('a seek into the first 80 ms of a segment begins with the one before, once', () => {
  const entries = entriesOf(['opus-96', 48000 * 60])
  const { grid } = entries[0]
  const boundary = seconds(origin, 48000, samplesOf(grid, 3).from)
  assert.equal(next(viewOf(entries, { time: boundary + 0.05 })).segment, 2)
  assert.equal(next(viewOf(entries, { time: boundary + 0.05, ranges: [[boundary - 6, boundary]] })).segment, 3)
  assert.equal(next(viewOf(entries, { time: boundary + preRoll(grid) / 48000 + 0.001 })).segment, 3)
})

test('a segment that changed nothing is not asked for again', () => {
  const entries = entriesOf(['opus-96', 48000 * 60])
  const step = next(viewOf(entries))
  assert.deepEqual(next(viewOf(entries, { before: { entry: 0, segment: step.segment, edge: step.edge } })), { do: 'fail', entry: 0 })
})

test('another codec is cut at the sample where the last piece ends; another rung of the same codec is not', () => {
  const [entry] = entriesOf(['flac', 44100 * 60, 44100])
  for (const name of ['opus-64', 'opus-96']) entry.grids[name] = gridOf(name, 44100 * 60, 44100)
  const flac = entry.grids.flac
  const edge = seconds(origin, 44100, samplesOf(flac, 0).to)
  entry.pieces = [{ rendition: 'flac', segment: 0, from: 0, to: edge }]
  entry.rung = 'opus-64'
  const step = next(viewOf([entry], { ranges: [[0, edge - 1e-6]] }))
  assert.deepEqual(step, { do: 'fetch', entry: 0, rendition: 'opus-64', segment: 0, edge, cut: edge })
  const opusEdge = seconds(origin, 48000, samplesOf(entry.grids['opus-64'], 0).to)
  entry.pieces.push({ rendition: 'opus-64', segment: 0, from: edge, to: opusEdge })
  entry.rung = 'opus-96'
  assert.deepEqual(next(viewOf([entry], { ranges: [[0, opusEdge]] })), { do: 'fetch', entry: 0, rendition: 'opus-96', segment: 1, edge: opusEdge, cut: null })
})

test('starts follow from lengths as far as they are known', () => {
  const a = gridOf('opus-96', 48000)
  const b = gridOf('flac', 44100, 44100)
  assert.deepEqual(starts([{ grid: a }, { grid: b }, { grid: null }, { grid: a }], origin), [{}, { 48000: 48000 }, { 48000: 48000, 44100: 44100 }, null])
})

test('the buffer is what a browser holds', () => {
  assert.equal(aheadOf(128, false), 36)
  assert.ok(aheadOf(3000, false) > 10 && aheadOf(3000, false) < 36)
  assert.ok(aheadOf(900, true) >= 10 && aheadOf(900, true) < 11)
  assert.ok(aheadOf(3000, false) * 3000 * 125 < 12 * 2 ** 20 / 2 + 1)
})

test('any run of tracks, whatever the seeks and rungs, is filled without a gap and without a segment twice', () => {
  const { int, pick, next: roll } = chance(9)
  for (let round = 0; round < 60; round++) {
    const entries = entriesOf(...Array.from({ length: int(1, 5) }, () => [pick(['opus-64', 'opus-96', 'aac-96', 'flac']), int(500, 48000 * 40), 48000]))
    for (const entry of entries) for (const name of ['opus-64', 'opus-96', 'flac']) entry.grids[name] ??= gridOf(name, entry.grid.samples)
    const length = seconds(end(entries.at(-1).start, entries.at(-1).grid), 48000)
    /** @type {[number, number][]} */
    let ranges = []
    let time = 0
    let ended = false
    let before = null
    const fetched = []
    for (let steps = 0; steps < 2000 && !ended; steps++) {
      if (roll() < 0.02) {
        time = roll() * length
        before = null
      }
      const view = viewOf(entries, { time, ranges, ahead: 30, behind: 1e9, before, rungOf: place => pick(Object.keys(entries[place].grids)) })
      const step = next(view)
      assert.notEqual(step.do, 'describe')
      assert.notEqual(step.do, 'fail', JSON.stringify({ round, time, ranges }))
      if (step.do === 'hold') entries[step.entry].held = step.rendition
      if (step.do === 'end') ended = true
      if (step.do === 'wait') time = Math.min(length, time + 5)
      if (step.do !== 'fetch') continue
      const entry = entries[step.entry]
      const grid = entry.grids[step.rendition]
      assert.ok(step.segment >= 0 && step.segment < grid.segments)
      const { from, to } = samplesOf(grid, step.segment)
      const piece = { rendition: step.rendition, segment: step.segment, from: Math.max(step.cut ?? 0, seconds(entry.start, grid.rate, from)), to: seconds(entry.start, grid.rate, to) }
      // It joins what is there, or holds the moment that is wanted with its pre-roll.
      const edge = edgeAt(ranges, time)
      if (edge !== null) assert.ok(piece.from <= edge + 0.001, `${piece.from} after ${edge}`)
      else assert.ok(piece.from <= time + 0.001 && piece.to >= time - 0.1)
      entry.pieces.push(piece)
      fetched.push(piece)
      ranges = merged([...ranges, [piece.from, piece.to]])
      before = { entry: step.entry, segment: step.segment, edge: step.edge }
      assert.equal(entryAtTime(entries, piece.from + 0.02) >= step.entry, true)
    }
    assert.ok(ended, `no end in round ${round}`)
    assert.ok(fetched.reduce((sum, piece) => sum + piece.to - piece.from, 0) < length * 1.5 + 60)
  }
})

/** @param {[number, number][]} ranges */
function merged(ranges) {
  const result = []
  for (const [from, to] of ranges.sort((a, b) => a[0] - b[0])) {
    const last = result.at(-1)
    if (last && from <= last[1] + 1e-4) last[1] = Math.max(last[1], to)
    else result.push([from, to])
  }
  return result
}
