// @ts-check
/** The words of the track: the line that is sung is marked, a click on a line goes there. */
import { html } from '/lib/html.js'
import { t, failureOf, sentence } from '/text/text.js'
import { lineAt, ordered } from '/core/lyrics.js'

/** Milliseconds for which the lines stay where the listener has scrolled them. */
const patience = 4000

/** @param {any} app */
export function lyricLines(app) {
  const node = html`<div class="lyrics" role="group" aria-label=${t('lyrics')} tabindex="0"></div>`
  /** @type {import('/core/lyrics.js').Line[]} */
  let lines = []
  let isSynced = false
  let now = -2
  let touched = 0
  let asked = ''
  for (const type of ['wheel', 'touchmove', 'pointerdown', 'keydown']) {
    node.addEventListener(type, (/** @type {Event} */ event) => { touched = event.timeStamp }, { passive: true })
  }

  /** @param {import('/core/lyrics.js').Line} line */
  const make = line => !line.text.trim() ? html`<p class="line gap" aria-hidden="true">♪</p>`
    : line.at === null ? html`<p class="line" dir="auto">${line.text}</p>`
      : html`<button class="line" dir="auto" @click=${() => app.acts.seek(line.at)}>${line.text}</button>`

  /** Shows the lyrics of a track, or that there are none. @param {any} track */
  async function load(track) {
    if (track.id === asked) return
    asked = track.id
    now = -2
    lines = []
    node.replaceChildren()
    node.classList.remove('none')
    let found
    try {
      found = await app.lyrics(track.id)
    } catch (error) {
      if (asked !== track.id) return
      asked = ''
      node.classList.add('none')
      const retry = html`<button class="button" @click=${() => { node.focus(); load(track) }}>${t('retry')}</button>`
      return node.replaceChildren(html`<p class="quiet">${sentence(failureOf(error))}</p>`, retry)
    }
    if (asked !== track.id) return
    node.classList.toggle('none', !found?.lines.length)
    if (!found?.lines.length) return node.replaceChildren(html`<p class="quiet">${t('lyrics.none')}</p>`)
    lines = ordered(found.lines)
    isSynced = lines[0].at !== null
    node.classList.toggle('synced', isSynced)
    node.replaceChildren(...lines.map(make))
    follow(app.store.get().player.position)
  }

  /** @param {number} position */
  function follow(position) {
    if (!isSynced || !lines.length) return
    const place = lineAt(lines, position + 0.15)
    if (place === now) return
    node.children[now]?.removeAttribute('aria-current')
    const isFirst = now === -2
    now = place
    const line = /** @type {HTMLElement | undefined} */ (node.children[place])
    line?.setAttribute('aria-current', 'true')
    if (!line || (performance.now() - touched < patience && touched)) return
    const calm = isFirst || matchMedia('(prefers-reduced-motion: reduce)').matches
    node.scrollTo({ top: line.offsetTop - node.clientHeight * 0.38, behavior: calm ? 'auto' : 'smooth' })
  }

  return { node, load, follow }
}
