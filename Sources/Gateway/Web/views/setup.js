// @ts-check
/** The first account, with the code that the server printed when it was started. */
import { html } from '/lib/html.js'
import { t, failureOf, sentence } from '/text/text.js'
import { mark } from '/elements/shell.js'
import { linkButton } from '/elements/controls.js'

const shortest = 8

/** @param {any} app @param {import('/lib/router.js').Place} place @param {AbortSignal} signal */
export async function show(app, place, signal) {
  const code = place.query.get('code') ?? ''
  const fault = html`<p class="fault" role="alert" hidden></p>`
  const button = html`<button class="button main">${t('setup.make')}</button>`
  const say = (/** @type {string} */ text) => {
    fault.textContent = text
    fault.hidden = false
    button.disabled = false
  }
  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault()
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target))
    const value = (/** @type {string} */ name) => String(form.get(name) ?? '')
    fault.hidden = true
    if (value('password').length < shortest) return say(t('setup.short', { n: shortest }))
    if (value('password') !== value('again')) return say(t('setup.differ'))
    button.disabled = true
    try {
      const body = new URLSearchParams({ code, name: value('name'), password: value('password'), again: value('again') })
      await app.client.send('POST', '/setup', body, { signal })
      await app.signedIn()
      const next = welcome(value('name'))
      node.replaceWith(next)
      next.querySelector('h1').focus()
    } catch (error) {
      const problem = failureOf(error)
      say(problem.status === 404 ? t('setup.used') : problem.status === 400 ? problem.detail || t('setup.name') : sentence(problem))
    }
  }
  /** A question that is asked once; until it is answered nothing is learned. */
  function askTaste() {
    const said = html`<p class="quiet" role="status"></p>`
    const buttons = html`<div class="actions"><button class="button" @click=${() => answer(true)}>${t('setup.taste.yes')}</button>
      <button class="button" @click=${() => answer(false)}>${t('setup.taste.no')}</button></div>`
    /** @param {boolean} enabled */
    async function answer(enabled) {
      if (!await app.acts.tell(() => app.client.put('/api/v1/me/taste', { enabled }))) return
      buttons.remove()
      said.textContent = t(enabled ? 'setup.taste.said.yes' : 'setup.taste.said.no')
    }
    return html`<section class="stack" aria-labelledby="ask-taste"><h2 id="ask-taste">${t('setup.taste')}</h2>
      <p class="quiet">${t('setup.taste.text')}</p>${buttons}${said}</section>`
  }
  /** @param {string} name */
  const welcome = name => html`<div class="gate">${mark()}<h1 tabindex="-1">${t('setup.welcome', { name })}</h1><p>${t('setup.done')}</p>${askTaste()}
    <div class="actions"><a class="button main" href="/uploads">${t('setup.upload')}</a><a class="button" href="/">${t('home')}</a></div></div>`
  const password = (/** @type {string} */ name, /** @type {string} */ label, /** @type {string} */ hint) => html`<label class="field">${label}
    <input name=${name} type="password" autocomplete="new-password" minlength=${shortest} required>${hint && html`<span class="hint">${hint}</span>`}</label>`
  const form = () => html`<form class="stack" method="post" action="/setup" @submit=${submit}>${fault}
    <input type="hidden" name="code" value=${code}>
    <label class="field">${t('login.name')}
      <input name="name" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="64" required></label>
    ${password('password', t('login.password'), t('setup.short', { n: shortest }))}${password('again', t('setup.again'), '')}${button}</form>`
  const node = code
    ? html`<div class="gate">${mark()}<h1 tabindex="-1">${t('setup.title')}</h1><p class="quiet">${t('setup.text')}</p>${form()}</div>`
    : html`<div class="gate">${mark()}<h1 tabindex="-1">${t('setup.title')}</h1><p>${t('setup.used')}</p>${linkButton('/login', t('login'), 'main')}</div>`
  return { title: t('setup.title'), node, bare: true, focus: node.querySelector('input:not([type=hidden])') }
}
