// @ts-check
/** All tracks, in one of several orders. */
import { html } from '/lib/html.js'
import { t } from '/text/text.js'
import { lettersOf, seeker, serverRows } from '/elements/rows.js'
import { icon } from '/icons/icons.js'
import { button } from '/elements/controls.js'
import { libraryList } from '/elements/library-list.js'
import { followList } from '/elements/follow-list.js'
import { lettersRail, railed } from '/elements/letters-rail.js'
import { listHeader, sortSelect } from '/elements/view-header.js'
import { notice } from '/elements/notice.js'

const sorts = ['title', 'artist', 'album', '-added', 'added', '-plays', '-played']
const lettered = new Set(['title', 'artist', 'album'])

/** @param {any} app @param {import('/lib/router.js').Place} place @param {AbortSignal} signal */
export async function show(app, place, signal) {
  const asked = place.query.get('sort') ?? ''
  const isFavourites = place.query.get('favourite') === 'true'
  const sort = sorts.includes(asked) ? asked : 'title'
  const rows = serverRows(app, '/api/v1/tracks', isFavourites ? { favourite: true } : { sort })
  const letters = !isFavourites && lettered.has(sort) ? lettersOf(app, 'tracks', sort) : Promise.resolve([])
  await rows.ready(signal)
  const title = isFavourites ? t('home.favourites') : t('nav.tracks')
  const initials = await letters
  const list = libraryList(app, rows, {
    label: title, columns: { cover: true, album: true }, signal,
    seek: initials.length ? seeker(rows, initials, sort === 'title' ? 'title' : sort) : undefined,
  })
  const { rail, choice, update } = lettersRail(initials, at => {
    list.virtual.reveal(at, true)
    list.focus(at, true)
  }, signal)
  const count = html`<p class="quiet small list-count"></p>`
  const showCount = () => { count.textContent = t('tracks.n', { n: rows.total() }) }
  showCount()
  followList(app, list, rows, {
    signal, kinds: /play/.test(sort) ? ['library', 'history'] : ['library'],
    async show() {
      showCount()
      if (initials.length) update(await lettersOf(app, 'tracks', sort))
    },
  })
  const mixed = isFavourites ? { favourite: true, limit: 500 } : { sort: 'random', limit: 200 }
  const head = listHeader(title,
    button('shuffle', t('shuffle'), () => app.playList('/api/v1/tracks', mixed, true)),
    !isFavourites && html`<a class="button to-deleted" href="/deleted">${icon('deleted')}<span>${t('nav.deleted')}</span></a>`,
    choice, !isFavourites && sortSelect(sorts, sort, one => app.router.go(`/tracks?sort=${one}`, { replace: true })))
  return {
    title,
    node: rows.total() ? html`${head}${count}${railed(list.node, rail)}`
      : html`${head}${notice({ icon: 'tracks', title: t('tracks.none'), text: t('home.empty.text') })}`,
  }
}
