import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isQuiet, readOffer } from '/core/offers.js'

const whole = {
  id: 'a1', kind: 'concert', title: 'An evening', text: 'In the harbour', by: 'Mara Finch', price: '18 EUR', url: 'https://shop.example/a1',
  picture: '/api/v1/offers/a1/picture', date: '2026-12-24', reason: { kind: 'artist', name: 'Mara Finch' },
}
const read = change => readOffer({ offer: { ...whole, ...change } })

test('an offer is read whole', () => assert.deepEqual(read({}), whole))

test('none is none, whatever the answer', () => {
  for (const json of [null, {}, { offer: null }, { offer: [] }, [], 'x', { offer: { id: 1 } }]) assert.equal(readOffer(json), null)
})

test('what may be missing is missing', () => {
  const one = read({ by: null, price: null, picture: null, date: null, text: undefined, reason: null })
  assert.deepEqual([one.by, one.price, one.picture, one.date, one.text, one.reason.kind], ['', '', '', '', '', 'general'])
})

test('an address that is no page is no offer', () => {
  for (const url of ['javascript:alert(1)', 'data:text/html,x', '/here', '//shop.example', 'shop.example', 'ftp://x', '', null]) assert.equal(read({ url }), null, String(url))
  assert.ok(read({ url: 'http://shop.example' }))
})

test('a picture comes from this server only', () => {
  for (const picture of ['https://shop.example/x.png', '//shop.example/x.png', '/\\shop.example', 'x.png', 'data:image/png;base64,']) assert.equal(read({ picture }).picture, '', picture)
})

test('what cannot be named is not shown', () => {
  assert.equal(read({ title: ' ' }), null)
  assert.equal(read({ kind: 'loan' }), null)
  assert.equal(read({ id: '' }), null)
})

test('a reason that names nothing is none', () => {
  assert.deepEqual(read({ reason: { kind: 'artist', name: '' } }).reason, { kind: 'general', name: '' })
  assert.deepEqual(read({ reason: { kind: 'spy', name: 'x' } }).reason, { kind: 'general', name: '' })
  assert.deepEqual(read({ reason: { kind: 'taste', name: null } }).reason, { kind: 'taste', name: '' })
})

test('nothing is offered beside what plays', () => {
  assert.deepEqual(['idle', 'paused', 'ended', 'error', 'loading', 'playing'].map(status => isQuiet({ status })), [true, true, true, true, false, false])
})
