// @ts-check
/// <reference lib="webworker" />
/** The service worker: the page, its pictures and its lists with the server gone. Sound is not its business. */
{
  const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self))
  const [shell, art, lists] = ['sweetspot-shell', 'sweetspot-art', 'sweetspot-lists']
  const mostArt = 3000
  const mostLists = 600
  /** Milliseconds after which a page that was asked for comes from here, if it is here. */
  const patience = 4000
  /** Answers that are about this moment, or secret, or large. */
  const passing = /^\/api\/v1\/(events|me|recommendations|radio|path|hidden|keys|sessions?|uploads|known|queue|search|share|deleted|openapi)/

  worker.addEventListener('install', () => worker.skipWaiting())
  worker.addEventListener('activate', event => event.waitUntil(worker.clients.claim()))

  /** Keeps the files of the page's version, and drops those of others. @param {string[]} urls */
  async function keepShell(urls) {
    const cache = await caches.open(shell)
    const wanted = new Set(urls.map(url => new URL(url, worker.location.href).href))
    const here = new Set((await cache.keys()).map(request => request.url))
    const page = new URL('/', worker.location.href).href
    await Promise.all([...wanted].filter(url => !here.has(url)).map(async url => {
      const response = await fetch(url)
      if (response.ok) await cache.put(url, response)
    }))
    await Promise.all([...here].filter(url => !wanted.has(url) && url !== page).map(url => cache.delete(url)))
    if (!here.has(page)) {
      const response = await fetch(page)
      if (response.ok) await cache.put(page, response)
    }
  }

  /** @param {Cache} cache @param {number} most */
  async function trim(cache, most) {
    const keys = await cache.keys()
    if (keys.length > most * 1.1) await Promise.all(keys.slice(0, keys.length - most).map(key => cache.delete(key)))
  }

  worker.addEventListener('message', event => {
    const { type, urls } = event.data ?? {}
    if (type === 'shell' && Array.isArray(urls)) event.waitUntil(keepShell(urls).catch(() => {}))
    // Another account, or nobody: what was seen is nobody's business.
    if (type === 'forget') event.waitUntil(Promise.all([caches.delete(art), caches.delete(lists)]))
  })

  /** @param {Request} request */
  async function page(request) {
    const cache = await caches.open(shell)
    const fresh = fetch(request).then(response => {
      if (response.ok && response.type === 'basic') cache.put('/', response.clone())
      return response
    })
    const late = new Promise(resolve => setTimeout(resolve, patience)).then(() => cache.match('/'))
    try {
      return await Promise.race([fresh, late]) ?? await fresh
    } catch (error) {
      const kept = await cache.match('/')
      if (kept) return kept
      throw error
    }
  }

  /** @param {Request} request @param {string} name @param {number} most */
  async function keptFirst(request, name, most) {
    const cache = await caches.open(name)
    const kept = await cache.match(request)
    if (kept) return kept
    const response = await fetch(request)
    if (most && response.status === 200 && response.type === 'basic') {
      cache.put(request, response.clone()).then(() => Math.random() < 0.02 ? trim(cache, most) : undefined, () => {})
    }
    return response
  }

  /** @param {Request} request */
  async function freshFirst(request) {
    const cache = await caches.open(lists)
    try {
      const response = await fetch(request)
      if (response.status === 200) cache.put(request, response.clone()).then(() => Math.random() < 0.02 ? trim(cache, mostLists) : undefined, () => {})
      return response
    } catch (error) {
      const kept = await cache.match(request, { ignoreVary: true })
      if (kept) return kept
      throw error
    }
  }

  worker.addEventListener('fetch', event => {
    const { request } = event
    const url = new URL(request.url)
    if (request.method !== 'GET' || url.origin !== worker.location.origin || request.headers.has('Range')) return
    const { pathname } = url
    if (request.mode === 'navigate') {
      if (pathname !== '/setup' && !pathname.startsWith('/api/') && !pathname.startsWith('/stream/')) event.respondWith(page(request))
    } else if (pathname.startsWith('/art/')) event.respondWith(keptFirst(request, art, mostArt))
    else if (pathname.startsWith('/api/v1/')) {
      if (!passing.test(pathname)) event.respondWith(freshFirst(request))
    } else if (/\.(js|css|svg|png|webmanifest)$/.test(pathname)) event.respondWith(keptFirst(request, shell, 0))
  })
}
