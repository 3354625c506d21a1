import test from 'node:test'
import assert from 'node:assert/strict'
import { createEngine } from '/player/engine.js'
import { createFetcher } from '/player/fetcher.js'

class Element extends EventTarget {
  constructor() {
    super()
    Object.assign(this, { paused: true, ended: false, seeking: false, readyState: 0, currentTime: 0, duration: NaN, volume: 1, error: null, address: null, plays: 0, buffered: { length: 0 } })
  }
  get src() { return this.address }
  set src(value) { Object.assign(this, { address: value, currentTime: 0, readyState: 0, ended: false, error: null, duration: NaN }) }
  getAttribute() { return this.address }
  removeAttribute() { this.address = null }
  load() {}
  static types = ['opus']
  canPlayType(type) { return Element.types.some(name => type.includes(name)) ? 'probably' : '' }
  play() {
    this.paused = false
    this.plays += 1
    return Promise.resolve()
  }
  pause() {
    this.paused = true
    this.dispatchEvent(new Event('pause'))
  }
  begin(duration) {
    Object.assign(this, { readyState: 4, duration })
    this.dispatchEvent(new Event('loadedmetadata'))
    if (!this.paused) this.dispatchEvent(new Event('playing'))
  }
  at(time) {
    this.currentTime = time
    this.dispatchEvent(new Event('timeupdate'))
  }
  end() {
    Object.assign(this, { ended: true, currentTime: this.duration })
    this.dispatchEvent(new Event('ended'))
  }
}
function made(policy = {}) {
  const audio = new Element()
  const network = new EventTarget()
  const engine = createEngine({ audio, policy, network, fetcher: null, Class: null, now: () => 7 })
  const log = []
  for (const type of ['track', 'state', 'want', 'ended', 'error', 'heard']) engine.on(type, detail => log.push([type, detail]))
  return { audio, engine, network, log, of: type => log.filter(([name]) => name === type).map(([, detail]) => detail) }
}

test('a track is one stream, within the listener’s limits', () => {
  const { audio, engine } = made({ cap: 128, saveData: true })
  assert.equal(engine.kind, 'progressive')
  engine.start({ id: 'a' })
  assert.equal(audio.src, '/stream/a/auto?ladder=opus&max=64')
  assert.equal(audio.plays, 1)
  assert.equal(made().engine.kind, 'progressive')
})

test('where Opus is not played it is AAC, and MP3 once that fails', t => {
  t.after(() => { Element.types = ['opus'] })
  Element.types = ['mp4a']
  const { audio, engine, of } = made()
  engine.start({ id: 'a' })
  assert.equal(audio.src, '/stream/a/auto?ladder=aac')
  audio.error = { code: 4, message: 'no' }
  audio.dispatchEvent(new Event('error'))
  assert.equal(audio.src, '/stream/a/auto?ladder=mp3')
  assert.equal(of('error').length, 0)
  audio.error = { code: 4, message: 'no' }
  audio.dispatchEvent(new Event('error'))
  assert.equal(of('error').length, 1)
  Element.types = []
  const other = made()
  other.engine.start({ id: 'a' })
  assert.equal(other.audio.src, '/stream/a/auto?ladder=mp3')
})

test('the next track follows at the end of this one, and is told when it sounds', () => {
  const { audio, engine, of } = made()
  engine.start({ id: 'a' })
  engine.follow({ id: 'b' }, { after: 'a' })
  audio.begin(10)
  audio.at(4)
  audio.at(10)
  audio.end()
  assert.equal(audio.src, '/stream/b/auto?ladder=opus')
  audio.begin(20)
  audio.at(1)
  assert.deepEqual(of('track').map(one => one.id), ['a', 'b'])
  assert.deepEqual(of('heard').map(one => [one.id, one.seconds, one.stopped]), [['a', 10, null]])
  assert.deepEqual(of('want').map(one => one.after), ['a', 'b'])
  audio.end()
  assert.equal(audio.src, '/stream/b/auto?ladder=opus')
  assert.equal(of('state').at(-1).status, 'ended')
})

test('a place is taken once the stream has begun; paused stays silent', () => {
  const { audio, engine, of } = made()
  engine.start({ id: 'a' }, { at: 63, paused: true })
  assert.equal(audio.currentTime, 0)
  audio.begin(100)
  assert.equal(audio.currentTime, 63)
  assert.equal(audio.plays, 0)
  assert.deepEqual(of('track'), [])
  engine.seek(70)
  assert.equal(audio.currentTime, 70)
})

test('a lost network is tried once at once, then when it is back, at the same place', () => {
  const { audio, engine, network, of } = made()
  engine.start({ id: 'a' })
  audio.begin(100)
  audio.at(40)
  const fail = () => {
    audio.error = { code: 2, message: 'network' }
    audio.dispatchEvent(new Event('error'))
  }
  fail()
  assert.equal(of('error').length, 0)
  fail()
  assert.deepEqual(of('error').map(one => one.problem.slug), ['network'])
  network.dispatchEvent(new Event('online'))
  audio.begin(100)
  assert.equal(audio.currentTime, 40)
})

