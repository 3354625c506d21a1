import test from 'node:test'
import assert from 'node:assert/strict'
import { createPages } from '/api/pages.js'
import { chance } from '../chance.mjs'

const settle = async () => { for (let i = 0; i < 3; i++) await new Promise(resolve => setImmediate(resolve)) }
function made(total = 1000, changes = {}) {
  const calls = []
  const world = { total, gate: null, error: null, name: 'a' }
  const changed = []
  const errors = []
  const pages = createPages({
    size: 10, most: 5, onChange: (first, last) => changed.push([first, last]), onError: error => errors.push(error),
    load: async (at, limit, signal) => {
      calls.push(at)
      const { name, error } = world
      await world.gate
      signal.throwIfAborted()
      if (error) throw error
      return { items: Array.from({ length: Math.max(0, Math.min(limit, world.total - at)) }, (_, i) => `${name}${at + i}`), total: world.total }
    }, ...changes,
  })
  return { pages, calls, world, changed, errors }
}

test('what is wanted comes by pages, once', async () => {
  const { pages, calls, changed } = made()
  assert.equal(pages.total, null)
  await Promise.all([pages.want(5, 25), pages.want(5, 25)])
  assert.deepEqual(calls, [0, 10, 20])
  assert.equal(pages.at(25), 'a25')
  assert.equal(pages.at(30), undefined)
  assert.equal(pages.total, 1000)
  assert.deepEqual(changed, [[0, 9], [10, 19], [20, 29]])
})

test('nothing is asked for behind the end', async () => {
  const { pages, calls } = made(15)
  await pages.want(0, 5)
  await pages.want(0, 500)
  assert.deepEqual(calls, [0, 10])
  assert.equal(pages.at(15), undefined)
})

test('the pages used longest ago go', async () => {
  const { pages, calls } = made()
  for (let at = 0; at < 50; at += 10) await pages.want(at, at)
  await pages.want(0, 0)
  await pages.want(50, 50)
  assert.equal(pages.at(0), 'a0')
  assert.equal(pages.at(10), undefined)
  assert.deepEqual(calls, [0, 10, 20, 30, 40, 50])
})

test('a page that is scrolled past is given up', async () => {
  const { pages, world, errors, calls } = made()
  let open = () => {}
  world.gate = new Promise(resolve => { open = resolve })
  pages.want(0, 9)
  const done = pages.want(500, 509)
  open()
  await done
  await settle()
  assert.equal(pages.at(0), undefined)
  assert.equal(pages.at(505), 'a505')
  assert.deepEqual(errors, [])
  world.gate = null
  await pages.want(0, 9)
  assert.deepEqual(calls, [0, 500, 0])
})

test('an answer to an earlier query is dropped, also if it comes last', async () => {
  const opens = []
  const changed = []
  const pages = createPages({ size: 10, onChange: first => changed.push(first), load: async at => {
    const number = opens.length
    await new Promise(resolve => opens.push(resolve))
    return { items: [`${number}-${at}`], total: 1 }
  } })
  const old = pages.want(0, 0)
  pages.reset()
  assert.equal(pages.total, null)
  const fresh = pages.want(0, 0)
  opens[1]()
  await fresh
  opens[0]()
  await old
  assert.equal(pages.at(0), '1-0')
  assert.deepEqual(changed, [0])
})

test('a failure is told, and asked for again when it is wanted again', async () => {
  const { pages, world, errors } = made()
  world.error = new Error('gone')
  await pages.want(0, 0)
  assert.equal(errors.length, 1)
  world.error = null
  await pages.want(0, 0)
  assert.equal(pages.at(0), 'a0')
})

test('a changed item changes where it is', async () => {
  const { pages, changed } = made()
  await pages.want(0, 19)
  changed.length = 0
  pages.update(item => item === 'a12' ? 'new' : item)
  assert.equal(pages.at(12), 'new')
  assert.deepEqual(changed, [[10, 19]])
})

test('any scrolling: what is there is right, and no more is kept than allowed', async () => {
  const { int } = chance(12)
  const { pages } = made(777)
  for (let round = 0; round < 400; round++) {
    const first = int(0, 790)
    await pages.want(first, first + int(0, 35))
    let kept = 0
    for (let place = 0; place < 790; place++) {
      const item = pages.at(place)
      if (item !== undefined) {
        kept += 1
        assert.equal(item, `a${place}`)
      }
    }
    assert.ok(kept <= 50)
    if (first < 777) assert.equal(pages.at(first), `a${first}`)
  }
})

test('after a change what is seen is asked for anew, stays until it has come, and the rest is forgotten', async () => {
  const { pages, calls, world, changed } = made()
  await pages.want(0, 35)
  changed.length = calls.length = 0
  Object.assign(world, { name: 'b', total: 999 })
  let open
  world.gate = new Promise(resolve => { open = resolve })
  const renewed = pages.renew([12, 17, 25])
  await settle()
  assert.deepEqual([pages.at(12), pages.at(0), pages.total], ['a12', 'a0', 1000])
  open()
  assert.equal(await renewed, true)
  assert.deepEqual(calls, [10, 20])
  assert.deepEqual([pages.at(12), pages.at(29), pages.at(0), pages.at(30), pages.total], ['b12', 'b29', undefined, undefined, 999])
  assert.deepEqual(changed, [])
  assert.deepEqual(pages.known().map(([place]) => place), Array.from({ length: 20 }, (_, i) => i + 10))
})

test('a page that came while others are asked for anew is of after the change, and stays', async () => {
  const { pages, world } = made()
  await pages.want(0, 15)
  world.name = 'b'
  const renewed = pages.renew([0])
  await pages.want(50, 55)
  await renewed
  assert.deepEqual([pages.at(0), pages.at(55), pages.at(10)], ['b0', 'b55', undefined])
})

test('of two renewals the later counts, and one that fails leaves what was there', async () => {
  const { pages, world } = made()
  await pages.want(0, 5)
  world.name = 'b'
  const first = pages.renew([0])
  world.name = 'c'
  const second = pages.renew([0])
  assert.deepEqual([await first, await second, pages.at(0)], [false, true, 'c0'])
  world.error = new Error('no')
  await assert.rejects(pages.renew([0]), /no/)
  assert.equal(pages.at(0), 'c0')
})
