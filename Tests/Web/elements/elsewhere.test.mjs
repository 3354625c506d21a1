import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createStore, initial, reduce } from '/core/reducer.js'
import { events } from '/lib/signal.js'
import { watchElsewhere } from '/elements/elsewhere.js'

/** A page without a queue, and a server with one; `has` are the tracks that it still has. */
function world(has) {
  const store = createStore(reduce, initial)
  const sync = events()
  const asked = []
  const ids = has.map(String)
  const app = {
    store, fields: 'id,title,duration', player: { changeTo: change => change() }, live: { show: (text, action) => { app.offered = action } },
    acts: { tell: act => { app.done = act() } },
    client: {
      async get(path) {
        asked.push(path)
        const { searchParams } = new URL(path, 'http://x')
        const from = Number(searchParams.get('after') ?? searchParams.get('at') ?? 0)
        const to = from + Number(searchParams.get('limit'))
        return { items: ids.slice(from, to).map(id => ({ id, title: `title ${id}`, duration: 60 })), next: to < ids.length ? String(to) : null }
      },
    },
  }
  watchElsewhere(app, sync)
  return { app, store, asked, sync }
}
const numbers = n => Array.from({ length: n }, (_, i) => i)
const found = (n, current) => ({ tracks: numbers(n).map(String), current, position: 12 })

test('a queue that is here from another device comes by one request', async () => {
  const { app, store, asked, sync } = world(numbers(300))
  sync.emit('elsewhere', found(300, 7))
  assert.deepEqual([store.get().queue.items.length, store.get().queue.items[7].track.title], [300, '…'])
  await app.done
  assert.deepEqual(asked, ['/api/v1/queue/tracks?fields=id%2Ctitle%2Cduration&limit=500'])
  assert.deepEqual([store.get().queue.items[299].track.title, store.get().queue.index, store.get().player.duration], ['title 299', 7, 60])
  assert.deepEqual(store.get().queue.undo, [])
})

test('of a long queue what is heard comes first, and then all', async () => {
  const { app, store, asked, sync } = world(numbers(1200))
  sync.emit('elsewhere', found(1200, 1100))
  await app.done
  assert.deepEqual(asked.map(path => path.split('limit=500')[1]), ['&at=1050', '', '&after=500', '&after=1000'])
  assert.ok(store.get().queue.items.every(item => item.track.duration === 60))
})

test('tracks that the server no longer has leave the queue', async () => {
  const { app, store, sync } = world([0, 2, 3])
  sync.emit('elsewhere', found(4, 2))
  await app.done
  assert.deepEqual(store.get().queue.items.map(item => item.track.id), ['0', '2', '3'])
  assert.equal(store.get().queue.index, 1)
})

test('a queue that is here is not replaced unasked, and one that is replaced meanwhile is left alone', async () => {
  const { app, store, asked, sync } = world(numbers(900))
  store.dispatch({ type: 'queue/play', tracks: [{ id: 'own', duration: 5 }] })
  sync.emit('elsewhere', found(900, 0))
  assert.deepEqual([store.get().queue.items[0].track.id, asked], ['own', []])
  app.offered.run()
  store.dispatch({ type: 'queue/play', tracks: [{ id: 'other' }] })
  await app.done
  assert.deepEqual(store.get().queue.items.map(item => item.track.id), ['other'])
  assert.equal(asked.length, 1)
})
