// @ts-check
/** The player of a link: what plays, its controls, and where in it; on a phone all of it fits too. */
import '/text/rare.js'
import { html } from '/lib/html.js'
import { t } from '/text/text.js'
import { coverArt, setCover } from '/elements/covers.js'
import { faultLine, transport, volumeControl } from '/elements/player-bar.js'
import { seekSlider } from '/elements/seek-slider.js'
import { rungBadge } from '/elements/rung-badge.js'

/** @param {any} app */
export function guestBar(app) {
  const cover = coverArt(56, null, { eager: true })
  const title = html`<span class="title clip" dir="auto"></span>`
  const artist = html`<span class="artists clip small quiet" dir="auto"></span>`
  const [buttons, seek, rung, volume] = [transport(app), seekSlider(app), rungBadge(app, { hasSettings: false }), volumeControl(app)]
  const fault = faultLine(app, problem => problem.slug === 'too-many-streams' ? t('guest.busy') : app.sentence(problem))
  const node = html`<section class="player guest-player" aria-label=${t('player')} hidden>${fault.node}
    <div class="now">${cover}<div class="words">${title}${artist}</div></div>
    <div class="centre">${buttons.node}${seek.node}</div>
    <div class="extras">${rung.node}${volume.node}</div></section>`
  let shown = ''

  /** @param {any} state */
  function update(state) {
    const track = app.current()
    node.hidden = !track
    document.documentElement.classList.toggle('with-player', Boolean(track))
    if (!track) return
    if (track.id !== shown) {
      if (shown && app.wants()) app.say(t('now.says', { title: track.title, artist: track.artist }))
      shown = track.id
      setCover(cover, track.art)
      title.textContent = title.title = track.title
      artist.textContent = track.artist
      document.title = `${track.title} – ${track.artist}`
    }
    buttons.update(state)
    seek.update(state.player)
    rung.update(state.player)
    volume.update(state.player)
    fault.update(state)
  }
  app.store.subscribe((/** @type {any} */ state) => state, update)
  update(app.store.get())
  return node
}
