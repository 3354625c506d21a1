// @ts-check
/** The tracks of a genre. */
import { mostItems } from '/core/queue.js'
import { html } from '/lib/html.js'
import { t } from '/text/text.js'
import { serverRows } from '/elements/rows.js'
import { linkButton } from '/elements/controls.js'
import { libraryList } from '/elements/library-list.js'
import { listHeader, menuButton, playButtons } from '/elements/view-header.js'
import { seedEntries } from '/elements/track-menu.js'
import { followList } from '/elements/follow-list.js'
import { notice } from '/elements/notice.js'

/** @param {any} app @param {import('/lib/router.js').Place} place @param {AbortSignal} signal */
export async function show(app, place, signal) {
  const name = place.query.get('name') ?? ''
  const rows = serverRows(app, '/api/v1/tracks', { genre: name })
  await rows.ready(signal)
  const list = libraryList(app, rows, { label: t('tracks.of', { name }), columns: { cover: true, album: true }, signal })
  const count = html`<p class="quiet small list-count"></p>`
  const showCount = () => { count.textContent = t('tracks.n', { n: rows.total() }) }
  showCount()
  followList(app, list, rows, { signal, show: showCount })
  const all = () => rows.range(0, Math.min(rows.total(), mostItems))
  const more = menuButton(t('menu.of', { name }), () => seedEntries(app, { kind: 'genre', id: name, title: name }, all), name)
  return {
    title: name,
    node: rows.total() ? html`${listHeader(name, ...playButtons(app, all), more)}
      ${count}${list.node}`
      : html`${listHeader(name)}${notice({ icon: 'genres', title: t('tracks.none') }, linkButton('/genres', t('nav.genres')))}`,
  }
}
