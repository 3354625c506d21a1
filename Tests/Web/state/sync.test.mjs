import test from 'node:test'
import assert from 'node:assert/strict'
import { createQueueSync } from '/state/sync.js'
import { createStore, initial, reduce } from '/core/reducer.js'
import { Problem } from '/api/client.js'

const settle = async () => { for (let i = 0; i < 4; i++) await new Promise(resolve => setImmediate(resolve)) }
/** A server with one queue and its tag. */
function fakeServer() {
  const server = { queue: { tracks: [], current: null, position: 0 }, version: 0, log: [], isGone: false }
  server.send = async (method, path, body, { headers = {}, keepalive = false } = {}) => {
    if (server.isGone) throw new Problem(0, 'network', '')
    server.log.push(`${method}${keepalive ? ' keepalive' : ''}`)
    if (keepalive && JSON.stringify(body).length > 65_536) throw new TypeError('too long')
    const tag = `"${server.version}"`
    if (method === 'GET') return headers['If-None-Match'] === tag ? new Response(null, { status: 304 }) : new Response(JSON.stringify(server.queue), { headers: { ETag: tag } })
    if (headers['If-Match'] && headers['If-Match'] !== tag) throw new Problem(412, '', '')
    server.queue = body
    server.version += 1
    return new Response(null, { status: 204, headers: { ETag: `"${server.version}"` } })
  }
  return server
}
function device(server, more = {}) {
  const store = createStore(reduce, initial)
  const page = new EventTarget()
  const timers = []
  const sync = createQueueSync({ store, client: server, page, ...more, later: (ms, fn) => {
    const timer = { ms, fn, off: false }
    timers.push(timer)
    return () => { timer.off = true }
  } })
  const elsewhere = []
  sync.on('elsewhere', found => elsewhere.push(found.tracks.join('') + (found.isOwnTab ? ' tab' : '')))
  const moves = []
  sync.on('moved', ({ position, isHere }) => moves.push([position, isHere]))
  return { store, page, sync, timers, elsewhere, moves, async wait() {
    for (const timer of timers.splice(0)) if (!timer.off) timer.fn()
    await settle()
  } }
}
const play = (...ids) => ({ type: 'queue/play', tracks: ids.map(id => ({ id })) })

test('many changes are one request, two seconds after the last', async () => {
  const server = fakeServer()
  const { store, timers, wait } = device(server)
  store.dispatch(play('a', 'b'))
  for (let i = 0; i < 9; i++) store.dispatch({ type: 'queue/add', tracks: [{ id: `t${i}` }] })
  assert.deepEqual(timers.filter(timer => !timer.off).map(timer => timer.ms), [2000])
  await wait()
  assert.deepEqual(server.log, ['GET', 'PUT'])
  assert.equal(server.queue.tracks.length, 11)
})

test('a page that goes sends what it has', async () => {
  const server = fakeServer()
  const { store, page, sync } = device(server)
  store.dispatch(play('a'))
  page.dispatchEvent(new Event('pagehide'))
  await settle()
  assert.deepEqual(server.log, [])
  await sync.check()
  store.dispatch(play('b'))
  page.dispatchEvent(new Event('pagehide'))
  await settle()
  assert.deepEqual(server.log, ['GET', 'PUT', 'PUT keepalive'])
})

test('a page that goes tells where it is, if that is elsewhere than it was told', async () => {
  const server = fakeServer()
  const { store, page, wait } = device(server)
  const leave = async () => {
    page.dispatchEvent(new Event('pagehide'))
    await settle()
  }
  store.dispatch(play('a'))
  await wait()
  store.dispatch({ type: 'player/time', position: 40, duration: 60, buffered: 60 })
  await leave()
  assert.equal(server.queue.position, 0, 'what was only shown is not heard')
  store.dispatch({ type: 'player/status', status: 'playing' })
  await leave()
  assert.equal(server.queue.position, 40)
  const { length } = server.log
  await leave()
  assert.equal(server.log.length, length)
})

test('a queue that is too long for a page that is gone is sent as any other', async () => {
  const server = fakeServer()
  const { store, page, wait } = device(server)
  store.dispatch(play('a'))
  await wait()
  store.dispatch(play(...Array.from({ length: 5000 }, (_, i) => `track-number-${i}`)))
  page.dispatchEvent(new Event('pagehide'))
  await settle()
  assert.deepEqual([server.log.at(-1), server.queue.tracks.length], ['PUT', 5000])
})

test('who comes next has another queue: nothing of the one before is sent', async () => {
  const server = fakeServer()
  const { store, sync, wait, elsewhere } = device(server)
  store.dispatch(play('a'))
  await wait()
  store.dispatch({ type: 'queue/restore', queue: {} })
  sync.forget()
  await wait()
  assert.deepEqual(server.queue.tracks, ['a'])
  await sync.check()
  assert.deepEqual(elsewhere, ['a'])
})

