// @ts-check
/**
 * What the element's own events say: which track is audible, where it is, how it does, and how much of it was heard. Nothing here
 * asks for the time by itself: the element reports it.
 */
import { begin, hear } from '/core/plays.js'

/** @typedef {{key: string, id: string}} Sounding */
/**
 * @typedef {object} Place of the element's clock in a track
 * @property {Sounding} entry @property {number} start seconds of the element's clock at which the track begins
 * @property {number} duration seconds @property {number} edge seconds of the element's clock up to which sound is buffered
 */

/**
 * @param {object} world
 * @param {HTMLMediaElement} world.audio @param {import('/lib/signal.js').Events} world.bus
 * @param {(time: number) => Place | null} world.placeAt @param {() => void} world.onTick called at each event that may need more sound
 * @param {() => number} [world.now] milliseconds since 1970
 */
export function watchClock({ audio, bus, placeAt, onTick, now = Date.now }) {
  /** @type {import('/core/plays.js').Hearing | null} */
  let hearing = null
  /** @type {Sounding | null} */
  let audible = null
  /** The element's clock at its last event; null while it seeks. @type {number | null} */
  let anchor = null
  let position = 0
  let status = 'idle'
  const off = new AbortController()

  /** @param {string} other */
  function setStatus(other) {
    if (other === status) return
    status = other
    bus.emit('state', { status })
  }

  /** The audible track is left. @param {number | null} stopped seconds, null at its end */
  function leave(stopped) {
    if (hearing && hearing.seconds > 0) {
      bus.emit('heard', { id: hearing.id, key: hearing.key, at: hearing.began, seconds: hearing.seconds, stopped })
    }
    hearing = null
    audible = null
  }

  /** @param {Place} place */
  function arrive({ entry }) {
    audible = entry
    hearing = begin(entry.key, entry.id, now())
    bus.emit('track', { id: entry.id, key: entry.key })
  }

  function read() {
    const time = audio.currentTime
    const place = placeAt(time)
    if (!place) return
    if (audible && place.entry !== audible) {
      const isJoin = anchor !== null && time >= place.start
      if (isJoin && hearing) hearing = hear(hearing, /** @type {number} */ (anchor), place.start)
      leave(isJoin ? null : position)
      if (isJoin) anchor = place.start
    }
    if (!audible && !audio.paused && !audio.seeking && audio.readyState > 2) arrive(place)
    if (hearing && anchor !== null) hearing = hear(hearing, anchor, time)
    if (!audio.seeking) {
      anchor = time
      position = Math.max(0, Math.min(place.duration || Infinity, time - place.start))
    }
    const within = (/** @type {number} */ seconds) => Math.max(0, Math.min(place.duration || Infinity, seconds - place.start))
    const { entry: { id, key }, duration, edge } = place
    bus.emit('time', { id, key, position: within(time), duration, buffered: within(edge) })
  }

  /** @param {string | null} other status @param {() => void} [first] */
  const after = (other, first = () => {}) => () => {
    first()
    read()
    if (other) setStatus(other)
    onTick()
  }
  const listen = (/** @type {string} */ name, /** @type {() => void} */ fn) => audio.addEventListener(name, fn, { signal: off.signal })
  listen('timeupdate', after(null))
  listen('playing', after('playing'))
  listen('seeking', after(null, () => { anchor = null }))
  listen('seeked', after(null))
  listen('progress', onTick)
  listen('play', () => { if (audio.readyState < 3) setStatus('loading') })
  listen('waiting', () => {
    if (!audio.paused) setStatus('loading')
    onTick()
  })
  listen('pause', () => {
    read()
    // What was put away has no place any more.
    if (!audio.ended && placeAt(audio.currentTime)) setStatus('paused')
  })
  listen('ended', () => {
    read()
    leave(null)
    setStatus('ended')
    bus.emit('ended')
  })

  return {
    /** The track that sounds, null before the first sound of a run. */
    get audible() { return audible },
    get status() { return status },
    setStatus,
    /** Reports the time again, after what is buffered has changed. */
    read,
    /** What has been heard of the audible track until now. */
    get heard() { return hearing && { id: hearing.id, key: hearing.key, at: hearing.began, seconds: hearing.seconds, stopped: position } },
    /** Another run goes on with the audible track. @param {Sounding} entry */
    goOn(entry) {
      if (audible) audible = entry
      anchor = null
    },
    /** Another run begins: its clock starts anew. */
    restart() {
      leave(position)
      anchor = null
      position = 0
    },
    stop() {
      leave(position)
      off.abort()
    },
  }
}
