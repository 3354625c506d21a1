// @ts-check
/** Covers in the size they are shown, from the server's scaled pictures; and albums, playlists and artists as cards with them. */
import { html, setAttribute } from '/lib/html.js'
import { icon } from '/icons/icons.js'
import { t } from '/text/text.js'

/** Widths that are asked for, so that few versions are made and cached. */
const widths = [96, 192, 320, 480, 640, 960]

/** The picture in at least `pixels` device pixels. @param {string} art @param {number} pixels */
export function sized(art, pixels) {
  const width = widths.find(one => one >= pixels) ?? widths[widths.length - 1]
  return `${art}${art.includes('?') ? '&' : '?'}size=${width}`
}

/**
 * A square for a cover of `width` CSS pixels. It is decoration: the text beside it says what it is of.
 * @param {number} width @param {string | null} [art] @param {{eager?: boolean}} [how]
 */
export function coverArt(width, art = null, { eager = false } = {}) {
  const square = document.createElement('span')
  square.className = 'cover'
  const image = document.createElement('img')
  image.alt = ''
  image.width = image.height = width
  image.decoding = 'async'
  if (!eager) image.loading = 'lazy'
  image.addEventListener('load', () => square.classList.add('loaded'))
  image.addEventListener('error', () => { image.hidden = true })
  square.append(icon('albums'), image)
  square.dataset.width = String(width)
  setCover(square, art)
  return square
}

/** Shows another picture, or none. @param {HTMLElement} square @param {string | null | undefined} art */
export function setCover(square, art) {
  const image = /** @type {HTMLImageElement} */ (square.lastElementChild)
  const key = art ?? ''
  if (square.dataset.art === key) return
  square.dataset.art = key
  square.classList.remove('loaded')
  image.hidden = !art
  image.removeAttribute('src')
  image.removeAttribute('srcset')
  if (!art) return
  const width = Number(square.dataset.width)
  setAttribute(image, 'src', sized(art, width * Math.min(2, window.devicePixelRatio || 1)))
}

/** @param {any} app @param {any} album */
export function albumCard(app, album) {
  const card = html`<li class="card">
    <div class="card-cover">${coverArt(200)}
      <button class="card-play" data-act="play" tabindex="-1">${icon('play')}</button></div>
    <a class="card-title clip" dir="auto"></a><span class="card-by clip small quiet" dir="auto"></span></li>`
  card.querySelector('[data-act]').addEventListener('click', () => app.playAlbum(card.album))
  /** @param {Event} event @param {number} x @param {number} y */
  function openMenu(event, x, y) {
    if (!card.album) return
    event.preventDefault()
    // A grid has more to offer.
    ;(card.openMenu ?? app.albumMenu)(card.album, { x, y })
  }
  card.addEventListener('contextmenu', (/** @type {MouseEvent} */ event) => openMenu(event, event.clientX, event.clientY))
  card.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== 'ContextMenu' && !(event.key === 'F10' && event.shiftKey)) return
    const { left, bottom } = card.querySelector('.card-title').getBoundingClientRect()
    openMenu(event, left, bottom)
  })
  fillAlbumCard(card, album)
  return card
}

/** @param {any} card @param {any} album undefined for one that has not come yet */
export function fillAlbumCard(card, album) {
  card.classList.toggle('hole', !album)
  if (card.album === album) return
  card.album = album
  setCover(card.querySelector('.cover'), album?.art)
  const title = card.querySelector('.card-title')
  title.textContent = album?.name ?? ''
  title.title = album?.name ?? ''
  if (album) title.href = `/album/${encodeURIComponent(album.id)}`
  else title.removeAttribute('href')
  const by = [album?.artist, album?.year].filter(Boolean).join(' · ')
  card.querySelector('.card-by').textContent = by
  card.querySelector('[data-act]').setAttribute('aria-label', t('play.track', { title: album?.name ?? '' }))
}

