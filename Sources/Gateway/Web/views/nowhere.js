// @ts-check
/** An address without a view. */
import { html } from '/lib/html.js'
import { t } from '/text/text.js'
import { notice } from '/elements/notice.js'

export const show = async () => ({
  title: t('nowhere'),
  node: html`<h1 class="unseen" tabindex="-1">${t('nowhere')}</h1>
    ${notice({ icon: 'search', title: t('nowhere'), text: t('nowhere.text') }, html`<a class="button main" href="/">${t('home')}</a>`)}`,
})
