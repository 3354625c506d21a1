import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { signIn, signOut } from '/elements/browser.js'

const kept = new Map()
globalThis.localStorage = { getItem: key => kept.get(key) ?? null, setItem: (key, value) => { kept.set(key, value) }, removeItem: key => { kept.delete(key) } }
globalThis.document = { documentElement: { dataset: {} } }
globalThis.navigator ??= {}
const told = []
globalThis.navigator.serviceWorker = { controller: { postMessage: ({ type }) => told.push(type) } }
beforeEach(() => { kept.clear(); told.length = 0 })

/** A page on which this person is signed in. */
function page(name) {
  const log = []
  const app = {
    client: { get: async () => ({ name, quota: null, bytes: 0 }) }, store: { dispatch: ({ type, session }) => log.push(`${type} ${session?.name ?? ''}`.trim()) },
    player: { load: async () => { app.forgetQueue = async () => { log.push('forget') } } }, playlistsChanged() {},
  }
  return { app, log }
}

test('what another person has left here is forgotten before this one is shown anything', async () => {
  await signIn(page('ann').app)
  const { app, log } = page('bob')
  await signIn(app)
  assert.deepEqual([log, told], [['forget', 'session/in bob'], ['forget']])
})

test('the same person finds what was left here', async () => {
  await signIn(page('ann').app)
  const { app, log } = page('ann')
  await signIn(app)
  assert.deepEqual([log, told], [['session/in ann'], []])
  signOut(app)
  assert.deepEqual([log.at(-1), told], ['session/out', ['forget']])
})