/** Up to four different covers as one picture. @param {Array<string | null | undefined>} arts */
export function mosaic(arts) {
  // The tracks of an album name one picture each in their own way: its version tells that they are the same.
  const pictures = new Map(arts.filter(Boolean).map(art => [/[?&]v=(\w+)/.exec(String(art))?.[1] ?? art, art]))
  const some = [...pictures.values()].slice(0, 4)
  if (some.length < 4) return coverArt(200, some[0] ?? null)
  return html`<span class="mosaic">${some.map(art => coverArt(120, art))}</span>`
}

/** A card whose picture comes when the covers of its first tracks are known. @param {any} app @param {any} playlist */
export function playlistCard(app, playlist) {
  const path = `/playlist/${encodeURIComponent(playlist.id)}`
  const known = app.playlistArt.known(playlist)
  const picture = html`<div class="card-cover">${known ? mosaic(known) : coverArt(200)}</div>`
  if (!known) app.playlistArt.load(playlist).then((/** @type {any[] | null} */ arts) => arts && picture.replaceChildren(mosaic(arts)))
  return html`<li class="card">${picture}<a class="card-title clip" dir="auto" href=${path}>${playlist.name}</a>
    <span class="card-by small quiet">${playlist.rules ? `${t('playlist.smart')} · ` : ''}${t('tracks.n', { n: playlist.tracks })}</span></li>`
}

/** Up to two letters for an artist without a picture. @param {string} name */
export const initials = name => name.split(/\s+/).filter(word => /^[\p{L}\p{N}]/u.test(word)).filter((_, i, all) => i === 0 || i === all.length - 1)
  .map(word => [...word][0].toUpperCase()).join('') || '♪'

/** One of eight tints by name. @param {string} name */
export const tint = name => [...name].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 8, 7)

/** @param {any} artist */
export const artistCard = artist => html`<li class="card artist">
  <div class="card-cover round"><span class="initials" data-tint=${tint(artist.name)} aria-hidden="true">${initials(artist.name)}</span></div>
  <a class="card-title clip" dir="auto" href=${`/artist/${encodeURIComponent(artist.id)}`}>${artist.name}</a></li>`

/**
 * A heading and a row of cards that scrolls sideways; nothing without cards.
 * @param {string} title @param {Node[]} cards @param {{href?: string}} [more]
 */
export function shelf(title, cards, { href } = {}) {
  if (!cards.length) return null
  const row = html`<ul class="shelf-row">${cards}</ul>`
  const isCalm = () => matchMedia('(prefers-reduced-motion: reduce)').matches
  const by = (/** @type {number} */ way) => row.scrollBy({ left: way * row.clientWidth * 0.85, behavior: isCalm() ? 'auto' : 'smooth' })
  return html`<section class="shelf"><header class="shelf-head"><h2>${href ? html`<a href=${href}>${title}</a>` : title}</h2>
    <span class="shelf-tools"><button class="tool" aria-label=${t('shelf.back', { title })} @click=${() => by(-1)}>${icon('left')}</button>
    <button class="tool" aria-label=${t('shelf.on', { title })} @click=${() => by(1)}>${icon('right')}</button></span></header>${row}</section>`
}

/**
 * Albums of plays, the last played first, each once.
 * @param {readonly any[]} tracks of the plays, the latest first @param {number} most
 * @returns {{id: string, name: string, artist: string, year: number | null, art: string | null}[]}
 */
export function albumsOf(tracks, most) {
  const albums = new Map()
  for (const { albumId, album, albumArtists, year, art } of tracks) {
    if (!albumId || albums.has(albumId)) continue
    if (albums.size === most) break
    const artist = (albumArtists ?? []).map((/** @type {any} */ one) => one.name).join(', ')
    albums.set(albumId, { id: albumId, name: album, artist, year: year ?? null, art: art ?? null })
  }
  return [...albums.values()]
}
