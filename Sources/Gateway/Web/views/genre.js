// @ts-check
/** The tracks of a genre. */
import { html } from '/lib/html.js'
import { t } from '/text/text.js'
import { serverRows } from '/elements/rows.js'
import { linkButton } from '/elements/controls.js'
import { libraryList } from '/elements/library-list.js'
import { listHeader, playButtons } from '/elements/view-header.js'
import { notice } from '/elements/notice.js'

/** @param {any} app @param {import('/lib/router.js').Place} place @param {AbortSignal} signal */
export async function show(app, place, signal) {
  const name = place.query.get('name') ?? ''
  const rows = serverRows(app, '/api/v1/tracks', { genre: name })
  await rows.ready(signal)
  const list = libraryList(app, rows, { label: t('tracks.of', { name }), columns: { cover: true, album: true }, signal })
  return {
    title: name,
    node: rows.total() ? html`${listHeader(name, ...playButtons(app, () => rows.range(0, Math.min(rows.total(), 1000))))}
      <p class="quiet small list-count">${t('tracks.n', { n: rows.total() })}</p>${list.node}`
      : html`${listHeader(name)}${notice({ icon: 'genres', title: t('tracks.none') }, linkButton('/genres', t('nav.genres')))}`,
  }
}
