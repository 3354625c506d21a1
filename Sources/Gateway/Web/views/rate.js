// @ts-check
/** Asks for one to five stars. */
import { html } from '/lib/html.js'
import { t } from '/text/text.js'
import { openDialog } from '/elements/dialog.js'
import { stars } from '/elements/view-header.js'

/** @param {any} app @param {'tracks' | 'albums' | 'artists'} kind @param {any} item */
export const askRating = (app, kind, item) => openDialog(t('rate.of', { name: item.title ?? item.name }), close => html`
  <div class="stack">${stars(app, kind, item)}<div class="actions">
    <button class="button" @click=${() => { app.acts.rate(kind, item, 0); close() }}>${t('rate.none')}</button>
    <button class="button main" @click=${() => close()}>${t('done')}</button></div></div>`)
