import test from 'node:test'
import assert from 'node:assert/strict'
import { rebased, withoutLast } from '/core/edits.js'

const after = (now, before, wanted) => rebased([...now], [...before], [...wanted]).join('')

test('a change of a list keeps what came and went elsewhere', () => {
  assert.equal(after('abc', 'abc', 'cab'), 'cab')
  assert.equal(after('abcx', 'abc', 'cab'), 'cabx')
  assert.equal(after('ac', 'abc', 'cab'), 'ca')
  assert.equal(after('acx', 'abc', 'cb'), 'cx')
  assert.equal(after('', 'abc', 'cab'), '')
})

test('a track that is there twice is two entries', () => {
  assert.equal(after('aba', 'aba', 'baa'), 'baa')
  assert.equal(after('abaa', 'aba', 'ab'), 'aba')
  assert.equal(withoutLast([...'axax'], [...'xa']).join(''), 'ax')
  assert.equal(withoutLast([...'ab'], [...'x']).join(''), 'ab')
})
