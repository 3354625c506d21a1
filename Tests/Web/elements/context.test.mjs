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
