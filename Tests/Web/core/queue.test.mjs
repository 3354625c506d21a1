import test from 'node:test'
import assert from 'node:assert/strict'
import * as q from '/core/queue.js'
import { chance } from '../chance.mjs'

const tracks = (...ids) => ids.map(id => ({ id, duration: 200 }))
const ids = queue => queue.items.map(item => item.track.id).join('')
const keysOf = (queue, letters) => queue.items.filter(item => letters.includes(item.track.id)).map(item => item.key)
const now = queue => q.current(queue)?.track.id ?? null
const abcde = q.replaced(q.empty, tracks(...'abcde'), { index: 2 })

test('a list is played from the chosen track', () => {
  assert.equal(ids(abcde), 'abcde')
  assert.equal(now(abcde), 'c')
  assert.equal(now(q.replaced(abcde, [], {})), null)
  assert.equal(now(q.replaced(q.empty, tracks('a'), { index: 9 })), 'a')
})

test('in shuffle the chosen track is first, and without a choice any is', () => {
  const queue = q.replaced(q.empty, tracks(...'abcdefgh'), { index: 3, shuffle: true, seed: 5 })
  assert.equal(now(queue), 'd')
  assert.equal(queue.index, 0)
  assert.equal([...ids(queue)].sort().join(''), 'abcdefgh')
  const firsts = new Set(Array.from({ length: 200 }, (_, seed) => now(q.replaced(q.empty, tracks(...'abcd'), { index: null, shuffle: true, seed }))))
  assert.equal(firsts.size, 4)
})

test('play next comes behind the current track, add at the end', () => {
  assert.equal(ids(q.playedNext(abcde, tracks('x', 'y'))), 'abcxyde')
  assert.equal(ids(q.added(abcde, tracks('x', 'y'))), 'abcdexy')
  assert.equal(now(q.playedNext(q.empty, tracks('x'))), 'x')
  assert.equal(q.added(q.empty, tracks('x')).index, 0)
})

test('removing keeps what plays, or goes on with the next that stays', () => {
  assert.equal(now(q.removed(abcde, keysOf(abcde, 'ab'))), 'c')
  assert.equal(now(q.removed(abcde, keysOf(abcde, 'c'))), 'd')
  assert.equal(now(q.removed(abcde, keysOf(abcde, 'cde'))), 'b')
  assert.equal(q.removed(abcde, keysOf(abcde, 'abcde')).index, -1)
  assert.equal(q.removed(abcde, ['none']), abcde)
})

test('moving keeps the order of the block and what plays', () => {
  assert.equal(ids(q.moved(abcde, keysOf(abcde, 'ae'), 2)), 'baecd')
  assert.equal(ids(q.moved(abcde, keysOf(abcde, 'e'), 0)), 'eabcd')
  assert.equal(ids(q.moved(abcde, keysOf(abcde, 'a'), 5)), 'bcdea')
  assert.equal(now(q.moved(abcde, keysOf(abcde, 'c'), 0)), 'c')
  assert.equal(q.moved(abcde, keysOf(abcde, 'c'), 3), abcde)
  assert.equal(ids(q.moved(abcde, keysOf(abcde, 'a'), NaN)), 'abcde')
})

test('what follows obeys repeat and stop', () => {
  const follow = (queue, letter) => q.following(queue, keysOf(queue, letter)[0])?.track.id ?? null
  assert.equal(follow(abcde, 'c'), 'd')
  assert.equal(follow(abcde, 'e'), null)
  assert.equal(follow({ ...abcde, repeat: 'all' }, 'e'), 'a')
  assert.equal(follow({ ...abcde, repeat: 'one' }, 'c'), 'c')
  assert.equal(follow({ ...abcde, stopAfter: true }, 'c'), null)
  assert.equal(follow({ ...abcde, stopAfter: true }, 'd'), 'e')
  assert.equal(follow(abcde, 'none'), null)
})

test('next and previous go on whatever is repeated, around only if all is', () => {
  assert.equal(q.neighbour({ ...abcde, repeat: 'one' }, 1)?.track.id, 'd')
  assert.equal(q.neighbour({ ...abcde, index: 4 }, 1), null)
  assert.equal(q.neighbour({ ...abcde, index: 4, repeat: 'all' }, 1)?.track.id, 'a')
  assert.equal(q.neighbour({ ...abcde, index: 0, repeat: 'all' }, -1)?.track.id, 'e')
  assert.equal(q.neighbour(q.empty, 1), null)
})

