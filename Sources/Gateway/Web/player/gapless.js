// @ts-check
/**
 * Sound without gaps: one element, and one Media Source for as long as tracks follow one another. What to do next is decided by
 * core/pump.js, and asked for by the element's own events.
 */
import { Problem } from '/api/client.js'
import { entryAtTime, seconds } from '/core/timeline.js'
import { events } from '/lib/signal.js'
import { watchClock } from '/player/clock.js'
import { beginsAt, durationOf, endsAt, pieceAt, volumeOf } from '/player/entries.js'
import { watchJoins } from '/player/joins.js'
import { createPieces } from '/player/pieces.js'
import { createPreparing } from '/player/preparing.js'
import { createRun } from '/player/run.js'
import { openSource, playableLadders, sourceClass } from '/player/source.js'

/** @typedef {import('/player/engine.js').Engine} Engine @typedef {import('/player/engine.js').World} World */
/** @typedef {import('/player/entries.js').Entry} Entry */

/** @param {World} world @returns {Engine} */
export function createGapless({
  audio, fetcher, policy, Class = sourceClass(), urls = URL, now = Date.now, network = globalThis,
  later = (ms, fn) => { setTimeout(fn, ms) },
}) {
  const bus = events()
  const pieces = createPieces(fetcher, playableLadders(Class))
  const prepare = createPreparing({ pieces, fetcher, policy: () => policy })
  /** @type {import('/player/run.js').Run | null} */
  let run = null
  let loudness = 1
  let position = 0
  let shown = ''
  /** Whether `want` is being told: an answer means the last entry, though its key may be there more than once. */
  let isAsking = false
  const clock = watchClock({ audio, bus, now, placeAt, onTick })
  const joins = watchJoins(audio)
  audio.addEventListener('seeking', () => run?.reconsider())
  audio.addEventListener('error', () => audio.error && renew())
  const onOnline = () => run?.retry()
  network.addEventListener?.('online', onOnline)

  /** The entry that the element's clock is in. */
  const current = () => run?.entries[entryAtTime(run.entries, audio.readyState > 0 ? audio.currentTime : 0)] ?? null

  /** @param {number} time @returns {import('/player/clock.js').Place | null} */
  function placeAt(time) {
    const entry = current()
    return entry && { entry, start: beginsAt(entry), duration: durationOf(entry), edge: source?.edge(time) ?? time }
  }
  /** @type {import('/player/source.js').Source | null} */
  let source = null

  function onTick() {
    const entry = current()
    if (!run || !entry) return
    setVolume(entry)
    joins.expect(entry === run.entries.at(-1) ? Infinity : endsAt(entry))
    const piece = pieceAt(entry, audio.currentTime)
    const bitrate = piece ? Math.round(entry.grids[piece.rendition].bitrate) : 0
    const rung = piece && { rendition: piece.rendition, bitrate, why: piece.why, bytes: entry.bytes }
    const text = `${entry.key} ${JSON.stringify(rung)}`
    if (rung && text !== shown) bus.emit('rung', { id: entry.id, key: entry.key, ...rung })
    shown = text
    run.pump()
    if (run.hasFailed && audio.readyState < 3) clock.setStatus('error')
  }

  /** @param {Entry | null} entry */
  function setVolume(entry) {
    const wanted = loudness * (entry ? volumeOf(entry, policy.levelling) : 1)
    if (Math.abs(audio.volume - wanted) > 1e-4) audio.volume = wanted
  }

  /** @param {{id: string, [name: string]: any}} track @param {string} key @param {number} at seconds @param {boolean} [isAgain] whether it is the same play */
  function begin(track, key, at, isAgain = false) {
    run?.close()
    if (!isAgain) clock.restart()
    position = at
    shown = ''
    source = openSource(audio, { Class, urls, onChange: () => run?.pump() })
    run = createRun({
      audio, source, pieces, fetcher, policy: () => policy, now, later, position: () => position, onAppend: clock.read,
      onWant: ({ id, key: after }) => {
        isAsking = true
        bus.emit('want', { id, after })
        isAsking = false
      },
      onProblem: ({ id, key: failing }, problem, retryAt) => {
        bus.emit('error', { id, key: failing, problem: problem.document, retryAt })
        onTick()
      },
    })
    if (at > 0) audio.currentTime = at
    run.follow(track, key, -1)
    if (isAgain) clock.goOn(run.entries[0])
    return run
  }

  /** The browser could not decode: once more from here, then it is the track's fault. What only comes is passed over, and this one goes on. */
  function renew() {
    const entry = current()
    if (!entry || !run) return
    const isPlaying = !audio.paused
    const { refused } = run
    const { id, key } = refused ?? entry
    const { document } = new Problem(0, 'unplayable', audio.error?.message || 'the browser cannot play the track')
    if (!refused && entry.renewals > 0) {
      run.close()
      clock.setStatus('error')
      return bus.emit('error', { id, key, problem: document, retryAt: null })
    }
    beginAgain(entry).entries[0].renewals = entry.renewals + (refused ? 0 : 1)
    if (refused) bus.emit('error', { id, key, problem: document, retryAt: null })
    if (isPlaying) play()
  }

  /** The same track from the same place, and nothing that was known of it counts. @param {Entry} entry */
  function beginAgain(entry) {
    const at = audio.currentTime > 0 ? Math.max(0, audio.currentTime - beginsAt(entry)) : position
    pieces.forget(entry.id)
    return begin(entry.track, entry.key, at, true)
  }

  function play() {
    const entry = current()
    if (audio.ended && entry) begin(entry.track, entry.key, 0)
    else if (audio.error && entry) beginAgain(entry)
    else run?.retry()
    if (clock.status === 'error') clock.setStatus('loading')
    // Refused without a gesture: the element stays paused, and says so itself. Aborted by another run: that one plays.
    audio.play()?.catch(error => { if (error.name === 'NotAllowedError') clock.setStatus('paused') })
  }

  /** Gives back what the track takes. */
  function rest() {
    audio.pause()
    run?.close()
    run = null
    source = null
    clock.restart()
    audio.removeAttribute('src')
    audio.load()
    clock.setStatus('idle')
  }

  return {
    kind: 'gapless',
    on: bus.on,
    start(track, { at = 0, paused = false, key = track.id } = {}) {
      const here = run ? entryAtTime(run.entries, audio.currentTime) : 0
      const places = [here + 1, here - 1].filter(place => run?.entries[place]?.key === key && run.entries[place].start)
      const known = run && !audio.error && run.entries[places[0]]
      // A neighbour is in the source, or its beginning in memory: the clock moves, and nothing else begins.
      if (known && at < durationOf(known)) {
        audio.currentTime = beginsAt(known) + at
        run?.reconsider()
      } else begin(track, key, at)
      if (paused) audio.pause()
      else play()
    },
    follow(track, { key = track?.id ?? '', after } = {}) {
      if (!run) return
      const here = entryAtTime(run.entries, audio.currentTime)
      const { entries } = run
      const last = entries.length - 1
      const isAnswer = after === undefined || (isAsking && entries[last].key === after)
      const place = isAnswer ? last : entries.findIndex((entry, i) => i >= here && entry.key === after)
      if (place >= 0) run.follow(track, key, place)
    },
    prepare,
    play,
    pause: () => audio.pause(),
    seek(to) {
      const entry = current()
      if (!entry || !run) return
      const { grid, start } = entry
      const most = grid ? (grid.samples - 1) / grid.rate : durationOf(entry)
      const within = Math.max(0, Math.min(most, to))
      if (audio.readyState === 0) position = within
      audio.currentTime = start && grid ? seconds(start, grid.rate, within * grid.rate) : beginsAt(entry) + within
      // An element that knows nothing yet keeps the place for itself, and tells nobody.
      if (audio.readyState === 0) run.reconsider()
    },
    setPolicy(changes) {
      const old = policy.levelling
      policy = { ...policy, ...changes }
      if (policy.levelling !== old) run?.renew()
      onTick()
    },
    volume(value) {
      loudness = Math.max(0, Math.min(1, value))
      setVolume(current())
    },
    mute(on) { audio.muted = on },
    rate(value) {
      audio.defaultPlaybackRate = value
      audio.playbackRate = value
    },
    retry: () => run?.retry(),
    get heard() { return clock.heard },
    rest,
    stop() {
      rest()
      clock.stop()
      network.removeEventListener?.('online', onOnline)
    },
  }
}
