/** The player's own engine on a page without a player, and all that it lets be heard. */
import { createEngine } from '/player/engine.js'
import { createFetcher } from '/player/fetcher.js'

/** A Media Source that is said to play one codec only. */
const only = codec => class extends MediaSource {
  static isTypeSupported(type) { return type.includes(codec) && MediaSource.isTypeSupported(type) }
}

const probe = {
  events: [],
  /** `caps`: kbit/s that are allowed for each segment of a track, one after the other. */
  async open({ codec, rate, policy, caps = null }) {
    const audio = new Audio()
    audio.preload = 'auto'
    const context = new AudioContext({ sampleRate: rate, latencyHint: 'playback' })
    await context.audioWorklet.addModule('/probe/capture.js')
    const worklet = new AudioWorkletNode(context, 'capture', { channelCount: 2, channelCountMode: 'explicit' })
    const blocks = []
    worklet.port.onmessage = ({ data }) => blocks.push(data)
    context.createMediaElementSource(audio).connect(worklet).connect(context.destination)
    await context.resume()
    const inner = createFetcher()
    const fetcher = caps === null ? inner : Object.create(inner, {
      throughput: { get: () => 100_000 },
      bytes: {
        async value(url, how) {
          const answer = await inner.bytes(url, how)
          const segment = /\/(\d+)\.m4s/.exec(url)
          if (segment) engine.setPolicy({ cap: caps[(Number(segment[1]) + 1) % caps.length] })
          return answer
        },
      },
    })
    const engine = createEngine({ audio, fetcher, policy, ...(codec ? { Class: only(codec) } : {}) })
    Object.assign(probe, { audio, context, worklet, blocks, engine, events: [], queue: [] })
    const ahead = () => audio.buffered.length ? audio.buffered.end(audio.buffered.length - 1) - audio.currentTime : 0
    const frames = () => blocks.length * 128 * 64
    for (const type of ['track', 'state', 'rung', 'error', 'ended', 'heard']) {
      engine.on(type, detail => probe.events.push({ type, frame: frames(), time: audio.currentTime, ...detail }))
    }
    for (const type of ['waiting', 'stalled', 'seeked', 'error']) {
      audio.addEventListener(type, () => probe.events.push({ type: `element ${type}`, frame: frames(), time: audio.currentTime, ahead: ahead() }))
    }
    engine.on('want', ({ after }) => {
      const next = probe.queue[probe.queue.findIndex(track => track.id === after) + 1] ?? null
      engine.follow(next, { key: next?.id, after })
    })
  },
  start(queue, place = 0, at = 0) {
    probe.queue = queue
    probe.engine.start(queue[place], { at })
  },
  /** Resolves when the element's clock is there. */
  until(time) {
    return new Promise(resolve => {
      const look = () => {
        if (probe.audio.currentTime < time && !probe.audio.ended) return
        probe.audio.removeEventListener('timeupdate', look)
        probe.audio.removeEventListener('ended', look)
        resolve(undefined)
      }
      probe.audio.addEventListener('timeupdate', look)
      probe.audio.addEventListener('ended', look)
      look()
    })
  },
  pass: ms => new Promise(resolve => { setTimeout(resolve, ms) }),
  /** Seeks in the audible track, and plays a while. Returns where the element says it is. */
  async seek(to, ms) {
    probe.audio.pause()
    await probe.pass(400)
    probe.engine.seek(to)
    if (probe.audio.seeking) await new Promise(resolve => probe.audio.addEventListener('seeked', resolve, { once: true }))
    await probe.pass(200)
    const at = probe.audio.currentTime
    probe.engine.play()
    await probe.pass(ms)
    return at
  },
  /** Ends, and sends what was caught. */
  async close() {
    probe.audio.pause()
    await probe.pass(500)
    const whole = new Float32Array(probe.blocks.length * 128 * 64)
    probe.blocks.forEach((block, i) => whole.set(block, i * 128 * 64))
    probe.engine.stop()
    await probe.context.close()
    await fetch('/probe/caught', { method: 'POST', body: whole })
    return { events: probe.events, rate: probe.context.sampleRate }
  },
}
window.probe = probe
