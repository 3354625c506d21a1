// @ts-check
/** The ways into the library, for a narrow screen that has no side bar. */
import { html } from '/lib/html.js'
import { icon } from '/icons/icons.js'
import { t } from '/text/text.js'
import { listHeader } from '/elements/view-header.js'
import { libraryLinks, otherLinks } from '/elements/shell.js'

/** @param {any} app */
export async function show(app) {
  const hasAccount = !app.store.get().session.open
  const links = [...libraryLinks, ['/deleted', 'deleted'], ...otherLinks.filter(([path]) => path !== '/account' || hasAccount)]
  return {
    title: t('nav.library'),
    node: html`${listHeader(t('nav.library'))}<ul class="library-links">${links.map(([path, name]) =>
      html`<li><a href=${path}>${icon(name)}<span>${t(`nav.${name}`)}</span>${icon('right')}</a></li>`)}</ul>`,
  }
}
