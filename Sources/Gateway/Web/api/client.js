// @ts-check
/** Requests to the server: JSON in and out, errors as values with a meaning. */
import { events } from '/lib/signal.js'

/** An answer that is no success, or none at all (status 0, slug `network`). */
export class Problem extends Error {
  /**
   * @param {number} status @param {string} slug last part of the problem's type, such as `over-quota`; '' if there is none
   * @param {string} detail for people @param {number | null} [retryAt] milliseconds since 1970
   * @param {string} [limit] which of the plan's bounds it met, '' for none of them
   */
  constructor(status, slug, detail, retryAt = null, limit = '') {
    super(detail)
    this.name = 'Problem'
    this.status = status
    this.slug = slug
    this.detail = detail
    this.retryAt = retryAt
    this.limit = limit
  }

  /** As plain data, for the state. */
  get document() { return { status: this.status, slug: this.slug, detail: this.detail, ...(this.limit && { limit: this.limit }) } }
}

/** `Retry-After` as a moment: seconds or a date (RFC 9110 §10.2.3). @param {string | null} value @param {number} now */
export function retryAfter(value, now) {
  if (value === null) return null
  if (/^\d{1,9}$/.test(value.trim())) return now + Number(value) * 1000
  const date = Date.parse(value)
  return Number.isNaN(date) ? null : Math.max(now, date)
}

/**
 * The problem that an answer states (RFC 9457). Never throws.
 * @param {Response} response @param {number} now @returns {Promise<Problem>}
 */
export async function problemOf(response, now) {
  const retryAt = retryAfter(response.headers.get('Retry-After'), now)
  const isDocument = (response.headers.get('Content-Type') ?? '').startsWith('application/problem+json')
  const json = isDocument ? await response.json().catch(() => null) : null
  const text = (/** @type {unknown} */ value) => typeof value === 'string' ? value : ''
  // Something before the server says that it is gone: that is no answer of the server.
  const isGone = !isDocument && [502, 503, 504].includes(response.status)
  const slug = isGone ? 'network' : /^\/problems\/([a-z-]+)$/.exec(text(json?.type))?.[1] ?? ''
  return new Problem(response.status, slug, text(json?.detail) || text(json?.title) || response.statusText, retryAt, text(json?.limit))
}

/** What a thrown error means: the network, or a browser that keeps no more. An abort stays what it is. @param {unknown} error @returns {Problem} */
export function asProblem(error) {
  if (error instanceof Problem) return error
  if (error instanceof Error && error.name === 'AbortError') throw error
  if (error instanceof Error && error.name === 'QuotaExceededError') return new Problem(507, 'device-full', error.message)
  return new Problem(0, 'network', error instanceof Error ? error.message : String(error))
}

/**
 * A successful answer. Throws a {@link Problem}, or an AbortError.
 * @param {typeof fetch} fetch @param {string} url @param {RequestInit | undefined} init @param {() => number} now @returns {Promise<Response>}
 */
export async function answerOf(fetch, url, init, now) {
  let response
  try {
    response = await fetch(url, { credentials: 'same-origin', ...init })
  } catch (error) {
    throw asProblem(error)
  }
  if (response.ok) return response
  throw await problemOf(response, now())
}

/**
 * @typedef {{signal?: AbortSignal, headers?: Record<string, string>, keepalive?: boolean, hasPassword?: boolean, patience?: number}} How
 *   `hasPassword` if the request repeats the password: a 401 is about that; `patience` milliseconds after which there is no answer, 0 for any
 * @typedef {ReturnType<typeof createClient>} Client
 */

/** The signal, and an end of patience: a network can hang instead of failing. @param {AbortSignal | undefined} signal @param {number} patience */
function within(signal, patience) {
  if (!patience || !AbortSignal.timeout || !AbortSignal.any) return signal
  return AbortSignal.any([AbortSignal.timeout(patience), ...(signal ? [signal] : [])])
}

/**
 * @param {{fetch?: typeof fetch, now?: () => number}} [world]
 */
export function createClient({ fetch = globalThis.fetch.bind(globalThis), now = Date.now } = {}) {
  const bus = events()

  /**
   * The answer to a request, a success or 304. Throws a {@link Problem}, or an AbortError. A 401 also emits `signed-out`.
   * @param {string} method @param {string} path @param {BodyInit | object | undefined} body what is not a body of fetch is sent as JSON
   * @param {How} [how] @returns {Promise<Response>}
   */
  async function send(method, path, body, { signal, headers = {}, keepalive, hasPassword = false, patience = method === 'GET' ? 30_000 : 0 } = {}) {
    const isJSON = body !== undefined && (Object.getPrototypeOf(body) === Object.prototype || Array.isArray(body))
    /** @type {Record<string, string>} */
    const fields = { Accept: 'application/json', ...headers }
    if (isJSON) fields['Content-Type'] = 'application/json'
    if (method !== 'GET' && method !== 'HEAD') fields['X-Requested-With'] = 'sweetspot'
    let response
    try {
      response = await fetch(path, {
        method, signal: within(signal, patience), keepalive, headers: fields, credentials: 'same-origin',
        body: isJSON ? JSON.stringify(body) : /** @type {BodyInit | undefined} */ (body),
      })
    } catch (error) {
      throw asProblem(error)
    }
    if (response.ok || response.status === 304) return response
    const problem = await problemOf(response, now())
    if (problem.status === 401 && !hasPassword) bus.emit('signed-out', problem)
    throw problem
  }

  /** The document of an answer; null for 204. @param {Response} response @returns {Promise<any>} */
  async function read(response) {
    if (response.status === 204 || response.status === 304) return null
    try {
      return await response.json()
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw asProblem(error)
      throw new Problem(response.status, 'unreadable', 'the answer of the server cannot be read')
    }
  }

  return {
    on: bus.on,
    send,
    /** @param {string} path @param {How} [how] */
    get: async (path, how) => read(await send('GET', path, undefined, how)),
    /** @param {string} path @param {object} [body] @param {How} [how] */
    post: async (path, body, how) => read(await send('POST', path, body, how)),
    /** @param {string} path @param {object} [body] @param {How} [how] */
    put: async (path, body, how) => read(await send('PUT', path, body, how)),
    /** @param {string} path @param {object} body @param {How} [how] */
    patch: async (path, body, how) => read(await send('PATCH', path, body, how)),
    /** @param {string} path @param {object} [body] @param {How} [how] */
    delete: async (path, body, how) => read(await send('DELETE', path, body, how)),
  }
}

/**
 * A path with a query; members that are null, undefined or false are left out.
 * @param {string} path @param {Record<string, string | number | boolean | null | undefined>} query
 */
export function withQuery(path, query) {
  const parts = Object.entries(query).flatMap(([name, value]) =>
    value === null || value === undefined || value === false ? []
      : [`${encodeURIComponent(name)}=${encodeURIComponent(value)}`])
  return parts.length > 0 ? `${path}?${parts.join('&')}` : path
}

/**
 * All items of a list of the server, page by page.
 * @param {Pick<Client, 'get'>} client @param {string} path @param {Parameters<typeof withQuery>[1]} [query] @param {How} [how] @returns {Promise<any[]>}
 */
export async function every(client, path, query = {}, how) {
  const all = []
  let after = null
  do {
    const page = await client.get(withQuery(path, { limit: 500, ...query, after }), how)
    all.push(...page.items)
    after = page.next ?? null
  } while (after !== null)
  return all
}
