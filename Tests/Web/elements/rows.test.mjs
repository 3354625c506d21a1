import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createStore, initial, reduce } from '/core/reducer.js'
import { createContext } from '/elements/context.js'
import { fixedRows, serverRows } from '/elements/rows.js'

/** A page, and a server with a list of tracks. */
function world(ids) {
  const asked = []
  const server = { items: ids.map(id => ({ id, title: `title ${id}`, favourite: null })) }
  const client = {
    async get(path) {
      asked.push(path)
      const { searchParams } = new URL(path, 'http://x')
      const at = Number(searchParams.get('at'))
      return structuredClone({ items: server.items.slice(at, at + Number(searchParams.get('limit'))), total: server.items.length })
    },
  }
  const app = createContext({ store: createStore(reduce, initial), client, live: { say() {}, show() {} } })
  return { app, server, asked, rows: serverRows(app, '/api/v1/tracks', { sort: 'title' }) }
}
const numbered = n => Array.from({ length: n }, (_, i) => `t${i}`)

test('after a change a list asks for what is seen, and says where entries are now', async () => {
  const { server, asked, rows } = world(numbered(1000))
  await rows.ready()
  rows.want(500, 520)
  await new Promise(resolve => setTimeout(resolve))
  server.items.splice(0, 3)
  asked.length = 0
  const move = await rows.renew([505])
  assert.deepEqual([505, 519, 999].map(move), [502, 516, 996])
  assert.deepEqual([rows.total(), rows.at(502).id], [997, 't505'])
  assert.deepEqual(asked.map(path => new URL(path, 'http://x').searchParams.get('at')), ['400'])
})

test('where nothing changed, nothing is told', async () => {
  const { rows } = world(numbered(10))
  assert.equal(await rows.renew([]), null, 'before the first answer')
  await rows.ready()
  rows.want(0, 9)
  assert.equal(await rows.renew([]), null)
})

test('a mark of another device counts once the own one has had its time', async t => {
  const { app, server, rows } = world(numbered(5))
  await rows.ready()
  rows.want(0, 4)
  const clock = t.mock.method(performance, 'now', () => 100_000)
  app.mark('tracks', rows.at(1), { favourite: 'now' })
  server.items[2].title = 'other'
  await rows.renew([])
  assert.equal(app.fresh(rows.at(1)).favourite, 'now', 'the server may not have heard of it')
  clock.mock.mockImplementation(() => 110_000)
  let told = 0
  app.onMark(() => { told += 1 }, new AbortController().signal)
  server.items[2].title = 'another'
  await rows.renew([])
  assert.deepEqual([app.fresh(rows.at(1)).favourite, told], [null, 1])
  // Who has an older document of it sees the same.
  assert.equal(app.fresh({ id: 't1', favourite: 'long ago' }).favourite, null)
})

test('rows that are here follow what they are given anew', async () => {
  let items = [{ id: 'a' }, { id: 'b' }]
  const rows = fixedRows(items, async () => items)
  assert.equal(await rows.renew(), null)
  items = [{ id: 'n' }, { id: 'b' }]
  const move = await rows.renew()
  assert.deepEqual([0, 1].map(move), [-1, 1])
  assert.equal(rows.at(0).id, 'n')
})
