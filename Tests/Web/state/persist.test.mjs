import test from 'node:test'
import assert from 'node:assert/strict'
import { createPersist } from '/state/persist.js'
import { createStore, initial, reduce } from '/core/reducer.js'
import { memoryDatabase } from '/lib/database.js'

const settle = () => new Promise(resolve => setImmediate(resolve))
function storageOf(map = new Map()) {
  return { map, getItem: key => map.get(key) ?? null, setItem: (key, value) => { map.set(key, value) }, removeItem: key => { map.delete(key) } }
}
function visit(database, storage, more = {}) {
  const store = createStore(reduce, initial)
  const page = new EventTarget()
  return { store, page, persist: createPersist({ store, database, storage, page, ...more }) }
}
const play = { type: 'queue/play', tracks: [{ id: 'a', duration: 100 }, { id: 'b', duration: 200 }], index: 1 }
const at = position => ({ type: 'player/time', position, duration: 200, buffered: 0 })

test('a crash loses five seconds at most: queue, place and settings are there again', async () => {
  const [database, storage] = [memoryDatabase(), storageOf()]
  const first = visit(database, storage)
  first.store.dispatch(play)
  first.store.dispatch({ type: 'player/volume', volume: 0.3 })
  for (let t = 0; t <= 63; t += 0.25) first.store.dispatch(at(t))
  await settle()
  const second = visit(database, storage)
  const place = await second.persist.restore()
  assert.ok(place <= 63 && place > 57.9, String(place))
  assert.deepEqual(second.store.get().queue.items.map(item => item.track.id), ['a', 'b'])
  assert.equal(second.store.get().queue.index, 1)
  assert.equal(second.store.get().player.volume, 0.3)
  assert.equal(second.store.get().player.status, 'idle')
})

test('a reload loses nothing', async () => {
  const [database, storage] = [memoryDatabase(), storageOf()]
  const first = visit(database, storage)
  first.store.dispatch(play)
  first.store.dispatch(at(61.5))
  first.store.dispatch(at(63))
  first.page.dispatchEvent(new Event('pagehide'))
  await settle()
  assert.equal(await visit(database, storage).persist.restore(), 63)
})

test('the position of another track does not count', async () => {
  const [database, storage] = [memoryDatabase(), storageOf()]
  const first = visit(database, storage)
  first.store.dispatch(play)
  first.store.dispatch(at(63))
  first.store.dispatch({ type: 'queue/jump', key: first.store.get().queue.items[0].key })
  await settle()
  assert.equal(await visit(database, storage).persist.restore(), 0)
  storage.setItem('sweetspot.position', '{"key":"other","at":63}')
  assert.equal(await visit(database, storage).persist.restore(), 0)
})

test('many changes are few writes, and the last one is written', async () => {
  const database = memoryDatabase()
  let writes = 0
  const { put } = database
  database.put = async (...all) => {
    writes += 1
    await settle()
    return put(...all)
  }
  const { store } = visit(database, storageOf())
  store.dispatch(play)
  for (let i = 0; i < 50; i++) store.dispatch({ type: 'queue/add', tracks: [{ id: `t${i}` }] })
  for (let i = 0; i < 8; i++) await settle()
  assert.ok(writes <= 3, `${writes} writes`)
  assert.equal((await database.get('state', 'queue')).items.length, 52)
})

test('what the listener chose meanwhile is not overwritten; nor does a tab that is not heard write', async () => {
  const [database, storage] = [memoryDatabase(), storageOf()]
  const first = visit(database, storage)
  first.store.dispatch(play)
  await settle()
  const second = visit(database, storage, { mayWrite: () => false })
  second.store.dispatch({ type: 'queue/play', tracks: [{ id: 'z' }] })
  assert.equal(await second.persist.restore(), null)
  await settle()
  assert.equal(second.store.get().queue.items.length, 1)
  assert.equal((await database.get('state', 'queue')).items.length, 2)
})

test('a queue that was there before is kept, though it never changes', async () => {
  const [database, storage] = [memoryDatabase(), storageOf()]
  const store = createStore(reduce, initial)
  store.dispatch(play)
  await createPersist({ store, database, storage, page: new EventTarget() }).restore()
  await settle()
  const second = visit(database, storage)
  assert.equal(await second.persist.restore(), 0)
  assert.deepEqual(second.store.get().queue.items.map(item => item.track.id), ['a', 'b'])
})

test('damage and a forbidden storage are a fresh start', async () => {
  const database = memoryDatabase()
  await database.put('state', 'queue', { version: 1, items: 'x' })
  const broken = storageOf(new Map([['sweetspot.position', '{'], ['sweetspot.settings', '[1']]))
  assert.equal(await visit(database, broken).persist.restore(), null)
  const forbidden = { getItem() { throw new DOMException('no', 'SecurityError') }, setItem() { throw new DOMException('full', 'QuotaExceededError') }, removeItem() {} }
  const { store, persist } = visit(database, forbidden)
  store.dispatch(play)
  store.dispatch({ type: 'player/volume', volume: 0.1 })
  assert.equal(await persist.restore(), null)
})

test('the measured network is kept for the next visit', async () => {
  const [database, storage] = [memoryDatabase(), storageOf()]
  const first = visit(database, storage, { fetcher: { bandwidth: { fast: 0.01, slow: 0.02, last: 0.01 } } })
  first.page.dispatchEvent(new Event('pagehide'))
  const fetcher = { bandwidth: null }
  await visit(database, storage, { fetcher }).persist.restore()
  assert.deepEqual(fetcher.bandwidth, { fast: 0.01, slow: 0.02, last: 0.01 })
})

test('after a sign-out nothing is left', async () => {
  const [database, storage] = [memoryDatabase(), storageOf()]
  const first = visit(database, storage)
  first.store.dispatch(play)
  await settle()
  await first.persist.forget()
  assert.equal(storage.map.size, 0)
  assert.equal(await visit(database, storage).persist.restore(), null)
})
