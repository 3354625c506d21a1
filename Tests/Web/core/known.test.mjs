import test from 'node:test'
import assert from 'node:assert/strict'
import { authorisation, readServices, services } from '/core/known.js'

const on = { service: 'listenbrainz', offered: true, enabled: true, name: 'ada', since: '2026-11-01T00:00:00Z', sent: 4, waiting: 2, problem: null, authorise: null }
const off = { service: 'lastfm', offered: false, enabled: false, name: null, since: null, sent: 0, waiting: 0, problem: null, authorise: null }

test('a server without scrobbling sends plays nowhere', () => assert.deepEqual(services(null), []))

test('services are named, those that are off are not', () => {
  assert.deepEqual(services({ items: [on, off] }), ['ListenBrainz'])
  assert.deepEqual(services({ items: [{ service: 'elsewhere', enabled: true }] }), ['elsewhere'])
  assert.deepEqual(services({ items: [] }), [])
})

test('an answer that cannot be read is not said to be nothing', () => {
  for (const json of [{ items: [{ x: 1 }] }, { items: [on, null] }, { enabled: true }, [on], 'yes', 0]) assert.equal(services(json), null)
})

test('a service says who is known there, what is sent and what waits', () => {
  const [one] = readServices({ items: [{ ...on, problem: 'give another token' }] })
  assert.deepEqual([one.name, one.account, one.sent, one.waiting, one.problem, one.isOffered], ['ListenBrainz', 'ada', 4, 2, 'give another token', true])
})

test('a listener is led only to a page over TLS, and back', () => {
  const at = authorise => readServices({ items: [{ ...off, authorise }] })[0].authorise
  assert.equal(at('https://www.last.fm/api/auth/?api_key=k'), 'https://www.last.fm/api/auth/?api_key=k')
  for (const other of ['javascript:x', 'http://last.fm', '//x', null, 7]) assert.equal(at(other), '')
  assert.equal(authorisation('https://www.last.fm/api/auth/?api_key=k', 'http://a.example/scrobbling'),
    'https://www.last.fm/api/auth/?api_key=k&cb=http%3A%2F%2Fa.example%2Fscrobbling')
})
