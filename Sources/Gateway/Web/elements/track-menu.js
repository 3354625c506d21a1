// @ts-check
/** The menus of tracks, albums, artists and genres. */
import { t } from '/text/text.js'
import { copyLink } from '/elements/copy-link.js'
import { hrefOf } from '/core/radio.js'

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

/** @param {any} app @param {any} album @param {() => Promise<any[]>} load its tracks */
export function albumEntries(app, album, load) {
  const { acts } = app
  const then = (/** @type {(tracks: any[]) => void} */ run) => () => acts.tell(async () => run(await load()))
  return [
    { label: t('play'), icon: 'play', run: () => acts.playWhatComes(load, acts.play) },
    { label: t('shuffle'), icon: 'shuffle', run: () => acts.playWhatComes(load, (/** @type {any[]} */ tracks) => acts.play(tracks, null, true)) },
    { label: t('play.next'), icon: 'queue', run: then(acts.playNext) },
    { label: t('queue.add'), icon: 'plus', run: then(acts.add) },
    { label: t('playlist.addTo'), icon: 'playlists', run: then(dialogs(app).playlist) },
    radioEntry(app, { kind: 'album', id: album.id, title: album.name }),
    null,
    { label: t('favourite'), icon: 'heart', checked: Boolean(app.fresh(album).favourite), run: () => acts.favourite('albums', album) },
    { label: t('rate'), icon: 'star', run: () => dialogs(app).rate('albums', album) },
    album.artistId ? { label: t('go.artist', { name: album.artist }), icon: 'artists', href: `/artist/${encodeURIComponent(album.artistId)}` } : undefined,
    { label: t('link.copy'), icon: 'link', run: () => copyLink(app, `/album/${encodeURIComponent(album.id)}`) },
    shareEntry(app, share => share({ album: album.id }, album.name)),
    null,
    app.offline?.isPossible ? { label: t('pin.action'), icon: 'offline', run: then((/** @type {any[]} */ tracks) => dialogs(app).pin(album.name, tracks)) } : undefined,
    { label: t('track.edit'), icon: 'edit', run: then(dialogs(app).edit) },
    { label: t('track.delete'), icon: 'trash', danger: true, run: then(dialogs(app).erase) },
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
