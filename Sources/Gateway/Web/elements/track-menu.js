// @ts-check
/** The menus of tracks, albums, artists and genres. */
import { mostItems } from '/core/queue.js'
import { t } from '/text/text.js'
import { copyLink } from '/elements/copy-link.js'
import { hrefOf } from '/core/radio.js'

/** Albums whose tracks are asked for at once. */
const beside = 6

/** Dialogs that few open: each is loaded when it is. @param {any} app */
const dialogs = app => ({
  playlist: async (/** @type {any[]} */ tracks) => (await import('/views/playlist-picker.js')).pickPlaylist(app, tracks),
  share: async (/** @type {any} */ what, /** @type {string} */ name) => (await import('/views/share-dialog.js')).askToShare(app, what, name),
  rate: async (/** @type {'tracks' | 'albums'} */ kind, /** @type {any} */ item) => (await import('/views/rate.js')).askRating(app, kind, item),
  pin: async (/** @type {string} */ name, /** @type {any[]} */ tracks) => (await import('/views/pin-dialog.js')).askToPin(app, name, tracks),
  edit: async (/** @type {any[]} */ tracks) => (await import('/views/tag-editor.js')).editTags(app, tracks.map(track => track.id)),
  radio: async (/** @type {any} */ seed, /** @type {boolean} */ atEnd) => (await import('/elements/radio.js')).playRadio(app, seed, { atEnd }),
  path: async (/** @type {any} */ from, /** @type {any} */ to) => (await import('/elements/radio.js')).playPath(app, from, to),
  why: async (/** @type {any} */ what) => (await import('/views/why-dialog.js')).showWhy(app, what),
  erase: async (/** @type {any[]} */ tracks) => (await import('/views/delete-tracks.js')).deleteTracks(app, tracks),
})

/**
 * Offers a link for people without an account; an open server is open anyway.
 * @param {any} app @param {(share: (what: any, name: string) => void) => void} run
 */
export const shareEntry = (app, run) => app.store.get().session.open ? undefined
  : { name: 'share', label: t('share'), icon: 'share', run: () => run(dialogs(app).share) }

/**
 * Music of the own library that is like this.
 * @param {any} app @param {import('/core/radio.js').Seed} seed @param {boolean} [atEnd] whether it goes on after the queue instead of replacing it
 */
export const radioEntry = (app, seed, atEnd = false) => ({
  name: 'radio', label: t(atEnd ? 'radio.add' : 'radio.start'), icon: 'radio', run: () => { dialogs(app).radio(seed, atEnd) },
})

/** @param {any} track @returns {import('/core/radio.js').Seed} */
const seedOf = track => ({ kind: 'track', id: track.id, title: track.title, track })

/** Why a radio chose what is in the queue. @param {any} app @param {any} item of the queue */
export const whyEntry = (app, item) => item?.from?.reasons?.length
  ? [{ name: 'why', label: t('why'), icon: 'info', run: () => { dialogs(app).why({ ...item.track, reasons: item.from.reasons }) } }] : []

/** @param {any} app @param {any} track */
function pinEntry(app, track) {
  if (!app.offline?.isPossible) return undefined
  const state = app.offline.state(track.id)
  return { name: 'keep', label: t(!state ? 'pin.action' : state.isWhole ? 'pin.remove.action' : 'pin.underWay'), icon: 'offline', run: () => dialogs(app).pin(track.title, [track]) }
}

/**
 * What can be done with tracks. `load` gives them whole: those of a long list may have to come first.
 * @param {any} app @param {any[]} shown the tracks that are here, in the menu for one of them @param {() => Promise<any[]>} load
 * @param {{own?: Array<any>, album?: boolean, inQueue?: boolean}} [more] entries of the list itself; `inQueue` if that is the queue
 */
export function trackEntries(app, shown, load, { own = [], album = true, inQueue = false } = {}) {
  const { acts } = app
  const one = shown.length === 1 ? app.fresh(shown[0]) : null
  const then = (/** @type {(tracks: any[]) => void} */ run) => () => acts.tell(async () => run(await load()))
  return [
    { name: 'play', label: t('play'), icon: 'play', run: () => acts.playWhatComes(load, acts.play) },
    { name: 'next', label: t('play.next'), icon: 'queue', run: then(acts.playNext) },
    { name: 'add', label: t('queue.add'), icon: 'plus', run: then(acts.add) },
    { name: 'playlist', label: t('playlist.addTo'), icon: 'playlists', run: then(dialogs(app).playlist) },
    one ? radioEntry(app, seedOf(one), inQueue) : undefined,
    shown.length === 2 ? { name: 'path', label: t('path.between'), icon: 'radio', run: () => { dialogs(app).path(shown[0], shown[1]) } } : undefined,
    shareEntry(app, share => acts.tell(async () => {
      const tracks = await load()
      share({ tracks: tracks.map(track => track.id) }, one ? one.title : t('tracks.n', { n: tracks.length }))
    })),
    ...(own.length ? [null, ...own] : []),
    ...(one ? [
      null,
      { name: 'favourite', label: t('favourite'), icon: 'heart', checked: Boolean(one.favourite), run: () => acts.favourite('tracks', one) },
      { name: 'rate', label: t('rate'), icon: 'star', run: () => dialogs(app).rate('tracks', one) },
      album && one.albumId ? { name: 'album', label: t('go.album'), icon: 'albums', href: `/album/${encodeURIComponent(one.albumId)}` } : undefined,
      ...(one.artists ?? []).slice(0, 4).map((/** @type {any} */ artist) =>
        ({ name: 'artist', label: t('go.artist', { name: artist.name }), icon: 'artists', href: `/artist/${encodeURIComponent(artist.id)}` })),
      null,
      pinEntry(app, shown[0]),
      { name: 'about', label: t('track.about'), icon: 'info', href: `/track/${encodeURIComponent(one.id)}` },
      { name: 'edit', label: t('track.edit'), icon: 'edit', run: () => dialogs(app).edit([one]) },
      { name: 'link', label: t('link.copy'), icon: 'link', run: () => copyLink(app, `/track/${encodeURIComponent(one.id)}`) },
    ] : []),
    null,
    ...(one ? [] : [{ name: 'edit', label: t('track.edit'), icon: 'edit', run: then(dialogs(app).edit) }]),
    { name: 'delete', label: t('track.delete'), icon: 'trash', danger: true, run: then(dialogs(app).erase) },
  ].filter(entry => entry !== undefined)
}

