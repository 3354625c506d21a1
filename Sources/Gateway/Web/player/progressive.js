// @ts-check
/** Sound where there is no Media Source: the element plays one stream after the other, each as one file. */
import { events } from '/lib/signal.js'
import { watchClock } from '/player/clock.js'
import { withQuery } from '/api/client.js'

/** @typedef {import('/player/engine.js').Engine} Engine @typedef {import('/player/engine.js').World} World */
/** @typedef {{key: string, id: string, track: {id: string, [name: string]: any}}} Entry */

/** @param {Pick<World, 'audio' | 'policy' | 'now' | 'network' | 'address'>} world @returns {Engine} */
export function createProgressive({ audio, policy, now = Date.now, network = globalThis, address = url => url }) {
  const bus = events()
  /** @type {Entry | null} */
  let entry = null
  /** Undefined as long as nobody said what comes next. @type {Entry | null | undefined} */
  let following
  let position = 0
  let failures = 0
  let ladder = audio.canPlayType('audio/ogg; codecs=opus') ? 'opus'
    : audio.canPlayType('audio/mp4; codecs="mp4a.40.2"') === 'probably' ? 'aac' : 'mp3'

  const clock = watchClock({
    audio, bus, now, onTick: () => {},
    placeAt: time => {
      if (!entry) return null
      const { buffered } = audio
      let edge = time
      for (let i = 0; i < buffered.length; i++) if (buffered.start(i) <= time + 0.1) edge = Math.max(edge, buffered.end(i))
      return { entry, start: 0, duration: Number.isFinite(audio.duration) ? audio.duration : Number(entry.track.duration) || 0, edge }
    },
  })
  const off = new AbortController()
  const listen = (/** @type {string} */ name, /** @type {() => void} */ fn) => audio.addEventListener(name, fn, { signal: off.signal })
  listen('loadedmetadata', () => { if (position > 0) audio.currentTime = position })
  listen('playing', () => { failures = 0 })
  listen('ended', () => {
    if (!following) return
    begin(following, 0)
    play()
  })
  listen('error', onError)
  network.addEventListener?.('online', resume, { signal: off.signal })

  /** @param {Entry} other @param {number} at seconds */
  function begin(other, at) {
    clock.restart()
    entry = other
    following = undefined
    position = at
    const { cap, saveData } = policy
    const limit = Math.min(cap || Infinity, saveData ? 64 : Infinity)
    audio.src = address(withQuery(`/stream/${entry.id}/auto`, { ladder, max: limit === Infinity ? null : limit }))
    bus.emit('want', { id: entry.id, after: entry.key })
  }

  function onError() {
    if (!entry || !audio.error || !audio.getAttribute('src')) return
    failures += 1
    const isNetwork = audio.error.code === 2
    if (isNetwork && failures <= 1) return resume()
    // A browser may play AAC, and not in fragments; MP3 is played by all.
    if (!isNetwork && ladder === 'aac') {
      ladder = 'mp3'
      return resume()
    }
    clock.setStatus('error')
    const problem = { status: 0, slug: isNetwork ? 'network' : 'unplayable', detail: audio.error.message }
    bus.emit('error', { id: entry.id, key: entry.key, problem, retryAt: null })
  }

  /** Goes on where it stopped. */
  function resume() {
    if (!entry || !audio.error) return
    const at = clock.heard?.stopped ?? position
    const next = following
    begin(entry, at)
    following = next
    play()
  }

  function play() {
    audio.play()?.catch(error => { if (error.name === 'NotAllowedError') clock.setStatus('paused') })
  }

  function rest() {
    audio.pause()
    clock.restart()
    entry = null
    audio.removeAttribute('src')
    audio.load()
  }

  return {
    kind: 'progressive',
    on: bus.on,
    start(track, { at = 0, paused = false, key = track.id } = {}) {
      begin({ key, id: track.id, track }, at)
      if (paused) audio.pause()
      else play()
    },
    follow(track, { key = track?.id ?? '', after } = {}) {
      if (after === undefined || after === entry?.key) following = track && { key, id: track.id, track }
    },
    prepare() {},
    play() { if (audio.error) resume(); else play() },
    pause: () => audio.pause(),
    seek(to) {
      position = Math.max(0, to)
      if (audio.readyState > 0) audio.currentTime = position
    },
    setPolicy(changes) { policy = { ...policy, ...changes } },
    volume(value) { audio.volume = Math.max(0, Math.min(1, value)) },
    mute(on) { audio.muted = on },
    rate(value) {
      audio.defaultPlaybackRate = value
      audio.playbackRate = value
    },
    retry: resume,
    get heard() { return clock.heard },
    rest,
    stop() {
      rest()
      off.abort()
      clock.stop()
    },
  }
}
