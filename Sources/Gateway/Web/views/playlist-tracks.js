// @ts-check
/** A playlist's tracks, whole: what is changed is sent as a whole list. */
import { every } from '/api/client.js'

/** @param {any} app @param {string} id @param {string} fields @param {AbortSignal} [signal] @returns {Promise<any[]>} */
export const tracksOf = (app, id, fields, signal) => every(app.client, `/api/v1/playlists/${encodeURIComponent(id)}/tracks`, { fields }, { signal })

/** @param {any} app @param {string} id @returns {Promise<string[]>} */
export const idsOf = async (app, id) => (await tracksOf(app, id, 'id')).map(track => track.id)
