import test from 'node:test'
import assert from 'node:assert/strict'
import { measured, throughput } from '/core/bandwidth.js'
import { abandons, choose, network, rungsOf } from '/core/ladder.js'
import { chance } from '../chance.mjs'

const opus = [32, 48, 64, 96, 128, 160].map(bitrate => ({ name: `opus-${bitrate}`, ladder: 'opus', bitrate }))
const flac = { name: 'flac', ladder: 'flac', bitrate: 900 }
const renditions = names => names.map(name => ({ name, ladder: name.split('-')[0] }))
/** @param {[number, number][]} downloads kbit/s of downloads of so many bytes */
const after = downloads => downloads.reduce((bandwidth, [kbit, bytes]) => measured(bandwidth, bytes, bytes * 8 / 1000 / kbit), null)
const segment = bitrate => bitrate * 750

test('100 kbit/s measured while opus-128 plays: the next request is for a rung that fits', () => {
  const bandwidth = after([[50_000, segment(128)], [50_000, segment(128)], [50_000, segment(128)], [100, segment(128)]])
  assert.ok(Math.abs(throughput(bandwidth) - 100) < 1)
  for (const buffer of [0.5, 2.3, 10, 36]) {
    const { rung, why } = choose([...opus, flac], { throughput: throughput(bandwidth), buffer, current: 'opus-128', isFirst: false })
    assert.ok(rung.bitrate <= 80, `${rung.name} with ${buffer} s`)
    assert.equal(why, buffer < 5 ? 'urgency' : 'throughput')
  }
})

test('10 s buffered at 100 kbit/s do not run dry, whenever the network breaks', () => {
  for (let late = 0; late < 1; late += 0.05) {
    let bandwidth = after([[20_000, segment(128)], [20_000, segment(128)]])
    let current = opus[4]
    let buffer = 10
    let left = segment(128) * (1 - late)
    // A download is under way when the network breaks.
    for (let round = 0; round < 40; round++) {
      const whole = segment(current.bitrate)
      const elapsed = left * 8 / 1000 / 100
      buffer -= elapsed
      assert.ok(buffer > 0, `ran dry in round ${round}, ${late}`)
      bandwidth = measured(bandwidth, whole, elapsed + (whole - left) * 8 / 1000 / 20_000)
      buffer = Math.min(36, buffer + 6)
      current = choose(opus, { throughput: throughput(bandwidth), buffer, current: current.name, isFirst: false }).rung
      left = segment(current.bitrate)
    }
    assert.equal(current.name, 'opus-64')
  }
})

test('back on a good network it climbs, one rung after the other', () => {
  let bandwidth = after(Array.from({ length: 10 }, () => [100, segment(64)]))
  let current = opus[2]
  const path = [current.name]
  for (let round = 0; round < 12; round++) {
    bandwidth = measured(bandwidth, segment(current.bitrate), segment(current.bitrate) * 8 / 1000 / 30_000)
    const { rung } = choose(opus, { throughput: throughput(bandwidth), buffer: 30, current: current.name, isFirst: false })
    assert.ok(opus.indexOf(rung) - opus.indexOf(current) <= 1)
    current = rung
    if (path.at(-1) !== rung.name) path.push(rung.name)
  }
  assert.deepEqual(path, ['opus-64', 'opus-96', 'opus-128', 'opus-160'])
})

test('one fast download after slow ones is not believed at once, one slow after fast ones is', () => {
  const slow = after(Array.from({ length: 6 }, () => [200, 50_000]))
  assert.ok(throughput(measured(slow, 50_000, 0.02)) < 300)
  const fast = after(Array.from({ length: 6 }, () => [20_000, 50_000]))
  assert.ok(throughput(measured(fast, 50_000, 2)) <= 200)
})

test('downloads that say nothing are not counted', () => {
  const bandwidth = after([[1000, 50_000]])
  assert.equal(measured(bandwidth, 200, 0.2), bandwidth)
  assert.equal(measured(bandwidth, 0, 5), bandwidth)
  assert.equal(measured(null, 100, 0.01), null)
  assert.notEqual(measured(bandwidth, 200, 4), bandwidth)
  assert.ok(throughput(measured(null, 50_000, 0)) <= 40_000)
})

test('wishes limit the rung, and the tightest limit is the reason', () => {
  const at = state => choose([...opus, flac], { throughput: 100_000, buffer: 30, ...state })
  assert.deepEqual(at({}), { rung: flac, why: 'top' })
  assert.deepEqual(at({ cap: 130 }), { rung: opus[4], why: 'max' })
  assert.deepEqual(at({ saveData: true, cap: 130 }), { rung: opus[2], why: 'save-data' })
  assert.deepEqual(at({ cap: 8 }), { rung: opus[0], why: 'lowest' })
  assert.equal(at({ throughput: 10 }).why, 'lowest')
  assert.equal(choose(opus, { throughput: null, buffer: 0 }).rung.name, 'opus-160')
})

