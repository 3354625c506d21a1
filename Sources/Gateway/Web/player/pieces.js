// @ts-check
/** Parts of tracks as the source buffer takes them: descriptions, init sections and segments, checked before they are used. */
import { Problem } from '/api/client.js'
import { readBeginning, readInit, readSegment } from '/core/boxes.js'
import { rungsOf } from '/core/ladder.js'
import { readGrid } from '/core/timeline.js'
import { createFeed, joined } from '/player/feed.js'

/** @typedef {import('/core/timeline.js').Grid} Grid @typedef {import('/core/levels.js').Loudness} Loudness */
/** @typedef {{rungs: import('/core/ladder.js').Rung[], loudness: Loudness | null, duration: number, albumId: string | null,
 *   album?: Loudness | null, versions: Record<string, string>}} Details `album` once it was asked for; `versions` of the renditions, as
 *   `gapless.json` has them */
/** @typedef {ReturnType<typeof createPieces>} Pieces @typedef {import('/player/fetcher.js').Fetcher} Fetcher */

const fields = 'id,renditions,loudness,channels,bitrate,duration,albumId'
const mostKnown = 200
const mostEarly = 3
/** Milliseconds for which the first sound waits for the loudness of its album. */
const levelPatience = 3000

export const addresses = {
  /** @param {string} id */
  track: id => `/api/v1/tracks/${id}?fields=${fields}`,
  /** @param {string} id */
  album: id => `/api/v1/albums/${id}`,
  /** @param {string} id @param {string} rendition */
  grid: (id, rendition) => `/hls/${id}/${rendition}/gapless.json`,
  /** @param {string} id @param {string} rendition */
  stream: (id, rendition) => `/stream/${id}/${rendition}`,
  /** @param {string} id @param {string} rendition @param {Pick<Grid, 'version'>} grid */
  init: (id, rendition, grid) => `/hls/${id}/${rendition}/init.mp4?gapless&v=${grid.version}`,
  /** @param {string} id @param {string} rendition @param {Pick<Grid, 'version'>} grid @param {number} k */
  segment: (id, rendition, grid, k) => `/hls/${id}/${rendition}/${k}.m4s?gapless&v=${grid.version}`,
}

/** @template T @param {() => T} read @returns {T} what was read; a problem with the slug `unreadable` if it cannot be */
function checked(read) {
  try {
    return read()
  } catch {
    throw new Problem(0, 'unreadable', 'the answer of the server cannot be read')
  }
}

/** @param {Uint8Array} bytes */
function checkInit(bytes) {
  const init = readInit(bytes)
  if (init.isEdited || (init.preSkip ?? 0) > 0) throw new RangeError('an init section with an edit list')
}

/**
 * @param {{time: number, frames: number}} found @param {Grid} grid @param {number} k
 * @param {boolean} [isBeginning] whether it is the first fragment alone, which may have fewer frames
 */
function checkSegment({ time, frames }, grid, k, isBeginning = false) {
  const first = k * grid.framesPerSegment
  const wanted = Math.min(grid.frames, first + grid.framesPerSegment) - first
  const isAll = isBeginning ? frames <= wanted : frames === wanted
  if (time !== first * grid.samplesPerFrame || !isAll) throw new RangeError('another segment')
}

/**
 * @param {Fetcher} fetcher
 * @param {readonly string[]} ladders that the browser plays in segments
 */
