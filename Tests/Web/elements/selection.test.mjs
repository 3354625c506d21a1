import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSelection } from '/elements/selection.js'

test('one, one more, all between, all', () => {
  let changes = 0
  const selection = createSelection(() => { changes += 1 })
  selection.only(5)
  selection.toggle(2)
  assert.deepEqual(selection.places, [2, 5])
  selection.upTo(4)
  assert.deepEqual(selection.places, [2, 3, 4], 'from the last that was taken alone')
  selection.upTo(0)
  assert.deepEqual(selection.places, [0, 1, 2], 'the other way from the same one')
  selection.toggle(1)
  assert.deepEqual(selection.places, [0, 2])
  selection.all(3)
  assert.equal(selection.size, 3)
  assert.equal(changes, 6)
  selection.clear()
  selection.clear()
  assert.equal(changes, 7, 'clearing nothing is no change')
})

test('a selection goes with its entries, and loses those that are gone', () => {
  const selection = createSelection()
  selection.only(2)
  selection.toggle(4)
  selection.toggle(5)
  selection.move(place => place === 4 ? -1 : place + 10)
  assert.deepEqual(selection.places, [12, 15])
  selection.upTo(17)
  assert.deepEqual(selection.places, [15, 16, 17], 'from where the last that was taken alone is now')
})
