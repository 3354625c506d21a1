import test from 'node:test'
import assert from 'node:assert/strict'
import { timeOfDays } from '/core/days.js'

process.env.TZ = 'Europe/Berlin'

test('days are whole, both ends with them, in the time of this place', () => {
  assert.deepEqual(timeOfDays('2026-01-02', '2026-01-02'), { from: '2026-01-01T23:00:00.000Z', to: '2026-01-02T23:00:00.000Z' })
  // A day of 23 hours, and one of 25.
  assert.deepEqual(timeOfDays('2026-03-29', '2026-03-29'), { from: '2026-03-28T23:00:00.000Z', to: '2026-03-29T22:00:00.000Z' })
  assert.deepEqual(timeOfDays('2026-10-25', '2026-10-25'), { from: '2026-10-24T22:00:00.000Z', to: '2026-10-25T23:00:00.000Z' })
})

test('one end may be open', () => {
  assert.deepEqual(timeOfDays('2026-01-02', ''), { from: '2026-01-01T23:00:00.000Z' })
  assert.deepEqual(timeOfDays('', '2026-12-31'), { to: '2026-12-31T23:00:00.000Z' })
})

test('what is no time is none', () => {
  for (const [first, last] of [['', ''], ['2026-02-30', ''], ['', '2026-13-01'], ['x', ''], ['2026-01-02', '2026-01-01'], ['2026-1-2', '']]) {
    assert.equal(timeOfDays(first, last), null, `${first} ${last}`)
  }
})
