// @ts-check
/** The system's own controls: lock screen, media keys, headset (Media Session). */

/** Sizes of covers: systems take the nearest, and refuse huge ones. */
const sizes = [96, 256, 512]
/** Seconds by which the system's clock may be off before it is told. */
const tolerance = 1

/** @param {string | null | undefined} art URL of a cover, which may have a query @param {string} base */
export const artwork = (art, base) => art ? sizes.map(size => ({
  src: new URL(`${art}${art.includes('?') ? '&' : '?'}size=${size}`, base).href, sizes: `${size}x${size}`, type: 'image/jpeg',
})) : []

/**
 * A position that `setPositionState` takes: it throws for one behind the end.
 * @param {{position: number, duration: number, rate: number}} state
 * @returns {{position: number, duration: number, playbackRate: number} | null} null if the length is unknown
 */
export function positionState({ position, duration, rate }) {
  if (!(duration > 0) || !Number.isFinite(duration)) return null
  const within = Number.isFinite(position) ? Math.max(0, Math.min(duration, position)) : 0
  return { position: within, duration, playbackRate: rate > 0 ? rate : 1 }
}

/**
 * @param {object} world
 * @param {Pick<import('/player/engine.js').Engine, 'on'>} world.engine
 * @param {() => {title?: string, artist?: string, artists?: {name: string}[], album?: string, art?: string | null} | null} world.track the current one
 * @param {{play(): void, pause(): void, next(): void, previous(): void, seek(seconds: number): void}} world.acts
 * @param {() => number} [world.rate] @param {any} [world.session] @param {any} [world.Metadata]
 * @param {string} [world.base] of the covers' addresses
 */
export function connectMediaSession({
  engine, track, acts, rate = () => 1, session = globalThis.navigator?.mediaSession, Metadata = globalThis.MediaMetadata,
  base = globalThis.location?.href,
}) {
  if (!session || !Metadata) return () => {}
  /** What the system was told last, and when. */
  let told = { key: '', position: 0, duration: 0, rate: 1, at: 0 }
  let status = 'none'
  let last = { key: '', position: 0, duration: 0 }

  /** @param {{key: string, position: number, duration: number}} time */
  function tellTime(time) {
    last = time
    const now = performance.now() / 1000
    const expected = told.position + (status === 'playing' ? (now - told.at) * told.rate : 0)
    const isSame = told.key === time.key && told.duration === time.duration && told.rate === rate()
    const isKnown = isSame && Math.abs(expected - time.position) < tolerance
    const state = positionState({ ...time, rate: rate() })
    if (isKnown || !state) return
    told = { key: time.key, position: state.position, duration: time.duration, rate: rate(), at: now }
    session.setPositionState?.(state)
  }

  function tellTrack() {
    const now = track()
    if (!now) return
    const artist = now.artists?.map(one => one.name).join(', ') || now.artist || ''
    session.metadata = new Metadata({ title: now.title ?? '', artist, album: now.album ?? '', artwork: artwork(now.art, base) })
  }

  /** With seekbackward and seekforward set, iOS hides next and previous: they stay unset. @type {[string, (details: any) => void][]} */
  const handlers = [
    ['play', () => acts.play()], ['pause', () => acts.pause()], ['nexttrack', () => acts.next()], ['previoustrack', () => acts.previous()],
    ['seekto', ({ seekTime }) => { if (Number.isFinite(seekTime)) acts.seek(seekTime) }],
  ]
  const set = (/** @type {string} */ name, /** @type {any} */ fn) => {
    try {
      session.setActionHandler(name, fn)
    } catch {
      // An action that this browser does not know.
    }
  }
  for (const [name, fn] of handlers) set(name, fn)
  const offs = [
    engine.on('track', tellTrack),
    engine.on('time', tellTime),
    engine.on('state', ({ status: now }) => {
      status = now
      if (now === 'idle') session.metadata = null
      session.playbackState = now === 'playing' || now === 'loading' ? 'playing' : now === 'paused' || now === 'error' ? 'paused' : 'none'
      told.at = 0
      if (last.key) tellTime(last)
    }),
  ]
  return () => {
    for (const off of offs) off()
    for (const [name] of handlers) set(name, null)
    session.metadata = null
  }
}