/** The tracks of albums, in their order, no more than a queue takes but for whole albums. @param {any} app @param {readonly any[]} albums */
async function tracksOf(app, albums) {
  const tracks = []
  for (let i = 0; i < albums.length && tracks.length < mostItems; i += beside) {
    tracks.push(...(await Promise.all(albums.slice(i, i + beside).map(app.tracksOfAlbum))).flat())
  }
  return tracks
}

/**
 * What can be done with albums.
 * @param {any} app @param {any[]} shown the albums that are here, in the menu for one of them @param {() => Promise<any[]>} [all] gives them whole
 * @param {Array<any>} [own] entries of the list itself
 */
export function albumEntries(app, shown, all = async () => shown, own = []) {
  const { acts } = app
  const one = shown.length === 1 ? shown[0] : null
  const load = async () => tracksOf(app, await all())
  const then = (/** @type {(tracks: any[]) => void} */ run) => () => acts.tell(async () => run(await load()))
  const areLiked = shown.every(album => app.fresh(album).favourite)
  const like = async () => {
    for (const album of await all()) {
      if (Boolean(app.fresh(album).favourite) === areLiked && await acts.favourite('albums', album) === undefined) return
    }
  }
  const pin = async (/** @type {any[]} */ tracks) => dialogs(app).pin(one?.name ?? t('albums.n', { n: (await all()).length }), tracks)
  return [
    { name: 'play', label: t('play'), icon: 'play', run: () => acts.playWhatComes(load, acts.play) },
    { name: 'shuffle', label: t('shuffle'), icon: 'shuffle', run: () => acts.playWhatComes(load, (/** @type {any[]} */ tracks) => acts.play(tracks, null, true)) },
    { name: 'next', label: t('play.next'), icon: 'queue', run: then(acts.playNext) },
    { name: 'add', label: t('queue.add'), icon: 'plus', run: then(acts.add) },
    { name: 'playlist', label: t('playlist.addTo'), icon: 'playlists', run: then(dialogs(app).playlist) },
    one ? radioEntry(app, { kind: 'album', id: one.id, title: one.name }) : undefined,
    ...(own.length ? [null, ...own] : []),
    null,
    { name: 'favourite', label: t('favourite'), icon: 'heart', checked: areLiked, run: () => acts.tell(like) },
    ...(one ? [
      { name: 'rate', label: t('rate'), icon: 'star', run: () => dialogs(app).rate('albums', one) },
      one.artistId ? { name: 'artist', label: t('go.artist', { name: one.artist }), icon: 'artists', href: `/artist/${encodeURIComponent(one.artistId)}` } : undefined,
      { name: 'link', label: t('link.copy'), icon: 'link', run: () => copyLink(app, `/album/${encodeURIComponent(one.id)}`) },
      shareEntry(app, share => share({ album: one.id }, one.name)),
    ] : []),
    null,
    app.offline?.isPossible ? { name: 'keep', label: t('pin.action'), icon: 'offline', run: then(pin) } : undefined,
    { name: 'edit', label: t('track.edit'), icon: 'edit', run: then(dialogs(app).edit) },
    { name: 'delete', label: t('track.delete'), icon: 'trash', danger: true, run: then(dialogs(app).erase) },
  ].filter(entry => entry !== undefined)
}

/**
 * The menu of an artist or a genre.
 * @param {any} app @param {import('/core/radio.js').Seed} seed @param {() => Promise<any[]>} load its tracks
 */
export function seedEntries(app, seed, load) {
  const { acts } = app
  const then = (/** @type {(tracks: any[]) => void} */ run) => () => acts.tell(async () => run(await load()))
  return [
    radioEntry(app, seed),
    { label: t('play.next'), icon: 'queue', run: then(acts.playNext) },
    { label: t('queue.add'), icon: 'plus', run: then(acts.add) },
    { label: t('playlist.addTo'), icon: 'playlists', run: then(dialogs(app).playlist) },
    null,
    { label: t('link.copy'), icon: 'link', run: () => copyLink(app, hrefOf(seed)) },
  ]
}
