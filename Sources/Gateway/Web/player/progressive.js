// @ts-check
/** Sound where there is no Media Source: the element plays one stream after the other, each as one file. */
import { events } from '/lib/signal.js'
import { watchClock } from '/player/clock.js'
import { withQuery } from '/api/client.js'
import { factor, gain } from '/core/levels.js'
import { isPassing, nextTry } from '/core/retry.js'
import { addresses } from '/player/pieces.js'

/** @typedef {import('/player/engine.js').Engine} Engine @typedef {import('/player/engine.js').World} World */
/** @typedef {{key: string, id: string, track: {id: string, [name: string]: any}}} Entry */

/** The ladder of whole files that a browser plays. @param {Pick<HTMLMediaElement, 'canPlayType'>} audio */
export const streamLadder = audio => audio.canPlayType('audio/ogg; codecs=opus') ? 'opus'
  : audio.canPlayType('audio/mp4; codecs="mp4a.40.2"') === 'probably' ? 'aac' : 'mp3'

/** @param {Pick<World, 'audio' | 'policy' | 'now' | 'network' | 'address' | 'later'> & {fetcher?: World['fetcher'] | null}} world @returns {Engine} */
export function createProgressive({
  audio, policy, fetcher = null, now = Date.now, network = globalThis, address = url => url, later = (ms, fn) => { setTimeout(fn, ms) },
}) {
  const bus = events()
  /** @type {Entry | null} */
  let entry = null
  /** Undefined as long as nobody said what comes next. @type {Entry | null | undefined} */
  let following
  let position = 0
  let failures = 0
  let loudness = 1
  let decibels = 0
  let ladder = streamLadder(audio)

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
  network.addEventListener?.('online', () => resume(), { signal: off.signal })
  let url = ''
  /** The rendition that plays, if it is a copy on this device. @type {string | null} */
  let copy = null

  /** @param {Entry} other @param {number} at seconds */
  function begin(other, at) {
    clock.restart()
    entry = other
    following = undefined
    position = at
    const { cap, saveData } = policy
    const limit = Math.min(cap || Infinity, saveData ? 64 : Infinity)
    // The worker gives the element what of a copy it asks for.
    copy = policy.pinned?.(entry.id) ?? null
    url = copy ? addresses.stream(entry.id, copy) : withQuery(`/stream/${entry.id}/auto`, { ladder, max: limit === Infinity ? null : limit })
    audio.src = address(url)
    bus.emit('want', { id: entry.id, after: entry.key })
    describe(entry, url)
  }

  const setVolume = () => { audio.volume = loudness * factor(decibels) }

  /** How loud the track is, and which stream the server gives and why; what does not come is done without. @param {Entry} own @param {string} from */
  async function describe(own, from) {
    if (!fetcher) return
    const ask = (/** @type {string} */ address) => fetcher.json(address, { isCopyFirst: true }).catch(() => null)
    const [details, decision] = await Promise.all([
      ask(addresses.track(own.id)), copy ? { rendition: copy, reasons: [{ cause: 'pinned' }] } : ask(`${from}&explain`),
    ])
    const { levelling } = policy
    const album = levelling === 'album' && details?.albumId ? await ask(addresses.album(details.albumId)) : null
    if (entry !== own || url !== from || levelling !== policy.levelling) return
    decibels = gain(levelling, details?.loudness, album?.loudness)
    setVolume()
    if (!decision?.rendition) return
    const bitrate = Number(decision.rendition.split('-')[1]) || 0
    bus.emit('rung', { id: own.id, key: own.key, rendition: decision.rendition, bitrate, why: decision.reasons?.[0]?.cause ?? 'top', bytes: null })
  }

  function onError() {
    if (!entry || !audio.error || !audio.getAttribute('src')) return
    failures += 1
    const { code, message } = audio.error
    if (code === 2 && failures <= 1) return resume()
    if (code !== 4 || !fetcher) return failed(code === 2 ? 'network' : 'unplayable', message)
    // To the element a refusal of the server is a file that it cannot play.
    const own = audio.error
    fetcher.refusal(url).then(problem => {
      if (audio.error !== own) return
      // A server may offer AAC in segments alone, or not at all.
      if (problem?.slug === 'rendition-not-offered' && ladder === 'aac') failed('unplayable', message)
      else if (problem) tell(problem.document, isPassing(problem) ? nextTry(now(), failures, problem, Math.random()) : null)
      else failed('unplayable', message)
    })
  }

  /** @param {string} slug @param {string} detail */
  function failed(slug, detail) {
    // A browser may play AAC, and not in fragments; MP3 is played by all.
    if (slug === 'unplayable' && ladder === 'aac') {
      ladder = 'mp3'
      return resume()
    }
    tell({ status: 0, slug, detail }, null)
  }

  /** @param {any} problem @param {number | null} retryAt */
  function tell(problem, retryAt) {
    if (!entry) return
    clock.setStatus('error')
    bus.emit('error', { id: entry.id, key: entry.key, problem, retryAt })
    if (retryAt !== null && !audio.paused) later(retryAt - now(), () => resume())
  }

  /** Goes on where it stopped; silently, if it was silent. @param {boolean} [sounds] */
  function resume(sounds = !audio.paused) {
    if (!entry || !audio.error) return
    const at = clock.heard?.stopped ?? position
    const next = following
    begin(entry, at)
    following = next
    if (sounds) play()
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
    clock.setStatus('idle')
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
    play() { if (audio.error) resume(true); else play() },
    pause: () => audio.pause(),
    seek(to) {
      position = Math.max(0, to)
      if (audio.readyState > 0) audio.currentTime = position
    },
    setPolicy(changes) {
      const { levelling } = policy
      policy = { ...policy, ...changes }
      if (entry && policy.levelling !== levelling) describe(entry, url)
    },
    volume(value) {
      loudness = Math.max(0, Math.min(1, value))
      setVolume()
    },
    mute(on) { audio.muted = on },
    rate(value) {
      audio.defaultPlaybackRate = value
      audio.playbackRate = value
    },
    retry: () => resume(),
    get heard() { return clock.heard },
    rest,
    stop() {
      rest()
      off.abort()
      clock.stop()
    },
  }
}
