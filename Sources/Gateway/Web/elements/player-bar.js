// @ts-check
/** The player at the bottom of every view: what plays, its controls, and where in it. State comes down, acts go up. */
import { html } from '/lib/html.js'
import { icon, draw } from '/icons/icons.js'
import { t } from '/text/text.js'
import { toggle, tool } from '/elements/controls.js'
import { coverArt, setCover } from '/elements/covers.js'
import { artistLinks } from '/elements/track-row.js'
import { seekSlider } from '/elements/seek-slider.js'
import { rungBadge } from '/elements/rung-badge.js'
import { neighbour } from '/core/queue.js'

const repeats = /** @type {const} */ (['off', 'all', 'one'])

/** @param {SVGSVGElement} svg @param {string} name */
const redraw = (svg, name) => draw(svg, name)

/**
 * Shuffle, previous, play, next, repeat.
 * @param {any} app
 */
export function transport(app) {
  const { acts } = app
  const play = tool('play', t('play'), () => acts.toggle(), 'play-button')
  const shuffle = toggle('shuffle', t('shuffle'), () => acts.shuffle(), 'shuffle')
  const repeat = toggle('repeat', t('key.repeat'), () => acts.repeat(repeats[(repeats.indexOf(app.store.get().queue.repeat) + 1) % 3]), 'repeat')
  const node = html`<div class="transport" role="group" aria-label=${t('transport')}>
    ${shuffle}
    ${tool('previous', t('previous'), () => acts.previous(), 'previous')}
    ${play}
    ${tool('next', t('next'), () => acts.next(), 'next')}
    ${repeat}</div>`
  return {
    node,
    /** @param {any} state */
    update({ queue, player }) {
      const sounds = player.status === 'playing' || (player.status === 'loading' && app.wants())
      redraw(play.firstElementChild, sounds ? 'pause' : 'play')
      play.setAttribute('aria-label', t(sounds ? 'pause' : 'play'))
      play.title = t(sounds ? 'pause' : 'play')
      play.classList.toggle('loading', player.status === 'loading')
      shuffle.setAttribute('aria-pressed', String(queue.shuffle))
      redraw(repeat.firstElementChild, queue.repeat === 'one' ? 'repeatOne' : 'repeat')
      repeat.setAttribute('aria-pressed', { off: 'false', all: 'true', one: 'mixed' }[/** @type {'off' | 'all' | 'one'} */ (queue.repeat)])
      repeat.title = t(`repeat.${queue.repeat}`)
    },
  }
}

/** @param {any} app */
export function volumeControl(app) {
  const mute = toggle('volume', t('mute'), () => app.acts.mute())
  const input = html`<input class="volume" type="range" min="0" max="1" step="0.05" aria-label=${t('volume')}>`
  input.addEventListener('input', () => app.acts.volume(Number(input.value)))
  return {
    node: html`<div class="loudness">${mute}${input}</div>`,
    /** @param {any} player */
    update({ volume, muted }) {
      redraw(mute.firstElementChild, muted || volume === 0 ? 'muted' : 'volume')
      mute.setAttribute('aria-pressed', String(muted))
      input.value = String(muted ? 0 : volume)
      input.style.setProperty('--part', `${(muted ? 0 : volume) * 100}%`)
      input.setAttribute('aria-valuetext', `${Math.round((muted ? 0 : volume) * 100)} %`)
    },
  }
}

/**
 * What went wrong with the track, and the ways on.
 * @param {any} app @param {(problem: any) => string} [sentence]
 */
export function faultLine(app, sentence = app.sentence) {
  const text = html`<p role="alert"></p>`
  const retry = tool('retry', t('retry'), () => app.player.retry())
  const next = tool('next', t('next'), () => app.acts.next(), 'next')
  const node = html`<div class="bar-fault" hidden>${text}${retry}${next}</div>`
  return {
    node,
    /** @param {any} state */
    update({ queue, player: { error } }) {
      const now = error ? sentence(error.problem) : ''
      node.hidden = !error
      next.hidden = !neighbour(queue, 1)
      // The same words again would be said again.
      if (text.textContent !== now) text.textContent = now
    },
  }
}

/** @param {any} app */
export function playerBar(app) {
  const cover = coverArt(56, null, { eager: true })
  const title = html`<a class="title clip" href="#" dir="auto"></a>`
  const artists = html`<span class="artists clip small quiet" dir="auto"></span>`
  const heart = toggle('heart', t('favourite'), () => app.current() && app.acts.favourite('tracks', app.current()), 'heart')
  const [buttons, seek, rung, volume] = [transport(app), seekSlider(app), rungBadge(app), volumeControl(app)]
  const queueButton = toggle('queue', t('queue'), () => app.acts.showQueue(), 'queue-button')
  const line = html`<i class="line" aria-hidden="true"></i>`
  const fault = faultLine(app)
  const node = html`<section class="player" aria-label=${t('player')} hidden>
    ${line}${fault.node}
    <div class="now"><a class="to-playing" href="/playing" aria-label=${t('now.open')}>${cover}</a>
      <div class="words">${title}${artists}</div>${heart}</div>
    <div class="centre">${buttons.node}${seek.node}</div>
    <div class="extras">${rung.node}
      <a class="tool" href="/playing" aria-label=${t('now')} title=${t('now')}>${icon('lyrics')}</a>
      ${queueButton}${volume.node}</div>
  </section>`
  let shown = ''

  /** @param {any} track */
  function showTrack(track) {
    node.hidden = !track
    document.documentElement.classList.toggle('with-player', Boolean(track))
    if (!track) return
    const key = `${track.id}${track.title}${track.artist}`
    heart.setAttribute('aria-pressed', String(Boolean(track.favourite)))
    redraw(heart.firstElementChild, track.favourite ? 'heartFull' : 'heart')
    if (key === shown) return
    if (shown && app.wants()) app.say(t('now.says', { title: track.title, artist: track.artist ?? '' }))
    shown = key
    setCover(cover, track.art)
    title.textContent = track.title
    title.title = track.title
    title.href = track.albumId ? `/album/${encodeURIComponent(track.albumId)}` : '/playing'
    artists.replaceChildren(...artistLinks(track, '0'))
    seek.peaks([])
    app.peaks(track.id).then((/** @type {number[]} */ peaks) => { if (shown === key) seek.peaks(peaks) })
  }

  /** @param {any} state */
  function update(state) {
    showTrack(app.current())
    buttons.update(state)
    seek.update(state.player)
    rung.update(state.player)
    volume.update(state.player)
    line.style.setProperty('transform', `scaleX(${state.player.duration ? state.player.position / state.player.duration : 0})`)
    queueButton.setAttribute('aria-pressed', String(Boolean(state.ui.queueOpen)))
    fault.update(state)
    node.classList.toggle('faulty', Boolean(state.player.error))
  }
  app.store.subscribe((/** @type {any} */ state) => state, update)
  app.onMark(() => update(app.store.get()), new AbortController().signal)
  update(app.store.get())
  return node
}
