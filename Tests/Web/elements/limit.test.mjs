import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { tellLimit } from '/elements/limit.js'

const free = { name: 'free', quota: 2e9, streams: 1, maxRendition: null, lossless: true, playlists: null, playlistTracks: null, history: null }
const kept = new Map()
globalThis.localStorage = { getItem: key => kept.get(key) ?? null, setItem: (key, value) => { kept.set(key, value) } }
beforeEach(() => kept.clear())

/** A page, and a server with these plans; null for one that does not answer. */
function world(plans) {
  const [shown, asked] = [[], []]
  const app = {
    client: { async get(path) { asked.push(path); if (!plans) throw new Error('gone'); return { plan: 'free', upgrade: null, plans } } },
    live: { show: (text, action) => shown.push({ text, action }) }, router: { go: path => asked.push(path) },
  }
  return { app, shown, asked }
}
const full = { status: 507, slug: 'over-quota', limit: 'quota' }
const plus = { ...free, name: 'plus', title: 'Plus', quota: 1e11 }

test('a limit is told with what another plan has, and leads to the plans', async () => {
  const { app, shown, asked } = world([free, plus])
  assert.equal(await tellLimit(app, full), true)
  assert.match(shown[0].text, /no room left.*With Plus: Room for 100 GB\.$/)
  shown[0].action.run()
  assert.deepEqual(asked, ['/api/v1/plans', '/account'])
})

test('a limit of playlists is not called room', async () => {
  const { app, shown } = world([free, { ...plus, playlists: null }].map(one => one.name === 'free' ? { ...one, playlists: 3 } : one))
  assert.equal(await tellLimit(app, { status: 507, slug: 'over-quota', limit: 'playlists' }), true)
  assert.match(shown[0].text, /no more playlists.*With Plus: Any number of playlists\.$/)
})

test('it is told once in a browser, and each limit by itself', async () => {
  const { app, shown } = world([free, { ...plus, streams: 4 }])
  for (const failure of [full, full, { status: 429, slug: 'too-many-streams', limit: 'streams' }, full]) await tellLimit(app, failure)
  assert.equal(shown.length, 2)
  const later = world([free, plus])
  assert.equal(await tellLimit(later.app, full), false)
  assert.deepEqual([later.shown, later.asked], [[], []])
})

test('many refusals at once are told once', async () => {
  const { app, shown } = world([free, plus])
  await Promise.all([full, full, full].map(one => tellLimit(app, one)))
  assert.equal(shown.length, 1)
})

test('without a plan that has more nothing is told, and nothing is remembered', async () => {
  for (const plans of [[free], [free, { ...plus, quota: 1e9 }], null, []]) {
    const { app, shown } = world(plans)
    assert.equal(await tellLimit(app, full), false)
    assert.equal(shown.length, 0)
  }
  assert.equal(kept.size, 0)
})

test('a refusal that met no limit is no matter of plans', async () => {
  const { app, asked } = world([free, plus])
  for (const failure of [{ status: 429 }, { status: 507, slug: 'disk-full' }, { status: 429, limit: 'logins' }]) assert.equal(await tellLimit(app, failure), false)
  assert.deepEqual(asked, [])
})
