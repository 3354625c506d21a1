// @ts-check
/** What the page says: a sentence and a way on where a view has nothing else, short notices in a corner, and what a screen reader says unasked. */
import { html } from '/lib/html.js'
import { icon } from '/icons/icons.js'
import { t, failureOf, sentence, wayOn } from '/text/text.js'

/** @param {{icon: string, title: string, text?: string, isView?: boolean}} what `isView` if it is all that the view has @param {...Node} actions */
export const notice = (what, ...actions) => html`<div class="notice">${icon(what.icon)}${
  what.isView ? html`<h1 tabindex="-1">${what.title}</h1>` : html`<h2>${what.title}</h2>`}
  ${what.text && html`<p class="quiet">${what.text}</p>`}<div class="actions">${actions}</div></div>`

/** @param {unknown} error @param {() => void} retry @param {boolean} [isView] */
export function problemNotice(error, retry, isView = true) {
  const problem = failureOf(error)
  const way = wayOn(problem)
  const action = way === 'reload' ? html`<button class="button main" @click=${() => location.reload()}>${icon('retry')}${t('reload')}</button>` : way === 'retry' ? html`<button class="button main" @click=${retry}>${icon('retry')}${t('retry')}</button>`
    : way === 'login' ? html`<a class="button main" href=${`/login?to=${encodeURIComponent(location.pathname + location.search)}`}>${t('login')}</a>`
      : html`<a class="button main" href="/">${t('home')}</a>`
  const node = notice({ icon: 'info', title: t('problem.title'), text: sentence(problem), isView }, action)
  node.setAttribute('role', 'alert')
  return node
}

/** Grey shapes where a view's content will be. */
export const waiting = () => html`<h1 class="unseen">${t('loading')}</h1>
  <div class="waiting" aria-hidden="true"><i></i><i></i><i></i></div>`

const stay = 8000
/** Milliseconds within which two texts are one. */
const together = 700

/** The page's one polite live region, and a corner for notices. */
export function liveRegion() {
  const region = html`<div class="unseen" role="status" aria-live="polite"></div>`
  const notices = html`<section class="toasts" aria-label=${t('notices')}></section>`
  let turn = false
  let said = { text: '', at: -together }
  /** Those that are shown, the newest last. @type {{notice: HTMLElement, label: string, press: () => void}[]} */
  let shown = []
  /** Where the focus was before it came here. @type {Element | null} */
  let before = null

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
    const press = () => { leave(); action?.run() }
    const notice = html`<div class="toast"><p>${text}</p>
      ${action && html`<button class="button" @click=${press}>${action.label}</button>`}
      <button class="tool" aria-label=${t('close')} @click=${leave}>${icon('close')}</button></div>`
    let timer = setTimeout(leave, stay)
    function leave() {
      clearTimeout(timer)
      const hadFocus = notice.contains(document.activeElement)
      notice.remove()
      shown = shown.filter(one => one.notice !== notice)
      if (hadFocus && before?.isConnected) /** @type {HTMLElement} */ (before).focus({ preventScroll: true })
    }
    const hold = () => clearTimeout(timer)
    const release = () => { hold(); timer = setTimeout(leave, stay) }
    notice.addEventListener('pointerenter', hold)
    notice.addEventListener('pointerleave', release)
    notice.addEventListener('focusin', hold)
    notice.addEventListener('focusout', release)
    notices.append(notice)
    shown = [...shown, { notice, label: action?.label ?? '', press }].slice(-3)
    while (notices.children.length > 3) notices.firstElementChild?.remove()
  }

  /** Takes back what the newest notice offers to take back. @returns {boolean} whether there is one */
  function undo() {
    const found = shown.findLast(({ label }) => label === t('undo'))
    found?.press()
    return Boolean(found)
  }

  /** To the buttons of the newest notice, and from there back. */
  function focus() {
    const { activeElement } = document
    if (notices.contains(activeElement)) return /** @type {HTMLElement | null} */ (before)?.focus({ preventScroll: true })
    before = activeElement
    shown.at(-1)?.notice.querySelector('button')?.focus({ preventScroll: true })
  }

  return { nodes: [notices, region], say, show, undo, focus }
}
