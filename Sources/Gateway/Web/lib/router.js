// @ts-check
/** Views by URL: the Navigation API where there is one, else clicks and the history. */

/**
 * @typedef {{path: string, parts: Record<string, string>, query: URLSearchParams, moment: string, load: () => Promise<any>,
 *   again: boolean, name: string}} Place
 *   `moment` is what follows `#t=`; `again` says that the listener went back or forward to it.
 */

/**
 * @param {Array<[string, () => Promise<any>]>} routes patterns such as `/album/:id`, the first that fits wins
 * @param {string} path @returns {Pick<Place, 'parts' | 'load' | 'name'> | null}
 */
export function match(routes, path) {
  const names = path.split('/').filter(Boolean)
  for (const [pattern, load] of routes) {
    const wanted = pattern.split('/').filter(Boolean)
    if (wanted.length !== names.length) continue
    /** @type {Record<string, string>} */
    const parts = {}
    const fits = wanted.every((want, i) => {
      if (want[0] !== ':') return want === names[i]
      try {
        parts[want.slice(1)] = decodeURIComponent(names[i])
        return true
      } catch {
        return false
      }
    })
    if (fits) return { parts, load, name: wanted[0] ?? 'home' }
  }
  return null
}

/** @param {string} hash @returns {string} the time of `#t=1:03`, or '' */
export const momentOf = hash => /^#t=([\d:.]+)$/.exec(hash)?.[1] ?? ''

/**
 * @param {{routes: Array<[string, () => Promise<any>]>, other: () => Promise<any>,
 *   show: (place: Place, signal: AbortSignal) => Promise<void>}} options
 */
export function createRouter({ routes, other, show }) {
  const navigation = /** @type {any} */ (window).navigation
  const scrolls = new Map()
  const none = () => {}
  let leaving = new AbortController()
  let key = entry()
  /** The address that is shown, without what follows `#`. */
  let shown = ''
  /** Whether scroll positions are the listener's: while a view is built they are not. */
  let settled = true

  /** The entry of the history that is shown. */
  function entry() { return String(navigation?.currentEntry?.key ?? history.state?.key ?? location.href) }

  /** @param {URL} url @param {boolean} again */
  async function enter(url, again) {
    leaving.abort()
    leaving = new AbortController()
    const { signal } = leaving
    const found = match(routes, url.pathname) ?? { parts: {}, load: other, name: '' }
    key = entry()
    shown = url.pathname + url.search
    settled = false
    await show({ ...found, path: url.pathname, query: url.searchParams, moment: momentOf(url.hash), again }, signal)
    if (signal.aborted) return
    window.scrollTo(0, again ? scrolls.get(key) ?? 0 : 0)
    settled = true
  }

  /** Whether it is a place in what is shown, which the browser finds by itself. @param {URL} url */
  const isInside = url => url.pathname + url.search === shown && url.hash !== '' && !momentOf(url.hash)
  const isOurs = (/** @type {URL} */ url) => url.origin === location.origin && (match(routes, url.pathname) !== null)

  function listen() {
    history.scrollRestoration = 'manual'
    window.addEventListener('scroll', () => settled && scrolls.set(key, window.scrollY), { passive: true })
    if (navigation) {
      navigation.addEventListener('navigate', (/** @type {any} */ event) => {
        const url = new URL(event.destination.url)
        if (!event.canIntercept || event.downloadRequest !== null || event.formData || !isOurs(url)) return
        if (event.hashChange && !momentOf(url.hash)) return
        if (event.info === 'quiet') return event.intercept({ handler: async () => {}, focusReset: 'manual', scroll: 'manual' })
        event.intercept({
          focusReset: 'manual', scroll: 'manual', handler: () => enter(url, event.navigationType === 'traverse'),
        })
      })
      return
    }
    window.addEventListener('popstate', () => {
      const url = new URL(location.href)
      if (!isInside(url)) enter(url, true)
    })
    document.addEventListener('click', event => {
      const link = /** @type {Element} */ (event.target).closest?.('a[href]')
      if (!(link instanceof HTMLAnchorElement) || event.defaultPrevented || event.button || link.target || link.download) return
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
      const url = new URL(link.href)
      if (!isOurs(url) || isInside(url)) return
      event.preventDefault()
      go(link.href)
    })
  }

  /** @param {string} href @param {object} how */
  function navigate(href, how) {
    const { committed, finished } = navigation.navigate(href, how)
    committed.catch(none)
    finished.catch(none)
  }

  /** Goes to an address of this page. @param {string} href @param {{replace?: boolean}} [how] */
  function go(href, { replace = false } = {}) {
    if (navigation) return navigate(href, { history: replace ? 'replace' : 'auto' })
    history[replace ? 'replaceState' : 'pushState']({ key: `${performance.timeOrigin}/${performance.now()}` }, '', href)
    enter(new URL(href, location.href), false)
  }

  /** Changes the address of what is shown, without showing it anew. @param {string} href */
  function rename(href) {
    if (navigation) return navigate(href, { history: 'replace', info: 'quiet' })
    history.replaceState(history.state, '', href)
  }

  return {
    go, rename,
    /** Shows the address again, as after a login. */
    again: () => enter(new URL(location.href), true),
    start() {
      listen()
      return enter(new URL(location.href), performance.getEntriesByType('navigation')[0]?.toJSON().type === 'back_forward')
    },
  }
}
