import test from 'node:test'
import assert from 'node:assert/strict'
import { readBeginning, readInit, readSegment, withOutputGain } from '/core/boxes.js'
import { box, gridOf, initSection, segment } from '../fakes/mp4.mjs'
import { chance } from '../chance.mjs'

test('an init section says its codec, its clock and its gain', () => {
  assert.deepEqual(readInit(initSection({ gain: -1536 })), { codec: 'Opus', channels: 2, timescale: 48000, isEdited: false, preSkip: 0, outputGain: -1536 })
  assert.deepEqual(readInit(initSection({ ladder: 'flac', rate: 44100, isLong: true })), { codec: 'fLaC', channels: 2, timescale: 44100, isEdited: false, preSkip: null, outputGain: null })
  assert.equal(readInit(initSection({ edits: true })).isEdited, true)
  assert.equal(readInit(initSection({ preSkip: 312 })).preSkip, 312)
})

test('a gain is written where it belongs and nothing else changes', () => {
  const init = initSection()
  const louder = withOutputGain(init, -1536)
  assert.equal(readInit(louder).outputGain, -1536)
  assert.equal(readInit(init).outputGain, 0)
  assert.equal(louder.filter((byte, i) => byte !== init[i]).length, 1)
  assert.deepEqual(withOutputGain(louder, 0), init)
  const aac = initSection({ ladder: 'aac' })
  assert.equal(withOutputGain(aac, 5), aac)
})

test('a view into a larger buffer is read at its own place', () => {
  const init = initSection({ gain: 77 })
  const around = new Uint8Array(init.length + 20)
  around.set(init, 11)
  assert.equal(readInit(around.subarray(11, 11 + init.length)).outputGain, 77)
})

test('gains of more than 16 bits are refused', () => {
  for (const gain of [0x8000, -0x8001, 1.5, NaN]) assert.throws(() => withOutputGain(initSection(), gain), RangeError)
})

test('a segment says its time and its frames', () => {
  const grid = gridOf('opus-96', 48000 * 20)
  assert.deepEqual(readSegment(segment(grid, 1)), { time: 300 * 960, frames: 300 })
  assert.deepEqual(readSegment(segment(grid, 3)), { time: 900 * 960, frames: grid.frames - 900 })
})

test('a segment of several fragments has the frames of all of them, and begins where the first does', () => {
  const grid = gridOf('aac-96', 44100 * 20, 44100)
  const parts = [segment({ ...grid, framesPerSegment: 126 }, 2), segment({ ...grid, framesPerSegment: 126 }, 3), Uint8Array.from(box('free', [0, 0, 0]))]
  const bytes = Uint8Array.from(parts.flatMap(part => [...part]))
  assert.deepEqual(readSegment(bytes), { time: 252 * 1024, frames: 252 })
  assert.deepEqual(readBeginning(bytes.subarray(0, 200)), { time: 252 * 1024, frames: 126 })
  for (let length = 0; length < bytes.length; length++) {
    // Cut behind a box, a shorter segment is left, which the caller knows by its frames.
    if (length === parts[0].length || length === parts[0].length + parts[1].length) continue
    assert.throws(() => readSegment(bytes.subarray(0, length)), RangeError, `${length} bytes`)
  }
})

test('every cut throws, and so does a box that claims too much', () => {
  const init = initSection()
  for (let length = 0; length < init.length; length++) assert.throws(() => readInit(init.subarray(0, length)), RangeError, `${length} bytes`)
  const part = segment(gridOf('opus-96', 48000 * 20), 0)
  for (let length = 0; length < part.length; length++) assert.throws(() => readSegment(part.subarray(0, length)), RangeError, `${length} bytes`)
  const long = Uint8Array.from([0, 0, 0, 1, ...box('moov').slice(4), 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF])
  assert.throws(() => readInit(long), RangeError)
})

test('damaged bytes throw a RangeError or are read; they never loop', () => {
  const { int, pick } = chance(4)
  const whole = [initSection(), initSection({ ladder: 'aac' }), segment(gridOf('opus-96', 48000 * 20), 0)]
  let refused = 0
  for (let round = 0; round < 20_000; round++) {
    const bytes = pick(whole).slice()
    for (let i = int(1, 4); i > 0; i--) bytes[int(0, bytes.length - 1)] = pick([0, 1, 7, 8, 255, int(0, 255)])
    for (const read of [readInit, readSegment, b => withOutputGain(b, 3)]) {
      try {
        read(bytes)
      } catch (error) {
        assert.ok(error instanceof RangeError, String(error))
        refused += 1
      }
    }
  }
  assert.ok(refused > 10_000)
})
