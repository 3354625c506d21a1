// @ts-check
/** What a screen reader says without being asked, and the short notices of the same with a way to undo. */
import { html } from '/lib/html.js'
import { icon } from '/icons/icons.js'
import { t } from '/text/text.js'

const stay = 8000
/** Milliseconds within which two texts are one. */
const together = 700

/** The page's one polite live region, and a corner for notices. */
export function liveRegion() {
  const region = html`<div class="unseen" role="status" aria-live="polite"></div>`
  const notices = html`<section class="toasts" aria-label=${t('notices')}></section>`
  let turn = false
  let said = { text: '', at: -together }

  /** Says a text; the same text twice is said twice, and one right after another with it. @param {string} text */
  function say(text) {
    const now = performance.now()
    const whole = now - said.at < together && said.text !== text ? `${said.text}. ${text}` : text
    said = { text: whole, at: now }
    turn = !turn
    region.textContent = turn ? whole : `${whole}\u00a0`
  }

  /**
   * Says a text and shows it for a while; longer for as long as the pointer or the focus is in it.
   * @param {string} text @param {{label: string, run: () => void}} [action]
   */
  function show(text, action) {
    say(text)
    const notice = html`<div class="toast"><p>${text}</p>
      ${action && html`<button class="button" @click=${() => { leave(); action.run() }}>${action.label}</button>`}
      <button class="tool" aria-label=${t('close')} @click=${leave}>${icon('close')}</button></div>`
    let timer = setTimeout(leave, stay)
    function leave() {
      clearTimeout(timer)
      notice.remove()
    }
    const hold = () => clearTimeout(timer)
    const release = () => { hold(); timer = setTimeout(leave, stay) }
    notice.addEventListener('pointerenter', hold)
    notice.addEventListener('pointerleave', release)
    notice.addEventListener('focusin', hold)
    notice.addEventListener('focusout', release)
    notices.append(notice)
    while (notices.children.length > 3) notices.firstElementChild?.remove()
  }

  return { nodes: [notices, region], say, show }
}