test('an audible track is noted in the history, and ends the stop', () => {
  const queue = q.reached({ ...abcde, stopAfter: true }, keysOf(abcde, 'd')[0])
  assert.deepEqual([now(queue), queue.history, queue.stopAfter], ['d', ['d'], false])
  assert.equal(q.reached(abcde, 'none'), abcde)
})

test('shuffle keeps what was played, and off gives the old order back', () => {
  const queue = q.withShuffle(abcde, true, 3)
  assert.equal(ids(queue).slice(0, 3), 'abc')
  assert.equal(now(queue), 'c')
  const back = q.withShuffle(queue, false, 0)
  assert.equal(ids(back), 'abcde')
  assert.equal(now(back), 'c')
  assert.equal(q.withShuffle(abcde, false, 1), abcde)
})

test('shuffle off gives back what was put together by hand, and what came since is at its end', () => {
  const own = q.moved(q.playedNext(abcde, tracks('x')), keysOf(abcde, 'e'), 0)
  assert.equal(ids(own), 'eabcxd')
  const mixed = q.added(q.withShuffle(own, true, 3), tracks('y'))
  const back = q.withShuffle(mixed, false, 0)
  assert.deepEqual([ids(back), now(back)], ['eabcxdy', 'c'])
})

test('each act can be undone, and what plays goes on', () => {
  const acts = [queue => q.playedNext(queue, tracks('x')), queue => q.added(queue, tracks('x')), queue => q.removed(queue, keysOf(queue, 'ad')),
    queue => q.moved(queue, keysOf(queue, 'e'), 0), queue => q.cleared(queue), queue => q.withShuffle(queue, true, 9)]
  for (const act of acts) {
    const undone = q.undone(act(abcde))
    assert.equal(ids(undone), 'abcde')
    assert.equal(now(undone), 'c')
  }
  const replaced = q.replaced(abcde, tracks('z'), { position: 77 })
  assert.equal(replaced.undo.at(-1)?.position, 77)
  assert.equal(now(q.undone(replaced)), 'c')
  assert.equal(q.undone(q.empty), q.empty)
})

test('a track that is there twice is two items', () => {
  const queue = q.added(abcde, tracks('c'))
  assert.equal(new Set(queue.items.map(item => item.key)).size, 6)
  assert.equal(ids(q.removed(queue, [queue.items[5].key])), 'abcde')
})

test('the server takes 10,000 tracks, so the queue has no more', () => {
  const many = Array.from({ length: 12_000 }, (_, i) => ({ id: `t${i}` }))
  assert.equal(q.replaced(q.empty, many).items.length, 10_000)
  assert.equal(q.added(q.replaced(q.empty, many), many).items.length, 10_000)
})

test('the document for the server', () => {
  assert.deepEqual(q.queueDocument(abcde, 12.34567), { tracks: [...'abcde'], current: 2, position: 12.346 })
  assert.deepEqual(q.queueDocument(q.empty, 0), { tracks: [], current: null, position: 0 })
})

test('any acts: keys stay unique, the index is in the list, the old queue is intact, and undoing all gives the list back', () => {
  const { int, pick } = chance(10)
  for (let round = 0; round < 300; round++) {
    let queue = q.replaced(q.empty, Array.from({ length: int(0, 8) }, (_, i) => ({ id: `t${i}` })), { index: int(0, 8) })
    const base = ids(queue)
    queue = { ...queue, undo: [] }
    for (let step = 0; step < 25; step++) {
      const some = queue.items.filter(() => int(0, 3) === 0).map(item => item.key)
      const old = structuredClone(queue)
      const before = queue
      queue = pick([
        () => q.playedNext(queue, tracks(`n${step}`)), () => q.added(queue, tracks(`a${step}`, `b${step}`)), () => q.removed(queue, some),
        () => q.moved(queue, some, int(-2, 12)), () => q.withShuffle(queue, !queue.shuffle, int(0, 99)), () => q.cleared(queue),
        () => queue.items.length ? q.reached(queue, pick(queue.items).key) : queue,
      ])()
      assert.deepEqual(before, old)
      assert.equal(new Set(queue.items.map(item => item.key)).size, queue.items.length)
      assert.ok(queue.items.length === 0 ? queue.index === -1 : queue.index >= 0 && queue.index < queue.items.length, `index ${queue.index} of ${queue.items.length}`)
    }
    while (queue.undo.length > 0) queue = q.undone(queue)
    assert.equal(ids(queue), base)
  }
})
