import test from 'node:test'
import assert from 'node:assert/strict'
import { events, signal } from '/lib/signal.js'
import { randomID, randomSeed } from '/lib/id.js'

test('a signal tells changes, and only to who still watches', () => {
  const one = signal(1)
  const seen = []
  const off = one.watch(value => seen.push(value))
  one.watch(() => off())
  one.set(1)
  one.set(2)
  one.set(3)
  assert.deepEqual(seen, [2])
  assert.equal(one.get(), 3)
})

test('listeners of an event that come or go during it do not disturb it', () => {
  const bus = events()
  const seen = []
  const off = bus.on('a', detail => {
    seen.push(detail)
    off()
    bus.on('a', () => seen.push('late'))
  })
  bus.emit('a', 1)
  assert.deepEqual(seen, [1])
  bus.emit('b')
  bus.emit('a', 2)
  assert.deepEqual(seen, [1, 'late'])
})

test('a listener that throws is reported, and the others hear', () => {
  const reported = []
  const bus = events(error => reported.push(error.message))
  const seen = []
  bus.on('a', () => { throw new Error('broken') })
  bus.on('a', () => seen.push(1))
  bus.emit('a')
  assert.deepEqual([seen, reported], [[1], ['broken']])
})

test('ids differ', () => {
  assert.match(randomID(), /^[0-9a-f]{32}$/)
  assert.notEqual(randomID(), randomID())
  assert.ok(Number.isInteger(randomSeed()))
})
