import test from 'node:test'
import assert from 'node:assert/strict'
import { apart, factor, gain, steps } from '/core/levels.js'
import { chance } from '../chance.mjs'

const loud = { integrated: -8, truePeak: 0.5 }
const soft = { integrated: -30, truePeak: -12 }

test('tracks come to -18 LUFS', () => {
  assert.equal(gain('track', loud, null), -10)
  assert.equal(gain('off', loud, soft), 0)
  assert.equal(gain('track', null, loud), 0)
})

test('a soft track is lifted as far as its peak allows', () => {
  assert.equal(gain('track', soft, null), 11)
  assert.equal(gain('track', { integrated: -30, truePeak: -40 }, null), 12)
})

test('an album keeps its differences; without its loudness the track is levelled', () => {
  assert.equal(gain('album', soft, { integrated: -14, truePeak: -1 }), -4)
  assert.equal(gain('album', loud, null), -10)
})

test('silence and damage are not lifted', () => {
  for (const one of [{ integrated: -90, truePeak: -80 }, { integrated: -Infinity, truePeak: -Infinity }, { integrated: NaN, truePeak: 0 }, {}, undefined]) assert.equal(gain('track', one, null), 0)
})

test('no peak is above -1 dBTP after levelling', () => {
  const { next, pick } = chance(3)
  for (let round = 0; round < 2000; round++) {
    const track = { integrated: -60 * next(), truePeak: 6 - 30 * next() }
    const album = { integrated: -60 * next(), truePeak: 6 - 30 * next() }
    const decibels = gain(pick(['track', 'album']), track, pick([album, null]))
    assert.ok(track.truePeak + steps(decibels) / 256 <= -1 + 1e-9, `${track.truePeak} + ${decibels}`)
  }
})

test('OutputGain has 16 bits, and neighbours differ', () => {
  assert.equal(steps(-6), -1536)
  assert.equal(steps(1000), 0x7FFF)
  assert.equal(steps(-1000), -0x8000)
  assert.equal(apart(5, null), 5)
  assert.equal(apart(5, 4), 5)
  assert.equal(apart(5, 5), 4)
  assert.equal(apart(-0x8000, -0x8000), -0x7FFF)
})

test('a volume never amplifies', () => {
  assert.equal(factor(6), 1)
  assert.ok(Math.abs(factor(-6) - 0.501187) < 1e-6)
})
