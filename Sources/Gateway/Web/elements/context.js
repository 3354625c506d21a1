// @ts-check
/** What views and elements are given: the state, the server, the sound, and what can be done. */
import { failureOf, isMissingPart, moreWords, sentence, t } from '/text/text.js'
import { explained } from '/elements/browser.js'
import { createActs } from '/elements/acts.js'
import { createChanges } from '/lib/signal.js'
import { withQuery } from '/api/client.js'

/** Waveforms and lyrics that are kept for another look. */
const most = 30

/** @param {(key: string) => Promise<any>} load */
function kept(load) {
  /** @type {Map<string, Promise<any>>} */
  const known = new Map()
  return (/** @type {string} */ key) => {
    const found = known.get(key) ?? load(key)
    known.set(key, found)
    // What did not come is asked for again next time.
    found.then(value => { if (value === null) known.delete(key) }, () => known.delete(key))
    if (known.size > most) known.delete(/** @type {string} */ (known.keys().next().value))
    return found
  }
}

/** Covers of the first tracks of playlists, asked for once until the playlist is changed. @param {any} client */
function createPlaylistArt(client) {
  /** @type {Map<string, any[]>} */
  const arts = new Map()
  const key = (/** @type {any} */ { id, changed, tracks }) => `${id} ${changed} ${tracks}`
  return {
    /** @param {any} playlist @returns {any[] | undefined} */
    known: playlist => arts.get(key(playlist)),
    /** @param {any} playlist @returns {Promise<any[] | null>} */
    async load(playlist) {
      const page = await client.get(`/api/v1/playlists/${encodeURIComponent(playlist.id)}/tracks?limit=12&fields=art`).catch(() => null)
      if (page) arts.set(key(playlist), page.items.map((/** @type {any} */ track) => track.art))
      return arts.get(key(playlist)) ?? null
    },
  }
}

/** Members of a track that lists show, and the queue keeps. */
const fields = 'id,title,artists,artist,albumId,album,duration,art,track,disc,favourite,rating'

/** Milliseconds that a change may take to reach the server. */
const slowest = 5000

/** What the listener has changed since lists were loaded: favourites, ratings and tags, over what the lists say. */
function createMarks() {
  /** @type {Map<string, any>} */
  const changes = new Map()
  /** Milliseconds of the page at which each was changed last. @type {Map<string, number>} */
  const times = new Map()
  /** @type {Set<() => void>} */
  const watchers = new Set()
  return {
    /** The item as it is now. @template T @param {T & {id: string}} item @returns {T & {id: string}} */
    fresh(item) {
      const change = item && changes.get(item.id)
      return change ? { ...item, ...change } : item
    },
    /** @param {string} kind @param {{id: string}} item @param {any} change */
    mark(kind, item, change) {
      changes.set(item.id, { ...changes.get(item.id), ...change })
      times.set(item.id, performance.now())
      for (const fn of [...watchers]) fn()
    },
    /**
     * The server has said how items are: what was changed here some time before it was asked is in that.
     * @param {readonly any[]} items @param {number} asked @param {readonly string[]} [members] to be taken even if they were not changed here
     */
    learn(items, asked, members) {
      const before = JSON.stringify([...changes])
      for (const item of items) {
        const known = changes.get(item.id)
        const names = members ?? Object.keys(known ?? {})
        if (!names.length || (times.get(item.id) ?? -Infinity) >= asked - slowest) continue
        changes.set(item.id, { ...known, ...Object.fromEntries(names.filter(name => name in item).map(name => [name, item[name]])) })
      }
      if (JSON.stringify([...changes]) !== before) for (const fn of [...watchers]) fn()
    },
    /** @param {() => void} fn @param {AbortSignal} signal */
    onMark(fn, signal) {
      watchers.add(fn)
      signal.addEventListener('abort', () => watchers.delete(fn))
    },
  }
}

