import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mostItems } from '/core/queue.js'
import { albumEntries } from '/elements/track-menu.js'

/** A page with albums of so many tracks. */
function page(tracks) {
  const log = []
  const liked = new Set(['b'])
  const app = {
    store: { get: () => ({ session: { open: true } }) }, offline: { isPossible: true },
    fresh: album => ({ ...album, favourite: liked.has(album.id) ? '2026-12-01T00:00:00Z' : null }),
    tracksOfAlbum: async album => { log.push(`ask ${album.id}`); return Array.from({ length: tracks }, (_, i) => ({ id: `${album.id}${i}` })) },
    acts: {
      tell: run => run(),
      add: added => { log.push(added.length); log.ids = added.slice(0, 4).map(track => track.id) },
      favourite: async (kind, album) => { log.push(`${kind} ${album.id}`); return app.refuses === album.id ? undefined : null },
    },
  }
  const albums = ['a', 'b', 'c'].map(id => ({ id, name: id.toUpperCase() }))
  const run = (name, all = albums) => albumEntries(app, all).find(one => one?.name === name).run()
  return { app, log, albums, run }
}

test('several albums are queued in their order', async () => {
  const { log, run } = page(2)
  await run('add')
  assert.deepEqual([log.filter(Number).at(-1), log.ids], [6, ['a0', 'a1', 'b0', 'b1']])
})

test('of more albums than a queue takes the rest is not asked for', async () => {
  const { log, run } = page(mostItems)
  const many = Array.from({ length: 20 }, (_, i) => ({ id: String(i), name: '' }))
  await run('add', many)
  assert.equal(log.filter(one => String(one).startsWith('ask')).length, 6)
})

test('albums become favourites if one of them is none, and no longer if all are', async () => {
  const { log, run, albums } = page(1)
  await run('favourite')
  assert.deepEqual(log, ['albums a', 'albums c'])
  await run('favourite', [albums[1]])
  assert.deepEqual(log.slice(2), ['albums b'])
})

test('after a refusal no other album is asked for', async () => {
  const { app, log, run } = page(1)
  app.refuses = 'a'
  await run('favourite')
  assert.deepEqual(log, ['albums a'])
})

test('what is of one album is not in the menu of several', () => {
  const { app, albums } = page(1)
  const names = all => albumEntries(app, all).filter(Boolean).map(one => one.name)
  const only = names([albums[0]]).filter(name => !names(albums).includes(name))
  assert.deepEqual(only, ['radio', 'rate', 'link'])
})
