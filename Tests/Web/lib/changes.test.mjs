import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createChanges } from '/lib/signal.js'

const settled = () => new Promise(resolve => setTimeout(resolve))
const page = () => Object.assign(new EventTarget(), { visibilityState: 'visible' })
/** A watcher that works until it is let go. */
function slow() {
  const state = { runs: 0, release: () => {}, run: () => { state.runs += 1; return new Promise(resolve => { state.release = resolve }) } }
  return state
}

test('only those who show it hear of a change', () => {
  const changes = createChanges({ document: page() })
  const heard = []
  const until = new AbortController()
  changes.on(['library'], () => heard.push('library'), until.signal)
  changes.on(['playlists', 'history'], () => heard.push('lists'), until.signal)
  changes.tell(['queue'])
  assert.deepEqual(heard, [])
  changes.tell(['library', 'queue'])
  assert.deepEqual(heard, ['library'])
})

test('after a loss all hear', () => {
  const changes = createChanges({ document: page() })
  let heard = 0
  changes.on(['library'], () => { heard += 1 }, new AbortController().signal)
  changes.tell(null)
  assert.equal(heard, 1)
})

test('many changes during a refresh are one more refresh', async () => {
  const changes = createChanges({ document: page() })
  const one = slow()
  changes.on(['library'], one.run, new AbortController().signal)
  for (let i = 0; i < 5; i++) changes.tell(['library'])
  assert.equal(one.runs, 1)
  one.release()
  await settled()
  assert.equal(one.runs, 2)
  one.release()
  await settled()
  assert.equal(one.runs, 2)
})

test('a view that is left is not refreshed', async () => {
  const changes = createChanges({ document: page() })
  const one = slow()
  const until = new AbortController()
  changes.on(['library'], one.run, until.signal)
  changes.tell(['library'])
  changes.tell(['library'])
  until.abort()
  one.release()
  await settled()
  changes.tell(['library'])
  assert.equal(one.runs, 1)
})

test('a hidden page waits until it is shown', () => {
  const document = page()
  const changes = createChanges({ document })
  let runs = 0
  changes.on(['library'], () => { runs += 1 }, new AbortController().signal)
  document.visibilityState = 'hidden'
  changes.tell(['library'])
  changes.tell(['library'])
  assert.equal(runs, 0)
  document.visibilityState = 'visible'
  document.dispatchEvent(new Event('visibilitychange'))
  assert.equal(runs, 1)
})

test('a refresh that fails is reported, and the next change is heard', async () => {
  const faults = []
  const changes = createChanges({ document: page(), report: error => faults.push(error.message) })
  changes.on(['library'], async () => { throw new Error('no') }, new AbortController().signal)
  changes.tell(['library'])
  await settled()
  changes.tell(['library'])
  await settled()
  assert.deepEqual(faults, ['no', 'no'])
})