export function createPieces(fetcher, ladders) {
  /** @type {Map<string, Promise<any>>} */
  const known = new Map()
  /** First segments that are on their way, or here, before they are asked for. @type {Map<string, Begun & {stop: AbortController}>} */
  const early = new Map()

  /** @typedef {{answer: ReturnType<Fetcher['bytes']>, feed: import('/player/feed.js').Feed}} Begun */
  /** @param {string} url @param {Parameters<Fetcher['bytes']>[1]} how @returns {Begun} */
  function begin(url, how) {
    const feed = createFeed()
    const answer = fetcher.bytes(url, { ...how, onPart: feed.push }).finally(feed.end)
    answer.catch(() => {})
    return { answer, feed }
  }

  /** The result of `make`, kept unless it fails. @template T @param {string} key @param {() => Promise<T>} make @returns {Promise<T>} */
  function once(key, make) {
    const found = known.get(key) ?? make()
    known.delete(key)
    known.set(key, found)
    found.catch(() => known.get(key) === found && known.delete(key))
    if (known.size > mostKnown) known.delete(/** @type {string} */ (known.keys().next().value))
    return found
  }

  /**
   * The loudness of an album; null without one, and if it cannot be had: the track's own is good enough.
   * @param {string | null | undefined} id
   */
  const albumLoudness = id => id
    ? once(`album ${id}`, () => fetcher.json(addresses.album(id), { isCopyFirst: true, most: levelPatience }).then(album => album.loudness ?? null)).catch(() => null)
    : Promise.resolve(null)

  return {
    /** @param {{id: string}} track @returns {Promise<Details>} */
    details: ({ id }) => once(`track ${id}`, async () => {
      const json = await fetcher.json(addresses.track(id))
      const rungs = checked(() => rungsOf(json, ladders))
      if (rungs.length === 0) throw new Problem(404, 'rendition-not-offered', 'this browser plays none of the formats of the track')
      return {
        rungs, loudness: json.loudness ?? null, duration: Number(json.duration) || 0,
        versions: Object.fromEntries(json.renditions.map((/** @type {any} */ one) => [one.name, String(one.etag ?? '').slice(0, 8)])),
        albumId: json.albumId ?? null,
      }
    }),

    /** Makes known how loud the track's album is. @param {Details} details */
    async level(details) {
      if (details.album === undefined) details.album = await albumLoudness(details.albumId)
    },

    /** @param {string} id @param {string} rendition @returns {Promise<Grid>} */
    grid: (id, rendition) => once(`grid ${id} ${rendition}`, async () => {
      const json = await fetcher.json(addresses.grid(id, rendition))
      return checked(() => readGrid(json))
    }),

    /** Forgets what the server said about a track: it is another version now. @param {string} id */
    forget(id) {
      for (const key of known.keys()) if (key.split(' ')[1] === id) known.delete(key)
    },

    /**
     * @param {string} id @param {string} rendition @param {Pick<Grid, 'version'>} grid
     * @returns {Promise<Uint8Array>} with no gain in it
     */
    init: (id, rendition, grid) => once(`init ${id} ${rendition} ${grid.version}`, async () => {
      const { bytes } = await fetcher.bytes(addresses.init(id, rendition, grid))
      checked(() => checkInit(bytes))
      return bytes
    }),

    /**
     * Bytes that are lacking of a segment that came in part.
     * @param {string} id @param {string} rendition @param {Grid} grid @param {number} k
     */
    remaining: (id, rendition, grid, k) => fetcher.remaining(addresses.segment(id, rendition, grid, k)),

    /**
     * Asks for what the beginning of a track takes all at once, without waiting for the description.
     * @param {string} id @param {string} rendition @param {string} version
     * @param {(stop: AbortController) => Parameters<Fetcher['bytes']>[1]} [how]
     */
    early(id, rendition, version, how = stop => ({ signal: stop.signal, about: { content: id, isStarting: true } })) {
      this.init(id, rendition, { version }).catch(() => {})
      if (early.has(`${id} ${rendition} ${version}`)) return
      const stop = new AbortController()
      early.set(`${id} ${rendition} ${version}`, { ...begin(addresses.segment(id, rendition, { version }, 0), how(stop)), stop })
      if (early.size > mostEarly) early.delete(/** @type {string} */ (early.keys().next().value))
    },

    /**
     * A segment: `next` gives it as it comes, null behind its end, and `whole` once it is here.
     * @param {string} id @param {string} rendition @param {Grid} grid @param {number} k
     * @param {{signal: AbortSignal} & Parameters<Fetcher['bytes']>[1]} how
     */
    segment(id, rendition, grid, k, how) {
      const name = `${id} ${rendition} ${grid.version}`
      const begun = k === 0 ? early.get(name) : undefined
      if (begun) {
        early.delete(name)
        how.signal.addEventListener('abort', () => begun.stop.abort())
      }
      const { answer, feed } = begun ?? begin(addresses.segment(id, rendition, grid, k), how)
      const whole = answer.then(found => {
        checked(() => checkSegment(readSegment(found.bytes), grid, k))
        return found
      })
      whole.catch(() => {})
      let isChecked = false

      /** @returns {Promise<Uint8Array | null>} */
      async function next() {
        let bytes = await feed.next()
        while (bytes && !isChecked) {
          const beginning = checked(() => readBeginning(/** @type {Uint8Array} */ (bytes)))
          if (beginning) {
            checked(() => checkSegment(beginning, grid, k, true))
            isChecked = true
          } else {
            const more = await feed.next()
            bytes = more && joined([bytes, more])
          }
        }
        // The end may be that of a download that broke.
        if (!bytes) await whole
        return bytes
      }
      return { whole, next }
    },
  }
}
