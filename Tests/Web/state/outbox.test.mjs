import test from 'node:test'
import assert from 'node:assert/strict'
import { createOutbox } from '/state/outbox.js'
import { Problem } from '/api/client.js'
import { memoryDatabase } from '/lib/database.js'

const settle = async () => { for (let i = 0; i < 6; i++) await new Promise(resolve => setImmediate(resolve)) }
function made(changes = {}) {
  const sent = []
  const world = { answer: () => new Response(null, { status: 204 }), account: 'ann', now: 1000 }
  const client = { send: async (method, path, body, how) => {
    sent.push({ method, path, body, ...how })
    return world.answer(sent.length)
  } }
  const page = new EventTarget()
  const database = changes.database ?? memoryDatabase()
  const outbox = createOutbox({ database, client, page, locks: null, account: () => world.account, now: () => world.now, ...changes })
  return { sent, world, page, database, outbox }
}
const play = (track, at) => ({ track, at, stopped: null })
const gone = () => { throw new Problem(0, 'network', 'gone') }

test('a play is sent at once, and then forgotten', async () => {
  const { outbox, sent } = made()
  await outbox.play(play('a', 't1'))
  await settle()
  assert.deepEqual(sent.map(one => [one.method, one.path, one.body.track]), [['POST', '/api/v1/history', 'a']])
  assert.equal(await outbox.count(), 0)
})

test('offline plays wait, over a reload too, and come in their order, each once', async () => {
  const { outbox, sent, world, database } = made()
  world.answer = gone
  for (const [track, at] of [['a', 't1'], ['b', 't2'], ['a', 't1'], ['a', 't3']]) {
    await outbox.play(play(track, at))
    world.now += 1
  }
  await settle()
  assert.equal(await outbox.count(), 3)
  outbox.stop()
  const later = made({ database })
  later.page.dispatchEvent(new Event('online'))
  await settle()
  assert.deepEqual(later.sent.map(one => `${one.body.track} ${one.body.at}`), ['b t2', 'a t1', 'a t3'])
  assert.equal(await later.outbox.count(), 0)
  assert.equal(sent.length, 1)
})

test('after a failure it is not asked again at once, but when the network is back', async () => {
  const { outbox, sent, world, page } = made()
  world.answer = gone
  await outbox.play(play('a', 't1'))
  await settle()
  await outbox.send()
  await settle()
  assert.equal(sent.length, 1)
  world.answer = () => new Response(null, { status: 204 })
  page.dispatchEvent(new Event('online'))
  await settle()
  assert.equal(sent.length, 2)
  assert.equal(await outbox.count(), 0)
})

test('a pause ends by itself', async () => {
  const { outbox, sent, world } = made()
  world.answer = n => n === 1 ? gone() : new Response(null, { status: 204 })
  await outbox.play(play('a', 't1'))
  await settle()
  world.now += 2000
  await outbox.send()
  assert.equal(sent.length, 2)
  assert.equal(await outbox.count(), 0)
})

test('what the server refuses for good does not hold up the rest', async () => {
  const { outbox, sent, world } = made()
  const refused = []
  outbox.on('refused', one => refused.push(one))
  world.answer = n => {
    if (n === 1) throw new Problem(404, 'not-found', 'no such track')
    return new Response(null, { status: 204 })
  }
  await outbox.play(play('a', 't1'))
  await outbox.play(play('b', 't2'))
  await settle()
  assert.equal(sent.length, 2)
  assert.deepEqual(refused.map(one => one.problem.status), [404])
  assert.equal(await outbox.count(), 0)
})

test('of one key the newest counts, also if it comes while the older is under way', async () => {
  const { outbox, sent, world } = made()
  let open = () => {}
  world.answer = async n => {
    if (n === 1) await new Promise(resolve => { open = resolve })
    return new Response(null, { status: 204 })
  }
  await outbox.add('rating a', { method: 'PUT', path: '/r', body: { rating: 1 } })
  await settle()
  await outbox.add('rating a', { method: 'PUT', path: '/r', body: { rating: 5 } })
  open()
  await settle()
  assert.deepEqual(sent.map(one => one.body.rating), [1, 5])
  assert.equal(await outbox.count(), 0)
})

test('changes of one account are never sent as another, and none while nobody is signed in', async () => {
  const { outbox, sent, world } = made()
  world.answer = gone
  await outbox.play(play('a', 't1'))
  await settle()
  world.answer = () => new Response(null, { status: 204 })
  world.now += 60_000
  for (const account of ['bob', null]) {
    world.account = account
    await outbox.send({ isUrgent: true })
    assert.equal(sent.length, 1)
  }
  await outbox.play(play('x', 't9'))
  world.account = 'ann'
  await outbox.send({ isUrgent: true })
  assert.deepEqual(sent.map(one => one.body.track), ['a', 'a'])
})

test('a page that goes sends with keepalive', async () => {
  const { outbox, sent, world } = made()
  world.answer = gone
  await outbox.play(play('a', 't1'))
  await settle()
  world.answer = () => new Response(null, { status: 204 })
  await outbox.send({ keepalive: true, isUrgent: true })
  assert.equal(sent.at(-1).keepalive, true)
})

test('two tabs send one after the other', async () => {
  const database = memoryDatabase()
  let tail = Promise.resolve()
  const locks = { request: (_, work) => (tail = tail.then(work)) }
  const [one, two] = [made({ database, locks }), made({ database, locks })]
  await Promise.all([one.outbox.play(play('a', 't1')), two.outbox.play(play('a', 't1'))])
  await settle()
  assert.equal(await one.outbox.count(), 0)
  assert.equal(one.sent.length + two.sent.length, 1)
})

test('what is heard before the server has said who is there is kept, and sent once it has', async () => {
  let isIn = false
  const { outbox, sent } = made({ isIn: () => isIn })
  await outbox.play(play('a', 't1'))
  await settle()
  assert.deepEqual([sent.length, await outbox.count()], [0, 1])
  isIn = true
  await outbox.send({ isUrgent: true })
  assert.deepEqual([sent.length, await outbox.count()], [1, 0])
})

test('a play that the server always fails at does not hold up those behind it', async () => {
  const { outbox, sent, world } = made()
  world.answer = gone
  for (const track of ['bad', 'b', 'c']) await outbox.play(play(track, 't'))
  await settle()
  world.answer = () => {
    if (sent.at(-1).body.track === 'bad') throw new Problem(500, 'internal', '')
    return new Response(null, { status: 204 })
  }
  await outbox.send({ isUrgent: true })
  assert.equal(await outbox.count(), 1)
  for (let i = 0; i < 6; i++) await outbox.play(play('bad', `t${i}`))
  const { length } = sent
  await outbox.send({ isUrgent: true })
  assert.equal(sent.length - length, 3)
})
