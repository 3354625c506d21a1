import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createStore, initial, reduce } from '/core/reducer.js'
import { events } from '/lib/signal.js'
import { moreWords } from '/text/text.js'
import { watchElsewhere } from '/elements/elsewhere.js'

await moreWords()
/** A page without a queue, and a server with one; `has` are the tracks that it still has. */
function world(has) {
  const store = createStore(reduce, initial)
  const sync = { ...events(), kept: 0, keep() { sync.kept += 1 } }
  const asked = []
  const ids = has.map(String)
  const app = {
    store, fields: 'id,title,duration', player: { changeTo: change => change(), standAt: seconds => { app.stood = seconds } },
    said: [], live: { show: (text, action) => { app.said.push(text); app.offered = action } },
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

test('to take a queue over can be undone, and leaves repeat and shuffle as they are', async () => {
  const { app, store, sync } = world(numbers(3))
  store.dispatch({ type: 'queue/play', tracks: [{ id: 'own', duration: 90 }] })
  store.dispatch({ type: 'queue/repeat', mode: 'all' })
  store.dispatch({ type: 'queue/shuffle', on: true })
  store.dispatch({ type: 'player/time', position: 33, duration: 90, buffered: 90 })
  sync.emit('elsewhere', found(3, 1))
  app.offered.run()
  await app.done
  const { items, repeat, shuffle, undo } = store.get().queue
  assert.deepEqual([items.map(item => item.track.id), repeat, shuffle], [['0', '1', '2'], 'all', true])
  assert.deepEqual([undo.at(-1).name, undo.at(-1).position], ['takeOver', 33])
  store.dispatch({ type: 'queue/undo' })
  assert.deepEqual(store.get().queue.items.map(item => item.track.id), ['own'])
})

test('the offer stays until it is answered', async () => {
  const { app, store, sync } = world(numbers(3))
  const offer = () => store.get().ui.elsewhere
  store.dispatch({ type: 'queue/play', tracks: [{ id: 'own' }] })
  sync.emit('elsewhere', found(3, 1))
  assert.match(offer().text, /3 tracks/)
  const first = app.offered
  offer().keep()
  assert.deepEqual([offer(), sync.kept], [null, 1])
  first.run()
  assert.equal(store.get().queue.items.length, 1, 'what was answered is not offered any more')
  sync.emit('elsewhere', found(3, 1))
  sync.emit('kept')
  assert.equal(offer(), null)
  sync.emit('elsewhere', found(3, 1))
  offer().take()
  await app.done
  assert.deepEqual([offer(), store.get().queue.items.length], [null, 3])
})

test('each track that another device plays is no new offer, and one in another tab no notice', async () => {
  const { app, store, sync } = world(numbers(3))
  store.dispatch({ type: 'queue/play', tracks: [{ id: 'own' }] })
  sync.emit('elsewhere', { ...found(3, 0), isOwnTab: true })
  assert.deepEqual([app.said, store.get().ui.elsewhere.text], [[], 'Another tab has a queue of 3 tracks'])
  sync.emit('kept')
  sync.emit('elsewhere', found(3, 0))
  sync.emit('elsewhere', found(3, 1))
  sync.emit('moved', { position: 44, isHere: false })
  assert.equal(app.said.length, 1)
  let from = 0
  app.player.changeTo = (change, at) => { change(); from = at }
  app.offered.run()
  assert.deepEqual([store.get().queue.index, from], [1, 44])
})

test('the same track is where the other device left it', () => {
  const { app, store, sync } = world([])
  store.dispatch({ type: 'queue/play', tracks: [{ id: 'own' }] })
  sync.emit('moved', { position: 44, isHere: true })
  assert.equal(app.stood, 44)
})
