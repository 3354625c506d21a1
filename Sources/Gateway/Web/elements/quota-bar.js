// @ts-check
/** How much of the plan's room is used. */
import { html } from '/lib/html.js'
import { t } from '/text/text.js'
import { percent, size } from '/text/format.js'

/** @param {number} used bytes @param {number} quota bytes */
export function quotaBar(used, quota) {
  const part = Math.min(1, used / quota)
  const bar = html`<div class="bar-of" role="img" aria-label=${percent(part)}><i></i></div>`
  bar.firstElementChild.style.setProperty('width', `${part * 100}%`)
  const text = t('uploads.room', { used: size(used), of: size(quota), left: size(Math.max(0, quota - used)) })
  return html`<div class="room">${bar}<p class="small quiet">${text}</p></div>`
}
