// @ts-check
/** All genres, the larger ones in larger letters. */
import { every } from '/api/client.js'
import { html } from '/lib/html.js'
import { t } from '/text/text.js'
import { listHeader } from '/elements/view-header.js'
import { livePart } from '/elements/swap.js'
import { tint } from '/elements/covers.js'
import { notice } from '/elements/notice.js'

/** @param {any[]} items */
const list = items => items.length
  ? html`<ul class="genres">${items.map(genre =>
    html`<li><a class="genre" data-tint=${tint(genre.name)} href=${`/genre?name=${encodeURIComponent(genre.name)}`}>
      <strong class="clip" dir="auto">${genre.name}</strong><span class="small">${t('tracks.n', { n: genre.tracks })}</span></a></li>`)}</ul>`
  : notice({ icon: 'genres', title: t('genres.none'), text: t('genres.none.text') })

/** @param {any} app @param {import('/lib/router.js').Place} place @param {AbortSignal} signal */
export async function show(app, place, signal) {
  const load = () => every(app.client, '/api/v1/genres', {}, { signal })
  const part = livePart(await load(), list)
  app.changes.on(['library'], async () => part.update(await load()), signal)
  return { title: t('nav.genres'), node: html`${listHeader(t('nav.genres'))}${part.node}` }
}
