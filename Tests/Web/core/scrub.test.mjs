import test from 'node:test'
import assert from 'node:assert/strict'
import { isHeard } from '/core/scrub.js'

test('a hand that moves is heard a few times a second, and one that rests is not heard again', () => {
  let last = null
  let count = 0
  // Sixty places a second for two seconds, then none but the same.
  for (let time = 0; time < 4000; time += 1000 / 60) {
    const now = { time, place: Math.min(time, 2000) / 100 }
    if (!isHeard(last, now)) continue
    last = now
    count += 1
  }
  assert.ok(count >= 9 && count <= 12, String(count))
  assert.ok(last.time <= 2200)
})

test('the first place is heard at once, one as near as a shaking hand is not', () => {
  assert.equal(isHeard(null, { time: 0, place: 0 }), true)
  assert.equal(isHeard({ time: 0, place: 10 }, { time: 5000, place: 10.1 }), false)
  assert.equal(isHeard({ time: 0, place: 10 }, { time: 100, place: 90 }), false)
  assert.equal(isHeard({ time: 0, place: 10 }, { time: 200, place: 9 }), true)
})
