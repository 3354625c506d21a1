import test from 'node:test'
import assert from 'node:assert/strict'
import { folded, isWorthAsking, narrowed, query, rank, wordsOf } from '/core/search.js'

test('case, accents and letters that do not decompose are folded as the server does', () => {
  for (const [text, plain] of [['Björk', 'bjork'], ['ÆØŁÐ', 'aeold'], ['Straße', 'strasse'], ['ΣΊΣΥΦΟΣ', 'σισυφοσ'], ['Ёлка', 'елка'], ['カタカナ', 'かたかな'], ['ＡＢＣ', 'abc'], ['ﬁ', 'fi']]) {
    assert.equal(folded(text), plain.normalize('NFKD'), text)
  }
  assert.notEqual(folded('が'), folded('か'))
})

test('a query is short, and has no control characters', () => {
  assert.equal(query('  a \u0000 b\u2028\n c '), 'a b c')
  assert.ok(new TextEncoder().encode(query('歌'.repeat(400))).length <= 500)
})

test('a single letter is not worth asking, a single sign is', () => {
  for (const [text, is] of [['a', false], ['ab', true], ['a b', true], ['歌', true], ['가', true], ['!', false], ['!!!', true], ['', false], [' ', false]]) assert.equal(isWorthAsking(text), is, text)
})

test('names that begin with the words come first, texts beside them last', () => {
  const items = [{ name: 'My Yellow', by: 'x' }, { name: 'Other', by: 'Yellow Days' }, { name: 'Yellow', by: 'Coldplay' }, { name: 'Blue', by: 'x' }]
  assert.deepEqual(narrowed('yell', items, item => ({ name: item.name, beside: item.by })).map(item => item.name), ['Yellow', 'My Yellow', 'Other'])
  assert.deepEqual(narrowed('yellow cold', items, item => ({ name: item.name, beside: item.by })).map(item => item.by), ['Coldplay'])
})

test('signs within words do not matter, nor do spaces in Han and kana', () => {
  assert.equal(rank(wordsOf('rem'), 'R.E.M.'), 0)
  assert.equal(rank(wordsOf('の歌'), '日本の歌'), 1)
  assert.equal(rank(wordsOf('xyz'), 'R.E.M.'), null)
  assert.equal(rank([], 'anything'), null)
})
