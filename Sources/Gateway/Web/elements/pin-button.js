// @ts-check
/** Keeps tracks on this device: says what it weighs before, how far it is, and that it is whole. */
import { html } from '/lib/html.js'
import { icon, draw } from '/icons/icons.js'
import { t } from '/text/text.js'
import { percent } from '/text/format.js'

/**
 * The button of an album or a playlist; hidden where the browser keeps nothing.
 * @param {any} app @param {string} name @param {() => Promise<any[]>} load its tracks @param {AbortSignal} signal
 */
export function pinButton(app, name, load, signal) {
  const text = html`<span class="small number"></span>`
  const label = t('pin.keep', { name })
  // Its place is kept from the beginning, so that the buttons beside it stay where they are.
  const button = html`<button class="tool pin" aria-label=${label} title=${label} aria-pressed="false" aria-haspopup="dialog" disabled ?hidden=${!globalThis.caches}>${icon('offline')}${text}</button>`
  /** @type {any[]} */
  let tracks = []
  app.player.load().then(async () => {
    const { offline } = app
    if (signal.aborted) return
    if (offline.isPossible) tracks = await load().catch(() => [])
    button.hidden = tracks.length === 0
    if (button.hidden) return
    button.disabled = false
    const update = () => {
      const states = tracks.map(track => offline.state(track.id))
      const kept = states.filter(Boolean)
      const whole = states.filter(state => state?.isWhole).length
      const isWhole = tracks.length > 0 && whole === tracks.length
      const partOf = (/** @type {any} */ state) => !state ? 0 : state.isWhole ? 1 : Math.min(1, state.received / (state.total || 1))
      const part = states.reduce((sum, state) => sum + partOf(state), 0) / tracks.length
      draw(button.firstElementChild, isWhole ? 'kept' : 'offline')
      button.classList.toggle('on', isWhole)
      button.setAttribute('aria-pressed', isWhole ? 'true' : kept.length ? 'mixed' : 'false')
      text.textContent = kept.length && !isWhole ? percent(part) : ''
      button.title = isWhole ? t('pin.kept', { name }) : label
    }
    update()
    for (const type of ['change', 'removed']) signal.addEventListener('abort', offline.on(type, update))
  })
  button.addEventListener('click', async () => (await import('/views/pin-dialog.js')).askToPin(app, name, tracks))
  return button
}
