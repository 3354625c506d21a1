// A model of an element with a Media Source: what is appended lies on the clock frame by frame, cut by the append window. It plays
// nothing; the clock is moved by the test.
import { readInit, readSegment } from '/core/boxes.js'

const soon = fn => queueMicrotask(fn)

/** @typedef {{from: number, to: number, track: string, rendition: string, sample: number, rate: number, init: number, size: number}} Frame */

class Ranges {
  constructor(list) { this.list = list }
  get length() { return this.list.length }
  start(i) { return this.list[i][0] }
  end(i) { return this.list[i][1] }
}

export class FakeSourceBuffer extends EventTarget {
  constructor(source, type) {
    super()
    Object.assign(this, { source, type, updating: false, offset: 0, part: null, frames: [], log: [], init: null, inits: 0, overwritten: 0, capacity: Infinity })
    this.window = { start: 0, end: Infinity }
  }
  get timestampOffset() { return this.offset }
  set timestampOffset(value) {
    if (this.updating || this.part) throw new DOMException('in a segment', 'InvalidStateError')
    this.offset = value
  }
  get appendWindowStart() { return this.window.start }
  set appendWindowStart(value) {
    if (!(value >= 0) || value >= this.window.end) throw new TypeError('appendWindowStart')
    this.window.start = value
  }
  get appendWindowEnd() { return this.window.end }
  set appendWindowEnd(value) {
    if (!(value > this.window.start)) throw new TypeError('appendWindowEnd')
    this.window.end = value
  }
  get buffered() {
    const ranges = []
    for (const { from, to } of this.frames) {
      const last = ranges.at(-1)
      if (last && from <= last[1] + 1.1e-6) last[1] = Math.max(last[1], to)
      else ranges.push([from, to])
    }
    // Browsers report microseconds.
    return new Ranges(ranges.map(([from, to]) => [Math.round(from * 1e6) / 1e6, Math.round(to * 1e6) / 1e6]))
  }
  get bytes() { return this.frames.reduce((sum, frame) => sum + frame.size, 0) }

