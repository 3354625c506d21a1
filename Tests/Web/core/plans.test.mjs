import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changes, larger, limitMet, readPlans, upgradeLink } from '/core/plans.js'

const free = { name: 'free', quota: 2e9, streams: 1, maxRendition: 'opus-128', lossless: false, playlists: 10, playlistTracks: 100, history: 1000, title: null, price: null }
const plus = { ...free, name: 'plus', title: 'Plus', price: '4 EUR a month', quota: 1e11, streams: null, maxRendition: null, lossless: true }
const json = { plan: 'free', upgrade: 'https://shop.example/?plan={plan}', plans: [plus, free] }

test('the own plan and the others are told apart', () => {
  const { own, others, upgrade } = readPlans(json)
  assert.equal(own.title, 'free')
  assert.deepEqual(others.map(one => one.title), ['Plus'])
  assert.equal(upgrade, json.upgrade)
  assert.equal(others[0].streams, null)
})

test('an answer without the own plan says nothing', () => {
  for (const other of [null, {}, { plans: 'x' }, { plan: 'x', plans: [free] }, { plan: 'free', plans: [null, {}] }]) assert.equal(readPlans(other), null)
})

test('only what is other is a change, and it is more or less', () => {
  const { own, others } = readPlans(json)
  assert.deepEqual(changes(own, others[0]).map(one => `${one.isMore ? '+' : '-'}${one.term}`), ['+quota', '+streams', '+maxRendition', '+lossless'])
  assert.ok(changes(others[0], own).every(one => !one.isMore))
  assert.deepEqual(changes(own, own), [])
})

test('of renditions the bitrate counts', () => {
  const [low, high] = [{ ...free, maxRendition: 'aac-64' }, { ...free, maxRendition: 'opus-160' }]
  assert.deepEqual(changes(low, high), [{ term: 'maxRendition', isMore: true }])
})

test('a larger plan is one with more of what ran out', () => {
  const plans = readPlans(json)
  assert.equal(larger(plans, 'quota')?.name, 'plus')
  assert.equal(larger(plans, 'playlists'), null)
})

test('the page of a plan is one of the web or of this server', () => {
  const plan = { ...plus, name: 'a&b c' }
  assert.equal(upgradeLink('https://shop.example/?plan={plan}', plan), 'https://shop.example/?plan=a%26b%20c')
  assert.equal(upgradeLink('/shop', plan), '/shop')
  for (const upgrade of ['', 'javascript:{plan}', '//shop.example', 'shop']) assert.equal(upgradeLink(upgrade, plan), '', upgrade)
})

test('only the bounds that are shown are met', () => {
  assert.equal(limitMet({ status: 507, limit: 'quota' }), 'quota')
  for (const problem of [null, {}, { limit: 'x' }, { status: 429 }]) assert.equal(limitMet(problem), null)
})
