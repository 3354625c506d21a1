// @ts-check
/** Puts tracks into a playlist, one that exists or a new one. */
import { html } from '/lib/html.js'
import { icon } from '/icons/icons.js'
import { t } from '/text/text.js'
import { openDialog } from '/elements/dialog.js'
import { newPlaylist } from '/views/playlists.js'
import { idsOf } from '/views/playlist-tracks.js'

/** Additions to each playlist: one after the other, as each sends what it has found there. @type {Map<string, Promise<any>>} */
const adding = new Map()

/** @param {any} app @param {any[]} tracks */
export async function pickPlaylist(app, tracks) {
  const page = await app.acts.tell(() => app.client.get('/api/v1/playlists?limit=500'))
  if (!page) return
  const choice = await openDialog(t('playlist.addTo'), close => html`<ul class="pick">
    <li><button autofocus @click=${() => close('new')}>${icon('plus')}<span>${t('playlist.new')}</span></button></li>
    ${page.items.filter((/** @type {any} */ one) => !one.rules).map((/** @type {any} */ one) => html`<li><button @click=${() => close(one.id)}>${icon('playlists')}
      <span class="clip" dir="auto">${one.name}</span><span class="small quiet">${t('tracks.n', { n: one.tracks })}</span></button></li>`)}</ul>`)
  if (!choice) return
  if (choice === 'new') {
    const made = await newPlaylist(app, tracks)
    if (!made) return
    const open = { label: t('open'), run: () => app.router.go(`/playlist/${encodeURIComponent(made.id)}`) }
    return app.live.show(t('playlist.added', { n: tracks.length, name: made.name }), open)
  }
  const list = page.items.find((/** @type {any} */ one) => one.id === choice)
  const path = `/api/v1/playlists/${encodeURIComponent(choice)}`
  const before = adding.get(path) ?? Promise.resolve()
  const own = before.then(() => app.acts.tell(async () => {
    const ids = await idsOf(app, choice)
    await app.client.patch(path, { tracks: [...ids, ...tracks.map(track => track.id)] })
    app.playlistsChanged()
    app.live.show(t('playlist.added', { n: tracks.length, name: list.name }), {
      label: t('undo'), run: () => app.acts.tell(async () => { await app.client.patch(path, { tracks: ids }); app.playlistsChanged() }),
    })
  }))
  adding.set(path, own)
  await own
}
