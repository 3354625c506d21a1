// The server's media as fetch gives them: descriptions, init sections, segments; with a network that can be slow, broken or gone.
import { gridOf, initSection, segment } from './mp4.mjs'

const jsonOf = (value, status = 200, headers = {}) => new Response(JSON.stringify(value), { status, headers: { 'Content-Type': status < 400 ? 'application/json' : 'application/problem+json', ...headers } })
export const problem = (status, slug, headers) => jsonOf({ type: `/problems/${slug}`, title: slug, status, detail: slug }, status, headers)

/** Ends with the request. @param {AbortSignal | undefined} signal */
const hanging = signal => new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))

/** @param {Record<string, {samples: number, rate?: number, renditions?: string[], loudness?: any, albumId?: string}>} tracks */
export function fakeServer(tracks) {
  const server = {
    tracks,
    /** Requests of parts, in order: path, and the Range. */
    log: [],
    headers: [],
    isGone: false,
    /** Neither answers nor fails. */
    isHung: false,
    /** Bytes of a segment's body before nothing comes any more. */
    hangAfter: Infinity,
    /** Answers instead of the file. @type {(path: string, init: any) => Response | null | undefined} */
    instead: () => null,
    /** Bytes of a segment's body before it breaks. */
    breakAfter: Infinity,
    /** Virtual milliseconds that go by for each byte. */
    clock: 0,
    kbit: 50_000,
    grid: (id, rendition) => gridOf(rendition, tracks[id].samples, tracks[id].rate ?? 48000),
    /** Holds back answers until released. */
    gate: null,
    async fetch(url, init = {}) {
      const { pathname, searchParams } = new URL(url, 'http://x')
      const range = new Headers(init.headers).get('Range')
      if (init.signal?.aborted) throw new DOMException('aborted', 'AbortError')
      await server.gate
      if (init.signal?.aborted) throw new DOMException('aborted', 'AbortError')
      if (server.isHung) await hanging(init.signal)
      if (server.isGone) throw new TypeError('Failed to fetch')
      server.log.push(pathname + (range ? ` ${range}` : ''))
      server.headers.push(Object.fromEntries(new Headers(init.headers)))
      const other = await server.instead(pathname, init)
      if (other) return other
      const [, kind, ...parts] = pathname.split('/')
      if (kind === 'api') {
        const [, , , , id] = pathname.split('/')
        if (pathname.includes('/albums/')) return jsonOf({ id, loudness: server.album ?? null })
        const track = tracks[id]
        if (!track) return problem(404, 'not-found')
        return jsonOf({
          id, channels: 2, bitrate: 900, duration: track.samples / (track.rate ?? 48000), loudness: track.loudness ?? null, albumId: track.albumId ?? null,
          renditions: (track.renditions ?? ['opus-64', 'opus-96', 'opus-128', 'opus-160']).map(name => ({ name, ladder: name.split('-')[0], etag: `${server.grid(id, name).version}ffff` })),
        })
      }
      const [id, rendition, file] = parts
      if (!tracks[id]) return problem(404, 'not-found')
      const grid = server.grid(id, rendition)
      if (file === 'gapless.json') return jsonOf(grid)
      if (!searchParams.has('gapless')) return problem(400, 'bad-request')
      const k = Number.parseInt(file)
      const name = JSON.stringify({ track: id, rendition, k, spf: grid.samplesPerFrame, rate: grid.rate, priming: grid.priming })
      const frames = Math.min(grid.frames, (k + 1) * grid.framesPerSegment) - k * grid.framesPerSegment
      const size = Math.max(160, Math.round(frames * grid.samplesPerFrame / grid.rate * grid.bitrate * 125))
      const bytes = file === 'init.mp4' ? initSection({ ladder: rendition.split('-')[0], rate: grid.rate }) : segment(grid, k, name.padStart(size, ' '), size)
      const from = range ? Number(range.slice(6).split('-')[0]) : 0
      const headers = { 'Content-Length': String(bytes.length - from), ETag: `"${grid.version}-${file}"`, ...(range ? { 'Content-Range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}) }
      return new Response(server.body(bytes.subarray(from), init.signal), { status: range ? 206 : 200, headers })
    },
    body(bytes, signal) {
      let at = 0
      return new ReadableStream({
        pull(stream) {
          if (signal?.aborted) return stream.error(new DOMException('aborted', 'AbortError'))
          if (at >= server.breakAfter) {
            server.breakAfter = Infinity
            return stream.error(new TypeError('network error'))
          }
          if (at >= bytes.length) return stream.close()
          if (at >= server.hangAfter) {
            server.hangAfter = Infinity
            return hanging(signal).catch(reason => stream.error(reason))
          }
          const end = Math.min(bytes.length, at + 16_384, at + Math.max(1, server.hangAfter - at), at + Math.max(1, server.breakAfter - at))
          server.clock += (end - at) * 8 / server.kbit
          stream.enqueue(bytes.slice(at, end))
          at = end
        },
      }, { highWaterMark: 0 })
    },
    segments: () => server.log.filter(path => path.includes('.m4s')).map(path => path.replace('/hls/', '').replace('.m4s', '')),
  }
  return server
}
