// @ts-check
/** All artists. */
import { html } from '/lib/html.js'
import { t } from '/text/text.js'
import { lettersOf, serverRows } from '/elements/rows.js'
import { cardGrid } from '/elements/card-grid.js'
import { initials, tint } from '/elements/covers.js'
import { lettersRail, railed } from '/elements/letters-rail.js'
import { listHeader } from '/elements/view-header.js'
import { followList } from '/elements/follow-list.js'
import { notice } from '/elements/notice.js'

const makeCard = () => html`<div class="card artist"><div class="card-cover round"><span class="initials" aria-hidden="true"></span></div>
  <a class="card-title clip" dir="auto"></a><span class="card-by small quiet clip"></span></div>`

/** @param {any} card @param {any} artist */
function fillCard(card, artist) {
  card.classList.toggle('hole', !artist)
  const name = artist?.name ?? ''
  const link = card.querySelector('a')
  link.textContent = name
  link.title = name
  if (artist) link.href = `/artist/${encodeURIComponent(artist.id)}`
  else link.removeAttribute('href')
  const picture = card.querySelector('.initials')
  picture.textContent = name ? initials(name) : ''
  picture.dataset.tint = tint(name)
  card.querySelector('.card-by').textContent = artist
    ? [artist.albums ? t('albums.n', { n: artist.albums }) : '', t('tracks.n', { n: artist.tracks })].filter(Boolean).join(' · ') : ''
}

/** @param {any} app @param {import('/lib/router.js').Place} place @param {AbortSignal} signal */
export async function show(app, place, signal) {
  const rows = serverRows(app, '/api/v1/artists', {})
  const letters = lettersOf(app, 'artists')
  await rows.ready(signal)
  const grid = cardGrid(rows, { make: makeCard, fill: fillCard, label: t('nav.artists'), signal })
  const { rail, choice, update } = lettersRail(await letters, at => grid.reveal(at), signal)
  const count = html`<p class="quiet small list-count"></p>`
  const showCount = () => { count.textContent = t('artists.n', { n: rows.total() }) }
  showCount()
  followList(app, grid, rows, {
    signal,
    async show() {
      showCount()
      update(await lettersOf(app, 'artists'))
    },
  })
  const head = listHeader(t('nav.artists'), choice)
  return {
    title: t('nav.artists'),
    node: rows.total() ? html`${head}${count}${railed(grid.node, rail)}`
      : html`${head}${notice({ icon: 'artists', title: t('artists.none'), text: t('home.empty.text') })}`,
  }
}
