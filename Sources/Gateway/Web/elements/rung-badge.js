// @ts-check
/** What is heard, as codec and kbit/s, and on request why. */
import { html } from '/lib/html.js'
import { t } from '/text/text.js'
import { size, number } from '/text/format.js'

/** `Opus 96`, `FLAC`. @param {{rendition: string, bitrate: number}} rung */
export function nameOf({ rendition, bitrate }) {
  const [codec, rate] = rendition.split('-')
  const name = codec === 'opus' ? 'Opus' : codec.toUpperCase()
  return codec === 'flac' ? name : `${name} ${rate ?? number(bitrate)}`
}

/** @param {any} app @param {{hasSettings?: boolean}} [how] */
export function rungBadge(app, { hasSettings = true } = {}) {
  const label = html`<span></span>`
  const bytes = html`<span></span>`
  const about = html`<div class="rung-about" popover="auto" role="group" aria-label=${t('rung.title')}></div>`
  const button = html`<button class="rung-badge small" aria-expanded="false">${label}</button>`
  const node = html`<span class="rung" hidden>${button}${about}</span>`
  button.popoverTargetElement = about

  function fill() {
    const { rung, quality } = app.store.get().player
    if (!rung) return
    bytes.textContent = rung.bytes === null ? '' : size(rung.bytes)
    about.replaceChildren(html`<div class="stack">
      <h2>${nameOf(rung)}</h2>
      <p>${t(`rung.why.${rung.why}`)}</p>
      <dl class="facts">
        <dt>${t('rung.bitrate')}</dt><dd>${t('kbit', { n: Math.round(rung.bitrate) })}</dd>
        ${rung.bytes !== null && html`<dt>${t('rung.bytes')}</dt><dd>${bytes}</dd>`}
        <dt>${t('quality.wifi')}</dt><dd>${quality.wifi ? t('quality.upTo', { n: quality.wifi }) : t('quality.best')}</dd>
        <dt>${t('quality.mobile')}</dt><dd>${quality.mobile ? t('quality.upTo', { n: quality.mobile }) : t('quality.best')}</dd>
      </dl>
      ${hasSettings && html`<a class="text-link" href="/settings">${t('rung.change')}</a>`}</div>`)
  }
  about.addEventListener('beforetoggle', (/** @type {any} */ event) => {
    button.setAttribute('aria-expanded', String(event.newState === 'open'))
    if (event.newState !== 'open') return
    fill()
    const { left, top } = button.getBoundingClientRect()
    about.style.setProperty('left', `${Math.max(8, Math.min(left, innerWidth - 312))}px`)
    about.style.setProperty('bottom', `${Math.max(8, innerHeight - top + 8)}px`)
  })
  about.addEventListener('click', () => about.hidePopover())

  return {
    node,
    /** @param {any} player */
    update({ rung }) {
      node.hidden = !rung
      if (!rung) return
      if (about.matches(':popover-open') && rung.bytes !== null) bytes.textContent = size(rung.bytes)
      const text = nameOf(rung)
      if (label.textContent === text) return
      label.textContent = text
      button.setAttribute('aria-label', t('rung.label', { rung: text }))
    },
  }
}
