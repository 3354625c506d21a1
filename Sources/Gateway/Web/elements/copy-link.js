// @ts-check
/** Copies an address of this page, and says so. */
import { t } from '/text/text.js'
import { copyText } from '/lib/clipboard.js'

/** @param {any} app @param {string} path */
export async function copyLink(app, path) {
  const link = new URL(path, location.href).href
  app.live.show(await copyText(link) ? t('link.copied') : t('link.copy.failed', { link }))
}
