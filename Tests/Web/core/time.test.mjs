import test from 'node:test'
import assert from 'node:assert/strict'
import { format, parse, spoken } from '/core/time.js'

test('a clock rounds down and has hours only if there are some', () => {
  for (const [seconds, text] of [[0, '0:00'], [59.999, '0:59'], [60, '1:00'], [63.5, '1:03'], [3599.9, '59:59'], [3600, '1:00:00'], [36000 + 62, '10:01:02'],
    [-1, '0:00'], [NaN, '0:00'], [Infinity, '0:00']]) assert.equal(format(seconds), text)
})

test('a time is read in each of its forms, and nothing else is', () => {
  for (const [text, seconds] of [['63', 63], ['1:03', 63], ['01:03', 63], ['1:02:03', 3723], ['1:3', 63], ['1:03.25', 63.25], [' 0:00 ', 0]]) assert.equal(parse(text), seconds)
  for (const text of ['', ':', '1:', '1:60', '1:02:03:04', '-1', '1e3', '1:0x3', '<b>', '9999999']) assert.equal(parse(text), null, text)
})

test('what is formatted can be read again', () => {
  for (let seconds = 0; seconds < 100_000; seconds += 37) assert.equal(parse(format(seconds)), seconds)
})

test('a screen reader hears words, and none of what is 0', () => {
  const say = (unit, n) => `${n}${unit[0]}`
  for (const [seconds, text] of [[63, '1m 3s'], [3601, '1h 1s'], [0, '0s'], [120, '2m']]) assert.equal(spoken(seconds, say), text)
})
