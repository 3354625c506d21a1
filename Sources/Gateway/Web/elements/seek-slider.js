// @ts-check
/** Where in the track it plays: a range input over the waveform, so that keyboard and screen readers have a slider. */
import { isHeard } from '/core/scrub.js'
import { html } from '/lib/html.js'
import { t } from '/text/text.js'
import { clock, spoken } from '/text/format.js'
import { waveForm } from '/elements/wave-form.js'

/** Seconds that a key moves. @type {Record<string, number>} */
const keys = { ArrowRight: 5, ArrowUp: 5, ArrowLeft: -5, ArrowDown: -5, PageUp: 30, PageDown: -30 }

/** @param {any} app */
export function seekSlider(app) {
  const wave = waveForm()
  const now = html`<span class="number small quiet at">0:00</span>`
  const end = html`<span class="number small quiet end">0:00</span>`
  const hint = html`<span class="seek-hint number small" aria-hidden="true" hidden></span>`
  const input = /** @type {HTMLInputElement} */ (html`<input type="range" min="0" max="1" step="any" value="0" aria-label=${t('seek')}>`)
  const slider = html`<div class="seek-slider">${wave.node}${input}${hint}</div>`
  const node = html`<div class="seek">${now}${slider}${end}</div>`
  let isHeld = false
  let duration = 0
  let shown = ''
  /** The place of this drag that was heard last. @type {import('/core/scrub.js').Heard | null} */
  let heard = null

  /** @param {number} position */
  function show(position) {
    const at = clock(position)
    if (!isHeld) input.value = String(position)
    wave.progress(duration ? position / duration : 0)
    if (at === shown) return
    shown = at
    now.textContent = at
    input.setAttribute('aria-valuetext', t('seek.value', { at: spoken(position), of: spoken(duration) }))
  }

  input.addEventListener('input', () => {
    isHeld = true
    show(Number(input.value))
    const here = { time: performance.now(), place: Number(input.value) }
    if (!app.store.get().player.scrub || !app.wants() || !isHeard(heard, here)) return
    heard = here
    app.acts.seek(here.place)
  })
  input.addEventListener('change', () => {
    isHeld = false
    heard = null
    app.acts.seek(Number(input.value))
  })
  input.addEventListener('keydown', event => {
    const by = keys[event.key]
    const at = event.key === 'Home' ? 0 : event.key === 'End' ? duration - 1 : by === undefined ? NaN : Number(input.value) + by
    if (Number.isNaN(at) || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    app.acts.seek(Math.max(0, Math.min(duration - 0.5, at)))
  })
  slider.addEventListener('pointermove', (/** @type {PointerEvent} */ event) => {
    if (event.pointerType === 'touch' || !duration) return
    const { left, width } = slider.getBoundingClientRect()
    const part = Math.max(0, Math.min(1, (event.clientX - left) / width))
    hint.hidden = false
    hint.textContent = clock(part * duration)
    hint.style.setProperty('left', `${part * 100}%`)
  })
  slider.addEventListener('pointerleave', () => { hint.hidden = true })

  return {
    node,
    /** Draws the track's waveform. @param {readonly number[]} peaks */
    peaks: peaks => wave.show(peaks),
    /** @param {{position: number, duration: number}} player */
    update({ position, duration: length }) {
      if (length !== duration) {
        duration = length || 0
        input.max = String(duration || 1)
        end.textContent = clock(duration)
        shown = ''
      }
      input.disabled = !duration
      if (!isHeld) show(position)
    },
  }
}
