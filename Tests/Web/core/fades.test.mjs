import test from 'node:test'
import assert from 'node:assert/strict'
import { dozed, equalPower, isTimeToLoad, overlapOf } from '/core/fades.js'

const track = (albumId, number, disc = 1, duration = 200) => ({ albumId, track: number, disc, duration })

test('tracks that follow each other on an album join, others overlap', () => {
  for (const [one, other, overlap] of [
    [track('a', 1), track('a', 2), 0], [track('a', 9), track('a', 1, 2), 0], [track('a', 2), track('a', 1), 6], [track('a', 1), track('a', 3), 6],
    [track('a', 9), track('a', 2, 2), 6], [track('a', 1), track('b', 2), 6], [track(null, 1), track(null, 2), 6], [track('a', null), track('a', null), 6],
    [track('a', 3), track('a', 3), 6],
  ]) assert.equal(overlapOf(6, one, other), overlap, JSON.stringify([one, other]))
})

test('the overlap is at most 12 s, and a third of the shorter track', () => {
  const [long, short] = [track('a', 1), track('b', 1, 1, 9)]
  assert.equal(overlapOf(60, long, track('b', 1)), 12)
  assert.equal(overlapOf(6, long, short), 3)
  assert.equal(overlapOf(6, short, long), 3)
  assert.equal(overlapOf(6, track('a', 1, 1, 1), long), 0)
  for (const wanted of [0, -1, NaN, undefined]) assert.equal(overlapOf(wanted, long, track('b', 1)), 0)
  assert.equal(overlapOf(6, undefined, long), 0)
  assert.equal(overlapOf(6, long, null), 0)
  assert.equal(overlapOf(6, long, { albumId: 'b' }), 0)
})

test('the power of both together is the same throughout, and nothing is left at the ends', () => {
  const { out, in: rise } = equalPower()
  for (let i = 0; i < out.length; i++) assert.ok(Math.abs(out[i] ** 2 + rise[i] ** 2 - 1) < 1e-6)
  assert.deepEqual([out[0], rise[0], rise.at(-1)], [1, 0, 1])
  assert.ok(Math.abs(out.at(-1)) < 1e-6)
})

test('the next track is loaded once this one has enough, or little is left of it', () => {
  assert.equal(isTimeToLoad({ position: 0, duration: 200, buffered: 6 }, 6), false)
  assert.equal(isTimeToLoad({ position: 0, duration: 200, buffered: 16 }, 6), true)
  assert.equal(isTimeToLoad({ position: 195, duration: 200, buffered: 200 }, 6), true)
  assert.equal(isTimeToLoad({ position: 185, duration: 200, buffered: 186 }, 6), true)
})

test('a listener falls asleep in ten seconds', () => {
  assert.deepEqual([dozed(100), dozed(10), dozed(0), dozed(-5), dozed(Infinity)], [1, 1, 0, 0, 1])
  for (let left = 10; left > 0; left -= 0.25) assert.ok(dozed(left - 0.25) < dozed(left) && dozed(left) - dozed(left - 0.25) < 0.06)
})
