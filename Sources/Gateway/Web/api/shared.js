// @ts-check
/** What a link opens: its tracks, page by page, and the tickets that their media take. */
import { asProblem, withQuery, Problem } from '/api/client.js'
import { commonAlbum, guestTrack, loudnessOf, readShare, withTicket } from '/core/share.js'
import { events } from '/lib/signal.js'

const size = 500
/** Milliseconds between two renewals of tickets. */
const pause = 20_000

/**
 * @param {object} world
 * @param {Pick<import('/api/client.js').Client, 'get'>} world.client @param {string} world.token @param {() => number} [world.now] milliseconds
 */
export function createShared({ client, token, now = Date.now }) {
  const bus = events()
  const path = `/api/v1/shared/${encodeURIComponent(token)}`
  /** @type {Map<string, string>} */
  const tickets = new Map()
  /** @type {import('/core/share.js').Item[]} */
  let items = []
  /** @type {any[]} */
  let tracks = []
  let renewed = -Infinity
  let isRenewing = false

  /** @param {string | null} after @param {AbortSignal} [signal] */
  async function page(after, signal) {
    const json = await client.get(withQuery(path, { limit: size, after }), { signal })
    try {
      return readShare(json)
    } catch {
      throw new Problem(0, 'unreadable', 'the answer of the server cannot be read')
    }
  }

  /** @param {import('/core/share.js').Item[]} more */
  function take(more) {
    for (const { id, ticket } of more) tickets.set(id, ticket)
    items = [...items, ...more]
    tracks = [...tracks, ...more.map(item => guestTrack(item, tickets))]
  }

  /** @param {string | null} after @param {AbortSignal} [signal] */
  async function rest(after, signal) {
    for (let next = after; next;) {
      const more = await page(next, signal)
      take(more.items)
      next = more.next
      bus.emit('more')
    }
  }

  return {
    /** `more`: tracks came; `renewed`: media can be asked for again; `gone`: the link opens nothing any more. */
    on: bus.on,
    get tracks() { return tracks },
    /** Title and first tracks; `whole` resolves once all are here. @param {AbortSignal} [signal] */
    async open(signal) {
      const first = await page(null, signal)
      take(first.items)
      const whole = rest(first.next, signal).then(() => tracks)
      whole.catch(() => {})
      return { ...first, whole }
    },

    /** Asks for new tickets: the old ones are refused, for their age or for good. */
    async renew() {
      if (isRenewing || now() - renewed < pause) return
      isRenewing = true
      renewed = now()
      try {
        for (let next = /** @type {string | null} */ (''); next !== null;) {
          const more = await page(next || null)
          for (const { id, ticket } of more.items) tickets.set(id, ticket)
          next = more.next
        }
        bus.emit('renewed')
      } catch (error) {
        if (asProblem(error).status === 404) bus.emit('gone')
      } finally {
        isRenewing = false
      }
    },

    /** @param {string} url */
    address: url => withTicket(url, tickets),

    /**
     * The documents that the player asks for and a guest may not: of a track, and of the album that all are of, for its loudness.
     * @param {string} url @returns {Promise<Response | null>}
     */
    async answer(url) {
      const [, kind, id] = /^\/api\/v1\/(tracks|albums)\/([^/?]+)/.exec(url) ?? []
      if (!kind) return null
      if (kind === 'albums') return Response.json({ id, loudness: loudnessOf(items) })
      const item = items.find(one => one.id === id)
      return item ? Response.json({ ...item, albumId: commonAlbum(items) ? 'shared' : null }) : null
    },
  }
}
