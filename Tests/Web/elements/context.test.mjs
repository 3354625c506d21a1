import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Problem } from '/api/client.js'
import { createContext } from '/elements/context.js'

test('a track has no lyrics only if the server says so; else they are asked for again', async () => {
  const answers = [new Problem(0, 'network', ''), new Problem(503, 'busy', ''), new Problem(404, 'not-found', ''), { lines: [{ at: null, text: 'la' }] }]
  const asked = []
  const client = { async get(path) {
    asked.push(path)
    const answer = answers.shift()
    if (answer instanceof Problem) throw answer
    return answer
  } }
  const { lyrics } = createContext({ store: { get() {}, dispatch() {} }, client, live: { say() {}, show() {} } })
  await assert.rejects(lyrics('a'), { slug: 'network' })
  await assert.rejects(lyrics('a'), { slug: 'busy' })
  assert.equal(await lyrics('a'), null)
  assert.equal((await lyrics('a')).lines.length, 1)
  await lyrics('a')
  assert.equal(asked.length, 4)
})

test('uploads that an earlier page left are counted without a look at their view', async t => {
  t.after(() => { delete globalThis.indexedDB })
  let kept = []
  const answer = result => {
    const request = { result, error: null }
    queueMicrotask(() => request.onsuccess())
    return request
  }
  const store = { getAll: () => answer(kept) }
  globalThis.indexedDB = { open: () => answer({ transaction: () => ({ objectStore: () => store }), close() {} }) }
  const counts = []
  const client = { send: async () => new Response(null, { headers: { 'Upload-Offset': '5' } }) }
  const app = createContext({ store: { get() {}, dispatch() {} }, client, live: { say() {}, show() {} } })
  app.countUploads = n => counts.push(n)
  await app.resumeUploads()
  assert.equal(app.deskMade, undefined)
  kept = [{ key: 'k', name: 'a.flac', size: 10, modified: 1, url: '/api/v1/uploads/1', handle: null }]
  await app.resumeUploads()
  await new Promise(resolve => setTimeout(resolve, 100))
  assert.deepEqual(counts, [1])
})