test('another device’s queue is told, never overwritten unseen', async () => {
  const server = fakeServer()
  const [one, two] = [device(server), device(server)]
  one.store.dispatch(play('a', 'b'))
  await one.wait()
  two.store.dispatch(play('x'))
  await two.wait()
  // The device that comes has seen the queue, and its listener chose another.
  assert.deepEqual(two.elsewhere, ['ab'])
  assert.equal(server.queue.tracks.join(''), 'x')
  one.store.dispatch({ type: 'queue/add', tracks: [{ id: 'c' }] })
  await one.wait()
  assert.equal(server.queue.tracks.join(''), 'x')
  assert.deepEqual(one.elsewhere, ['x'])
  await one.sync.keep()
  assert.equal(server.queue.tracks.join(''), 'abc')
})

test('a device that was away hears of the other’s queue once', async () => {
  const server = fakeServer()
  const [one, two] = [device(server), device(server)]
  await two.sync.check()
  one.store.dispatch(play('a', 'b'))
  await one.wait()
  await two.sync.check()
  await two.sync.check()
  assert.deepEqual(two.elsewhere, ['ab'])
  await one.sync.check()
  assert.deepEqual(one.elsewhere, [])
})

test('without a network the change waits for it', async () => {
  const server = fakeServer()
  const { store, wait, page } = device(server)
  server.isGone = true
  store.dispatch(play('a'))
  await wait()
  server.isGone = false
  page.dispatchEvent(new Event('online'))
  await settle()
  assert.deepEqual(server.queue.tracks, ['a'])
})

const at = position => ({ type: 'player/time', position, duration: 600, buffered: 600 })
const sounds = { type: 'player/status', status: 'playing' }

test('what plays tells each half minute where it is, and a device that is silent follows', async () => {
  const server = fakeServer()
  const [one, two] = [device(server), device(server)]
  for (const { store } of [one, two]) store.dispatch(play('a', 'b'))
  await one.wait()
  await two.sync.check()
  one.store.dispatch(sounds)
  for (let t = 0; t < 70; t += 0.25) {
    one.store.dispatch(at(t))
    await settle()
  }
  assert.deepEqual([server.queue.position, server.log.filter(line => line === 'PUT').length], [60, 3])
  await two.sync.check()
  assert.deepEqual(two.moves, [[60, true]])
  assert.deepEqual(two.elsewhere, [])
  two.store.dispatch(sounds)
  one.store.dispatch(at(91))
  await settle()
  await two.sync.check()
  assert.deepEqual([two.moves.length, one.moves.length], [1, 0], 'what sounds stays where it is')
})

test('where another device is does not overwrite its queue, and moves what stands on offer', async () => {
  const server = fakeServer()
  const [one, two] = [device(server), device(server)]
  one.store.dispatch(play('a'))
  await one.wait()
  await two.sync.check()
  two.store.dispatch(play('x'))
  await two.wait()
  await one.sync.check()
  one.store.dispatch(sounds)
  one.store.dispatch(at(100))
  await settle()
  assert.deepEqual([server.queue.tracks, one.elsewhere], [['x'], ['x']])
  two.store.dispatch(sounds)
  two.store.dispatch(at(40))
  await settle()
  await one.sync.check()
  assert.deepEqual(one.moves, [[40, false]])
})

test('a page that begins stands where the listener was last, here or elsewhere', async () => {
  const server = fakeServer()
  for (const [since, moves] of [['2026-01-01T00:00:20Z', []], ['2026-01-01T00:00:05Z', [[50, true]]]]) {
    server.queue = { tracks: ['a'], current: 0, position: 50, changed: '2026-01-01T00:00:10Z' }
    const page = device(server, { since: () => Date.parse(since) })
    page.store.dispatch(play('a'))
    page.store.dispatch(at(70))
    await page.sync.check()
    assert.deepEqual(page.moves, moves)
  }
})

test('another tab of this browser is not another device', async () => {
  const server = fakeServer()
  const tabs = []
  const channel = () => {
    const own = { on: (_, fn) => { own.fn = fn }, tell: (_, tag) => { for (const tab of tabs) if (tab !== own) tab.fn(tag) } }
    tabs.push(own)
    return own
  }
  const [one, two] = [device(server, { channel: channel() }), device(server, { channel: channel() })]
  await two.sync.check()
  one.store.dispatch(play('a'))
  await one.wait()
  await two.sync.check()
  assert.deepEqual(two.elsewhere, ['a tab'])
})

test('a change that did not reach the server is sent with the next look at it, and one that was refused is not', async () => {
  const server = fakeServer()
  const [one, two] = [device(server), device(server)]
  await one.sync.check()
  server.isGone = true
  one.store.dispatch(play('a'))
  await one.wait()
  server.isGone = false
  await one.sync.check()
  assert.deepEqual(server.queue.tracks, ['a'])
  await two.sync.check()
  two.store.dispatch(play('x'))
  await two.wait()
  one.store.dispatch(play('b'))
  await one.wait()
  await one.sync.check()
  assert.deepEqual([server.queue.tracks, one.elsewhere], [['x'], ['x']])
})
