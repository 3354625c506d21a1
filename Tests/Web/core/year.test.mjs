import test from 'node:test'
import assert from 'node:assert/strict'
import { bars, busiest, choices, daysOf, readMonths, readYear, yearToShow } from '/core/year.js'
import { dayOf, offsetOf } from '/core/time.js'

test('a year is four digits', () => {
  assert.deepEqual(['2026', '1999', '20260', '026', '2e3', '', undefined, '-200', '2026 '].map(readYear), [2026, 1999, null, null, null, null, null, null, null])
})

test('there are twelve months, whatever the server says', () => {
  assert.deepEqual(readMonths([1, 2, 'x', -4, null]), [1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
  assert.equal(readMonths(undefined).length, 12)
})

test('bars are parts of the highest', () => {
  assert.deepEqual(bars([0, 5, 10]).map(one => one.part), [0, 0.5, 1])
  assert.deepEqual(bars([0, 0]).map(one => one.part), [0, 0])
})

test('the month with the most plays, the first of several', () => {
  assert.deepEqual(busiest([1, 7, 7]), { month: 1, plays: 7 })
  assert.equal(busiest([0, 0]), null)
})

test('without a year in the address it is the latest with plays', () => {
  const years = [{ year: 2019 }, { year: 2025 }]
  assert.equal(yearToShow(2001, years, 2026), 2001)
  assert.equal(yearToShow(null, years, 2026), 2025)
  assert.equal(yearToShow(null, [], 2026), 2026)
  assert.deepEqual(choices(years, 2001), [2025, 2019, 2001])
  assert.deepEqual(choices(years, 2025), [2025, 2019])
})

test('a year has as many days as went by', () => {
  assert.equal(daysOf(2024, Date.UTC(2026, 5, 1)), 366)
  assert.equal(daysOf(2026, Date.UTC(2026, 0, 1, 5)), 1)
  assert.equal(daysOf(2026, Date.UTC(2026, 1, 1)), 31)
  assert.equal(daysOf(2030, Date.UTC(2026, 1, 1)), 1)
})

test('a day is the listener’s', () => {
  assert.equal(dayOf(new Date(2026, 0, 5, 23, 59)), '01-05')
  assert.equal(dayOf(new Date(2026, 10, 30, 0, 1)), '11-30')
  assert.equal(offsetOf({ getTimezoneOffset: () => -60 }), 60)
})
