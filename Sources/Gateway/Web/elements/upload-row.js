// @ts-check
/** A row of the uploads: the file, how far it is, and what can be done with it. */
import { html } from '/lib/html.js'
import { icon } from '/icons/icons.js'
import { t, failureOf, sentence } from '/text/text.js'
import { size } from '/text/format.js'

/** Refusals whose reason says more than their kind. */
const explained = new Set(['undecodable', 'unsupported-format'])

/** @param {any} one @param {{pause: () => void, resume: () => void, cancel: () => void}} acts */
export function makeUpload(one, acts) {
  const { name } = one
  const tool = (/** @type {'pause' | 'resume' | 'cancel'} */ act, /** @type {string} */ shape) =>
    html`<button class="tool" data-do=${act} aria-label=${t(`uploads.${act}`, { name })} @click=${acts[act]}>${icon(shape)}</button>`
  const node = html`<li class="upload">
    <div class="upload-words"><span class="clip" dir="auto">${name}</span><span class="small quiet state"></span></div>
    <progress max="1" aria-label=${name}></progress>
    <span class="upload-tools">${tool('pause', 'pause')}${tool('resume', 'play')}
      <a class="tool" data-do="open" aria-label=${t('uploads.open', { name })}>${icon('right')}</a>${tool('cancel', 'close')}</span></li>`
  fillUpload(node, one)
  return node
}

/** @param {any} one */
function textOf(one) {
  if (!one.problem) return t(`uploads.stage.${one.stage}`)
  const problem = failureOf(one.problem)
  return sentence(problem) + (explained.has(problem.slug ?? '') ? ` (${problem.detail})` : '')
}

/** @param {any} node @param {any} one */
export function fillUpload(node, one) {
  node.dataset.stage = one.stage
  const bar = node.querySelector('progress')
  bar.hidden = ['stored', 'known', 'refused'].includes(one.stage)
  if (one.stage === 'checking') bar.removeAttribute('value')
  else bar.value = one.size ? one.offset / one.size : 0
  const sent = one.stage === 'sending' ? `${size(one.offset)} / ${size(one.size)}` : size(one.size)
  node.querySelector('.state').textContent = `${sent} · ${textOf(one)}`
  const may = (/** @type {string} */ act, /** @type {boolean} */ on) => { node.querySelector(`[data-do=${act}]`).hidden = !on }
  may('pause', ['sending', 'waiting'].includes(one.stage))
  // Room may have been made.
  may('resume', ['paused', 'lost', 'failed'].includes(one.stage) || (one.stage === 'refused' && one.problem?.status === 507))
  may('open', Boolean(one.track))
  may('cancel', !one.track)
  if (one.track) node.querySelector('[data-do=open]').href = `/track/${encodeURIComponent(one.track)}`
}
