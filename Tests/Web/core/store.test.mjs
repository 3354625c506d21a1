import test from 'node:test'
import assert from 'node:assert/strict'
import { createStore } from '/core/reducer.js'

const reduce = (state, { type, value }) => type === 'set' ? { ...state, a: value } : type === 'other' ? { ...state, b: value } : state
const made = () => createStore(reduce, { a: 0, b: 0 })

test('who watches is told of changes of what it watches, with the state', () => {
  const store = made()
  const seen = []
  store.subscribe(state => state.a, (a, state) => seen.push([a, state.b]))
  store.dispatch({ type: 'other', value: 5 })
  store.dispatch({ type: 'set', value: 1 })
  store.dispatch({ type: 'set', value: 1 })
  store.dispatch({ type: 'none' })
  assert.deepEqual(seen, [[1, 5]])
})

test('an action from a watcher is seen by all, and none sees an old value last', () => {
  const store = made()
  const seen = []
  store.subscribe(state => state.a, a => { if (a < 3) store.dispatch({ type: 'set', value: a + 1 }) })
  store.subscribe(state => state.a, a => seen.push(a))
  store.dispatch({ type: 'set', value: 1 })
  assert.equal(store.get().a, 3)
  assert.equal(seen.at(-1), 3)
})

test('the end of a watch is at once, and a watcher that throws does not end the others’ next change', () => {
  const store = made()
  const seen = []
  const off = store.subscribe(state => state.a, () => { throw new Error('broken') })
  store.subscribe(state => state.a, a => seen.push(a))
  assert.throws(() => store.dispatch({ type: 'set', value: 1 }), /broken/)
  off()
  store.dispatch({ type: 'set', value: 2 })
  assert.deepEqual(seen, [2])
})

test('who is to be told first is told before those that came earlier', () => {
  const store = made()
  const seen = []
  store.subscribe(state => state.a, () => seen.push('view'))
  store.subscribe(state => state.a, () => seen.push('sound'), true)
  store.dispatch({ type: 'set', value: 1 })
  assert.deepEqual(seen, ['sound', 'view'])
})
