// @ts-check
/** All uploads of this page: two at a time, each can be paused and goes on where it was, also after a reload. */
import { failureOf } from '/text/text.js'
import { randomID } from '/lib/id.js'
import { events } from '/lib/signal.js'
import { create, offsetOf, sendRest, stateOf, terminate } from '/transfer/tus.js'
import { isMusic } from '/transfer/dropped.js'
import * as kept from '/transfer/kept.js'

/**
 * @typedef {'waiting' | 'sending' | 'paused' | 'checking' | 'stored' | 'known' | 'refused' | 'failed' | 'lost'} Stage
 *   `lost` after a reload, until the file is given again
 * @typedef {{key: string, name: string, size: number, modified: number, stage: Stage, offset: number, url: string, file: File | null,
 *   handle: any, problem: any, track: string | null, stop: AbortController | null}} Upload
 */

const atOnce = 2
/** Bytes up to which a file is hashed, to see whether the server has it already. */
const longestHashed = 256 * 1024 * 1024
const again = 3000

/** Whether there still is a file where it was chosen: the browser says no more of one that is not than of a network. @param {Blob | null} file */
const isThere = async file => !file || file.slice(0, 1).arrayBuffer().then(() => true, () => false)

/** @param {any} client */
export function createDesk(client) {
  /** @type {Upload[]} */
  const uploads = []
  const bus = events()
  let isTelling = false
  /** Tells of changes a few times a second, however many there are. */
  function changed() {
    if (isTelling) return
    isTelling = true
    setTimeout(() => {
      isTelling = false
      bus.emit('change')
    }, 60)
  }
  const running = () => uploads.filter(one => one.stop).length

  /** @param {Upload} one @param {Partial<Upload>} change */
  function set(one, change) {
    Object.assign(one, change)
    changed()
  }

  /** @param {Upload} one @param {AbortSignal} signal */
  async function isKnown(one, signal) {
    const file = /** @type {File} */ (one.file)
    if (!globalThis.crypto?.subtle || file.size > longestHashed) return null
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()))
    const sha256 = [...digest].map(byte => byte.toString(16).padStart(2, '0')).join('')
    const { items } = await client.post('/api/v1/known', { sha256: [sha256] }, { signal })
    return items[0]?.track ?? null
  }

  /** @param {Upload} one @param {AbortSignal} signal */
  async function transfer(one, signal) {
    const file = /** @type {File} */ (one.file)
    let offset = one.url ? await offsetOf(client, one.url, signal) : null
    if (offset === null) {
      const track = await isKnown(one, signal)
      if (track) return set(one, { stage: 'known', track, offset: one.size })
      one.url = await create(client, one.name, one.size, signal)
      offset = 0
      await kept.keep({ key: one.key, name: one.name, size: one.size, modified: one.modified, url: one.url, handle: one.handle })
    }
    set(one, { stage: 'sending', offset })
    await sendRest(client, one.url, file, offset, { signal, onOffset: now => set(one, { offset: now }) })
    set(one, { stage: 'checking' })
    await settle(one, signal)
  }

  /** Asks until the server has looked at the file. @param {Upload} one @param {AbortSignal} signal */
  async function settle(one, signal) {
    for (let pause = 200; ; pause = Math.min(5000, pause * 1.6)) {
      const { state, track, problem } = await stateOf(client, one.url, signal)
      if (state === 'stored' || state === 'refused') return set(one, { stage: state, track, problem })
      await new Promise(resolve => setTimeout(resolve, pause))
      signal.throwIfAborted()
    }
  }

  /** @param {Upload} one */
  async function run(one) {
    const stop = new AbortController()
    set(one, { stop, stage: 'sending', problem: null })
    try {
      await transfer(one, stop.signal)
    } catch (error) {
      if (stop.signal.aborted) return
      let problem = failureOf(error)
      if (problem.status === 0 && !await isThere(one.file)) {
        problem = { status: 410, slug: 'file-gone', detail: '' }
        one.file = null
      }
      if (stop.signal.aborted) return
      // Fewer than `isPassing` has: a file is not sent again and again to a server that fails with it, nor without a login.
      const passing = problem.status === 0 || [408, 409, 423, 429, 502, 503, 504].includes(problem.status)
      // The file itself is refused; anything else can be tried again.
      if ([413, 415, 422, 507].includes(problem.status)) set(one, { stage: 'refused', problem })
      else if (passing) {
        set(one, { stage: 'waiting', problem })
        setTimeout(next, Math.max(again, (problem.retryAt ?? 0) - Date.now()))
        one.stop = null
        return changed()
      } else set(one, { stage: 'failed', problem })
    } finally {
      if (one.stop === stop) one.stop = null
      if (['stored', 'known', 'refused'].includes(one.stage)) kept.forget(one.key)
    }
    if (one.stage === 'stored') bus.emit('stored', one)
    changed()
    next()
  }

  /** What was refused is begun from its first byte. @param {Upload} one */
  function startOver(one) {
    if (one.stage !== 'refused') return
    if (one.url) terminate(client, one.url)
    Object.assign(one, { url: '', offset: 0 })
  }

  function next() {
    const waits = uploads.filter(one => one.stage === 'waiting' && !one.stop && one.file)
    for (const one of waits.slice(0, atOnce - running())) run(one)
  }
  globalThis.addEventListener?.('online', next)

  const desk = {
    uploads, on: bus.on,
    /**
     * Takes files; those that an unfinished upload is about go on.
     * @param {() => AsyncGenerator<import('/transfer/dropped.js').Found>} files @returns {Promise<{taken: number, left: number, unread: number}>}
     */
    async add(files) {
      const count = { taken: 0, left: 0, unread: 0 }
      for await (const { name, file, handle } of files()) {
        if (!file) {
          count.unread += 1
          continue
        }
        if (!isMusic(name)) {
          count.left += 1
          continue
        }
        count.taken += 1
        const same = uploads.find(one => one.name === name && one.size === file.size && one.modified === file.lastModified)
        if (same && ['lost', 'failed', 'refused'].includes(same.stage)) {
          startOver(same)
          set(same, { file, handle, stage: 'waiting', problem: null })
        }
        else if (!same || same.stage === 'stored') {
          uploads.push({
            key: randomID(), name, size: file.size, modified: file.lastModified, stage: 'waiting', offset: 0, url: '', file, handle,
            problem: null, track: null, stop: null,
          })
        }
        changed()
        next()
      }
      return count
    },
    /** @param {Upload} one */
    pause(one) {
      one.stop?.abort()
      set(one, { stop: null, stage: 'paused' })
      next()
    },
    /** Goes on; false if the file has to be chosen again. @param {Upload} one */
    async resume(one) {
      if (!one.file && one.handle) {
        const granted = await one.handle.requestPermission?.({ mode: 'read' }).catch(() => 'denied')
        const file = granted === 'denied' ? null : await one.handle.getFile().catch(() => null)
        if (file && file.size === one.size && file.lastModified === one.modified) one.file = file
      }
      if (!one.file) return false
      startOver(one)
      set(one, { stage: 'waiting', problem: null })
      next()
      return true
    },
    /** @param {Upload} one */
    async cancel(one) {
      one.stop?.abort()
      one.stop = null
      uploads.splice(uploads.indexOf(one), 1)
      kept.forget(one.key)
      changed()
      next()
      if (one.url && !['stored', 'known'].includes(one.stage)) await terminate(client, one.url)
    },
    /** Takes finished ones off the list. */
    tidy() {
      for (const one of uploads.filter(one => ['stored', 'known', 'refused'].includes(one.stage))) uploads.splice(uploads.indexOf(one), 1)
      changed()
    },
    /** Leaves all that is not done, as after a sign-out: what the server has of it stays until it expires. */
    forget() {
      for (const one of uploads.splice(0)) one.stop?.abort()
      changed()
    },
    /** Brings back what an earlier page left unfinished. */
    async restore() {
      for (const one of await kept.all()) {
        if (uploads.some(other => other.key === one.key)) continue
        uploads.push({ ...one, stage: 'lost', offset: 0, file: null, problem: null, track: null, stop: null })
        offsetOf(client, one.url, AbortSignal.timeout(20_000)).then(offset => {
          const found = uploads.find(other => other.key === one.key)
          if (found) set(found, { offset: offset ?? 0 })
        }, () => {})
      }
      changed()
    },
  }
  return desk
}
