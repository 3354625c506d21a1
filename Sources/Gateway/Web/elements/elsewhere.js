// @ts-check
/** A queue that another device left on the server: taken over on request, or at once where there is none here. */
import { t } from '/text/text.js'
import { current } from '/core/queue.js'
import { randomID } from '/lib/id.js'
import { withQuery } from '/api/client.js'

/** Documents that are asked for at the same time. */
const atOnce = 6

/** @param {any} app @param {{tracks: string[], current: number | null, position: number}} found */
async function takeOver(app, found) {
  const { store, client } = app
  const visit = randomID().slice(0, 8)
  const items = found.tracks.map((id, place) => ({ key: `${visit}.${place}`, place, track: { id, title: '…' } }))
  const index = found.current ?? (items.length ? 0 : -1)
  app.player.changeTo(() => store.dispatch({ type: 'queue/restore', queue: { items, index, made: items.length } }), found.position)
  // From the current one on, then those before it: what is seen and heard first comes first.
  const ids = [...new Set([...found.tracks.slice(Math.max(0, index)), ...found.tracks.slice(0, Math.max(0, index))])]
  const work = async () => {
    for (let id = ids.shift(); id; id = ids.shift()) {
      const track = await client.get(withQuery(`/api/v1/tracks/${encodeURIComponent(id)}`, { fields: app.fields })).catch(() => null)
      if (!track) continue
      store.dispatch({ type: 'queue/track', track })
      if (current(store.get().queue)?.track.id === id) {
        const { position } = store.get().player
        store.dispatch({ type: 'player/time', position, duration: track.duration, buffered: 0 })
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
}

/** @param {any} app @param {any} sync as state/sync.js makes it */
export function watchElsewhere(app, sync) {
  sync.on('elsewhere', (/** @type {any} */ found) => {
    if (app.store.get().queue.items.length === 0) return takeOver(app, found)
    app.live.show(t('queue.elsewhere', { n: found.tracks.length }), { label: t('queue.takeOver'), run: () => takeOver(app, found) })
  })
}
