// @ts-check
/** Logging in: a form that password managers know. */
import { html } from '/lib/html.js'
import { t, failureOf, sentence } from '/text/text.js'
import { mark } from '/elements/shell.js'

/** Only an address of this page is gone to afterwards. @param {string | null} to */
const safe = to => to && /^\/(?![/\\])/.test(to) && !to.startsWith('/login') ? to : '/'

/** @param {import('/text/text.js').Failure} problem */
function textOf(problem) {
  if (problem.status === 401) return t('login.wrong')
  const seconds = problem.retryAt ? Math.max(1, Math.ceil((problem.retryAt - Date.now()) / 1000)) : 0
  return problem.status === 429 && seconds ? t('login.wait', { n: seconds }) : sentence(problem)
}

/** @param {any} app @param {import('/lib/router.js').Place} place @param {AbortSignal} signal */
export async function show(app, place, signal) {
  const fault = html`<p class="fault" role="alert" hidden></p>`
  const button = html`<button class="button main">${t('login')}</button>`
  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault()
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target))
    button.disabled = true
    fault.hidden = true
    try {
      await app.client.post('/api/v1/session', { name: form.get('name'), password: form.get('password') }, { signal })
      await app.signedIn()
      app.router.go(safe(place.query.get('to')), { replace: true })
    } catch (error) {
      fault.textContent = textOf(failureOf(error))
      fault.hidden = false
      button.disabled = false
    }
  }
  const node = html`<div class="gate">${mark()}<h1 tabindex="-1">${t('login.title')}</h1>
    <form class="stack" @submit=${submit}>${fault}
      <label class="field">${t('login.name')}
        <input name="name" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="64" required></label>
      <label class="field">${t('login.password')}<input name="password" type="password" autocomplete="current-password" required></label>
      ${button}</form></div>`
  return { title: t('login'), node, bare: true, focus: node.querySelector('input') }
}
