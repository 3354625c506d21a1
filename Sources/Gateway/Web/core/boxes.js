// @ts-check
/** Boxes of MP4 (ISO 14496-12), as much as a player checks and changes. Every read is bounded: bad bytes throw a RangeError. */

/** @typedef {{type: string, from: number, to: number}} Box `from` is the first byte of its content, `to` the byte behind it */

const containers = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl', 'mvex', 'moof', 'traf', 'edts'])
/** Deeper than any file nests. */
const deepest = 12

/** @param {string} message @returns {never} */
function refuse(message) { throw new RangeError(message) }

/** @param {Uint8Array} bytes */
const viewOf = bytes => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** @param {DataView} view @param {number} at */
const name = (view, at) => String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3))

/** The boxes between two places, one after the other. @param {DataView} view @param {number} from @param {number} to @returns {Box[]} */
function boxes(view, from, to) {
  const found = []
  for (let at = from; at < to;) {
    if (to - at < 8) refuse('bytes behind the last box')
    let size = view.getUint32(at)
    let head = 8
    if (size === 1) {
      if (to - at < 16) refuse('a box without its length')
      head = 16
      size = view.getUint32(at + 8) * 2 ** 32 + view.getUint32(at + 12)
    } else if (size === 0) size = to - at
    if (size < head || size > to - at) refuse('a box that does not fit')
    found.push({ type: name(view, at + 4), from: at + head, to: at + size })
    at += size
  }
  return found
}

/** The first box at `path` below a range. @param {DataView} view @param {Box} parent @param {string[]} path @returns {Box | null} */
function find(view, parent, path, depth = 0) {
  if (depth > deepest) refuse('boxes too deep')
  for (const box of boxes(view, parent.from, parent.to)) {
    if (box.type !== path[0]) continue
    if (path.length === 1) return box
    return containers.has(box.type) ? find(view, box, path.slice(1), depth + 1) : null
  }
  return null
}

/** @param {DataView} view @param {string[]} path @returns {Box} */
function need(view, path) {
  return find(view, { type: '', from: 0, to: view.byteLength }, path) ?? refuse(`no ${path.at(-1)}`)
}

/** @param {Box} box @param {number} bytes */
function hold(box, bytes) { if (box.to - box.from < bytes) refuse(`${box.type} is too short`) }

/** The sample entry and where its own boxes begin. @param {DataView} view @returns {Box} */
function sampleEntry(view) {
  const table = need(view, ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd'])
  hold(table, 8)
  const entry = boxes(view, table.from + 8, table.to)[0] ?? refuse('no sample entry')
  hold(entry, 28)
  return entry
}

/** @param {DataView} view @param {Box} entry @returns {Box | null} `dOps` of an Opus entry */
function opusSetup(view, entry) {
  if (entry.type !== 'Opus') return null
  const setup = boxes(view, entry.from + 28, entry.to).find(box => box.type === 'dOps') ?? refuse('no dOps')
  hold(setup, 11)
  return setup
}

/**
 * What an init section says.
 * @param {Uint8Array} bytes
 * @returns {{codec: string, channels: number, timescale: number, isEdited: boolean, preSkip: number | null, outputGain: number | null}}
 *   `codec` is the sample entry's type; `isEdited` says that there is an edit list; the last two are Opus's only, gain in 1/256 dB
 */
export function readInit(bytes) {
  const view = viewOf(bytes)
  const header = need(view, ['moov', 'trak', 'mdia', 'mdhd'])
  hold(header, 20)
  const isLong = view.getUint8(header.from) === 1
  if (isLong) hold(header, 32)
  const entry = sampleEntry(view)
  const opus = opusSetup(view, entry)
  return {
    codec: entry.type,
    channels: view.getUint16(entry.from + 16),
    timescale: view.getUint32(header.from + (isLong ? 20 : 12)),
    isEdited: find(view, { type: '', from: 0, to: view.byteLength }, ['moov', 'trak', 'edts']) !== null,
    preSkip: opus && view.getUint16(opus.from + 2),
    outputGain: opus && view.getInt16(opus.from + 8),
  }
}

/**
 * A copy of an init section with another OutputGain (RFC 7845 §5.1); the same bytes if its codec is not Opus.
 * @param {Uint8Array} bytes @param {number} gain steps of 1/256 dB @returns {Uint8Array}
 */
export function withOutputGain(bytes, gain) {
  if (!Number.isInteger(gain) || gain < -0x8000 || gain > 0x7FFF) refuse('no gain of 16 bits')
  const setup = opusSetup(viewOf(bytes), sampleEntry(viewOf(bytes)))
  if (!setup) return bytes
  const copy = bytes.slice()
  viewOf(copy).setInt16(setup.from + 8, gain)
  return copy
}

/**
 * What a media segment says: media time of its first sample, and how many samples (frames) its fragments have.
 * @param {Uint8Array} bytes a segment, whole @returns {{time: number, frames: number}}
 */
export function readSegment(bytes) {
  const view = viewOf(bytes)
  const all = boxes(view, 0, view.byteLength)
  if (all.at(-1)?.type !== 'mdat' && all.at(-1)?.type !== 'free') refuse('no mdat')
  const fragments = all.filter(box => box.type === 'moof').map(box => fragment(viewOf(bytes.subarray(box.from - 8, box.to))))
  if (fragments.length === 0 || fragments.length !== all.filter(box => box.type === 'mdat').length) refuse('not every fragment is whole')
  return { time: fragments[0].time, frames: fragments.reduce((sum, one) => sum + one.frames, 0) }
}

/**
 * The same of the first fragment of a segment whose samples are still on their way.
 * @param {Uint8Array} bytes its beginning @returns {{time: number, frames: number} | null} null if what describes the samples is too
 */
export function readBeginning(bytes) {
  const view = viewOf(bytes)
  for (let at = 0; at + 8 <= view.byteLength;) {
    if (name(view, at + 4) === 'mdat') return fragment(viewOf(bytes.subarray(0, at)))
    const size = view.getUint32(at)
    if (size < 8) refuse('a box that does not fit')
    at += size
  }
  return null
}

/** @param {DataView} view */
function fragment(view) {
  const start = need(view, ['moof', 'traf', 'tfdt'])
  hold(start, 8)
  const isLong = view.getUint8(start.from) === 1
  if (isLong) hold(start, 12)
  const high = isLong ? view.getUint32(start.from + 4) : 0
  const run = need(view, ['moof', 'traf', 'trun'])
  hold(run, 8)
  return { time: high * 2 ** 32 + view.getUint32(start.from + (isLong ? 8 : 4)), frames: view.getUint32(run.from + 4) }
}
