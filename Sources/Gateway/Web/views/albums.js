// @ts-check
/** All albums, as a grid. */
import { html } from '/lib/html.js'
import { t } from '/text/text.js'
import { lettersOf, serverRows } from '/elements/rows.js'
import { albumGrid } from '/elements/album-grid.js'
import { lettersRail, railed } from '/elements/letters-rail.js'
import { listHeader, sortSelect } from '/elements/view-header.js'
import { followList } from '/elements/follow-list.js'
import { notice } from '/elements/notice.js'

const sorts = ['name', 'artist', 'year', '-added', '-played']
const lettered = new Set(['name', 'artist'])

/** @param {any} app @param {import('/lib/router.js').Place} place @param {AbortSignal} signal */
export async function show(app, place, signal) {
  const asked = place.query.get('sort') ?? ''
  const sort = sorts.includes(asked) ? asked : 'name'
  const rows = serverRows(app, '/api/v1/albums', { sort })
  const letters = lettered.has(sort) ? lettersOf(app, 'albums', sort) : Promise.resolve([])
  await rows.ready(signal)
  const grid = albumGrid(app, rows, { label: t('nav.albums'), signal })
  const initials = await letters
  const { rail, choice, update } = lettersRail(initials, at => grid.reveal(at), signal)
  const count = html`<p class="quiet small list-count"></p>`
  const showCount = () => { count.textContent = t('albums.n', { n: rows.total() }) }
  showCount()
  followList(app, grid, rows, {
    signal, kinds: sort === '-played' ? ['library', 'history'] : ['library'],
    async show() {
      showCount()
      if (initials.length) update(await lettersOf(app, 'albums', sort))
    },
  })
  const head = listHeader(t('nav.albums'), choice, sortSelect(sorts, sort, one => app.router.go(`/albums?sort=${one}`, { replace: true })))
  return {
    title: t('nav.albums'),
    node: rows.total() ? html`${head}${count}${railed(grid.node, rail)}`
      : html`${head}${notice({ icon: 'albums', title: t('albums.none'), text: t('home.empty.text') })}`,
  }
}
