import test from 'node:test'
import assert from 'node:assert/strict'
import { held, inFewWords, knownReasons, putBack, readSuggestions } from '/core/suggestions.js'

const reason = (kind, title) => ({ kind, id: '1', title })
const items = text => [...text].map(item => ({ item, title: item, artist: '', album: '', track: null, reasons: [] }))
const ids = all => all.map(one => one.item).join('')

test('two things that are played are one phrase, else the strongest reason is', () => {
  assert.deepEqual(inFewWords([reason('track', 'X'), reason('artist', 'Y'), reason('genre', 'Z')]), { kind: 'both', a: 'X', b: 'Y' })
  assert.deepEqual(inFewWords([reason('track', 'X'), reason('sound', 'Y')]), { kind: 'track', a: 'X', b: '' })
  assert.deepEqual(inFewWords([reason('sound', 'X'), reason('track', 'Y')]), { kind: 'sound', a: 'X', b: '' })
  assert.deepEqual(inFewWords([reason('artist', 'X'), reason('track', 'X')]), { kind: 'artist', a: 'X', b: '' })
  assert.equal(inFewWords([]), null)
})

test('a kind that the page has no words for is left out', () => {
  assert.deepEqual(knownReasons([reason('moon', 'X'), reason('genre', 'Y')]).map(one => one.title), ['Y'])
})

test('an answer is read with care', () => {
  const read = readSuggestions([{ item: 'a', title: 'A', track: null }, { item: 'a', title: 'again' }, { item: 5, title: 'B' }, null, { item: 'c', title: 'C', artist: 'X', track: { id: 't' }, reasons: 'no' }])
  assert.deepEqual(read.map(one => [one.item, one.artist, one.track?.id]), [['a', '', undefined], ['c', 'X', 't']])
  assert.deepEqual(readSuggestions(undefined), [])
})

test('a row holds still: what stays is where it was, what is new comes last', () => {
  assert.equal(ids(held(items('abcd'), items('dxbay'))), 'abdxy')
  assert.equal(ids(held(items('ab'), items('ba'))), 'ab')
  assert.equal(ids(held(items('ab'), items('bca'), new Set(['c']))), 'ab')
  assert.equal(ids(held(items('ab'), [])), '')
})

test('what is taken back is where it was', () => {
  const [one] = items('c')
  assert.equal(ids(putBack(items('abd'), one, 2)), 'abcd')
  assert.equal(ids(putBack(items('abcd'), one, 2)), 'abcd')
  assert.equal(ids(putBack([], one, 7)), 'c')
})
