// @ts-check
/** What plays, large: cover, waveform, words, and what is set for this listening. */
import { html } from '/lib/html.js'
import { icon, draw } from '/icons/icons.js'
import { t } from '/text/text.js'
import { copyLink } from '/elements/copy-link.js'
import { clock, secondsOf } from '/text/format.js'
import { linkButton, toggle, tool } from '/elements/controls.js'
import { coverArt, setCover } from '/elements/covers.js'
import { artistLinks } from '/elements/track-row.js'
import { transport, volumeControl } from '/elements/player-bar.js'
import { seekSlider } from '/elements/seek-slider.js'
import { rungBadge } from '/elements/rung-badge.js'
import { lyricLines } from '/elements/lyric-lines.js'
import { openMenu } from '/elements/menu.js'
import { trackEntries, whyEntry } from '/elements/track-menu.js'
import { sourceLink } from '/elements/radio.js'
import { listeningTools } from '/elements/listening-tools.js'
import { notice } from '/elements/notice.js'
import { backdrop } from '/elements/view-header.js'

/** @param {any} app @param {import('/lib/router.js').Place} place @param {AbortSignal} signal */
export async function show(app, place, signal) {
  const { store, acts } = app
  const cover = coverArt(520, null, { eager: true })
  const title = html`<h1 class="clip" tabindex="-1" dir="auto"></h1>`
  const by = html`<p class="by clip" dir="auto"></p>`
  const heart = toggle('heart', t('favourite'), () => acts.favourite('tracks', app.current()), 'heart')
  const more = tool('more', t('now'), () => {
    const track = app.current()
    const moment = `/track/${encodeURIComponent(track.id)}#t=${clock(store.get().player.position)}`
    openMenu(more, [
      ...trackEntries(app, [track], async () => [track], { inQueue: true, own: whyEntry(app, itemOf(store.get())) }).slice(2),
      { label: t('link.copy.time'), icon: 'link', run: () => copyLink(app, moment) },
    ], track.title)
  })
  more.setAttribute('aria-haspopup', 'menu')
  const [seek, buttons, rung, words, tools, volume] = [
    seekSlider(app), transport(app), rungBadge(app), lyricLines(app), listeningTools(app), volumeControl(app),
  ]
  const lyricsButton = toggle('lyrics', t('lyrics'), () => {
    lyricsButton.setAttribute('aria-pressed', String(page.classList.toggle('with-lyrics')))
  }, 'lyrics-button')
  const colours = html`<div class="colours" aria-hidden="true"></div>`
  const page = html`<div class="playing">${colours}
    <header class="playing-head">${tool('down', t('now.close'), () => app.back())}
      <span class="small quiet from clip"></span>${more}</header>
    <div class="stage"><div class="sleeve">${cover}</div>
      <div class="desk"><div class="name"><div class="words">${title}${by}</div>${heart}</div>
        ${seek.node}${buttons.node}
        <div class="playing-tools">${rung.node}${volume.node}${tools.node}${lyricsButton}
          <a class="tool" href="/queue" aria-label=${t('queue')} title=${t('queue')}>${icon('queue')}</a></div></div></div>
    ${words.node}</div>`
  const nothing = html`<div><h1 class="unseen" tabindex="-1">${t('now')}</h1>
    ${notice({ icon: 'tracks', title: t('now.nothing'), text: t('now.nothing.text') }, linkButton('/', t('home'), 'main'))}</div>`
  let shown = ''
  const itemOf = (/** @type {any} */ { queue }) => queue.items[queue.index]

  /** @param {any} track @param {import('/core/radio.js').Source} [source] */
  function showTrack(track, source) {
    page.hidden = !track
    nothing.hidden = Boolean(track)
    if (!track) return
    const fresh = app.fresh(track)
    heart.setAttribute('aria-pressed', String(Boolean(fresh.favourite)))
    draw(heart.firstElementChild, fresh.favourite ? 'heartFull' : 'heart')
    const key = `${track.id}${track.title}${track.artist}${source?.kind}${source?.id}`
    if (key === shown) return
    shown = key
    setCover(cover, track.art)
    title.textContent = track.title
    title.title = track.title
    more.setAttribute('aria-label', t('menu.of', { name: track.title }))
    by.replaceChildren(...artistLinks(track, '0'))
    const album = track.albumId ? html`<a href=${`/album/${encodeURIComponent(track.albumId)}`}>${track.album}</a>` : ''
    page.querySelector('.from').replaceChildren(...(source ? [sourceLink(source), album && ' · '] : []), album)
    colours.replaceChildren(...(track.art ? [backdrop(track.art)] : []))
    words.load(track)
    seek.peaks([])
    app.peaks(track.id).then((/** @type {number[]} */ peaks) => { if (shown === key) seek.peaks(peaks) })
    if (!signal.aborted) document.title = `${track.title} – ${track.artist ?? ''}`
  }
  /** @param {any} state */
  function update(state) {
    showTrack(itemOf(state)?.track, itemOf(state)?.from)
    seek.update(state.player)
    buttons.update(state)
    rung.update(state.player)
    volume.update(state.player)
    tools.update(state)
    words.follow(state.player.position)
  }
  signal.addEventListener('abort', store.subscribe((/** @type {any} */ state) => state, update))
  app.onMark(() => update(store.get()), signal)
  update(store.get())
  const at = secondsOf(place.moment)
  if (at !== null && app.current()) acts.seek(at)
  document.documentElement.classList.add('on-playing')
  signal.addEventListener('abort', () => document.documentElement.classList.remove('on-playing'))
  return { title: app.current() ? `${app.current().title} – ${app.current().artist ?? ''}` : t('now'), node: html`${page}${nothing}` }
}
