// @ts-check
/**
 * An engine that lets tracks overlap: two engines, each with an element, mixed. As long as nothing is to overlap there is one engine
 * and no mixer, and tracks join at the sample.
 */
import { isTimeToLoad, overlapOf } from '/core/fades.js'
import { events } from '/lib/signal.js'
import { createDecks } from '/player/decks.js'

/** @typedef {import('/player/engine.js').Engine} Engine @typedef {import('/player/engine.js').Track} Track */
/** @typedef {import('/player/decks.js').Deck} Deck @typedef {{track: Track, key: string, after: string, seconds: number}} Coming */

/**
 * @param {object} world
 * @param {() => {audio: HTMLMediaElement, engine: Engine}} world.makeDeck @param {() => import('/player/mixer.js').Mixer} world.makeMixer
 * @param {() => number} [world.clock] milliseconds @param {() => boolean} [world.isGesture] whether sound may begin now @returns {Engine}
 */
export function createCrossfading({
  makeDeck, makeMixer, clock = () => performance.now(), isGesture = () => Boolean(globalThis.navigator?.userActivation?.isActive),
}) {
  const bus = events()
  const decks = createDecks(makeDeck, hear)
  const { controls } = decks
  let wanted = 0
  let speed = 1
  /** @type {import('/player/mixer.js').Mixer | null} */
  let mixer = null
  /** What the deck that is heard plays, by key, in order. @type {Map<string, Track>} */
  let known = new Map()
  /** @type {Coming | null} */
  let coming = null
  let deck = decks.take()
  /** @type {Deck | null} */
  let next = null
  /** The deck that fades away. @type {Deck | null} */
  let leaving = null
  let isGoing = false
  /** When the track that is heard ends, by the clock. */
  let end = Infinity

  /** @param {Deck} from @param {string} type @param {any} detail */
  function hear(from, type, detail) {
    if (type === 'heard') return bus.emit(type, detail)
    if (from === next && isGoing && type === 'track') cross()
    if (from === leaving && type === 'ended') return settle()
    if (type === 'error' && from === next && detail.retryAt === null) return leaveOut(detail)
    if (type === 'rung') from.rung = detail
    if (from !== deck) return
    const isEnd = type === 'ended' || (type === 'state' && detail.status === 'ended')
    // The end came before the next one sounded.
    if (isEnd && coming?.after === [...known.keys()].at(-1)) return type === 'ended' ? skip() : undefined
    bus.emit(type, detail)
    if (type === 'time') onTime(detail)
  }

  /** @param {{key: string, position: number, duration: number, buffered: number}} time */
  function onTime(time) {
    if (!coming || time.key !== coming.after || !(time.duration > 0)) return
    end = clock() + (time.duration - time.position) / speed * 1000
    if (!next && !leaving && isTimeToLoad(time, coming.seconds)) load()
    if (!next || isGoing || end - clock() > coming.seconds * 1000) return
    isGoing = true
    next.engine.play()
  }

  function load() {
    if (!coming) return
    next = decks.take()
    mixer?.level(next.audio, 0)
    next.engine.start(coming.track, { key: coming.key, paused: true })
  }

  /** What comes sounds: the other fades away until its end. */
  function cross() {
    if (!next || !coming) return
    mixer?.cross(deck.audio, next.audio, Math.max(0.05, Math.min(coming.seconds, (end - clock()) / 1000)))
    leaving = deck
    swap()
  }

  /** What comes is what is heard. */
  function swap() {
    if (!next || !coming) return
    deck = next
    known = new Map([[coming.key, coming.track]])
    next = coming = null
    isGoing = false
    if (deck.rung) bus.emit('rung', deck.rung)
  }

  /** At once to what comes. */
  function skip() {
    if (!next) load()
    if (next) mixer?.level(next.audio, 1)
    const old = deck
    swap()
    decks.rest(old)
    deck.engine.play()
  }

  /** Nothing fades any more. */
  function settle() {
    if (!leaving) return
    decks.rest(leaving)
    leaving = null
    mixer?.level(deck.audio, 1)
  }

  /** What was loaded goes; it is loaded again if it still comes. */
  function drop() {
    decks.rest(next)
    next = null
    isGoing = false
  }

  /** What comes cannot: something else may. @param {any} error */
  function leaveOut(error) {
    const { after = '' } = coming ?? {}
    forget()
    bus.emit('error', error)
    bus.emit('want', { id: known.get(after)?.id, after })
  }

  /** Another track comes, or none. */
  function forget() {
    drop()
    coming = null
  }

  function mix() {
    if (wanted > 0 && !mixer) (mixer = makeMixer()).level(deck.audio, 1)
    mixer?.resume()
  }

  /** Elements that were mixed sound through the mixer for ever: where nothing is to overlap there is a fresh one. */
  function unmix() {
    if (wanted > 0 || !mixer) return
    decks.stop()
    mixer.close()
    mixer = null
    deck = decks.take()
  }

  return {
    ...controls,
    kind: deck.engine.kind,
    on: bus.on,
    start(track, how = {}) {
      const key = how.key ?? track.id
      settle()
      if (!how.paused) mix()
      if (next && coming?.key === key && !how.at && !how.paused) return skip()
      forget()
      unmix()
      known = new Map([[key, track]])
      deck.engine.start(track, how)
    },
    follow(track, how = {}) {
      const keys = [...known.keys()]
      const after = how.after ?? keys.at(-1) ?? ''
      const key = how.key ?? track?.id ?? ''
      // More may be known of a track than when it began.
      const seconds = mixer ? overlapOf(wanted, how.from ?? known.get(after), track) : 0
      const isSame = coming !== null && coming.after === after && coming.key === key
      const isKnown = keys[keys.indexOf(after) + 1] === key
      if (seconds > 0 ? !isSame : !isKnown) {
        forget()
        for (const gone of keys.slice(keys.indexOf(after) + 1)) known.delete(gone)
      }
      if (track && seconds > 0) coming ??= { track, key, after, seconds }
      else if (track) known.set(key, track)
      deck.engine.follow(seconds > 0 ? null : track, how)
    },
    prepare: (track, isLikely) => deck.engine.prepare(track, isLikely),
    play() {
      mix()
      deck.engine.play()
      leaving?.engine.play()
    },
    pause() {
      deck.engine.pause()
      leaving?.engine.pause()
      if (isGoing) drop()
      mixer?.suspend()
    },
    seek(seconds) {
      settle()
      if (isGoing) drop()
      deck.engine.seek(seconds)
    },
    setPolicy({ crossfade = wanted, ...changes }) {
      wanted = crossfade
      if (wanted > 0 && !mixer && isGesture()) mix()
      controls.setPolicy(changes)
    },
    rate(value) {
      speed = value
      controls.rate(value)
    },
    retry: decks.retry,
    get heard() { return deck.engine.heard },
    rest() { for (const step of [settle, forget, deck.engine.rest]) step() },
    stop() {
      decks.stop()
      mixer?.close()
    },
  }
}
