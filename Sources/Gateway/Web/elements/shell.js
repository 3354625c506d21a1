// @ts-check
/** The page around the views: navigation, the view's place, the queue's place, the player. */
import { html } from '/lib/html.js'
import { icon } from '/icons/icons.js'
import { t } from '/text/text.js'

/** @type {Array<[path: string, name: string]>} */
const library = [
  ['/albums', 'albums'], ['/artists', 'artists'], ['/tracks', 'tracks'], ['/genres', 'genres'], ['/playlists', 'playlists'],
  ['/history', 'history'], ['/device', 'device'],
]
/** @type {Array<[path: string, name: string]>} */
const other = [['/uploads', 'upload'], ['/account', 'account'], ['/settings', 'settings']]
/** @type {Array<[path: string, name: string]>} */
const tabs = [['/', 'home'], ['/search', 'search'], ['/library', 'library'], ['/queue', 'queue']]

/** The dot that is a little off the middle: where the music is best heard. */
const mark = () => html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true"><circle cx="16" cy="16" r="13"></circle>
  <circle cx="16" cy="16" r="7.5"></circle><circle class="spot" cx="19" cy="13" r="3.6"></circle></svg>`

/** Whether a path is that of a link, or of one of its things: `/album/1` is of `/albums`. @param {string} own @param {string} path */
const isOf = (own, path) => own === path || (own.length > 1 && (path === own.replace(/s$/, '') || path.startsWith(`${own.replace(/s$/, '')}/`)))

/** @param {[path: string, name: string]} entry */
const link = ([path, name]) => html`<li><a class="nav-link" href=${path} data-path=${path}>${icon(name)}<span>${t(`nav.${name}`)}</span></a></li>`

export { library as libraryLinks, other as otherLinks, mark }

/** @param {any} app */
export function shell(app) {
  const lists = html`<ul></ul>`
  const main = html`<main id="main" tabindex="-1"></main>`
  const side = html`<nav class="side" aria-label=${t('nav')}>
    <a class="brand" href="/" aria-label=${t('home')}>${mark()}<span>sweetspot</span></a>
    <ul>${tabs.slice(0, 2).map(link)}</ul>
    <h2 class="side-title">${t('nav.library')}</h2><ul>${library.map(link)}</ul>
    <div class="side-lists" hidden><h2 class="side-title">${t('nav.playlists')}</h2>${lists}</div>
    <ul class="side-end">${other.map(link)}</ul></nav>`
  const bottom = html`<nav class="tabs" aria-label=${t('nav.tabs')}><ul>${tabs.map(link)}</ul></nav>`
  const queue = html`<aside class="queue-side" aria-label=${t('queue')} hidden></aside>`
  const offline = html`<p class="offline" hidden>${icon('info')}<span>${t('offline')}</span></p>`
  const frame = html`<div class="frame">${side}<div class="middle">${offline}${main}</div>${queue}</div>`
  document.querySelector('.splash')?.remove()
  document.body.append(html`<a class="skip" href="#main">${t('skip')}</a>`, frame, bottom, ...app.live.nodes)

  const online = () => { offline.hidden = navigator.onLine !== false }
  window.addEventListener('online', online)
  window.addEventListener('offline', online)
  online()

  /** @type {AbortController | null} */
  let queueShown = null
  app.store.subscribe((/** @type {any} */ state) => Boolean(state.ui.queueOpen), showQueue)
  /** @param {boolean} open */
  async function showQueue(open) {
    queueShown?.abort()
    queue.hidden = !open
    document.documentElement.classList.toggle('with-queue', open)
    if (!open) return queue.replaceChildren()
    queueShown = new AbortController()
    const { queuePanel } = await import('/elements/queue-panel.js')
    if (!queueShown.signal.aborted) queue.replaceChildren(queuePanel(app, { signal: queueShown.signal, scroller: queue }))
  }

  return {
    main,
    /** Puts the player between the views and the tabs. @param {Node} player */
    addPlayer: player => bottom.before(player),
    /** Marks where the listener is. @param {string} path */
    mark(path) {
      for (const one of document.querySelectorAll('a[data-path]')) {
        const own = /** @type {HTMLElement} */ (one).dataset.path ?? ''
        const inLibrary = own === '/library' && library.some(([one]) => isOf(one, path))
        const isHere = inLibrary || isOf(own, path)
        if (isHere) one.setAttribute('aria-current', 'page')
        else one.removeAttribute('aria-current')
      }
    },
    /** How many uploads are not done. @param {number} count */
    countUploads(count) {
      const badge = side.querySelector('.nav-count') ?? html`<span class="nav-count"></span>`
      badge.textContent = String(count)
      badge.hidden = count === 0
      side.querySelector('[data-path="/uploads"]').append(badge)
    },
    /** Without navigation and player: for logging in. @param {boolean} bare */
    bare: bare => document.documentElement.classList.toggle('bare', bare),
    /** @param {Array<{id: string, name: string, rules?: any}>} items */
    showPlaylists(items) {
      const shown = items.slice(0, 40)
      lists.replaceChildren(...shown.map(one => {
        const path = `/playlist/${encodeURIComponent(one.id)}`
        return html`<li><a class="nav-link" href=${path} data-path=${path}><span class="clip" dir="auto">${one.name}</span>${one.rules
          ? html`<span class="nav-kind" title=${t('playlist.smart')}>${icon('rules')}<span class="unseen">${t('playlist.smart')}</span></span>` : null}</a></li>`
      }))
      lists.parentElement.hidden = shown.length === 0
    },
  }
}