/** @param {{store: any, client: any, live: any}} parts */
export function createContext({ store, client, live }) {
  const part = (/** @type {string} */ id, /** @type {string} */ name) => client.get(`/api/v1/tracks/${encodeURIComponent(id)}/${name}`)
  const waveform = kept(id => part(id, 'waveform').catch(() => null))
  /** @type {any} */
  const app = {
    store, client, live, fields, sentence, ...createMarks(),
    changes: createChanges({ report: error => { if (/** @type {any} */ (error)?.status === 404) app.router.again() } }), playlistArt: createPlaylistArt(client),
    say: live.say,
    /** Says what went wrong, unless the listener has left. @param {any} error */
    async fail(error) {
      if (error?.name === 'AbortError') return
      const failure = failureOf(isMissingPart(error) ? await explained(error) : error)
      const action = failure.slug === 'outdated' ? { label: t('reload'), run: () => location.reload() } : undefined
      if (!await app.tellLimit(failure)) live.show(sentence(failure), action)
    },
    /** Where a plan's limit was met for the first time, says so and which plan has more. @param {any} failure @returns {Promise<boolean>} whether it did */
    tellLimit: async failure => failure?.limit ? import('/elements/limit.js').then(({ tellLimit }) => tellLimit(app, failure), () => false) : false,
    current: () => {
      const { items, index } = store.get().queue
      return items[index] ? app.fresh(items[index].track) : null
    },
    wants: () => app.player.wants,
    peaks: (/** @type {string} */ id) => waveform(id).then((/** @type {any} */ found) => found?.peaks ?? []),
    /** Null if there are none; what else goes wrong is thrown. */
    lyrics: kept(id => part(id, 'lyrics').catch((/** @type {any} */ error) => {
      if (error.status === 404) return null
      throw error
    })),
    /** How many tracks were deleted lately and can be brought back, at most 1; null if none ever can. @returns {Promise<number | null>} */
    restorable: () => client.get('/api/v1/deleted?limit=1').then((/** @type {any} */ page) => page.items.length, () => null),
    /** Plays a list of the server. @param {string} path @param {any} query @param {boolean} [shuffle] */
    playList: (path, query, shuffle = false) => app.acts.playWhatComes(() => client.get(withQuery(path, { ...query, fields })), (/** @type {any} */ { items }) => {
      if (!items.length) return live.show(app.nothing())
      app.acts.play(items, shuffle ? null : 0, shuffle)
    }),
    async tracksOfAlbum(/** @type {any} */ album) {
      const { serverRows } = await import('/elements/rows.js')
      const rows = serverRows(app, '/api/v1/tracks', { album: album.id })
      await rows.ready()
      return rows.all()
    },
    playAlbum: (/** @type {any} */ album) => app.acts.playWhatComes(() => app.tracksOfAlbum(album), (/** @type {any[]} */ tracks) => app.acts.play(tracks, 0, false)),
    /** The menu of a card. @param {any} album @param {{x: number, y: number}} at */
    async albumMenu(album, at) {
      const [{ openMenu }, { albumEntries }] = await Promise.all([import('/elements/menu.js'), import('/elements/track-menu.js'), moreWords()])
      openMenu(at, albumEntries(app, [album]), album.name)
    },
    /** To where the listener came from, or to the first view. */
    back: () => history.length > 1 ? history.back() : app.router.go('/'),
    networkKind: () => /** @type {any} */ (navigator).connection?.type === 'cellular' ? 'mobile' : 'wifi',
    /** Brings back what an earlier page left unfinished, so that it is seen from every view. */
    async resumeUploads() {
      const { all } = await import('/transfer/kept.js')
      if ((await all()).length > 0) await app.desk()
    },
    /** The uploads of this page. @type {() => Promise<any>} */
    desk() {
      app.deskMade ??= import('/transfer/desk.js').then(async ({ createDesk }) => {
        const desk = createDesk(client)
        const done = new Set(['stored', 'known', 'refused'])
        desk.on('change', () => app.countUploads(desk.uploads.filter((/** @type {any} */ one) => !done.has(one.stage)).length))
        await desk.restore()
        return desk
      })
      return app.deskMade
    },
  }
  const { mark } = app
  app.mark = (/** @type {string} */ kind, /** @type {any} */ item, /** @type {any} */ change) => {
    mark(kind, item, change)
    if (kind === 'tracks') store.dispatch({ type: 'queue/track', track: { id: item.id, ...change } })
  }
  app.acts = createActs(app)
  return app
}

/**
 * The sound before and after its code is here: it is loaded once the first view is shown, or with the first act that needs it.
 * @param {any} app @param {(app: any) => Promise<any>} [make]
 */
export function lazySound(app, make = async app => (await import('/elements/sound-system.js')).soundSystem(app)) {
  /** @type {any} */
  let sound = null
  /** @type {Promise<any> | null} */
  let coming = null
  const load = () => coming ??= make(app).then(made => sound = made)
  const with_ = (/** @type {(sound: any) => void} */ fn) => sound ? fn(sound) : void load().then(fn)
  return {
    load,
    get wants() { return sound?.wants ?? false },
    /** @param {() => void} change */
    startWith(change) {
      if (sound) return sound.startWith(change)
      change()
      load().then(made => made.start())
    },
    /** @param {() => void} change @param {number} at */
    changeTo: (change, at) => with_(made => made.changeTo(change, at)),
    toggle: () => with_(made => made.toggle()),
    play: () => with_(made => made.play()),
    pause: () => with_(made => made.pause()),
    /** @param {number} seconds */
    seek: seconds => with_(made => made.seek(seconds)),
    /** @param {number} seconds */
    standAt: seconds => sound?.standAt(seconds),
    next: () => with_(made => made.next()),
    previous: () => with_(made => made.previous()),
    retry: () => with_(made => made.retry()),
    /** What a start takes is asked for, if the code is here. @param {any} track @param {boolean} [isLikely] */
    prepare: (track, isLikely) => sound?.prepare(track, isLikely),
  }
}
