// @ts-check
/** The loudness of a track over its time, as a picture: bars, of which the heard ones have the accent's colour. */

const space = 'http://www.w3.org/2000/svg'
/** Pixels from one bar to the next. */
const step = 4

/** The loudest of each of `count` equal parts, 0 to 1. @param {readonly number[]} peaks @param {number} count */
export function bars(peaks, count) {
  const top = Math.max(1, ...peaks)
  return Array.from({ length: count }, (_, i) => {
    const from = Math.floor(i * peaks.length / count)
    const to = Math.max(from + 1, Math.floor((i + 1) * peaks.length / count))
    return Math.max(...peaks.slice(from, to)) / top
  })
}

/** One line a bar, around the middle of a box of 100. @param {readonly number[]} heights */
const pathOf = heights => heights.map((one, i) => {
  const half = Math.max(3, one * 47)
  return `M${i * step + step / 2} ${(50 - half).toFixed(1)}v${(2 * half).toFixed(1)}`
}).join('')

/** A picture of the waveform, flat until `show` gets one. */
export function waveForm() {
  const svg = document.createElementNS(space, 'svg')
  svg.setAttribute('class', 'wave')
  svg.setAttribute('aria-hidden', 'true')
  svg.setAttribute('preserveAspectRatio', 'none')
  const [whole, heard] = ['whole', 'heard'].map(name => {
    const path = document.createElementNS(space, 'path')
    path.setAttribute('class', name)
    svg.append(path)
    return path
  })
  /** @type {readonly number[]} */
  let peaks = []
  let width = 0

  function draw() {
    const count = Math.max(8, Math.floor(width / step))
    svg.setAttribute('viewBox', `0 0 ${count * step} 100`)
    const d = pathOf(peaks.length ? bars(peaks, count) : new Array(count).fill(0))
    whole.setAttribute('d', d)
    heard.setAttribute('d', d)
    svg.classList.toggle('flat', !peaks.length)
  }
  new ResizeObserver(([entry]) => {
    const now = Math.round(entry.contentRect.width)
    if (now === width || !now) return
    width = now
    draw()
  }).observe(svg)

  return {
    node: svg,
    /** @param {readonly number[]} now peaks of any scale, none for a flat line */
    show(now) {
      peaks = now
      if (width) draw()
    },
    /** @param {number} part of the track that was heard, 0 to 1 */
    progress: part => svg.style.setProperty('--part', `${(part * 100).toFixed(2)}%`),
  }
}
