import test from 'node:test'
import assert from 'node:assert/strict'
import { isWhole, missing, received, segmentBytes, verified, weight, withPart } from '/core/pins.js'
import { gridOf } from '../fakes/mp4.mjs'

const pin = { id: 't', rendition: 'opus-64', track: {}, wanted: ['/hls/a', '/hls/b', '/hls/c'], parts: [], bytes: 0, at: 0 }

test('the segments of an Opus track weigh what two of them say', () => {
  const grid = gridOf('opus-160', 48000 * 20 + 5)
  const lengths = Array.from({ length: grid.segments }, (_, k) => 152 + 400 * (Math.min(grid.frames, (k + 1) * 300) - k * 300))
  assert.deepEqual(segmentBytes(grid, { first: lengths[0], last: lengths.at(-1) }), { bytes: lengths.reduce((a, b) => a + b), isExact: true })
  const short = gridOf('opus-160', 500)
  assert.deepEqual(segmentBytes(short, { first: 552, last: 552 }), { bytes: 552, isExact: true })
})

test('the segments of an AAC track are as even', () => {
  const grid = gridOf('aac-96', 48000 * 20 + 5)
  assert.deepEqual(segmentBytes(grid, { first: 70, last: 9 }), { bytes: 70 * (grid.segments - 1) + 9, isExact: true })
})

test('other codecs are estimated, and so is what is unknown', () => {
  assert.deepEqual(segmentBytes(gridOf('flac', 48000 * 20), { first: 700_000, last: 5 }), { bytes: 900 * 125 * 20, isExact: false })
  assert.equal(segmentBytes(gridOf('opus-64', 48000 * 20), null).isExact, false)
})

test('a copy is whole when nothing is missing', () => {
  let copy = pin
  for (const url of ['/hls/b', '/hls/a', '/hls/a']) copy = withPart(copy, { url, bytes: 10, tag: '"x"' })
  assert.deepEqual(missing(copy), ['/hls/c'])
  assert.equal(received(copy), 20)
  assert.equal(isWhole(copy), false)
  assert.equal(isWhole(withPart(copy, { url: '/hls/c', bytes: 1, tag: '' })), true)
  assert.equal(isWhole({ ...pin, wanted: [] }), false)
})

test('a part of another length or tag is missing again', () => {
  let copy = pin
  for (const url of pin.wanted) copy = withPart(copy, { url, bytes: 10, tag: '"x"' })
  const found = new Map([['/hls/a', { bytes: 10, tag: '"x"' }], ['/hls/b', { bytes: 9, tag: '"x"' }], ['/hls/c', { bytes: 10, tag: '"y"' }]])
  assert.deepEqual(missing(verified(copy, found)), ['/hls/b', '/hls/c'])
  assert.deepEqual(missing(verified(copy, new Map())), pin.wanted)
})

test('what is on the device is counted once, and sound by itself', () => {
  const part = (url, bytes) => ({ url, bytes, tag: '' })
  const copies = ['a', 'b'].map(id => ({
    ...pin, id, parts: [part(`/hls/${id}/opus-64/gapless.json`, 300), part(`/hls/${id}/opus-64/0.m4s?gapless`, 5000)], beside: [part('/art/x?size=96', 1000)],
  }))
  assert.equal(received(copies[0]), 5000)
  assert.equal(weight([copies[0]]), 6300)
  assert.equal(weight(copies), 11_600)
  assert.equal(weight([pin]), 0)
})
