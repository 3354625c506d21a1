import test from 'node:test'
import assert from 'node:assert/strict'
import { readPosition, readQueue, readSettings, savedQueue, savedSettings } from '/core/saved.js'
import { initial } from '/core/reducer.js'
import { added, empty, replaced, withShuffle } from '/core/queue.js'

const queue = { ...withShuffle(added(replaced(empty, [{ id: 'a', title: '<b>' }, { id: 'b' }], { index: 1 }), [{ id: 'c' }]), true, 4), history: ['a'] }

test('a queue comes back as it was, without its undo', () => {
  const back = readQueue(JSON.parse(JSON.stringify(savedQueue(queue))))
  assert.deepEqual(back, { ...queue, undo: [], stopAfter: false })
  assert.notEqual(added(back, [{ id: 'd' }]).items.at(-1)?.key, queue.items.at(-1)?.key)
})

test('what is no queue is none', () => {
  const good = savedQueue(queue)
  for (const one of [null, 5, 'x', {}, { ...good, version: 2 }, { ...good, items: 7 }, { ...good, items: [{}] }, { ...good, index: 3 }, { ...good, index: -2 }, { ...good, index: 0.5 },
    { ...good, items: [good.items[0], good.items[0]], index: 0 }, { ...good, made: undefined }, { ...good, items: [{ ...good.items[0], track: null }] }]) assert.equal(readQueue(one), null, JSON.stringify(one))
  assert.deepEqual(readQueue({ ...good, history: [1, 'a', null], repeat: 'x' })?.history, ['a'])
})

test('settings that can be read are, others are left out', () => {
  const player = { ...initial.player, volume: 0.5, crossfade: 6, scrub: true, speed: 1.25, quality: { mobile: 48, wifi: 0 } }
  assert.deepEqual(readSettings(JSON.parse(JSON.stringify(savedSettings(player)))), { volume: 0.5, muted: false, levelling: 'album', crossfade: 6, scrub: true, speed: 1.25, quality: { mobile: 48, wifi: 0 } })
  assert.deepEqual(readSettings({ version: 1, volume: 5, muted: 'yes', levelling: 'loud', crossfade: 99, scrub: 1, speed: NaN, quality: { mobile: 'x', wifi: 1 } }), {})
  assert.deepEqual(readSettings(null), {})
})

test('a position has a key, seconds, and when that was', () => {
  assert.deepEqual(readPosition({ key: 'q1', at: 63, time: 5, x: 1 }), { key: 'q1', at: 63, time: 5 })
  assert.equal(readPosition({ key: 'q1', at: 63 }).time, Infinity)
  for (const one of [null, {}, { key: 1, at: 1 }, { key: 'q', at: -1 }, { key: 'q', at: NaN }, { key: 'q', at: '5' }]) assert.equal(readPosition(one), null)
})

test('what a track was chosen from comes back with it, if it can be read', () => {
  const from = { kind: 'album', id: 'x', title: 'X', reasons: [{ kind: 'sound', id: 's', title: 'S' }] }
  const saved = JSON.parse(JSON.stringify(savedQueue(replaced(empty, [{ id: 'a' }, { id: 'b' }], { from: [from, { kind: 'x' }] }))))
  assert.deepEqual(readQueue(saved)?.items.map(item => item.from), [from, undefined])
})
