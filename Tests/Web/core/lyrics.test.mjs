import test from 'node:test'
import assert from 'node:assert/strict'
import { lineAt, ordered } from '/core/lyrics.js'
import { chance } from '../chance.mjs'

const lines = [5, 10, 10, 20].map(at => ({ at, text: String(at) }))

test('the line is the last that has begun', () => {
  for (const [time, place] of [[0, -1], [4.999, -1], [5, 0], [9.99, 0], [10, 2], [19, 2], [20, 3], [1e9, 3]]) assert.equal(lineAt(lines, time), place, `at ${time}`)
  assert.equal(lineAt([], 5), -1)
  assert.equal(lineAt([{ at: null, text: 'a' }, { at: null, text: 'b' }], 5), -1)
})

test('the search finds what a scan finds', () => {
  const { int, next } = chance(1)
  for (let round = 0; round < 300; round++) {
    const times = Array.from({ length: int(0, 40) }, () => int(0, 100)).sort((a, b) => a - b)
    const time = next() * 110 - 5
    assert.equal(lineAt(times.map(at => ({ at, text: '' })), time), times.filter(at => at <= time).length - 1)
  }
})

test('lines are sorted by time, equal times stay; one without a time unsyncs all', () => {
  assert.deepEqual(ordered([{ at: 3, text: 'c' }, { at: 1, text: 'a' }, { at: 1, text: 'b' }]).map(line => line.text), ['a', 'b', 'c'])
  assert.deepEqual(ordered([{ at: 3, text: 'c' }, { at: null, text: 'a' }]), [{ at: null, text: 'c' }, { at: null, text: 'a' }])
})
