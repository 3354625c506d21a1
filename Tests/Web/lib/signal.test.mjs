import test from 'node:test'
import assert from 'node:assert/strict'
import { events } from '/lib/signal.js'
import { randomID } from '/lib/id.js'

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
})
