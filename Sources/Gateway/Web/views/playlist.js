// @ts-check
/** A playlist: its tracks in their order, which can be changed by dragging, by menu and by keys; those of a smart one follow its rules. */
import { html } from '/lib/html.js'
import { t } from '/text/text.js'
import { copyLink } from '/elements/copy-link.js'
import { ago, length } from '/text/format.js'
import { header, playButtons, menuButton } from '/elements/view-header.js'
import { rebased } from '/core/edits.js'
import { moves } from '/core/moves.js'
import { followList } from '/elements/follow-list.js'
import { livePart } from '/elements/swap.js'
import { mosaic } from '/elements/covers.js'
import { pinButton } from '/elements/pin-button.js'
import { trackList } from '/elements/track-list.js'
import { radioEntry, shareEntry, trackEntries } from '/elements/track-menu.js'
import { notice } from '/elements/notice.js'
import { ask, confirm } from '/elements/dialog.js'
import { idsOf, tracksOf } from '/views/playlist-tracks.js'

/** @param {any} app @param {import('/lib/router.js').Place} place @param {AbortSignal} signal */
export async function show(app, place, signal) {
  const { acts, client } = app
  const path = `/api/v1/playlists/${encodeURIComponent(place.parts.id)}`
  const load = () => Promise.all([client.get(path, { signal }), tracksOf(app, place.parts.id, app.fields, signal)])
  let [playlist, tracks] = await load()
  /** Counts the listener's own changes: what was asked for before one does not count. */
  let turn = 0
  /** The ids that the listener's changes are made of. */
  let known = tracks.map((/** @type {any} */ track) => track.id)
  let changed = () => {}
  const isSmart = Boolean(playlist.rules)
  const smart = isSmart ? (await import('/views/playlist-smart.js')).smartPlaylist(app, () => playlist) : null
  const total = html`<span></span>`
  const empty = smart?.empty ?? notice({ icon: 'playlists', title: t('playlist.empty'), text: t('playlist.empty.text') })

  /** Shows another order at once, and takes it back if the server refuses. @param {any[]} now @param {string} text */
  async function change(now, text) {
    const was = tracks
    turn += 1
    const show = (/** @type {any[]} */ all) => { tracks = all; update() }
    const send = (/** @type {any[]} */ all, /** @type {any[]} */ before) => acts.inTurn(path, async () => {
      const own = all.map(track => track.id)
      const wanted = rebased(await idsOf(app, place.parts.id), known, own)
      const answer = await client.patch(path, { tracks: wanted })
      known = own
      if (wanted.length !== all.length) app.changes.tell(['playlists'])
      return answer
    }, () => show(before))
    show(now)
    const done = await send(now, was)
    app.playlistsChanged()
    if (done && text) app.live.show(text, { label: t('undo'), run: () => { turn += 1; show(was); send(was, now) } })
  }
  /** @param {number[]} places @param {number} to */
  function move(places, to) {
    const going = new Set(places)
    const block = places.map(at => tracks[at])
    const keep = (/** @type {any} */ _, /** @type {number} */ at) => !going.has(at)
    const front = tracks.slice(0, to).filter(keep)
    change([...front, ...block, ...tracks.slice(to).filter((_, at) => !going.has(at + to))], '')
  }
  /** @param {number[]} places */
  const remove = places => change(tracks.filter((_, at) => !places.includes(at)), t('playlist.removed', { n: places.length }))

  const list = trackList(app, {
    total: () => tracks.length, want() {}, at: at => tracks[at] && app.fresh(tracks[at]),
    listen(fn) { changed = fn },
    renew,
  }, {
    label: t('tracks.of', { name: playlist.name }), columns: { cover: true, album: true }, signal, ...(isSmart ? {} : { move, remove }),
    play: at => acts.play(tracks, at, false),
    entries(places) {
      const chosen = places.map(at => tracks[at])
      const to = (/** @type {number} */ goal) => () => list.moveTo(places, goal)
      const [first, last] = [places[0], places[places.length - 1]]
      return trackEntries(app, chosen, async () => chosen, {
        own: isSmart ? [{ label: t('select'), icon: 'check', run: () => list.selection.toggle(first) }] : [
          { label: t('move.top'), icon: 'up', run: to(0) },
          ...(first > 0 ? [{ label: t('move.up'), icon: 'up', run: to(first - 1) }] : []),
          ...(last < tracks.length - 1 ? [{ label: t('move.down'), icon: 'down', run: to(last + 2) }] : []),
          { label: t('playlist.remove'), icon: 'close', run: () => remove(places) },
          ...(places.length === 1 ? [{ label: t('select'), icon: 'check', run: () => list.selection.toggle(first) }] : []),
        ],
      })
    },
  })

  /** As elements/rows.js does it. */
  async function renew() {
    const own = turn
    const began = performance.now()
    const ids = () => tracks.map((track, at) => /** @type {[number, string]} */ ([at, track.id]))
    const before = new Map(ids())
    const old = JSON.stringify([playlist, tracks])
    const now = await load()
    if (own !== turn) return null
    ;[playlist, tracks] = now
    known = tracks.map((/** @type {any} */ track) => track.id)
    app.learn(tracks, began)
    return JSON.stringify(now) === old ? null : moves(before, ids())
  }
  async function rename() {
    const name = await ask(t('playlist.rename'), { label: t('playlist.name'), value: playlist.name, action: t('save') })
    if (!name || name === playlist.name) return
    const done = await acts.tell(() => client.patch(path, { name }))
    if (!done) return
    app.playlistsChanged()
    app.changes.tell(['playlists'])
  }
  async function erase() {
    if (!await confirm(t('playlist.delete'), t('playlist.delete.text', { name: playlist.name }), t('delete'))) return
    const done = await acts.tell(async () => { await client.delete(path); return true })
    if (!done) return
    app.playlistsChanged()
    app.router.go('/playlists', { replace: true })
  }

  function update() {
    const seconds = tracks.reduce((/** @type {number} */ sum, /** @type {any} */ track) => sum + track.duration, 0)
    total.textContent = [t('tracks.n', { n: tracks.length }), length(seconds), t('playlist.changed', { ago: ago(playlist.changed) })].join(' · ')
    empty.hidden = tracks.length > 0
    list.node.hidden = tracks.length === 0
    changed()
  }
  const shown = () => ({ name: playlist.name, arts: tracks.map((/** @type {any} */ track) => track.art), rules: playlist.rules })
  const head = livePart(shown(), ({ name, arts }) => header(app, {
    kind: t(isSmart ? 'playlist.smart' : 'kind.playlist'), title: name, picture: mosaic(arts), facts: html`<p class="quiet facts-line">${total}</p>${smart?.words()}`,
    actions: [
      ...playButtons(app, async () => tracks), pinButton(app, playlist.name, async () => tracks, signal),
      menuButton(t('menu.of', { name: playlist.name }), () => [
        { label: t('play.next'), icon: 'queue', run: () => acts.playNext(tracks) },
        { label: t('queue.add'), icon: 'plus', run: () => acts.add(tracks) },
        radioEntry(app, { kind: 'playlist', id: playlist.id, title: playlist.name }),
        null,
        ...(smart?.entries ?? []),
        { label: t('playlist.rename'), icon: 'edit', run: rename },
        { label: t('link.copy'), icon: 'link', run: () => copyLink(app, `/playlist/${encodeURIComponent(playlist.id)}`) },
        ...[shareEntry(app, share => share({ playlist: playlist.id }, playlist.name))].filter(Boolean),
        { label: t('playlist.delete'), icon: 'trash', danger: true, run: erase },
      ], playlist.name),
    ],
  }))
  followList(app, list, { total: () => 1 }, {
    signal, kinds: isSmart ? ['playlists', 'library', 'history'] : ['playlists', 'library'],
    show() {
      head.update(shown())
      update()
    },
  })
  app.onMark(() => changed(), signal)
  update()
  return { title: playlist.name, node: html`${head.node}${list.node}${empty}` }
}
