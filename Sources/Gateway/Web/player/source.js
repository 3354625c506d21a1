// @ts-check
/** One Media Source on the element, and its one source buffer: what is asked of them happens one after the other. */
import { edgeAt } from '/core/pump.js'

/** @typedef {ReturnType<typeof openSource>} Source */
/**
 * @typedef {{type: string, key: string, init: Uint8Array, bytes: Uint8Array, more?: () => Promise<Uint8Array | null>, offset: number,
 *   from: number, to: number}} Part
 *   `key` names the init section: another key, another init; `more` gives what of the segment comes behind `bytes`, null at its end;
 *   the rest in seconds as in core/timeline.js
 */

/** The browser's Media Source; Safari's managed one on an iPhone. */
export const sourceClass = () => /** @type {any} */ (globalThis).MediaSource ?? /** @type {any} */ (globalThis).ManagedMediaSource

/** The ladders whose segments the browser plays. */
export function playableLadders(Class = sourceClass()) {
  const types = { opus: 'audio/mp4; codecs="opus"', aac: 'audio/mp4; codecs="mp4a.40.2"', flac: 'audio/mp4; codecs="fLaC"' }
  return Class ? Object.entries(types).flatMap(([ladder, type]) => Class.isTypeSupported(type) ? [ladder] : []) : []
}

/**
 * @param {HTMLMediaElement} audio
 * @param {{onChange: () => void, Class?: any, urls?: Pick<typeof URL, 'createObjectURL' | 'revokeObjectURL'>}} how `onChange` is
 *   called after each change to what the source has or takes
 */
export function openSource(audio, { onChange, Class = sourceClass(), urls = URL }) {
  const source = new Class()
  const isManaged = 'streaming' in source
  // A managed source does not open where the sound could go to another device.
  if (isManaged) audio.disableRemotePlayback = true
  const url = urls.createObjectURL(source)
  /** @type {any} */
  let buffer = null
  let type = ''
  let key = ''
  let isClosed = false
  /** Rejects once the source is closed, whatever an operation waits for. @type {(error: Error) => void} */
  let leave = () => {}
  const left = new Promise((_, reject) => { leave = reject })
  left.catch(() => {})
  /** @type {Promise<any>} */
  let tail = new Promise(resolve => source.addEventListener('sourceopen', () => {
    urls.revokeObjectURL(url)
    resolve(undefined)
    onChange()
  }, { once: true }))
  if (isManaged) for (const name of ['startstreaming', 'endstreaming']) source.addEventListener(name, onChange)
  audio.src = url

  /** @template T @param {() => Promise<T> | T} work @returns {Promise<T>} */
  function then(work) {
    const result = Promise.race([left, tail.then(work)])
    tail = result.catch(() => {})
    return result
  }

  /** Runs an operation of the source buffer to its end. @param {() => void} start @returns {Promise<void>} */
  function settled(start) {
    return new Promise((resolve, reject) => {
      const done = (/** @type {Event} */ event) => {
        for (const name of ['updateend', 'error', 'abort']) buffer.removeEventListener(name, done)
        if (event.type === 'updateend') resolve()
        else reject(new DOMException('the browser refused the segment', event.type === 'abort' ? 'AbortError' : 'EncodingError'))
      }
      for (const name of ['updateend', 'error', 'abort']) buffer.addEventListener(name, done)
      try {
        start()
      } catch (error) {
        for (const name of ['updateend', 'error', 'abort']) buffer.removeEventListener(name, done)
        reject(error)
      }
    })
  }

  /** An ended source takes no duration; it opens again with the next segment, which brings its own. @param {number} seconds */
  function lengthen(seconds) {
    if (source.readyState === 'open' && !(source.duration >= seconds)) source.duration = seconds
  }

  /** @param {Part} part */
  async function append(part) {
    if (!buffer) {
      buffer = source.addSourceBuffer(part.type)
      type = part.type
      buffer.addEventListener('bufferedchange', onChange)
    } else if (part.type !== type) {
      buffer.changeType(part.type)
      type = part.type
    }
    if (part.key !== key) {
      key = ''
      await settled(() => buffer.appendBuffer(part.init))
      key = part.key
    }
    lengthen(part.to)
    buffer.timestampOffset = part.offset
    // The window may never be empty, not even between two assignments.
    buffer.appendWindowStart = 0
    buffer.appendWindowEnd = part.to
    buffer.appendWindowStart = part.from
    try {
      for (let bytes = /** @type {Uint8Array | null} */ (part.bytes); bytes; bytes = await part.more?.() ?? null) {
        const now = bytes
        await settled(() => buffer.appendBuffer(now))
      }
    } catch (error) {
      // The parser waits for the rest of the segment, and takes another one only after this.
      if (part.more && !isClosed && source.readyState === 'open') buffer.abort()
      throw error
    }
  }

  return {
    /** @param {Part} part */
    append: (/** @type {Part} */ part) => then(() => append(part)),
    /** @param {number} from @param {number} to seconds */
    remove: (from, to) => then(() => buffer && to > from ? settled(() => buffer.remove(from, to)) : undefined),
    /** Makes the source as long as the tracks that are known, so that all of it can be seeked. @param {number} seconds */
    extend: (/** @type {number} */ seconds) => then(() => lengthen(seconds)),
    end: () => then(() => { if (source.readyState === 'open' && !buffer?.updating) source.endOfStream() }),
    /** @returns {[number, number][]} */
    get ranges() {
      if (!buffer || isClosed || source.readyState === 'closed') return []
      return Array.from({ length: buffer.buffered.length }, (_, i) => [buffer.buffered.start(i), buffer.buffered.end(i)])
    },
    get isOpen() { return !isClosed && source.readyState !== 'closed' && (!isManaged || source.streaming) },
    get isEnded() { return source.readyState === 'ended' },
    /** How far sound reaches from `time` on. @param {number} time */
    edge(time) { return edgeAt(this.ranges, time) ?? time },
    close() {
      isClosed = true
      // One that was left before it opened.
      urls.revokeObjectURL(url)
      leave(new DOMException('another run has begun', 'AbortError'))
    },
  }
}
