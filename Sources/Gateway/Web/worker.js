// @ts-check
/// <reference lib="webworker" />
/** The service worker: the page, its pictures and its lists with the server gone; and of sound whole files that are copies, which an element asks for by itself. */
{
  const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self))
  const [shell, art, lists, places, pins] = ['sweetspot-shell', 'sweetspot-art', 'sweetspot-lists', 'sweetspot-places', 'sweetspot-pins']
  const mostArt = 3000
  /** Pages of the long lists, of which a scroll asks for many; and of albums, playlists and the like, which those do not push out. */
  const mostLists = 600
  const mostPlaces = 2000
  /** Milliseconds after which a page that was asked for comes from here, if it is here. */
  const patience = 4000
  /** Answers that are about this moment, or secret, or large. */
  const passing = /^\/api\/v1\/(events|me|offers|plans|recommendations|radio|path|hidden|keys|app-passwords|sessions?|uploads|known|queue|search|share|deleted|openapi)/

  /** What the server shows to people is the player; these are for programs, and pictures. */
  const notPages = /^\/(setup$|healthz$|readyz$|metrics$|api\/|art\/|dash\/|hls\/|rest\/|stream\/)/

  worker.addEventListener('install', () => worker.skipWaiting())
  worker.addEventListener('activate', event => event.waitUntil(worker.clients.claim()))

  /**
   * Keeps the files of the page's version, and drops those of others, unless a page of another version may still ask for them.
   * @param {string[]} urls @param {{id: string}} page that sends them
   */
  async function keepShell(urls, { id } = { id: '' }) {
    const cache = await caches.open(shell)
    const wanted = new Set(urls.map(url => new URL(url, worker.location.href).href))
    const here = new Set((await cache.keys()).map(request => request.url))
    const page = new URL('/', worker.location.href).href
    await Promise.all([...wanted].filter(url => !here.has(url)).map(async url => {
      const response = await fetch(url)
      if (response.ok) await cache.put(url, response)
    }))
    const isAlone = (await worker.clients.matchAll({ type: 'window' })).every(client => client.id === id)
    if (isAlone) await Promise.all([...here].filter(url => !wanted.has(url) && url !== page).map(url => cache.delete(url)))
    if (!here.has(page)) {
      await keepPage(cache, await fetch(page))
    }
  }

  /** @param {Cache} cache @param {number} most */
  async function trim(cache, most) {
    const keys = await cache.keys()
    if (keys.length > most * 1.1) await Promise.all(keys.slice(0, keys.length - most).map(key => cache.delete(key)))
  }

  worker.addEventListener('message', event => {
    const { type, urls } = event.data ?? {}
    if (type === 'shell' && Array.isArray(urls)) event.waitUntil(keepShell(urls, /** @type {any} */ (event.source) ?? undefined).catch(() => {}))
    // Another account, or nobody: what was seen is nobody's business.
    if (type === 'forget') event.waitUntil(Promise.all([art, lists, places].map(name => caches.delete(name))))
  })

  /**
   * An answer of the server; without one, what is kept. A proxy that says that the server is gone is no answer.
   * @param {Promise<Response>} answer @param {() => Promise<Response | undefined>} kept
   */
  async function orKept(answer, kept) {
    try {
      const response = await answer
      const isGone = [502, 503, 504].includes(response.status) && !response.headers.get('Content-Type')?.startsWith('application/problem+json')
      return isGone ? await kept() ?? response : response
    } catch (error) {
      const copy = await kept()
      if (copy) return copy
      throw error
    }
  }

  /** Keeps the player's page, and nothing that a proxy or a portal shows in its place. @param {Cache} cache @param {Response} response */
  async function keepPage(cache, response) {
    const isPage = response.ok && response.type === 'basic' && response.headers.get('Content-Type')?.startsWith('text/html')
    if (!isPage) return
    const copy = response.clone()
    if ((await copy.clone().text()).includes('<script type="importmap"')) await cache.put('/', copy)
  }

  /**
   * An answer of the server, or after some patience what is kept: a network can hang instead of failing.
   * @param {Promise<Response>} fresh @param {() => Promise<Response | undefined>} kept
   */
  function inTime(fresh, kept) {
    /** @type {any} */
    let timer
    const late = new Promise(resolve => { timer = setTimeout(resolve, patience) }).then(kept)
    return orKept(Promise.race([fresh, late.then(found => found ?? fresh)]), kept).finally(() => clearTimeout(timer))
  }

  /** @param {Request} request */
  async function page(request) {
    const cache = await caches.open(shell)
    const fresh = fetch(request).then(response => {
      keepPage(cache, response).catch(() => {})
      return response
    })
    return inTime(fresh, () => cache.match('/'))
  }

  /** @param {Request} request @param {string} name @param {number} most */
  async function keptFirst(request, name, most) {
    const cache = await caches.open(name)
    const kept = await cache.match(request)
    if (kept) return kept
    const fresh = fetch(request).then(response => {
      if (most && response.status === 200 && response.type === 'basic') {
        cache.put(request, response.clone()).then(() => Math.random() < 0.02 ? trim(cache, most) : undefined, () => {})
      }
      return response
    })
    // Of a picture any size that is here will do.
    const how = { ignoreSearch: true }
    return inTime(fresh, async () => most ? await cache.match(request, how) ?? (await caches.open(pins)).match(request, how) : undefined)
  }

  /** @param {Request} request */
  async function freshFirst(request) {
    const { pathname, searchParams } = new URL(request.url)
    const isLong = /^\/api\/v1\/(tracks|albums|artists)$/.test(pathname) && !['album', 'artist', 'genre'].some(name => searchParams.has(name))
    const [name, most] = isLong ? [lists, mostLists] : [places, mostPlaces]
    const cache = await caches.open(name)
    const fresh = fetch(request).then(response => {
      if (response.status === 200) cache.put(request, response.clone()).then(() => Math.random() < 0.02 ? trim(cache, most) : undefined, () => {})
      return response
    })
    const how = { ignoreVary: true }
    return inTime(fresh, async () => await cache.match(request, how) ?? (await caches.open(pins)).match(request, how))
  }

  /** A copy of a whole file, or what of it an element asks for. @param {Request} request */
  async function copied(request) {
    const kept = await (await caches.open(pins)).match(request.url)
    const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get('Range') ?? '') ?? []
    if (!kept) return fetch(request)
    if (first === undefined) return kept
    const file = await kept.blob()
    const from = Number(first)
    const to = Math.min(last ? Number(last) : Infinity, file.size - 1)
    if (from > to) return new Response(null, { status: 416, headers: { 'Content-Range': `bytes */${file.size}` } })
    const headers = { 'Content-Type': kept.headers.get('Content-Type') ?? '', 'Content-Length': String(to - from + 1), 'Content-Range': `bytes ${from}-${to}/${file.size}` }
    return new Response(file.slice(from, to + 1), { status: 206, headers })
  }

  worker.addEventListener('fetch', event => {
    const { request } = event
    const url = new URL(request.url)
    const isOwn = request.method === 'GET' && url.origin === worker.location.origin
    if (isOwn && request.mode !== 'navigate' && /^\/stream\/[^/]+\/[a-z\d]+-\d+$/.test(url.pathname)) return event.respondWith(copied(request))
    if (!isOwn || request.headers.has('Range')) return
    const { pathname } = url
    if (request.mode === 'navigate') {
      if (!notPages.test(pathname)) event.respondWith(page(request))
    } else if (pathname.startsWith('/art/')) event.respondWith(keptFirst(request, art, mostArt))
    else if (pathname.startsWith('/api/v1/')) {
      if (!passing.test(pathname)) event.respondWith(freshFirst(request))
    } else if (/\.(js|css|svg|png|webmanifest)$/.test(pathname)) event.respondWith(keptFirst(request, shell, 0))
  })
}
