// @ts-check
/** The files of a copy, by their addresses, and what they weigh. */
import { isEven, isWhole, received, segmentBytes } from '/core/pins.js'
import { readGrid } from '/core/timeline.js'
import { addresses } from '/player/pieces.js'

/** @typedef {import('/player/offline.js').Track} Track */

/** Of the widths that elements/covers.js asks for: of rows, of cards, and of what plays. The worker gives the nearest in place of others. */
const covers = [96, 320, 640]

/** @param {Track} track addresses beside the sound, which a track may be without */
export const beside = track => [
  `/api/v1/tracks/${track.id}/lyrics`, `/api/v1/tracks/${track.id}/waveform`,
  ...(track.albumId ? [addresses.album(track.albumId)] : []),
  ...(track.art ? covers.map(size => `${track.art}${track.art?.includes('?') ? '&' : '?'}size=${size}`) : []),
]

/** Tracks whose sizes are asked for at once. */
const atOnce = 4

/** @param {import('/player/copies.js').Copies} copies @param {boolean} areWhole whether the sound of a track is one file: without Media Source */
export function createWanted(copies, areWhole) {
  /** @param {string} id @param {string} rendition @param {AbortSignal} [signal] */
  async function plan(id, rendition, signal) {
    if (areWhole) return { grid: null, documents: [addresses.track(id)], sound: [addresses.stream(id, rendition)] }
    const grid = readGrid(await (await copies.ask(addresses.grid(id, rendition), { signal })).json())
    const segments = Array.from({ length: grid.segments }, (_, k) => addresses.segment(id, rendition, grid, k))
    return { grid, documents: [addresses.track(id), addresses.grid(id, rendition)], sound: [addresses.init(id, rendition, grid), ...segments] }
  }

  /** @param {Awaited<ReturnType<typeof plan>>} plan @param {AbortSignal} [signal] @returns {Promise<{bytes: number, isExact: boolean}>} */
  async function weight({ grid, sound }, signal) {
    const lengthOf = async (/** @type {string} */ url) => Number((await copies.ask(url, { method: 'HEAD', signal })).headers.get('Content-Length'))
    const ends = grid && isEven(grid) ? [sound[1], sound[sound.length - 1]] : []
    const start = await lengthOf(sound[0])
    const [first, last] = await Promise.all(ends.map(lengthOf))
    const rest = grid ? segmentBytes(grid, first > 0 && last > 0 ? { first, last } : null) : { bytes: 0, isExact: true }
    return { bytes: start + rest.bytes, isExact: rest.isExact && start > 0 }
  }

  /**
   * Bytes of the sound of tracks, before it is loaded; of a copy that is here whole they are known.
   * @param {Track[]} tracks @param {string} rendition @param {(id: string) => import('/core/pins.js').Pin | undefined} pinOf
   * @param {AbortSignal} [signal]
   */
  async function size(tracks, rendition, pinOf, signal) {
    let bytes = 0
    let isExact = true
    const left = [...tracks]
    async function some() {
      for (let track = left.shift(); track; track = left.shift()) {
        const pin = pinOf(track.id)
        const isKnown = pin && isWhole(pin) && pin.rendition === rendition
        const one = isKnown ? { bytes: received(pin), isExact: true } : await weight(await plan(track.id, rendition, signal), signal)
        bytes += one.bytes
        isExact &&= one.isExact
      }
    }
    await Promise.all(Array.from({ length: atOnce }, some))
    return { bytes, isExact }
  }
  return { plan, weight, size }
}
