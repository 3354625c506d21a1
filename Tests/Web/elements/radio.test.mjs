import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createStore, initial, reduce } from '/core/reducer.js'
import { createContext } from '/elements/context.js'
import { moreWords } from '/text/text.js'
import { playPath, playRadio, sourceText } from '/elements/radio.js'

await moreWords()

/** A page, and a server whose radio has these tracks. */
function world(ids) {
  const [asked, shown] = [[], []]
  const client = {
    async get(path) {
      asked.push(path.split('&fields')[0])
      if (path.startsWith('/api/v1/path')) return { items: ids.map(id => ({ id, title: id })) }
      return { items: ids.map(id => ({ track: { id, title: id }, reasons: [{ kind: 'sound', id: 'x', title: 'X' }] })) }
    },
  }
  const app = createContext({ store: createStore(reduce, initial), client, live: { say() {}, show: (text, action) => shown.push({ text, action }) } })
  app.player = { startWith: change => change(), changeTo: change => change() }
  const queue = () => app.store.get().queue
  return { app, asked, shown, queue, ids: () => queue().items.map(item => item.track.id).join('') }
}
const seed = { kind: 'track', id: 'a', title: 'A', track: { id: 'a', title: 'A' } }

test('a radio is the new queue, says what it is from, and can be undone', async () => {
  const { app, asked, shown, queue, ids } = world(['b', 'c'])
  app.acts.play([{ id: 'z' }, { id: 'y' }])
  await playRadio(app, seed)
  assert.deepEqual(asked, ['/api/v1/radio?seed=track%3Aa&limit=50'])
  assert.equal(ids(), 'abc')
  assert.equal(sourceText(queue().items[1].from), 'Radio from A')
  assert.equal(queue().items[1].from.reasons[0].title, 'X')
  shown.at(-1).action.run()
  assert.equal(ids(), 'zy')
  assert.equal(sourceText(queue().items[0].from), '')
})

test('a radio goes on after the queue without repeating it', async () => {
  const { app, shown, ids } = world(['b', 'c', 'd'])
  app.acts.play([{ id: 'a' }, { id: 'c' }])
  await playRadio(app, seed, { atEnd: true })
  assert.equal(ids(), 'acbd')
  shown.at(-1).action.run()
  assert.equal(ids(), 'ac')
})

test('where the server finds nothing the queue stays', async () => {
  const { app, shown, ids } = world([])
  app.acts.play([{ id: 'z' }])
  await playRadio(app, seed)
  await playPath(app, { id: 'a' }, { id: 'b' })
  assert.equal(ids(), 'z')
  assert.equal(shown.length, 2)
})

test('a refusal is said, and the queue stays', async () => {
  const { app, shown, ids } = world([])
  app.client.get = async () => { throw Object.assign(new Error('no'), { status: 404 }) }
  app.acts.play([{ id: 'z' }])
  await playRadio(app, seed)
  assert.equal(ids(), 'z')
  assert.equal(shown.length, 1)
})

test('a path is played from one to the other', async () => {
  const { app, asked, queue, ids } = world(['a', 'm', 'b'])
  await playPath(app, { id: 'a' }, { id: 'b' })
  assert.deepEqual(asked, ['/api/v1/path?from=a&to=b'])
  assert.equal(ids(), 'amb')
  assert.equal(sourceText(queue().items[0].from), 'Path from a to b')
})

test('what is queued from a radio by its menu is no radio', async () => {
  const { app, queue } = world(['b', 'c'])
  await playRadio(app, seed)
  app.acts.playNext([queue().items[1].track])
  assert.deepEqual(queue().items.map(item => Boolean(item.from)), [true, false, true, true])
})
