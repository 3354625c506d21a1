// @ts-check
/** What a copy of a track on this device consists of, how large it is, and whether it is whole. */
/**
 * @typedef {import('/core/timeline.js').Grid} Grid
 * @typedef {{url: string, bytes: number, tag: string}} Part a file as it came, with its ETag
 */
/**
 * @typedef {{id: string, rendition: string, track: any, wanted: string[], old?: string[], parts: Part[], beside?: Part[], bytes: number,
 *   at: number}} Pin `old` are files of another rendition, which go once this one is whole;
 *   `wanted` are the addresses of a whole copy, `bytes` what its sound weighs, `beside` the covers, words and the like that came with it,
 *   `at` when it was pinned (milliseconds)
 */

/**
 * Bytes of all segments. Exact for Opus and AAC, whose chunks of a rung have one size: all segments but the last are alike. An estimate for FLAC.
 * @param {Grid} grid @param {{first: number, last: number} | null} lengths of these segments in bytes, null if they are unknown
 * @returns {{bytes: number, isExact: boolean}}
 */
export function segmentBytes(grid, lengths) {
  if (lengths && isEven(grid)) return { bytes: lengths.first * (grid.segments - 1) + lengths.last, isExact: true }
  return { bytes: Math.round(grid.samples / grid.rate * grid.bitrate * 125), isExact: false }
}

/** Whether the lengths of two segments say those of all. @param {Grid} grid */
export const isEven = ({ type }) => /opus|mp4a/.test(type)

/** Addresses that are not here yet. @param {Pin} pin */
export function missing(pin) {
  const here = new Set(pin.parts.map(part => part.url))
  return pin.wanted.filter(url => !here.has(url))
}

/** @param {Pin} pin */
export const isWhole = pin => pin.wanted.length > 0 && missing(pin).length === 0

/** Whether the file is sound: what is not is known only once it is here. @param {string} url */
const isSound = url => /^\/(hls|stream)\//.test(url) && !/\.json(\?|$)/.test(url)

/** Bytes of the sound that is here. @param {Pin} pin */
export const received = pin => pin.parts.reduce((sum, part) => sum + (isSound(part.url) ? part.bytes : 0), 0)

/** Bytes of all files of copies, each once: tracks of an album share its cover. @param {readonly Pin[]} pins */
export const weight = pins => [...new Map(pins.flatMap(pin => [...pin.parts, ...pin.beside ?? []]).map(part => [part.url, part.bytes])).values()]
  .reduce((sum, bytes) => sum + bytes, 0)

/** With a part that came. @param {Pin} pin @param {Part} part @returns {Pin} */
export const withPart = (pin, part) => ({ ...pin, parts: [...pin.parts.filter(one => one.url !== part.url), part] })

/**
 * Without the parts that are not what they were.
 * @param {Pin} pin @param {ReadonlyMap<string, {bytes: number, tag: string}>} found what is on the disk, by address @returns {Pin}
 */
export const verified = (pin, found) => ({
  ...pin, parts: pin.parts.filter(({ url, bytes, tag }) => found.get(url)?.bytes === bytes && found.get(url)?.tag === tag),
})
