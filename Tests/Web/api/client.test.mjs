import test from 'node:test'
import assert from 'node:assert/strict'
import { Problem, asProblem, createClient, problemOf, retryAfter, withQuery, every } from '/api/client.js'

function made(answer) {
  const calls = []
  const client = createClient({ now: () => 1_000_000, fetch: async (path, init) => {
    calls.push({ path, ...init })
    return answer(path, init)
  } })
  return { client, calls }
}
const json = (value, init) => new Response(JSON.stringify(value), { headers: { 'Content-Type': 'application/json' }, ...init })
const problem = (status, value, headers = {}) => new Response(JSON.stringify(value), { status, headers: { 'Content-Type': 'application/problem+json', ...headers } })

test('documents come as values, no content as null', async () => {
  const { client } = made(path => path === '/no' ? new Response(null, { status: 204 }) : json({ items: [1] }))
  assert.deepEqual(await client.get('/x'), { items: [1] })
  assert.equal(await client.delete('/no'), null)
})

test('every change says that it is the player’s, reading does not', async () => {
  const { client, calls } = made(() => json({}))
  await client.get('/x')
  for (const method of ['post', 'put', 'patch', 'delete']) await client[method]('/x', { a: 1 })
  assert.deepEqual(calls.map(call => call.headers['X-Requested-With']), [undefined, ...Array(4).fill('sweetspot')])
  assert.deepEqual(calls.map(call => call.method), ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
  assert.equal(calls[1].body, '{"a":1}')
  assert.equal(calls[1].headers['Content-Type'], 'application/json')
})

test('a body that is not JSON goes as it is', async () => {
  const { client, calls } = made(() => json({}))
  const blob = new Blob(['x'])
  await client.send('POST', '/x', blob)
  assert.equal(calls[0].body, blob)
  assert.equal(calls[0].headers['Content-Type'], undefined)
})

test('a problem document is an error with a meaning', async () => {
  const { client } = made(() => problem(429, { type: '/problems/too-many-streams', title: 'Too many', status: 429, detail: 'Two at once' }, { 'Retry-After': '30' }))
  await assert.rejects(client.get('/x'), error => {
    assert.ok(error instanceof Problem)
    assert.deepEqual([error.status, error.slug, error.detail, error.retryAt], [429, 'too-many-streams', 'Two at once', 1_030_000])
    assert.deepEqual(error.document, { status: 429, slug: 'too-many-streams', detail: 'Two at once' })
    return true
  })
})

test('an answer that is no document is a problem still', async () => {
  for (const [response, status, slug] of [[new Response('<b>', { status: 502 }), 502, 'network'], [new Response('<b>', { status: 503 }), 503, 'network'], [problem(503, { type: '/problems/busy' }), 503, 'busy'], [new Response('', { status: 500 }), 500, ''], [problem(500, 'x'), 500, ''], [problem(500, { type: 'http://evil/<script>' }), 500, ''],
    [new Response('{', { status: 403, headers: { 'Content-Type': 'application/problem+json' } }), 403, '']]) {
    const found = await problemOf(response, 0)
    assert.deepEqual([found.status, found.slug], [status, slug])
  }
  const { client } = made(() => new Response('<html>', { status: 200 }))
  await assert.rejects(client.get('/x'), { name: 'Problem', slug: 'unreadable' })
})

test('no network is a problem, an abort is an abort', async () => {
  const { client } = made(() => { throw new TypeError('Failed to fetch') })
  await assert.rejects(client.get('/x'), { name: 'Problem', status: 0, slug: 'network' })
  const aborted = made(() => { throw new DOMException('no', 'AbortError') })
  await assert.rejects(aborted.client.get('/x'), { name: 'AbortError' })
  assert.throws(() => asProblem(Object.assign(new Error('x'), { name: 'AbortError' })), { name: 'AbortError' })
})

test('a browser that keeps no more is not a network that is gone', () => {
  assert.deepEqual(asProblem(new DOMException('full', 'QuotaExceededError')).document, { status: 507, slug: 'device-full', detail: 'full' })
})

test('a 401 to a password that is repeated ends no session', async () => {
  const { client } = made(() => problem(401, { type: '/problems/unauthorised' }))
  const seen = []
  client.on('signed-out', error => seen.push(error.slug))
  await assert.rejects(client.delete('/x', { password: 'wrong' }, { hasPassword: true }), { status: 401 })
  assert.deepEqual(seen, [])
})

test('a 401 is told to who listens', async () => {
  const { client } = made(() => problem(401, { type: '/problems/unauthorised' }))
  const seen = []
  client.on('signed-out', error => seen.push(error.slug))
  await assert.rejects(client.get('/x'))
  assert.deepEqual(seen, ['unauthorised'])
})

test('Retry-After is seconds or a date', () => {
  assert.equal(retryAfter('5', 1000), 6000)
  assert.equal(retryAfter('Sun, 29 Nov 2026 12:00:00 GMT', 0), Date.UTC(2026, 10, 29, 12))
  assert.equal(retryAfter('Sun, 29 Nov 1970 12:00:00 GMT', 1e12), 1e12)
  for (const value of [null, 'soon', '-5x']) assert.equal(retryAfter(value, 0), null)
})

test('queries are escaped', () => {
  assert.equal(withQuery('/x', { q: 'a&b=c #', n: 5, no: null, none: undefined, off: false, favourite: true }), '/x?q=a%26b%3Dc%20%23&n=5&favourite=true')
  assert.equal(withQuery('/x', {}), '/x')
})

test('a list of any length comes whole, page by page', async () => {
  const asked = []
  const get = async path => {
    asked.push(path)
    return asked.length < 3 ? { items: [asked.length], next: `n${asked.length}` } : { items: [3], next: null }
  }
  assert.deepEqual(await every({ get }, '/api/v1/genres', { fields: 'id' }), [1, 2, 3])
  assert.deepEqual(asked, ['', '&after=n1', '&after=n2'].map(after => `/api/v1/genres?limit=500&fields=id${after}`))
})
