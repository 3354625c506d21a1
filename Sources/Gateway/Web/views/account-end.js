// @ts-check
/** The end of an account, after its password was given again. */
import { html } from '/lib/html.js'
import { t, failureOf, sentence } from '/text/text.js'
import { openDialog } from '/elements/dialog.js'

/** @param {any} app @param {any} me */
export async function askToErase(app, me) {
  const fault = html`<p class="fault" role="alert" hidden></p>`
  const button = html`<button class="button danger">${t('account.delete.action')}</button>`
  const gone = await openDialog(t('account.delete'), close => {
    /** @param {SubmitEvent} event */
    async function submit(event) {
      event.preventDefault()
      const form = new FormData(/** @type {HTMLFormElement} */ (event.target))
      button.disabled = true
      fault.hidden = true
      try {
        await app.client.delete('/api/v1/me', { password: form.get('password') }, { hasPassword: true })
        close('gone')
      } catch (error) {
        button.disabled = false
        const problem = failureOf(error)
        fault.textContent = problem.status === 401 ? t('account.delete.wrong') : sentence(problem)
        fault.hidden = false
      }
    }
    return html`<form class="stack" @submit=${submit}><p>${t('account.delete.text', { n: me.tracks })}</p>${fault}
      <label class="field">${t('login.password')}
        <input name="password" type="password" autocomplete="current-password" required autofocus></label>
      <div class="actions"><button type="button" class="button" @click=${() => close()}>${t('cancel')}</button>
        ${button}</div></form>`
  })
  if (gone) app.signedOut()
}
