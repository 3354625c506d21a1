import test from 'node:test'
import assert from 'node:assert/strict'
import { services } from '/core/known.js'

test('a server without scrobbling sends plays nowhere', () => assert.deepEqual(services(null), []))

test('services are named, those that are off are not', () => {
  assert.deepEqual(services({ items: [{ service: 'listenbrainz', enabled: true }, { service: 'lastfm', enabled: false }] }), ['ListenBrainz'])
  assert.deepEqual(services({ listenbrainz: { enabled: true }, lastfm: null }), ['ListenBrainz'])
  assert.deepEqual(services([{ name: 'Elsewhere' }]), ['Elsewhere'])
  assert.deepEqual(services({ items: [] }), [])
  assert.deepEqual(services({ enabled: false }), [])
})

test('an answer that cannot be read is not said to be nothing', () => {
  assert.equal(services({ items: [{ x: 1 }] }), null)
  assert.equal(services({ enabled: true }), null)
  assert.equal(services('yes'), null)
})
