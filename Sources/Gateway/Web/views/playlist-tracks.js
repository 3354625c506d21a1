// @ts-check
/** A playlist's tracks, whole: what is changed is sent as a whole list. */
import { withQuery } from '/api/client.js'

/** @param {any} app @param {string} id @param {string} fields @param {AbortSignal} [signal] @returns {Promise<any[]>} */
export async function tracksOf(app, id, fields, signal) {
  const all = []
  let after = null
  do {
    const page = await app.client.get(withQuery(`/api/v1/playlists/${encodeURIComponent(id)}/tracks`, { limit: 500, fields, after }), { signal })
    all.push(...page.items)
    after = page.next
  } while (after)
  return all
}

/** @param {any} app @param {string} id @returns {Promise<string[]>} */
export const idsOf = async (app, id) => (await tracksOf(app, id, 'id')).map(track => track.id)
