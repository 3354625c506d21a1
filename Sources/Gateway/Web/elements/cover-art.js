// @ts-check
/** Covers in the size they are shown, from the server's scaled pictures. */
import { icon } from '/icons/icons.js'
import { setAttribute } from '/lib/html.js'

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
