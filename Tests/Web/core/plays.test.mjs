import test from 'node:test'
import assert from 'node:assert/strict'
import { begin, counts, hear, play, skip } from '/core/plays.js'

test('half of the track, or four minutes', () => {
  for (const [heard, duration, does] of [[89.9, 180, false], [90, 180, true], [239, 900, false], [240, 900, true], [0, 0, false], [100, 0, false], [240, NaN, true], [0, 10, false], [5, 10, true]]) {
    assert.equal(counts(heard, duration), does, `${heard} of ${duration}`)
  }
})

test('heard is what sounded: a jump to the end is no play', () => {
  let hearing = begin('q1', 't1', 1000)
  hearing = hear(hearing, 0, 10)
  hearing = hear(hearing, 170, 180)
  assert.equal(hearing.seconds, 20)
  assert.equal(play(hearing, 180, null), null)
})

test('the same half twice is heard twice, and going back takes nothing away', () => {
  let hearing = hear(begin('q1', 't1', 0), 0, 60)
  hearing = hear(hearing, 60, 0)
  assert.equal(hear(hearing, 0, 30).seconds, 90)
})

test('a play says when it began, how much was heard and where it stopped', () => {
  const hearing = hear(begin('q1', 't1', Date.UTC(2026, 10, 29, 12)), 0, 95.5004)
  assert.deepEqual(play(hearing, 180, 99.50049), { track: 't1', at: '2026-11-29T12:00:00.000Z', stopped: 99.5, heard: 95.5, source: 'player' })
  assert.equal(play(hearing, 180, null)?.stopped, null)
})

test('a skip was left before a fifth and before it counted, and nothing else is one', () => {
  const of = (seconds, duration, stopped) => skip(hear(begin('q1', 't1', 0), 0, seconds), duration, stopped)
  assert.deepEqual(of(35.9, 180, 120), { track: 't1', at: '1970-01-01T00:00:00.000Z', stopped: 120, heard: 35.9, source: 'player' })
  for (const [seconds, duration, stopped] of [[36, 180, 36], [90, 180, 90], [0, 180, 0], [10, 180, null], [10, 0, 10], [10, NaN, 10], [241, 3600, 241]]) {
    assert.equal(of(seconds, duration, stopped), null, `${seconds} of ${duration}`)
  }
  assert.ok(of(239, 3600, 239))
})
