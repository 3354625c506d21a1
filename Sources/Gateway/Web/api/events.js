// @ts-check
/**
 * The server's feed of changes (Server-Sent Events). A lost connection is the browser's to renew; a refused one is asked for again later.
 * A page that nobody sees lets go of it: over HTTP/1.1 a browser has six connections to a server, for all of its tabs.
 */
import { nextTry } from '/core/retry.js'
import { events } from '/lib/signal.js'

/** @typedef {'queue' | 'library' | 'uploads' | 'playlists' | 'history' | 'account'} Kind */

/** @param {string} data @returns {string[]} */
function kindsOf(data) {
  try {
    const { kinds } = JSON.parse(data)
    return Array.isArray(kinds) ? kinds.filter(kind => typeof kind === 'string') : []
  } catch {
    return []
  }
}

/**
 * @param {object} [world]
 * @param {string} [world.url] @param {any} [world.Source] EventSource @param {() => number} [world.now]
 * @param {any} [world.page] what tells `online` and `pagehide` @param {any} [world.document] what tells `visibilitychange`
 * @param {() => boolean} [world.isNeeded] whether it stays although the page is hidden
 * @param {(ms: number, fn: () => void) => void} [world.later] the one timer after a refusal, unless the page is hidden
 */
export function createServerEvents({
  url = '/api/v1/events', Source = globalThis.EventSource, now = Date.now, page = globalThis.window, document = globalThis.document,
  isNeeded = () => false, later = (ms, fn) => { setTimeout(fn, ms) },
} = {}) {
  const bus = events()
  /** @type {EventSource | null} */
  let source = null
  let failures = 0
  let retryAt = 0
  let wasOpen = false
  let isClosed = false
  let isWaiting = false

  function open() {
    if (isClosed || isHidden() || !Source || (source && source.readyState !== 2)) return
    source?.close()
    const own = new Source(url)
    source = own
    own.addEventListener('open', () => {
      failures = 0
      retryAt = 0
      // What changed while nobody listened is not told again.
      bus.emit(wasOpen ? 'again' : 'open')
      wasOpen = true
    })
    own.addEventListener('change', (/** @type {MessageEvent} */ event) => {
      const kinds = kindsOf(event.data)
      if (kinds.length > 0) bus.emit('change', { kinds })
    })
    own.addEventListener('error', () => {
      bus.emit('lost')
      if (own.readyState !== 2) return
      failures += 1
      retryAt = nextTry(now(), failures, { status: 503 }, Math.random())
      wait()
    })
  }

  /** Nothing that happens may lead here again for a long time. */
  function wait() {
    if (isWaiting || isClosed || isHidden()) return
    isWaiting = true
    later(Math.max(0, retryAt - now()), () => {
      isWaiting = false
      wake()
    })
  }

  function isHidden() { return document?.visibilityState === 'hidden' && !isNeeded() }
  /** Opens the feed again if it was refused and some time has passed: called by what happens anyway. */
  function wake() {
    if (now() >= retryAt) open()
    else wait()
  }
  const leave = () => { source?.close() }
  const seen = () => isHidden() ? leave() : wake()
  const onOnline = () => {
    retryAt = 0
    open()
  }
  page?.addEventListener('online', onOnline)
  // A page that the browser keeps for "back" is one of those.
  page?.addEventListener('pagehide', leave)
  page?.addEventListener('pageshow', wake)
  document?.addEventListener('visibilitychange', seen)
  open()

  return {
    /** `change` {kinds}; `open`; `again` after a loss, when anything may have changed; `lost`. */
    on: bus.on,
    /** Opens it at once, as after a login. */
    retry: onOnline,
    get isOpen() { return source?.readyState === 1 },
    close() {
      isClosed = true
      source?.close()
      page?.removeEventListener('online', onOnline)
      page?.removeEventListener('pagehide', leave)
      page?.removeEventListener('pageshow', wake)
      document?.removeEventListener('visibilitychange', seen)
    },
  }
}
