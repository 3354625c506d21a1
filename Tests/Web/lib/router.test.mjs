import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRouter, match, momentOf } from '/lib/router.js'

const load = async () => ({})
const routes = [['/', load], ['/albums', load], ['/album/:id', load]]

test('a path finds its view, with what stands for a name', () => {
  assert.equal(match(routes, '/').name, 'home')
  assert.equal(match(routes, '/albums').name, 'albums')
  assert.deepEqual(match(routes, '/album/a%20b').parts, { id: 'a b' })
})

test('other paths find none', () => {
  for (const path of ['/album', '/album/1/2', '/albumsx', '/api/v1/me', '/album/%E0%A4%A']) assert.equal(match(routes, path), null, path)
})

test('a moment is a time and nothing else', () => {
  assert.equal(momentOf('#t=1:03'), '1:03')
  assert.equal(momentOf('#t=63.5'), '63.5')
  for (const hash of ['', '#main', '#t=', '#t=1:03&x', '#t=<b>']) assert.equal(momentOf(hash), '', hash)
})

test('without the Navigation API a link into the page is the browser’s, and a moment is not', async t => {
  const had = Object.fromEntries(['window', 'document', 'location', 'history', 'HTMLAnchorElement'].map(name => [name, globalThis[name]]))
  t.after(() => { for (const [name, value] of Object.entries(had)) globalThis[name] = value })
  globalThis.HTMLAnchorElement = class { constructor(href) { Object.assign(this, { href: `http://x${href}`, target: '' }) } closest() { return this } }
  globalThis.window = Object.assign(new EventTarget(), { scrollTo() {}, scrollY: 0 })
  globalThis.document = new EventTarget()
  globalThis.location = { href: 'http://x/albums', origin: 'http://x' }
  globalThis.history = { state: null, pushState: (_, __, href) => { location.href = href } }
  const shows = []
  const router = createRouter({ routes, other: load, show: async ({ path, moment }) => { shows.push(path + moment) } })
  await router.start()
  const click = async href => {
    const event = Object.assign(new Event('click', { cancelable: true }), { button: 0 })
    Object.defineProperty(event, 'target', { value: new HTMLAnchorElement(href) })
    document.dispatchEvent(event)
    await new Promise(resolve => setImmediate(resolve))
    return event.defaultPrevented
  }
  assert.equal(await click('/albums#main'), false)
  location.href = 'http://x/albums#main'
  window.dispatchEvent(new Event('popstate'))
  assert.equal(await click('/albums#t=1:03'), true)
  assert.equal(await click('/album/a#main'), true)
  assert.deepEqual(shows, ['/albums', '/albums1:03', '/album/a'])
})
