// @ts-check
/** What a view shows if it has nothing else: a sentence, and a way on. */
import { html } from '/lib/html.js'
import { icon } from '/icons/icons.js'
import { t } from '/text/text.js'
import { failureOf, sentence, wayOn } from '/text/problems.js'

/** @param {{icon: string, title: string, text?: string, isView?: boolean}} what `isView` if it is all that the view has @param {...Node} actions */
export const notice = (what, ...actions) => html`<div class="notice">${icon(what.icon)}${
  what.isView ? html`<h1 tabindex="-1">${what.title}</h1>` : html`<h2>${what.title}</h2>`}
  ${what.text && html`<p class="quiet">${what.text}</p>`}<div class="actions">${actions}</div></div>`

/** @param {unknown} error @param {() => void} retry @param {boolean} [isView] */
export function problemNotice(error, retry, isView = true) {
  const problem = failureOf(error)
  const way = wayOn(problem)
  const action = way === 'retry' ? html`<button class="button main" @click=${retry}>${icon('retry')}${t('retry')}</button>`
    : way === 'login' ? html`<a class="button main" href=${`/login?to=${encodeURIComponent(location.pathname + location.search)}`}>${t('login')}</a>`
      : html`<a class="button main" href="/">${t('home')}</a>`
  const node = notice({ icon: 'info', title: t('problem.title'), text: sentence(problem), isView }, action)
  node.setAttribute('role', 'alert')
  return node
}

/** Grey shapes where a view's content will be. */
export const waiting = () => html`<h1 class="unseen">${t('loading')}</h1>
  <div class="waiting" aria-hidden="true"><i></i><i></i><i></i></div>`