test('a network that is back, or a login, makes no sound that was paused', () => {
  const { audio, engine, network } = made()
  engine.start({ id: 'a' })
  audio.begin(100)
  engine.pause()
  const plays = audio.plays
  for (const wake of [() => network.dispatchEvent(new Event('online')), engine.retry]) {
    audio.error = { code: 3, message: 'gone' }
    audio.dispatchEvent(new Event('error'))
    wake()
    assert.equal(audio.error, null)
    assert.equal(audio.plays, plays)
  }
  audio.error = { code: 3, message: 'gone' }
  engine.play()
  assert.equal(audio.plays, plays + 1)
})

test('a refusal of the server is not a file that cannot be played, and is tried again when the server said', async () => {
  const timers = []
  const audio = new Element()
  const errors = []
  let answer = new Response('{"type":"/problems/too-many-streams"}', { status: 429, headers: { 'Content-Type': 'application/problem+json', 'Retry-After': '9' } })
  const fetcher = createFetcher({ fetch: async () => answer, now: () => 7, session: 's' })
  const engine = createEngine({ audio, network: new EventTarget(), fetcher, Class: null, now: () => 7, later: (ms, fn) => timers.push({ ms, fn }) })
  engine.on('error', error => errors.push(error))
  engine.start({ id: 'a' })
  const fail = async () => {
    audio.error = { code: 4, message: 'no' }
    audio.dispatchEvent(new Event('error'))
    for (let i = 0; i < 4; i++) await new Promise(resolve => setImmediate(resolve))
  }
  await fail()
  assert.deepEqual(errors.map(({ problem }) => [problem.status, problem.slug]), [[429, 'too-many-streams']])
  assert.ok(timers[0].ms >= 9000)
  timers[0].fn()
  assert.equal(audio.error, null)
  answer = new Response('sound', { status: 206 })
  await fail()
  assert.deepEqual([errors[1].problem.slug, errors[1].retryAt], ['unplayable', null])
})

test('what cannot be decoded is said', () => {
  const { audio, engine, of } = made()
  engine.start({ id: 'a' })
  audio.error = { code: 4, message: 'no decoder' }
  audio.dispatchEvent(new Event('error'))
  assert.deepEqual(of('error').map(one => [one.problem.slug, one.retryAt]), [['unplayable', null]])
  assert.equal(of('state').at(-1).status, 'error')
})

test('where the server has no AAC as one file it is MP3', async t => {
  t.after(() => { Element.types = ['opus'] })
  Element.types = ['mp4a']
  const audio = new Element()
  const errors = []
  const answer = () => new Response('{"type":"/problems/rendition-not-offered"}', { status: 404, headers: { 'Content-Type': 'application/problem+json' } })
  const fetcher = createFetcher({ fetch: async () => answer(), now: () => 7, session: 's' })
  const engine = createEngine({ audio, network: new EventTarget(), fetcher, Class: null, now: () => 7 })
  engine.on('error', error => errors.push(error))
  engine.start({ id: 'a' })
  audio.error = { code: 4, message: 'no' }
  audio.dispatchEvent(new Event('error'))
  for (let i = 0; i < 6; i++) await new Promise(resolve => setImmediate(resolve))
  assert.deepEqual([audio.src, errors], ['/stream/a/auto?ladder=mp3', []])
})

test('it is levelled by the element, and the form that plays is told with its reason', async () => {
  const audio = new Element()
  const rungs = []
  const documents = {
    '/api/v1/tracks/a': { id: 'a', albumId: 'l', loudness: { integrated: -12, truePeak: -1 } }, '/api/v1/albums/l': { loudness: { integrated: -14, truePeak: -1 } },
    '/stream/a/auto': { rendition: 'opus-128', ladder: 'opus', reasons: [{ cause: 'max', limit: 128 }] },
  }
  const fetcher = createFetcher({ fetch: async url => Response.json(documents[url.split('?')[0]]), now: () => 7, session: 's' })
  const engine = createEngine({ audio, policy: { levelling: 'album', cap: 128 }, network: new EventTarget(), fetcher, Class: null, now: () => 7 })
  engine.on('rung', rung => rungs.push(rung))
  engine.volume(0.5)
  engine.start({ id: 'a' })
  const settle = async () => { for (let i = 0; i < 8; i++) await new Promise(resolve => setImmediate(resolve)) }
  await settle()
  assert.ok(Math.abs(audio.volume - 0.5 * 10 ** (-4 / 20)) < 1e-6)
  assert.deepEqual(rungs, [{ id: 'a', key: 'a', rendition: 'opus-128', bitrate: 128, why: 'max', bytes: null }])
  engine.setPolicy({ levelling: 'off' })
  await settle()
  assert.equal(audio.volume, 0.5)
})

test('a copy on this device is the stream that plays, and no decision is asked for', async () => {
  const audio = new Element()
  const asked = []
  const fetcher = { json: async url => { asked.push(url); return {} } }
  const engine = createEngine({ audio, policy: { pinned: id => id === 'a' ? 'opus-64' : null, cap: 160 }, network: new EventTarget(), fetcher, Class: null })
  const rungs = []
  engine.on('rung', ({ rendition, why }) => rungs.push([rendition, why]))
  engine.start({ id: 'a' })
  assert.equal(audio.src, '/stream/a/opus-64')
  await new Promise(setImmediate)
  assert.deepEqual(rungs, [['opus-64', 'pinned']])
  assert.ok(!asked.some(url => url.includes('explain')))
  engine.start({ id: 'b' })
  assert.equal(audio.src, '/stream/b/auto?ladder=opus&max=160')
})
