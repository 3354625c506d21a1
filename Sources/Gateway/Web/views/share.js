// @ts-check
/** What a link opens: its tracks, to be heard without an account. */
import '/text/rare.js'
import { html } from '/lib/html.js'
import { t, failureOf } from '/text/text.js'
import { clock, length, moment } from '/text/format.js'
import { createShared } from '/api/shared.js'
import { header, playButtons } from '/elements/view-header.js'
import { mosaic } from '/elements/covers.js'
import { trackList } from '/elements/track-list.js'
import { notice } from '/elements/notice.js'
import { commonAlbum } from '/core/share.js'

const heading = (/** @type {string} */ text) => html`<h1 class="unseen" tabindex="-1">${text}</h1>`
const gone = () => html`${heading(t('guest.gone'))}${notice({ icon: 'link', title: t('guest.gone'), text: t('guest.gone.text') })}`

/** @param {any} track @param {boolean} isOfDiscs */
const placeOf = (track, isOfDiscs) => isOfDiscs ? `${track.disc ?? 1}·${track.track ?? ''}` : String(track.track ?? '–')

/** @param {any} app @param {import('/lib/router.js').Place} place @param {AbortSignal} signal */
export async function show(app, place, signal) {
  const shared = createShared({ client: app.client, token: place.parts.token })
  let share
  try {
    share = await shared.open(signal)
  } catch (error) {
    if (failureOf(error).status !== 404) throw error
    return { title: t('guest.gone'), node: gone() }
  }
  app.shared = shared
  const isAlbum = commonAlbum(shared.tracks) !== ''
  const isOfDiscs = new Set(shared.tracks.map(track => track.disc ?? 1)).size > 1
  let changed = () => {}
  const list = trackList(app, {
    total: () => shared.tracks.length, want() {}, at: at => shared.tracks[at],
    about: at => isAlbum ? { number: shared.tracks[at] ? placeOf(shared.tracks[at], isOfDiscs) : '' } : {},
    listen(fn) { changed = fn },
  }, {
    label: t('guest.list', { name: share.name }), columns: isAlbum ? { number: true, plain: true } : { cover: true, album: true, plain: true },
    signal, bulk: false, entries: () => [],
    play: at => app.acts.play(shared.tracks, at, false),
  })
  const facts = html`<p class="quiet facts-line"></p>`
  function update() {
    const seconds = shared.tracks.reduce((sum, track) => sum + track.duration, 0)
    const [first] = shared.tracks
    const what = shared.tracks.length === 1 ? first.album : t('tracks.n', { n: shared.tracks.length })
    facts.textContent = [what, seconds < 60 ? clock(seconds) : length(seconds)].filter(Boolean).join(' · ')
    changed()
  }
  const by = isAlbum ? [...new Set(shared.tracks.map(track => track.artist))] : []
  const head = header(app, {
    art: isAlbum ? shared.tracks[0].art : null, picture: isAlbum ? undefined : mosaic(shared.tracks.map(track => track.art)),
    kind: t('guest.kind', { name: share.by }), title: share.name,
    by: by.length === 1 ? html`<p class="by" dir="auto">${by[0]}</p>` : null,
    facts: html`${facts}${share.description && html`<p class="guest-words" dir="auto">${share.description}</p>`}`,
    actions: playButtons(app, () => share.whole),
  })
  const until = share.expires && html`<p class="quiet small foot">${t('guest.until', { date: moment(share.expires) })}</p>`
  const root = html`<div>${shared.tracks.length ? html`${head}${list.node}` : html`${heading(share.name)}${
    notice({ icon: 'tracks', title: t('guest.empty'), text: t('guest.empty.text') })}`}${until}</div>`
  shared.on('more', update)
  shared.on('gone', () => {
    app.store.dispatch({ type: 'queue/restore', queue: {} })
    root.replaceChildren(gone())
    document.title = t('guest.gone')
    root.querySelector('h1')?.focus()
  })
  update()
  return { title: share.name, node: root }
}
