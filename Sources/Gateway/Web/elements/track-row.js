// @ts-check
/** A row of a list of tracks. Made once, filled for each track that it comes to show. */
import { html } from '/lib/html.js'
import { icon, draw } from '/icons/icons.js'
import { t } from '/text/text.js'
import { clock } from '/text/format.js'
import { coverArt, setCover } from '/elements/covers.js'

/**
 * `when` is a column for the text of `about`, as a string with the key of its heading.
 * @typedef {{number?: boolean, cover?: boolean, album?: boolean, grip?: boolean, when?: boolean | string, plain?: boolean}} Columns
 *   `plain` has neither hearts nor menus
 */

/** Columns of the header, in order. @param {Columns} columns */
export const headings = columns => [
  columns.grip && ['grip', ''], columns.number && ['place', t('column.number')], ['what', t('column.title')],
  columns.album && ['album', t('column.album')], columns.when && ['when', t(columns.when === true ? 'column.when' : columns.when)],
  !columns.plain && ['heart', ''], ['time', t('column.duration')], !columns.plain && ['more', ''],
].filter(Boolean)

/** @param {Columns} columns */
export function makeRow(columns) {
  const play = () => html`<button class="play" tabindex="-1">${icon('play')}</button>`
  const heart = html`<button class="tool" data-act="favourite" tabindex="-1" aria-pressed="false" aria-label=${t('favourite')}></button>`
  const more = html`<button class="tool" data-act="menu" tabindex="-1" aria-haspopup="menu" aria-expanded="false"></button>`
  heart.append(icon('heart'))
  more.append(icon('more'))
  const row = html`<div class="row" role="row" tabindex="-1">
    ${columns.grip && html`<span role="gridcell" class="grip">${icon('grip')}</span>`}
    ${columns.number && html`<span role="gridcell" class="place number"><b></b>${play()}</span>`}
    <span role="gridcell" class="what">${columns.cover && html`<span class="thumb">${coverArt(40)}${play()}</span>`}
      <span class="words"><span class="title clip" dir="auto"></span>
        <span class="artists clip small quiet" dir="auto"></span></span></span>
    ${columns.album && html`<span role="gridcell" class="album clip quiet"></span>`}
    ${columns.when && html`<span role="gridcell" class="when clip small quiet"></span>`}
    ${!columns.plain && html`<span role="gridcell" class="heart">${heart}</span>`}
    <span role="gridcell" class="time number quiet small"></span>
    ${!columns.plain && html`<span role="gridcell" class="more">${more}</span>`}
  </div>`
  const part = (/** @type {string} */ name) => row.querySelector(`.${name}`)
  row.parts = {
    title: part('title'), artists: part('artists'), time: part('time'), heart, more,
    album: part('album'), when: part('when'), place: row.querySelector('.place b'), cover: part('cover'), plays: [...row.querySelectorAll('.play')],
  }
  return row
}

/** The artists, each with a link; the tag's text if the list has none. @param {any} track */
export function artistLinks(track, tabindex = '-1') {
  if (!track.artists?.length) return [track.artist ?? '']
  const links = track.artists.map((/** @type {any} */ one) => link(`/artist/${encodeURIComponent(one.id)}`, one.name, tabindex))
  return links.flatMap((/** @type {Node} */ one, /** @type {number} */ i) => i ? [', ', one] : [one])
}

/** @param {string} href @param {string} text @param {string} tabindex */
function link(href, text, tabindex) {
  const node = document.createElement('a')
  node.href = href
  node.textContent = text
  node.setAttribute('tabindex', tabindex)
  return node
}

/** @param {Element} node @param {string} name @param {string} value */
const set = (node, name, value) => { if (node.getAttribute(name) !== value) node.setAttribute(name, value) }

/**
 * Shows a track, or a hole if the list's page has not come yet.
 * @param {any} row @param {any} track
 * @param {{place: number, number?: string, when?: string, current: boolean, playing: boolean, selected: boolean, focusable: boolean,
 *   first: number, fast: boolean}} how `first` is the row index of place 0 for a screen reader
 */
export function fillRow(row, track, how) {
  const { parts } = row
  set(row, 'aria-rowindex', String(how.place + how.first))
  set(row, 'aria-selected', String(how.selected))
  set(row, 'tabindex', how.focusable ? '0' : '-1')
  row.classList.toggle('hole', !track)
  const sounds = how.current && how.playing
  if (row.classList.contains('current') !== how.current) {
    row.classList.toggle('current', how.current)
    if (how.current) row.setAttribute('aria-current', 'true')
    else row.removeAttribute('aria-current')
  }
  row.classList.toggle('sounding', sounds)
  if (parts.cover) setCover(parts.cover, how.fast ? null : track?.art)
  if (parts.place) parts.place.textContent = how.number ?? String(how.place + 1)
  if (parts.when) parts.when.textContent = how.when ?? ''
  const key = track ? `${track.id} ${track.title} ${track.artist} ${track.album}` : ''
  if (row.dataset.key !== key) {
    row.dataset.key = key
    parts.title.textContent = parts.title.title = track?.title ?? ''
    parts.artists.replaceChildren(...(track ? artistLinks(track) : []))
    parts.time.textContent = track ? clock(track.duration) : ''
    set(parts.more, 'aria-label', t('menu.of', { name: track?.title ?? '' }))
    parts.album?.replaceChildren(track?.albumId ? link(`/album/${encodeURIComponent(track.albumId)}`, track.album, '-1') : track?.album ?? '')
    for (const button of parts.plays) button.dataset.sounds = ''
  }
  for (const button of parts.plays) {
    if (button.dataset.sounds === String(sounds)) continue
    button.dataset.sounds = String(sounds)
    set(button, 'aria-label', sounds ? t('pause') : t('play.track', { title: track?.title ?? '' }))
    draw(button.firstElementChild, sounds ? 'pause' : 'play')
  }
  const isFavourite = Boolean(track?.favourite)
  set(parts.heart, 'aria-pressed', String(isFavourite))
  draw(parts.heart.firstElementChild, isFavourite ? 'heartFull' : 'heart')
}
