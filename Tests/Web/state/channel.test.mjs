import test from 'node:test'
import assert from 'node:assert/strict'
import { createChannel } from '/state/channel.js'

const settle = () => new Promise(resolve => setImmediate(resolve))
/** Web Locks with stealing, for one browser. */
function fakeLocks() {
  let reject = null
  return { request: (_, how, work) => new Promise((resolve, refuse) => {
    assert.equal(how.steal, true)
    reject?.(new DOMException('stolen', 'AbortError'))
    reject = refuse
    work().then(value => {
      reject = reject === refuse ? null : reject
      resolve(value)
    })
  }) }
}
function fakeChannels() {
  const all = new Set()
  return class {
    constructor() { all.add(this) }
    postMessage(data) { for (const one of all) if (one !== this) queueMicrotask(() => one.onmessage?.({ data })) }
    close() { all.delete(this) }
  }
}

for (const [name, locks] of [['with locks', true], ['by messages alone', false]]) {
  test(`one tab plays: the other is told, ${name}`, async () => {
    const shared = locks ? fakeLocks() : null
    const Channel = locks ? class { postMessage() {} close() {} } : fakeChannels()
    const [one, two] = [0, 1].map(() => createChannel({ locks: shared, Channel }))
    const lost = []
    one.on('lost', () => lost.push('one'))
    two.on('lost', () => lost.push('two'))
    one.claim()
    one.claim()
    two.claim()
    await settle()
    assert.deepEqual([one.isHolder, two.isHolder, lost], [false, true, ['one']])
    one.claim()
    await settle()
    assert.deepEqual([one.isHolder, two.isHolder, lost], [true, false, ['one', 'two']])
    one.release()
    two.claim()
    await settle()
    assert.deepEqual(lost, ['one', 'two'])
  })
}

test('tabs tell one another', async () => {
  const Channel = fakeChannels()
  const [one, two] = [0, 1].map(() => createChannel({ locks: null, Channel }))
  const seen = []
  two.on('rated', detail => seen.push(detail))
  one.on('rated', () => seen.push('self'))
  one.tell('rated', { id: 'a' })
  await settle()
  assert.deepEqual(seen, [{ id: 'a' }])
})

test('a browser with neither is one tab', () => {
  const channel = createChannel({ locks: null, Channel: null })
  channel.claim()
  channel.tell('x')
  assert.equal(channel.isHolder, true)
})
