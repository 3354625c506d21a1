import test from 'node:test'
import assert from 'node:assert/strict'
import { artwork, connectMediaSession, positionState } from '/player/session.js'
import { events } from '/lib/signal.js'

test('a position behind the end is the end, and none without a length', () => {
  assert.deepEqual(positionState({ position: 12, duration: 10, rate: 1 }), { position: 10, duration: 10, playbackRate: 1 })
  assert.deepEqual(positionState({ position: -1, duration: 10, rate: 0 }), { position: 0, duration: 10, playbackRate: 1 })
  assert.deepEqual(positionState({ position: NaN, duration: 10, rate: 2 }), { position: 0, duration: 10, playbackRate: 2 })
  for (const duration of [0, NaN, Infinity, -5]) assert.equal(positionState({ position: 1, duration, rate: 1 }), null)
})

test('covers come in three sizes', () => {
  assert.deepEqual(artwork('/art/a?v=1', 'https://x/y').map(one => one.src), [96, 256, 512].map(size => `https://x/art/a?v=1&size=${size}`))
  assert.equal(artwork('/art/a', 'https://x/')[0].src, 'https://x/art/a?size=96')
  assert.deepEqual(artwork(null, 'https://x'), [])
})

function made() {
  const engine = events()
  const session = {
    handlers: {}, states: [], setActionHandler(name, fn) {
      if (name === 'previoustrack') throw new TypeError('unknown')
      this.handlers[name] = fn
    }, setPositionState(state) { this.states.push(state) },
  }
  const calls = []
  const acts = Object.fromEntries(['play', 'pause', 'next', 'previous', 'seek'].map(name => [name, value => calls.push([name, value])]))
  const track = { title: 'T', artists: [{ name: 'A' }, { name: 'B' }], album: 'L', art: '/art/a?v=1' }
  const stop = connectMediaSession({ engine, track: () => track, acts, session, Metadata: class { constructor(fields) { Object.assign(this, fields) } }, base: 'https://x/' })
  return { engine, session, calls, stop }
}

test('the track is shown when it is audible', () => {
  const { engine, session } = made()
  assert.equal(session.metadata, undefined)
  engine.emit('track', { key: 'k' })
  assert.equal(session.metadata.artist, 'A, B')
  assert.equal(session.metadata.artwork.length, 3)
})

test('only next, previous and a place are taken: iOS hides the buttons otherwise', () => {
  const { session, calls } = made()
  assert.deepEqual(Object.keys(session.handlers).sort(), ['nexttrack', 'pause', 'play', 'seekto'])
  session.handlers.seekto({ seekTime: 5 })
  session.handlers.seekto({ seekTime: NaN })
  session.handlers.nexttrack()
  assert.deepEqual(calls, [['seek', 5], ['next', undefined]])
})

test('the system is told the position when its own clock would be wrong, and not four times a second', () => {
  const { engine, session } = made()
  engine.emit('state', { status: 'paused' })
  engine.emit('time', { key: 'k', position: 1, duration: 100 })
  for (let i = 0; i < 10; i++) engine.emit('time', { key: 'k', position: 1, duration: 100 })
  assert.equal(session.states.length, 1)
  engine.emit('time', { key: 'k', position: 50, duration: 100 })
  engine.emit('time', { key: 'l', position: 0, duration: 90 })
  assert.deepEqual(session.states.map(state => state.position), [1, 50, 0])
})

test('the state of the system follows, and the end takes all back', () => {
  const { engine, session, stop } = made()
  for (const [status, is] of [['loading', 'playing'], ['playing', 'playing'], ['paused', 'paused'], ['error', 'paused'], ['ended', 'none']]) {
    engine.emit('state', { status })
    assert.equal(session.playbackState, is)
  }
  stop()
  assert.equal(session.metadata, null)
  assert.equal(session.handlers.play, null)
})
