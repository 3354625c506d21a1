import assert from 'node:assert/strict'
import { test } from 'node:test'

test('the later styles are asked for once, and those that did not come with the next view', async () => {
  const asked = []
  const sheet = name => ({
    fns: {}, is: true, addEventListener(type, fn) { this.fns[type] = fn },
    get disabled() { return this.is }, set disabled(is) { this.is = is; if (!is) asked.push(name) },
  })
  const sheets = ['player', 'lists'].map(sheet)
  globalThis.document = { querySelectorAll: () => sheets.filter(one => one.is) }
  globalThis.location = { pathname: '/' }
  const { moreStyles } = await import('/begin.js')
  assert.deepEqual(asked, [], 'the first view needs none of them')
  const first = moreStyles()
  assert.equal(moreStyles(), first)
  sheets[0].fns.load()
  sheets[1].fns.error()
  await first
  const second = moreStyles()
  assert.deepEqual(asked, ['player', 'lists', 'lists'])
  sheets[1].fns.load()
  await second
})
