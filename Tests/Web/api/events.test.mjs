import test from 'node:test'
import assert from 'node:assert/strict'
import { createServerEvents } from '/api/events.js'

function made() {
  const sources = []
  class Source extends EventTarget {
    constructor(url) {
      super()
      this.url = url
      this.readyState = 0
      sources.push(this)
    }
    say(type, data) {
      if (type === 'open') this.readyState = 1
      this.dispatchEvent(Object.assign(new Event(type), { data }))
    }
    fail(state) {
      this.readyState = state
      this.dispatchEvent(new Event('error'))
    }
    close() { this.readyState = 2 }
  }
  const world = { now: 1000 }
  const needs = { sound: false }
  const [page, document] = [new EventTarget(), Object.assign(new EventTarget(), { visibilityState: 'visible' })]
  const timers = []
  const feed = createServerEvents({ Source, page, document, now: () => world.now, isNeeded: () => needs.sound, later: (ms, fn) => timers.push({ ms, fn }) })
  const log = []
  for (const type of ['open', 'again', 'lost', 'change']) feed.on(type, detail => log.push(detail ? `${type} ${detail.kinds}` : type))
  return { sources, world, page, document, feed, log, needs, timers }
}

test('changes are told by kind, and nonsense is not', () => {
  const { sources, log } = made()
  assert.equal(sources[0].url, '/api/v1/events')
  sources[0].say('open')
  sources[0].say('change', '{"kinds":["queue","library"]}')
  for (const data of ['', '{', '{"kinds":5}', 'null', '{"kinds":[]}', '{"kinds":[1]}']) sources[0].say('change', data)
  assert.deepEqual(log, ['open', 'change queue,library'])
})

test('a lost connection is the browser’s to renew; then anything may have changed', () => {
  const { sources, log, page } = made()
  sources[0].say('open')
  sources[0].fail(0)
  page.dispatchEvent(new Event('pageshow'))
  assert.equal(sources.length, 1)
  sources[0].say('open')
  assert.deepEqual(log, ['open', 'lost', 'again'])
})

test('a refused feed is asked for again by what happens, after a pause', () => {
  const { sources, world, page, document } = made()
  sources[0].fail(2)
  page.dispatchEvent(new Event('pageshow'))
  assert.equal(sources.length, 1)
  world.now += 1300
  document.visibilityState = 'hidden'
  page.dispatchEvent(new Event('pageshow'))
  assert.equal(sources.length, 1)
  document.visibilityState = 'visible'
  document.dispatchEvent(new Event('visibilitychange'))
  assert.equal(sources.length, 2)
  sources[1].fail(2)
  world.now += 1300
  page.dispatchEvent(new Event('pageshow'))
  assert.equal(sources.length, 2)
  world.now += 1300
  page.dispatchEvent(new Event('pageshow'))
  assert.equal(sources.length, 3)
})

test('a refused feed comes back by one timer while the page is seen, and at once after a login', () => {
  const { sources, world, page, timers, document, feed } = made()
  sources[0].fail(2)
  page.dispatchEvent(new Event('pageshow'))
  assert.equal(timers.length, 1)
  world.now += timers[0].ms
  timers.pop().fn()
  assert.equal(sources.length, 2)
  document.visibilityState = 'hidden'
  sources[1].fail(2)
  assert.equal(timers.length, 0)
  document.visibilityState = 'visible'
  feed.retry()
  assert.equal(sources.length, 3)
})

test('back online it opens at once; closed it stays closed', () => {
  const { sources, page, feed } = made()
  sources[0].fail(2)
  page.dispatchEvent(new Event('online'))
  assert.equal(sources.length, 2)
  feed.close()
  page.dispatchEvent(new Event('online'))
  page.dispatchEvent(new Event('pageshow'))
  assert.equal(sources.length, 2)
})

test('a hidden page has no connection, unless it sounds; one that is seen again asks what has changed', () => {
  const { sources, page, document, log, needs } = made()
  const see = state => {
    document.visibilityState = state
    document.dispatchEvent(new Event('visibilitychange'))
  }
  sources[0].say('open')
  see('hidden')
  assert.equal(sources[0].readyState, 2)
  page.dispatchEvent(new Event('online'))
  assert.equal(sources.length, 1)
  see('visible')
  sources[1].say('open')
  needs.sound = true
  see('hidden')
  assert.equal(sources[1].readyState, 1)
  page.dispatchEvent(new Event('pagehide'))
  assert.equal(sources[1].readyState, 2)
  page.dispatchEvent(new Event('pageshow'))
  assert.equal(sources.length, 3)
  assert.deepEqual(log, ['open', 'again'])
})
