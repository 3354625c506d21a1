import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createStore, initial, reduce } from '/core/reducer.js'
import { createActs } from '/elements/acts.js'
import { createSound } from '/elements/sound.js'
import { moreWords } from '/text/text.js'
import { listener, settle } from '../fakes/listener.mjs'

globalThis.navigator ??= {}
globalThis.window ??= new EventTarget()

await moreWords()
const second = 48000

/** A page with a queue of these tracks, the engine, and a server that has those that are not in `gone`. */
async function world(ids, { gone = [] } = {}) {
  const parts = listener(Object.fromEntries(ids.map(id => [id, { samples: 8 * second }])), { answers: false })
  parts.server.instead = path => gone.some(id => path.endsWith(`/tracks/${id}`)) ? new Response('{}', { status: 404, headers: { 'Content-Type': 'application/problem+json' } }) : null
  const store = createStore(reduce, initial)
  const told = []
  const app = {
    store, sentence: ({ status }) => `status ${status}`, live: { show: (text, action) => told.push({ text, action }) }, say() {},
    current: () => store.get().queue.items[store.get().queue.index]?.track ?? null,
  }
  app.player = createSound(app, parts.engine)
  app.acts = createActs(app)
  const tracks = ids.map(id => ({ id, title: id, duration: 8 }))
  app.acts.play(tracks, 0, false)
  await settle(4)
  const player = () => store.get().player
  return {
    ...parts, app, store, told, tracks, player, status: () => player().status, heardOf: () => parts.of('heard').map(one => one.id),
    askedFor: id => parts.server.log.filter(path => path.endsWith(`/tracks/${id}`)).length, key: id => store.get().queue.items.find(item => item.track.id === id).key,
  }
}

test('a track that is gone is left out once: one request, one sentence, and the queue is kept', async () => {
  const { play, heardOf, askedFor, told, store, player } = await world(['a', 'gone', 'c'], { gone: ['gone'] })
  await play(10)
  assert.deepEqual([heardOf(), askedFor('gone')], [['a'], 1])
  assert.deepEqual(told.map(({ text }) => text), ['gone is left out. status 404'])
  await play(10)
  assert.deepEqual(heardOf(), ['a', 'c'])
  assert.deepEqual([askedFor('gone'), store.get().queue.items.length, player().error], [1, 3, null])
})

test('what was left out comes again when it is asked for, or the queue has changed', async () => {
  const { play, heardOf, askedFor, told, server, app } = await world(['a', 'gone', 'c'], { gone: ['gone'] })
  await play(1)
  app.acts.add([{ id: 'a', title: 'a' }])
  await settle(4)
  assert.equal(askedFor('gone'), 2)
  server.instead = () => null
  told.at(-1).action.run()
  await settle(4)
  await play(20)
  assert.deepEqual(heardOf().slice(0, 2), ['a', 'gone'])
})

test('the next button passes over what was left out; where all fail it ends, and asks for no more than it needs', async () => {
  const { app, store, play } = await world(['a', 'gone', 'c'], { gone: ['gone'] })
  app.acts.next()
  await settle(4)
  assert.equal(app.current().id, 'c')
  const many = Array.from({ length: 60 }, (_, i) => `g${i}`)
  const other = await world(['a', ...many], { gone: many })
  other.store.dispatch({ type: 'queue/repeat', mode: 'all' })
  await other.play(3)
  assert.ok(other.told.length <= 3 && many.filter(id => other.askedFor(id)).length <= 20)
  assert.equal(store.get().queue.items.length, 3)
  await play(1)
})

test('without the only track nothing sounds, and to undo it brings its place back', async () => {
  const { app, play, key, status, store, audio, player } = await world(['a'])
  await play(3)
  app.acts.remove([key('a')])
  await settle(2)
  assert.deepEqual([status(), audio.paused, audio.source, app.player.wants], ['idle', true, null, false])
  app.acts.undo()
  await settle(2)
  assert.deepEqual([store.get().queue.index, status(), audio.paused], [0, 'idle', true])
  assert.ok(Math.abs(player().position - 3) < 0.3, String(player().position))
  app.acts.toggle()
  await settle(4)
  await play(1)
  assert.equal(status(), 'playing')
  assert.ok(player().position > 3.5)
})

test('after an error play tries again, by the button and by the system’s key', async () => {
  const { app, status, server, play, player } = await world(['a'], { gone: ['a'] })
  assert.deepEqual([status(), player().error.problem.status], ['error', 404])
  for (const act of ['toggle', 'resume']) {
    app.acts[act]()
    await settle(4)
    assert.deepEqual([status(), player().error.problem.status], ['error', 404], act)
  }
  server.instead = () => null
  app.player.retry()
  await settle(4)
  await play(1)
  assert.deepEqual([status(), player().error], ['playing', null])
})

test('a time to sleep that passes in silence stops nothing', async () => {
  const { app, store, play, status, player } = await world(['a'])
  await play(1)
  app.acts.toggle()
  await settle()
  store.dispatch({ type: 'player/sleep', at: Date.now() + 1 })
  await new Promise(resolve => setTimeout(resolve, 5))
  app.acts.toggle()
  await settle()
  await play(1)
  assert.deepEqual([status(), player().sleepAt], ['playing', null])
})

test('after the track that was to be the last, play goes on with the next', async () => {
  const { app, play, status, store, heardOf } = await world(['a', 'b'])
  app.acts.stopAfter(true)
  await play(10)
  assert.deepEqual([status(), heardOf()], ['ended', ['a']])
  app.acts.toggle()
  await settle(4)
  await play(2)
  assert.deepEqual([app.current().id, status(), store.get().queue.stopAfter], ['b', 'playing', false])
})

test('where another device is counts for a silent track, and takes nothing from the server until it plays', async () => {
  const { app, play, player, status, server, audio } = await world(['a'])
  app.player.standAt(5)
  assert.equal(status(), 'playing')
  await play(1)
  app.acts.toggle()
  app.player.standAt(5)
  assert.deepEqual([status(), player().position], ['idle', 5])
  const asked = server.log.length
  await settle(2)
  assert.equal(server.log.length, asked)
  app.acts.toggle()
  await settle(4)
  await play(1)
  assert.ok(audio.currentTime > 5.5 && status() === 'playing', `${status()} at ${audio.currentTime}`)
})
