// @ts-check
/** Makes a link to tracks, an album or a playlist for people without an account. */
import '/text/rare.js'
import { html } from '/lib/html.js'
import { copyText } from '/lib/clipboard.js'
import { icon } from '/icons/icons.js'
import { t, failureOf, sentence } from '/text/text.js'
import { moment } from '/text/format.js'
import { openDialog } from '/elements/dialog.js'
import { expiry } from '/core/share.js'

const terms = ['day', 'week', 'month', 'never']
const usual = 'week'
/** Tracks that the server shares by their ids. */
const mostTracks = 1000

/** @param {any} share */
const addressOf = share => new URL(share.url, location.href).href

/** @param {any} error */
export function shareFault(error) {
  const problem = failureOf(error)
  return problem.slug === 'over-quota' ? t('share.tooMany') : sentence(problem)
}

/** The link, to be copied again. @param {any} share @param {boolean} isCopied @param {() => void} close */
function made(share, isCopied, close) {
  const said = html`<p role="status"></p>`
  const say = (/** @type {boolean} */ copied) => { said.textContent = t(copied ? 'share.made.copied' : 'share.made.uncopied') }
  const link = html`<input class="number" readonly value=${addressOf(share)} @focus=${(/** @type {any} */ event) => event.target.select()}>`
  const again = async () => {
    say(await copyText(link.value))
    link.focus()
  }
  const node = html`<div class="stack">${said}<label class="field">${t('share.link')}${link}</label>
    <p class="quiet small">${share.expires ? t('share.until', { date: moment(share.expires) }) : t('share.forever')} ${t('share.all')}</p>
    <div class="actions"><button class="button" @click=${again}>${icon('link')}${t('copy')}</button>
      <button class="button main" @click=${() => close()}>${t('done')}</button></div></div>`
  // A status is read out when it changes while it is in the document.
  setTimeout(() => {
    say(isCopied)
    link.focus()
  })
  return node
}

/**
 * @param {any} app @param {{tracks: string[]} | {album: string} | {playlist: string}} what @param {string} name of what is shared
 */
export async function askToShare(app, what, name) {
  if ('tracks' in what && what.tracks.length > mostTracks) return app.live.show(t('share.long', { n: mostTracks }))
  const fault = html`<p class="fault" role="alert" hidden></p>`
  const button = html`<button class="button main">${icon('share')}${t('share.make')}</button>`
  await openDialog(t('share.title', { name }), close => {
    /** @param {SubmitEvent} event */
    async function submit(event) {
      event.preventDefault()
      const form = new FormData(/** @type {HTMLFormElement} */ (event.target))
      const description = String(form.get('description')).trim()
      button.disabled = true
      fault.hidden = true
      try {
        const share = await app.client.post('/api/v1/shares', { ...what, description, expires: expiry(String(form.get('term')), Date.now()) })
        const isCopied = await copyText(addressOf(share))
        const dialog = node.closest('dialog')
        dialog.querySelector('h2').textContent = t('share.made')
        node.replaceWith(made(share, isCopied, close))
      } catch (error) {
        fault.textContent = shareFault(error)
        fault.hidden = false
        button.disabled = false
      }
    }
    const node = html`<form class="stack" @submit=${submit}><p class="quiet">${t('share.about')}</p>
      <fieldset class="setting"><legend>${t('share.expires')}</legend><div class="options">${terms.map(term => html`<label class="choice">
        <input type="radio" name="term" value=${term} ?checked=${term === usual}><span>${t(`share.term.${term}`)}</span></label>`)}</div></fieldset>
      <label class="field">${t('share.description')}<input name="description" maxlength="250" autocomplete="off">
        <span class="hint">${t('share.description.hint')}</span></label>
      ${fault}<div class="actions"><button type="button" class="button" @click=${() => close()}>${t('cancel')}</button>${button}</div></form>`
    return node
  })
}
