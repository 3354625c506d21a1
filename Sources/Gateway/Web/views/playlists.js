// @ts-check
/** All playlists. */
import '/text/rules.js'
import { every } from '/api/client.js'
import { html } from '/lib/html.js'
import { icon } from '/icons/icons.js'
import { t } from '/text/text.js'
import { playlistCard } from '/elements/covers.js'
import { livePart } from '/elements/swap.js'
import { listHeader } from '/elements/view-header.js'
import { notice } from '/elements/notice.js'
import { ask } from '/elements/dialog.js'

/** Asks for a name and makes a playlist. @param {any} app @param {any[]} [tracks] */
export async function newPlaylist(app, tracks = []) {
  const name = await ask(t('playlist.new'), { label: t('playlist.name'), action: t('playlist.make') })
  if (!name) return null
  return app.acts.tell(async () => {
    const made = await app.client.post('/api/v1/playlists', { name, tracks: tracks.map(track => track.id) })
    app.playlistsChanged()
    return made
  })
}

/** @param {any} app @param {import('/lib/router.js').Place} place @param {AbortSignal} signal */
export async function show(app, place, signal) {
  const load = () => every(app.client, '/api/v1/playlists', {}, { signal })
  const add = () => html`<button class="button main" @click=${async () => {
    const made = await newPlaylist(app)
    if (made) app.router.go(`/playlist/${encodeURIComponent(made.id)}`)
  }}>${icon('plus')}${t('playlist.new')}</button>`
  const addSmart = () => html`<a class="button" href="/smart">${icon('rules')}${t('rules.new')}</a>`
  const part = livePart(await load(), items => html`${listHeader(t('nav.playlists'), items.length ? add() : null, items.length ? addSmart() : null)}${items.length
    ? html`<ul class="cards">${items.map((/** @type {any} */ one) => playlistCard(app, one))}</ul>`
    : notice({ icon: 'playlists', title: t('playlists.none'), text: t('playlists.none.text') }, add(), addSmart())}`)
  app.changes.on(['playlists', 'library'], async () => part.update(await load()), signal)
  return { title: t('nav.playlists'), node: part.node }
}
