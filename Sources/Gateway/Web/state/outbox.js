// @ts-check
/**
 * Changes that the server has not got yet: kept on this device, and sent when there is a network. One key, one change: the same
 * play twice is one play, and of a queue only the newest state counts.
 */
import { asProblem } from '/api/client.js'
import { isPassing, nextTry } from '/core/retry.js'
import { events } from '/lib/signal.js'

/** @typedef {{key: string, account: string, made: number, method: string, path: string, body: any}} Letter */

const lockName = 'sweetspot-outbox'
/** A server that answers so is there, and may take another change; how many such answers there are in one round. */
const ownFaults = [500, 508]
const mostStuck = 3

/**
 * @param {object} world
 * @param {import('/lib/database.js').Database} world.database @param {Pick<import('/api/client.js').Client, 'send'>} world.client
 * @param {() => string | null} world.account whose changes they are: a name, '' on an open server, null if it is not known
 * @param {() => boolean} [world.isIn] whether the server said that it is them: nothing is sent before
 * @param {EventTarget} [world.page] what tells `online` @param {() => number} [world.now]
 * @param {Pick<LockManager, 'request'> | null} [world.locks]
 */
export function createOutbox({
  database, client, account, isIn = () => true, page = globalThis.window, now = Date.now, locks = globalThis.navigator?.locks ?? null,
}) {
  const bus = events()
  let failures = 0
  let retryAt = 0
  let last = 0
  /** @type {Promise<void> | null} */
  let sending = null
  let again = false
  /** How many of this round the server could not take. */
  let stuck = 0

  /** @returns {Promise<Letter[]>} the oldest first */
  const letters = async () => {
    const own = account()
    const all = /** @type {Letter[]} */ (await database.all('outbox'))
    return all.filter(letter => letter.account === own).sort((a, b) => a.made - b.made)
  }

  /** @param {Letter} letter @param {boolean} keepalive @returns {Promise<boolean>} whether to go on with the next */
  async function deliver(letter, keepalive) {
    try {
      await client.send(letter.method, letter.path, letter.body, { keepalive, patience: 20_000 })
    } catch (error) {
      const problem = asProblem(error)
      if (isPassing(problem)) {
        failures += 1
        retryAt = nextTry(now(), failures, problem, Math.random())
        // It may be this one alone that the server cannot take.
        return ownFaults.includes(problem.status) && ++stuck < mostStuck
      }
      bus.emit('refused', { letter, problem: problem.document })
    }
    failures = 0
    // A newer change under the same key may have come meanwhile.
    const kept = await database.get('outbox', letter.key)
    if (kept?.made === letter.made) await database.delete('outbox', letter.key)
    return true
  }

  /** @param {boolean} keepalive */
  async function deliverAll(keepalive) {
    do {
      again = false
      stuck = 0
      for (const letter of await letters()) if (!await deliver(letter, keepalive)) return
    } while (again)
  }

  /** @param {{keepalive?: boolean, isUrgent?: boolean}} [how] @returns {Promise<void>} */
  function send({ keepalive = false, isUrgent = false } = {}) {
    if (account() === null || !isIn() || (now() < retryAt && !isUrgent)) return Promise.resolve()
    again = true
    // Two tabs share the outbox; the one that sends has the lock.
    sending ??= (locks ? locks.request(lockName, () => deliverAll(keepalive)) : deliverAll(keepalive))
      .catch(() => {}).finally(() => {
        sending = null
        bus.emit('sent')
      })
    return /** @type {Promise<void>} */ (sending)
  }
  const onOnline = () => { send({ isUrgent: true }) }
  page?.addEventListener('online', onOnline)

  return {
    on: bus.on,
    /**
     * Keeps a change, and sends it. Resolves once it is kept.
     * @param {string} key @param {{method: string, path: string, body?: any}} request
     */
    async add(key, { method, path, body = null }) {
      last = Math.max(now(), last + 1e-3)
      const own = account()
      if (own === null) return
      await database.put('outbox', `${own} ${key}`, { key: `${own} ${key}`, account: own, made: last, method, path, body })
      send()
    },
    /** A play or a skip, as core/plays.js makes it. @param {{track: string, at: string, stopped: number | null, heard?: number}} play */
    play(play) { return this.add(`play ${play.track} ${play.at}`, { method: 'POST', path: '/api/v1/history', body: play }) },
    /** Sends what is kept, unless it is too early after a failure. */
    send,
    /** How many changes wait. */
    count: async () => (await letters()).length,
    stop() { page?.removeEventListener('online', onOnline) },
  }
}
