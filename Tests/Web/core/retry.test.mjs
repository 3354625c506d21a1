import test from 'node:test'
import assert from 'node:assert/strict'
import { isPassing, nextTry } from '/core/retry.js'

test('pauses double; a silent network is asked every five seconds at most, a refusing server every thirty', () => {
  const pauses = status => [1, 2, 3, 4, 5, 6, 50].map(n => nextTry(0, n, { status }))
  assert.deepEqual(pauses(0), [1000, 2000, 4000, 5000, 5000, 5000, 5000])
  assert.deepEqual(pauses(503), [1000, 2000, 4000, 8000, 16000, 30000, 30000])
})

test('clients are spread, and what the server asks for is kept', () => {
  assert.equal(nextTry(0, 1, { status: 0 }, 0), 750)
  assert.equal(nextTry(0, 1, { status: 0 }, 1), 1250)
  assert.equal(nextTry(0, 1, { status: 503, retryAt: 60_000 }), 60_000)
  assert.equal(nextTry(100_000, 1, { status: 503, retryAt: 60_000 }), 101_000)
})

test('what passes and what does not', () => {
  for (const [status, slug, does] of [[0, 'network', true], [0, 'unreadable', false], [0, 'unplayable', false], [401, '', true], [403, '', false], [404, 'not-found', false],
    [408, '', true], [415, '', false], [422, '', false], [429, 'too-many-streams', true], [500, '', true], [501, '', false], [503, 'busy', true], [507, 'disk-full', false]]) {
    assert.equal(isPassing({ status, slug }), does, `${status} ${slug}`)
  }
})
