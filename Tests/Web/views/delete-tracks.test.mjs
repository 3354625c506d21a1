import test from 'node:test'
import assert from 'node:assert/strict'
import { createStore, initial, reduce } from '/core/reducer.js'
import { deleteTracks } from '/views/delete-tracks.js'

test('what is deleted while it plays and brought back goes on where it was', async () => {
  globalThis.location ??= { pathname: '/' }
  const store = createStore(reduce, initial)
  store.dispatch({ type: 'queue/play', tracks: [{ id: 'a', duration: 60 }, { id: 'b', duration: 60 }] })
  store.dispatch({ type: 'player/time', position: 33, duration: 60, buffered: 40 })
  let offered
  let from
  const app = {
    store, restorable: async () => 0, acts: { tell: act => act() }, changes: { tell() {} }, player: { changeTo: (change, at) => { change(); from = at } },
    client: { delete: async () => null, post: async () => ({}) }, live: { show: (_, action) => { offered = action } }, playlistsChanged() {}, fail() {},
  }
  await deleteTracks(app, [{ id: 'a', title: 'A' }])
  assert.deepEqual([store.get().queue.items.length, store.get().player.position], [1, 0])
  await offered.run()
  assert.deepEqual([store.get().queue.items.length, from], [2, 33])
})
