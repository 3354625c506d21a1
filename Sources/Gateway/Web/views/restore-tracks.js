// @ts-check
/** Brings deleted tracks back. */
import '/text/rare.js'
import { t, failureOf, sentence } from '/text/text.js'

/** @param {any} error */
function faultOf(error) {
  const problem = failureOf(error)
  return problem.status === 404 ? t('deleted.late') : problem.slug === 'over-quota' ? t('deleted.room') : sentence(problem)
}

/**
 * Says how many came back, or why one did not.
 * @param {any} app @param {string[]} ids @returns {Promise<string[]>} those that are back
 */
export async function restoreTracks(app, ids) {
  /** @type {string[]} */
  const back = []
  let fault = ''
  for (const id of ids) {
    try {
      await app.client.post(`/api/v1/deleted/${encodeURIComponent(id)}`)
      back.push(id)
    } catch (error) {
      fault ||= faultOf(error)
      if (failureOf(error).status !== 404) break
    }
  }
  if (back.length) app.live.show(t('deleted.restored', { n: back.length }))
  if (fault) app.live.show(fault)
  app.changes.tell(['library', 'playlists', 'history'])
  return back
}
