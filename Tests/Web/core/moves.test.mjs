import assert from 'node:assert/strict'
import { test } from 'node:test'
import { moves, staying } from '/core/moves.js'
import { chance } from '../chance.mjs'

const list = (ids, from = 0) => ids.map((id, i) => [from + i, id])

test('entries are found where they are now', () => {
  const move = moves(new Map(list(['a', 'b', 'c', 'd'])), list(['n', 'a', 'd', 'c']))
  assert.deepEqual([0, 1, 2, 3, 4, -1].map(move), [1, -1, 3, 2, -1, -1])
})

test('an entry of a page that was not asked for goes with its neighbours, and is gone if another is there', () => {
  const ids = (from, to, by = 0) => Array.from({ length: to - from }, (_, i) => [from + i, `x${from + i + by}`])
  // Two are gone from the beginning; only the second page is known after it, and the third was never.
  const move = moves(new Map(ids(0, 400)), ids(200, 400, 2), 998)
  assert.deepEqual([150, 202, 201, 500, 999, 1000].map(move), [148, 200, 199, 498, 997, -1])
  const gone = moves(new Map(ids(200, 400)), ids(200, 400).filter(([place]) => place !== 399).map(([place, id]) => [place, place < 300 ? id : `x${place + 1}`]), 999)
  assert.equal(gone(300), -1)
  assert.equal(gone(600), 599)
})

test('of an entry that comes more than once, the nearest place counts', () => {
  const move = moves(new Map(list(['a', 'x', 'a', 'a'])), list(['x', 'a', 'a', 'y', 'a']))
  assert.deepEqual([0, 2, 3].map(move), [1, 2, 2])
})

test('rows that stay are in order, and the one with the focus is among them if its entry is', () => {
  const { int } = chance(7)
  for (let round = 0; round < 300; round++) {
    const goals = Array.from({ length: int(1, 12) }, () => int(0, 4) === 0 ? -1 : int(0, 29))
    const fixed = int(-1, goals.length - 1)
    const stays = staying(goals, fixed)
    const kept = goals.filter((_, i) => stays[i])
    assert.ok(kept.every((goal, i) => goal >= 0 && (i === 0 || goal > kept[i - 1])), `${goals} ${fixed}`)
    if (fixed >= 0 && goals[fixed] >= 0) assert.ok(stays[fixed], `${goals} ${fixed}`)
  }
})

test('where nothing changed its order, all stay', () => {
  assert.deepEqual(staying([3, 4, 5, 9]), [true, true, true, true])
  assert.deepEqual(staying([3, -1, 5, 4], 3), [true, false, false, true])
})
