import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDesk } from '/transfer/desk.js'
import { Problem } from '/api/client.js'

globalThis.location ??= { href: 'http://x/', origin: 'http://x' }
const settle = async () => { for (let i = 0; i < 20; i++) await new Promise(resolve => setTimeout(resolve, 1)) }

/** A desk, and a server that says no until it has `room`. */
function world(status) {
  const server = { room: false, created: 0, log: [] }
  const refuse = () => { if (!server.room) throw new Problem(status, 'refused', '') }
  const client = {
    async send(method, path, body, { headers }) {
      server.log.push(method)
      if (method === 'POST') {
        refuse()
        return new Response(null, { headers: { Location: `/api/v1/uploads/${++server.created}` } })
      }
      if (method === 'PATCH') return new Response(null, { headers: { 'Upload-Offset': String(Number(headers['Upload-Offset']) + body.size) } })
      return new Response(null)
    },
    post: async () => ({ items: [] }), get: async () => ({ state: 'stored', track: 't', problem: null }),
  }
  const desk = createDesk(client)
  const file = new File(['sound'], 'a.flac', { lastModified: 1 })
  return { server, desk, drop: async () => { const count = await desk.add(async function* () { yield { name: 'a.flac', file, handle: null } }); await settle(); return count } }
}

test('a file that was refused can be dropped again', async () => {
  const { desk, drop, server } = world(415)
  await drop()
  assert.equal(desk.uploads[0].stage, 'refused')
  server.room = true
  assert.deepEqual(await drop(), { taken: 1, left: 0, unread: 0 })
  assert.deepEqual(desk.uploads.map(one => [one.stage, one.problem]), [['stored', null]])
})

test('where room was made a file goes on without being dropped again', async () => {
  const { desk, drop, server } = world(507)
  await drop()
  server.room = true
  assert.equal(await desk.resume(desk.uploads[0]), true)
  await settle()
  assert.equal(desk.uploads[0].stage, 'stored')
})

test('a file that is no longer in its place is not tried for ever', async () => {
  const { desk, server } = world(415)
  server.room = true
  const file = new File(['sound'], 'a.flac', { lastModified: 1 })
  const moved = async () => { throw new DOMException('gone', 'NotReadableError') }
  Object.assign(file, { arrayBuffer: moved, slice: () => ({ arrayBuffer: moved }) })
  const count = await desk.add(async function* () {
    yield { name: 'no.flac', file: null, handle: null }
    yield { name: 'a.flac', file, handle: null }
  })
  await settle()
  assert.deepEqual(count, { taken: 1, left: 0, unread: 1 })
  const [one] = desk.uploads
  assert.deepEqual([one.stage, one.problem.slug, await desk.resume(one)], ['failed', 'file-gone', false])
})
