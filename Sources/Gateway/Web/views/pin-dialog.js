// @ts-check
/** Asks in which quality tracks are kept on this device, with the size of each choice, or whether they are removed. */
import { html } from '/lib/html.js'
import { t, failureOf, sentence } from '/text/text.js'
import { size } from '/text/format.js'
import { openDialog, confirm } from '/elements/dialog.js'
import { nameOf } from '/elements/rung-badge.js'
import { rungsOf } from '/core/ladder.js'
import { withQuery } from '/api/client.js'

/** @param {any} app @param {string} name @param {any[]} tracks */
export async function askToPin(app, name, tracks) {
  const { offline } = app
  const ids = tracks.map(track => track.id)
  if (ids.every(id => offline.state(id)?.isWhole)) {
    if (!await confirm(t('pin.remove'), t('pin.remove.text', { name }), t('pin.remove.action'))) return
    await offline.unpin(ids)
    return app.live.show(t('pin.removed', { name }))
  }
  // One that is under way, or came in part, may go too, also without a network.
  if (ids.some(id => offline.state(id))) {
    const answer = await openDialog(t('pin.title', { name }), close => html`<div class="stack"><p>${t('pin.partly', { name })}</p>
      <div class="actions"><button class="button danger" @click=${() => close('stop')}>${t('pin.stop')}</button>
        <button class="button" autofocus @click=${() => close('on')}>${t('pin.goOn')}</button></div></div>`)
    if (answer !== 'on' && answer !== 'stop') return
    if (answer === 'stop') {
      await offline.unpin(ids)
      return app.live.show(t('pin.removed', { name }))
    }
  }
  const path = withQuery(`/api/v1/tracks/${encodeURIComponent(ids[0])}`, { fields: 'id,renditions,channels,bitrate' })
  const first = await app.acts.tell(() => app.client.get(path))
  if (!first) return
  const rungs = rungsOf(first, offline.ladders).slice(-5)
  if (!rungs.length) return app.live.show(t('problem.rendition-not-offered'))
  const chosen = rungs.find(rung => rung.bitrate === 128) ?? rungs[rungs.length - 1]
  const sum = html`<p class="quiet" role="status"></p>`
  let weighing = new AbortController()
  /** @param {string} rendition */
  async function weigh(rendition) {
    weighing.abort()
    weighing = new AbortController()
    const { signal } = weighing
    sum.textContent = t('pin.weighing')
    try {
      const { bytes, isExact } = await offline.size(tracks, rendition, signal)
      const { quota = Infinity, usage = 0 } = await offline.estimate() ?? {}
      const left = quota - usage
      const needed = ids.reduce((rest, id) => rest - (offline.state(id)?.received ?? 0), bytes)
      const text = t(isExact ? 'pin.size' : 'pin.size.about', { size: size(bytes) })
      if (!signal.aborted) sum.textContent = needed > left ? `${text}. ${t('pin.room', { size: size(Math.max(0, left)) })}` : text
    } catch (error) {
      if (!signal.aborted) sum.textContent = sentence(failureOf(error))
    }
  }
  weigh(chosen.name)
  const rendition = await openDialog(t('pin.title', { name }), close => html`<form class="stack" @submit=${(/** @type {SubmitEvent} */ event) => {
    event.preventDefault()
    close(String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get('rendition')))
  }}><fieldset class="setting"><legend>${t('pin.quality')}</legend><div class="options">${rungs.map(rung => html`<label class="choice">
      <input type="radio" name="rendition" value=${rung.name} ?checked=${rung === chosen} @change=${() => weigh(rung.name)}>
      <span>${nameOf({ rendition: rung.name, bitrate: rung.bitrate })}</span></label>`)}</div></fieldset>
    ${sum}<div class="actions"><button type="button" class="button" @click=${() => close()}>${t('cancel')}</button>
      <button class="button main">${t('pin.action')}</button></div></form>`)
  weighing.abort()
  if (!rendition) return
  app.say(t('pin.begun', { name }))
  await app.acts.tell(async () => {
    await offline.pin(tracks, rendition)
    if (ids.every(id => offline.state(id)?.isWhole)) app.live.show(t('pin.done', { name, size: size(offline.weight(ids)) }))
  })
}