  changeType(type) {
    this.#free()
    this.type = type
    this.init = null
    this.log.push(`type ${type}`)
  }
  #free() {
    if (this.updating) throw new DOMException('updating', 'InvalidStateError')
    if (this.source.audio.source !== this.source) throw new DOMException('removed', 'InvalidStateError')
  }
  #update(work) {
    this.#free()
    this.updating = true
    soon(() => {
      let failed = false
      try {
        work()
      } catch (error) {
        failed = true
        this.source.fail(error)
      }
      this.updating = false
      if (failed) this.dispatchEvent(new Event('error'))
      this.dispatchEvent(new Event('updateend'))
    })
  }
  appendBuffer(bytes) {
    this.#free()
    if (this.bytes + bytes.length > this.capacity) throw new DOMException('full', 'QuotaExceededError')
    if (this.source.readyState === 'ended') this.source.readyState = 'open'
    this.#update(() => {
      // A segment may come in parts, and lies on the clock once all of it is there.
      const rest = this.part ?? new Uint8Array()
      const whole = new Uint8Array([...rest, ...bytes])
      const isSegment = rest.length > 0 || String.fromCharCode(...bytes.subarray(4, 8)) === 'styp'
      if (isSegment && lengthOfSegment(whole) > whole.length) {
        this.part = whole
        return
      }
      this.part = null
      bytes = whole
      const text = String.fromCharCode(...bytes.subarray(4, 8))
      if (text === 'ftyp') this.#setUp(bytes)
      else this.#append(bytes)
    })
  }
  #setUp(bytes) {
    const init = readInit(bytes)
    const wanted = { Opus: 'opus', mp4a: 'mp4a.40.2', fLaC: 'fLaC' }[init.codec]
    if (!this.type.includes(`"${wanted}"`)) throw new Error('an init section of another codec')
    this.inits += 1
    this.init = { ...init, number: this.inits }
    this.log.push(`init ${init.codec} ${init.outputGain}`)
    this.source.audio.haveMetadata()
  }
  #append(bytes) {
    if (!this.init) throw new Error('no init section')
    const { time, frames } = readSegment(bytes)
    const payload = JSON.parse(new TextDecoder().decode(bytes.subarray(bytes.length - 160)).replace(/^.*?mdat/s, '').trim())
    const { spf, rate, track, rendition, priming } = payload
    this.log.push(`segment ${track} ${rendition} ${payload.k}`)
    if (FakeMediaSource.refuses(payload)) throw new Error('not decoded')
    const size = bytes.length / frames
    const { start, end } = this.window
    const fresh = []
    for (let f = 0; f < frames; f++) {
      const from = this.timestampOffset + (time + f * spf) / rate
      const to = from + spf / rate
      if (to <= start || from >= end) continue
      fresh.push({
        from: Math.max(from, start), to: Math.min(to, end), track, rendition, rate, size, init: this.init.number,
        sample: time + f * spf - priming + Math.max(0, start - from) * rate,
      })
    }
    if (fresh.length === 0) return
    const kept = cutOut(this.frames, fresh[0].from, fresh.at(-1).to)
    this.overwritten += lengthOf(this.frames) - lengthOf(kept)
    this.frames = [...kept, ...fresh].sort((a, b) => a.from - b.from)
    this.source.duration = Math.max(this.source.duration || 0, fresh.at(-1).to)
    this.source.audio.haveData()
  }
  remove(from, to) {
    if (!(from >= 0) || to <= from || from > (this.source.duration || 0)) throw new TypeError('remove')
    if (this.source.readyState === 'ended') this.source.readyState = 'open'
    this.#update(() => {
      // Only whole frames go, by where they begin.
      this.frames = this.frames.filter(frame => frame.from < from || frame.from >= to)
      this.log.push(`remove ${from.toFixed(2)} ${to.toFixed(2)}`)
    })
  }
  abort() {
    this.part = null
    this.window = { start: 0, end: Infinity }
  }
}

/** Bytes of the boxes that a segment is: all before its samples, and those. */
function lengthOfSegment(bytes) {
  const view = new DataView(bytes.buffer)
  let at = 0
  let type = ''
  while (type !== 'mdat' && at + 8 <= bytes.length) {
    type = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
    at += view.getUint32(at)
  }
  return type === 'mdat' ? at : Infinity
}

const lengthOf = frames => frames.reduce((sum, frame) => sum + frame.to - frame.from, 0)

/** Frames without what lies in a range: overlapped ones are shortened. */
function cutOut(frames, from, to) {
  return frames.flatMap(frame => {
    if (frame.to <= from + 1e-7 || frame.from >= to - 1e-7) return [frame]
    return frame.from < from - 1e-7 ? [{ ...frame, to: from }] : frame.to > to + 1e-7 ? [{ ...frame, sample: frame.sample + (to - frame.from) * frame.rate, from: to }] : []
  })
}

export class FakeMediaSource extends EventTarget {
  static isTypeSupported(type) { return /opus|mp4a|fLaC/.test(type) }
  constructor() {
    super()
    Object.assign(this, { readyState: 'closed', length: NaN, buffers: [], audio: null })
    FakeMediaSource.made.push(this)
  }
  static made = []
  /** Which segments cannot be decoded. @type {(payload: any) => boolean} */
  static refuses = () => false
  get duration() { return this.length }
  set duration(value) {
    if (this.readyState !== 'open') throw new DOMException('not open', 'InvalidStateError')
    if (this.buffers.some(buffer => buffer.updating) && value !== this.length && !(value > (this.length || 0))) throw new DOMException('updating', 'InvalidStateError')
    this.length = value
  }
  addSourceBuffer(type) {
    const buffer = new FakeSourceBuffer(this, type)
    buffer.capacity = this.audio.capacity
    this.buffers.push(buffer)
    return buffer
  }
  endOfStream() {
    if (this.readyState !== 'open') throw new DOMException('not open', 'InvalidStateError')
    this.readyState = 'ended'
    this.length = Math.max(0, ...this.buffers.flatMap(buffer => buffer.frames.map(frame => frame.to)))
    this.audio.haveData()
  }
  fail(error) {
    this.readyState = 'ended'
    this.audio.error = { code: 3, message: String(error) }
    this.audio.dispatchEvent(new Event('error'))
  }
}

