import assert from 'node:assert/strict'
import { test } from 'node:test'
import { match, momentOf } from '/lib/router.js'

const load = async () => ({})
const routes = [['/', load], ['/albums', load], ['/album/:id', load]]

test('a path finds its view, with what stands for a name', () => {
  assert.equal(match(routes, '/').name, 'home')
  assert.equal(match(routes, '/albums').name, 'albums')
  assert.deepEqual(match(routes, '/album/a%20b').parts, { id: 'a b' })
})

test('other paths find none', () => {
  for (const path of ['/album', '/album/1/2', '/albumsx', '/api/v1/me', '/album/%E0%A4%A']) assert.equal(match(routes, path), null, path)
})

test('a moment is a time and nothing else', () => {
  assert.equal(momentOf('#t=1:03'), '1:03')
  assert.equal(momentOf('#t=63.5'), '63.5')
  for (const hash of ['', '#main', '#t=', '#t=1:03&x', '#t=<b>']) assert.equal(momentOf(hash), '', hash)
})
