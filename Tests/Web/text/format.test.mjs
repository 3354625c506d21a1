import assert from 'node:assert/strict'
import { test } from 'node:test'
import { size } from '/text/format.js'

test('sizes are as large as their units, and bytes have a plural', () => {
  assert.deepEqual([1, 33, 1500, 4_400_000, 412_000_000, 2e9].map(size), ['1 byte', '33 bytes', '2 kB', '4.4 MB', '412 MB', '2 GB'])
})