export class FakeAudio extends EventTarget {
  constructor({ capacity = Infinity } = {}) {
    super()
    Object.assign(this, { paused: true, ended: false, seeking: false, readyState: 0, volume: 1, muted: false, playbackRate: 1, error: null, source: null, capacity, wasWaiting: true, now: 0, plays: 0 })
    this.urls = { createObjectURL: source => { this.next = source; return 'blob:fake' }, revokeObjectURL() {} }
  }
  get currentTime() { return this.now }
  set currentTime(value) {
    this.now = this.source?.readyState === 'closed' ? value : Math.min(value, this.source?.duration || value)
    if (this.readyState === 0) return
    this.seeking = true
    this.ended = false
    this.readyState = 1
    soon(() => {
      this.dispatchEvent(new Event('seeking'))
      this.haveData()
    })
  }
  set src(value) {
    if (this.source) this.source.readyState = 'closed'
    this.source = this.next
    this.source.audio = this
    Object.assign(this, { now: 0, readyState: 0, ended: false, seeking: false, error: null, wasWaiting: true, value })
    const source = this.source
    soon(() => {
      source.readyState = 'open'
      source.dispatchEvent(new Event('sourceopen'))
    })
  }
  getAttribute() { return this.value ?? null }
  removeAttribute() { this.source = null }
  load() {}
  canPlayType() { return 'maybe' }
  play() {
    this.plays += 1
    if (this.paused) {
      this.paused = false
      this.wasWaiting = true
      soon(() => this.dispatchEvent(new Event('play')))
    }
    soon(() => this.haveData())
    return Promise.resolve()
  }
  pause() {
    if (this.paused) return
    this.paused = true
    soon(() => this.dispatchEvent(new Event('pause')))
  }
  get frames() { return this.source?.buffers[0]?.frames ?? [] }
  get edge() {
    let edge = this.now
    for (const { from, to } of this.frames) if (from <= edge + 1e-5 && to > edge) edge = to
    return edge
  }
  haveMetadata() { if (this.readyState === 0) this.readyState = 1 }
  haveData() {
    if (this.readyState === 0) return
    const isThere = this.edge > this.now + 1e-4 || (this.source?.readyState === 'ended' && this.now >= this.source.duration - 1e-4)
    if (!isThere) return
    this.readyState = 4
    if (this.seeking) {
      this.seeking = false
      this.dispatchEvent(new Event('seeked'))
    }
    if (this.wasWaiting && !this.paused) {
      this.wasWaiting = false
      this.dispatchEvent(new Event('playing'))
    }
  }
  /** The clock goes on as far as there is sound. What it passes is heard. */
  advance(seconds, heard = []) {
    if (this.paused || this.ended || this.seeking) return
    const goal = Math.min(this.now + seconds * this.playbackRate, this.edge)
    for (const frame of this.frames) if (frame.to > this.now + 1e-6 && frame.from < goal - 1e-6) if (heard.at(-1) !== frame) heard.push(frame)
    this.now = goal
    this.dispatchEvent(new Event('timeupdate'))
    if (this.edge > this.now + 1e-4) return
    if (this.source?.readyState === 'ended' && this.now >= this.source.duration - 1e-4) {
      this.ended = true
      this.paused = true
      this.dispatchEvent(new Event('pause'))
      this.dispatchEvent(new Event('ended'))
    } else if (!this.wasWaiting) {
      this.wasWaiting = true
      this.readyState = 2
      this.dispatchEvent(new Event('waiting'))
    }
  }
}
