// @ts-check
/** Puts tracks into a playlist, one that exists or a new one. */
import { every } from '/api/client.js'
import { withoutLast } from '/core/edits.js'
import { html } from '/lib/html.js'
import { icon } from '/icons/icons.js'
import { t } from '/text/text.js'
import { openDialog } from '/elements/dialog.js'
import { newPlaylist } from '/views/playlists.js'
import { idsOf } from '/views/playlist-tracks.js'

/** @param {any} app @param {any[]} tracks */
export async function pickPlaylist(app, tracks) {
  const lists = await app.acts.tell(() => every(app.client, '/api/v1/playlists'))
  if (!lists) return
  const choice = await openDialog(t('playlist.addTo'), close => html`<ul class="pick">
    <li><button autofocus @click=${() => close('new')}>${icon('plus')}<span>${t('playlist.new')}</span></button></li>
    ${lists.filter((/** @type {any} */ one) => !one.rules).map((/** @type {any} */ one) => html`<li><button @click=${() => close(one.id)}>${icon('playlists')}
      <span class="clip" dir="auto">${one.name}</span><span class="small quiet">${t('tracks.n', { n: one.tracks })}</span></button></li>`)}</ul>`)
  if (!choice) return
  if (choice === 'new') {
    const made = await newPlaylist(app, tracks)
    if (!made) return
    const open = { label: t('open'), run: () => app.router.go(`/playlist/${encodeURIComponent(made.id)}`) }
    return app.live.show(t('playlist.added', { n: tracks.length, name: made.name }), open)
  }
  const list = lists.find((/** @type {any} */ one) => one.id === choice)
  const path = `/api/v1/playlists/${encodeURIComponent(choice)}`
  const added = tracks.map(track => track.id)
  /** Sends what the playlist is to be, made of what it is. @param {(ids: string[]) => string[]} edit */
  const change = edit => app.acts.inTurn(path, async () => {
    await app.client.patch(path, { tracks: edit(await idsOf(app, choice)) })
    app.playlistsChanged()
    app.changes.tell(['playlists'])
    return true
  }, undefined, true)
  if (!await change(ids => [...ids, ...added])) return
  app.live.show(t('playlist.added', { n: tracks.length, name: list.name }), { label: t('undo'), run: () => change(ids => withoutLast(ids, added)) })
}
