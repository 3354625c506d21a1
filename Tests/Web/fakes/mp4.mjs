// Init sections and segments as Sources/Packaging makes them for `?gapless`, with payloads that say what they are.

const be = (bytes, n) => Array.from({ length: bytes }, (_, i) => Math.floor(n / 256 ** (bytes - 1 - i)) % 256)
const ascii = text => [...text].map(letter => letter.charCodeAt(0))
export const box = (type, ...content) => {
  const flat = content.flat(3)
  return [...be(4, flat.length + 8), ...ascii(type), ...flat]
}
const full = (type, version, flags, ...content) => box(type, version, be(3, flags), ...content)

const entries = {
  opus: gain => box('Opus', be(6, 0), be(2, 1), be(8, 0), be(2, 2), be(2, 16), be(4, 0), be(4, 48000 * 65536),
    box('dOps', 0, 2, be(2, 0), be(4, 48000), be(2, gain < 0 ? gain + 65536 : gain), 0)),
  aac: () => box('mp4a', be(6, 0), be(2, 1), be(8, 0), be(2, 2), be(2, 16), be(4, 0), be(4, 0), full('esds', 0, 0, be(27, 0))),
  flac: () => box('fLaC', be(6, 0), be(2, 1), be(8, 0), be(2, 2), be(2, 16), be(4, 0), be(4, 0), full('dfLa', 0, 0, be(38, 0))),
}

/** @param {{ladder?: string, rate?: number, gain?: number, edits?: boolean, preSkip?: number, isLong?: boolean}} how */
export function initSection({ ladder = 'opus', rate = 48000, gain = 0, edits = false, preSkip = 0, isLong = false } = {}) {
  const entry = entries[ladder](gain)
  if (preSkip) {
    const at = entry.findIndex((_, i) => String.fromCharCode(...entry.slice(i, i + 4)) === 'dOps') + 6
    entry.splice(at, 2, ...be(2, preSkip))
  }
  const header = isLong ? full('mdhd', 1, 0, be(16, 0), be(4, rate), be(8, 0), be(4, 0)) : full('mdhd', 0, 0, be(8, 0), be(4, rate), be(4, 0), be(4, 0))
  return Uint8Array.from([
    ...box('ftyp', ascii('iso6'), be(4, 0)),
    ...box('moov', full('mvhd', 0, 0, be(96, 0)),
      box('trak', full('tkhd', 0, 7, be(80, 0)), edits ? box('edts', full('elst', 1, 0, be(24, 0))) : box('free', be(28, 0)),
        box('mdia', header, full('hdlr', 0, 0, be(21, 0)), box('minf', full('smhd', 0, 0, be(4, 0)), box('stbl', full('stsd', 0, 0, be(4, 1), entry), full('stts', 0, 0, be(4, 0)))))),
      box('mvex', full('trex', 0, 0, be(20, 0)))),
  ])
}

/** Segment k of a grid; its payload is the text `name`, padded to `size`. */
export function segment(grid, k, name = '', size = 64) {
  const first = k * grid.framesPerSegment
  const count = Math.min(grid.frames, first + grid.framesPerSegment) - first
  const payload = new TextEncoder().encode(name.padEnd(size, ' '))
  const head = [
    ...box('styp', ascii('msdh'), be(4, 0)),
    ...box('moof', full('mfhd', 0, 0, be(4, k + 1)), box('traf', full('tfhd', 0, 0x20000, be(4, 1)), full('tfdt', 1, 0, be(8, first * grid.samplesPerFrame)), full('trun', 0, 1, be(4, count), be(4, 0)))),
    ...be(4, payload.length + 8), ...ascii('mdat'),
  ]
  const bytes = new Uint8Array(head.length + payload.length)
  bytes.set(head)
  bytes.set(payload, head.length)
  return bytes
}

/** A description as the server makes it. */
export function gridOf(rendition, samples, sourceRate = 48000) {
  const [ladder, kbit] = rendition.split('-')
  const rate = ladder === 'opus' ? 48000 : sourceRate
  const [samplesPerFrame, priming] = { opus: [960, 312], aac: [1024, 1024], flac: [4608, 0] }[ladder]
  const framesPerSegment = ladder === 'opus' ? 300 : ladder === 'aac' ? { 44100: 252, 48000: 270 }[rate] : { 44100: 56, 48000: 60 }[rate]
  const own = Math.ceil(samples * rate / sourceRate)
  const frames = Math.ceil((own + priming) / samplesPerFrame)
  return {
    type: `audio/mp4; codecs="${{ opus: 'opus', aac: 'mp4a.40.2', flac: 'fLaC' }[ladder]}"`, rate, samples: own, priming, samplesPerFrame, frames,
    framesPerSegment, segments: Math.ceil(frames / framesPerSegment), bitrate: Number(kbit ?? 900), version: `${rendition}-v`.slice(0, 8).padEnd(8, '0'),
  }
}