test('with an empty buffer half of the network is used, and climbing waits for ten seconds', () => {
  assert.equal(choose(opus, { throughput: 200, buffer: 0 }).rung.name, 'opus-96')
  assert.equal(choose(opus, { throughput: 200, buffer: 6 }).rung.name, 'opus-160')
  assert.deepEqual(choose(opus, { throughput: 1000, buffer: 6, current: 'opus-64' }), { rung: opus[2], why: 'careful' })
  assert.equal(choose(opus, { throughput: 1000, buffer: 11, current: 'opus-64' }).rung.name, 'opus-96')
  assert.equal(choose(opus, { throughput: 170, buffer: 11, current: 'opus-96' }).rung.name, 'opus-96')
})

test('the codec changes upwards only between tracks, downwards at once', () => {
  const rungs = [...opus, flac]
  assert.deepEqual(choose(rungs, { throughput: 1e5, buffer: 30, current: 'opus-160', isFirst: false }), { rung: opus[5], why: 'codec' })
  assert.equal(choose(rungs, { throughput: 1e5, buffer: 30, current: 'opus-160', isFirst: true }).rung, flac)
  assert.equal(choose(rungs, { throughput: 500, buffer: 8, current: 'flac', isFirst: false }).rung.name, 'opus-160')
})

test('a copy on the device is used if it costs nothing in sound, or if bytes cost money', () => {
  const at = state => choose(opus, { throughput: 1e5, buffer: 30, pinned: 'opus-96', ...state })
  assert.equal(at({}).rung.name, 'opus-160')
  assert.deepEqual(at({ isMetered: true }), { rung: opus[3], why: 'pinned' })
  assert.equal(at({ cap: 64 }).why, 'pinned')
  assert.equal(at({ throughput: 0 }).why, 'pinned')
  assert.equal(at({ pinned: 'opus-500' }).rung.name, 'opus-160')
})

test('never above a limit unless every rung is, and never two rungs up', () => {
  const { int, pick, next } = chance(8)
  for (let round = 0; round < 20_000; round++) {
    const rungs = pick([opus, [...opus, flac], opus.slice(0, 1), [opus[2], flac]])
    const current = pick([null, ...rungs.map(rung => rung.name), 'aac-96'])
    const cap = pick([0, int(8, 1000)])
    const mtp = pick([null, next() * 2000])
    const { rung } = choose(rungs, { throughput: mtp, buffer: next() * 40, cap, current, isFirst: pick([true, false]) })
    const lowest = rung === rungs[0]
    if (!lowest && cap > 0) assert.ok(rung.bitrate <= cap)
    if (!lowest && mtp !== null) assert.ok(rung.bitrate <= mtp * 0.8)
    const place = rungs.findIndex(one => one.name === current)
    if (place >= 0) assert.ok(rungs.indexOf(rung) <= place + 1)
  }
})

test('a download is given up if the buffer runs dry before and a lower rung comes sooner', () => {
  const state = { total: 96_000, elapsed: 2, received: 25_000, buffer: 3, length: 6 }
  assert.equal(abandons(state, opus, 'opus-128'), true)
  assert.equal(abandons({ ...state, buffer: 10 }, opus, 'opus-128'), false)
  assert.equal(abandons({ ...state, elapsed: 0.5 }, opus, 'opus-128'), false)
  assert.equal(abandons({ ...state, received: 90_000 }, opus, 'opus-128'), false)
  assert.equal(abandons(state, opus, 'opus-32'), false)
  assert.equal(abandons(state, opus, 'unknown'), false)
})

test('rungs of a track: Opus or else AAC, FLAC above, mono rungs only of mono originals', () => {
  const track = { renditions: renditions(['mp3-96', 'aac-32', 'aac-96', 'opus-24', 'opus-64', 'flac']), channels: 2, bitrate: 812 }
  const names = (track, ladders) => rungsOf(track, ladders).map(rung => rung.name)
  assert.deepEqual(names(track, ['opus', 'aac', 'flac']), ['opus-64', 'flac'])
  assert.deepEqual(names(track, ['aac', 'flac']), ['aac-96', 'flac'])
  assert.deepEqual(names({ ...track, channels: 1 }, ['opus']), ['opus-24', 'opus-64'])
  assert.deepEqual(names(track, []), [])
  assert.equal(rungsOf(track, ['flac'])[0].bitrate, 812)
})

test('the kind of network decides the limit', () => {
  const quality = { mobile: 64, wifi: 0 }
  assert.deepEqual(network(quality, { type: 'cellular', downlink: 1.5 }), { kind: 'mobile', cap: 64, saveData: false, isMetered: true, downlink: 1500 })
  assert.deepEqual(network(quality, { type: 'wifi', saveData: true }), { kind: 'wifi', cap: 0, saveData: true, isMetered: true, downlink: null })
  assert.deepEqual(network(quality, undefined), { kind: 'wifi', cap: 0, saveData: false, isMetered: false, downlink: null })
})
