import test from 'node:test'
import assert from 'node:assert/strict'
import { random, shuffled, shuffledAfter } from '/core/random.js'
import { chance } from '../chance.mjs'

test('one seed gives one order, another seed another', () => {
  const items = Array.from({ length: 50 }, (_, i) => i)
  assert.deepEqual(shuffled(items, 7), shuffled(items, 7))
  assert.notDeepEqual(shuffled(items, 7), shuffled(items, 8))
  assert.deepEqual([...shuffled(items, 7)].sort((a, b) => a - b), items)
})

test('every item comes to every place about as often', () => {
  const counts = Array.from({ length: 6 }, () => new Array(6).fill(0))
  for (let seed = 0; seed < 6000; seed++) shuffled([0, 1, 2, 3, 4, 5], seed).forEach((item, place) => { counts[item][place] += 1 })
  for (const row of counts) for (const count of row) assert.ok(Math.abs(count - 1000) < 170, `${count} of 6000`)
})

test('numbers are in [0, 1) and spread', () => {
  const next = random(1)
  const all = Array.from({ length: 10_000 }, next)
  assert.ok(all.every(x => x >= 0 && x < 1))
  assert.ok(Math.abs(all.reduce((sum, x) => sum + x) / 10_000 - 0.5) < 0.02)
})

test('what was heard lately is not in the first half, and nothing is lost', () => {
  const { int } = chance(2)
  for (let round = 0; round < 300; round++) {
    const items = Array.from({ length: int(0, 40) }, (_, i) => ({ id: `t${i}` }))
    const recent = Array.from({ length: int(0, 80) }, () => `t${int(0, 50)}`)
    const order = shuffledAfter(items, recent, item => item.id, int(0, 1e9))
    assert.deepEqual(order.map(item => item.id).sort(), items.map(item => item.id).sort())
    const half = Math.floor(items.length / 2)
    const late = new Set()
    for (const id of [...recent].reverse()) if (late.size < half && items.some(item => item.id === id)) late.add(id)
    assert.ok(order.slice(0, half).every(item => !late.has(item.id)))
  }
})
