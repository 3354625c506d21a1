// @ts-check
/** A queue that another device left on the server: taken over on request, or at once where there is none here. */
import { t } from '/text/text.js'
import { current } from '/core/queue.js'
import { randomID } from '/lib/id.js'
import { withQuery } from '/api/client.js'

const size = 500

/** @param {any} app @param {{tracks: string[], current: number | null, position: number}} found */
async function takeOver(app, found) {
  const { store, client } = app
  const visit = randomID().slice(0, 8)
  const items = found.tracks.map((id, place) => ({ key: `${visit}.${place}`, place, track: { id, title: '…' } }))
  const index = found.current ?? (items.length ? 0 : -1)
  app.player.changeTo(() => store.dispatch({ type: 'queue/restore', queue: { items, index, made: items.length } }), found.position)
  const isOurs = () => store.get().queue.items[0]?.key === items[0]?.key

  /** @param {any} where @returns {Promise<any>} the page after it */
  async function take(where) {
    const page = await client.get(withQuery('/api/v1/queue/tracks', { fields: app.fields, limit: size, ...where }))
    const hadLength = store.get().player.duration > 0
    store.dispatch({ type: 'queue/tracks', tracks: page.items })
    const track = current(store.get().queue)?.track
    if (!hadLength && track?.duration) {
      store.dispatch({ type: 'player/time', position: store.get().player.position, duration: track.duration, buffered: 0 })
    }
    return page
  }
  await app.acts.tell(async () => {
    // What is seen and heard first comes first.
    if (index >= size) await take({ at: Math.max(0, index - 50) })
    for (let page = await take({}); page.next && isOurs();) page = await take({ after: page.next })
    if (isOurs()) store.dispatch({ type: 'queue/tracks', tracks: [], isAll: true })
  })
}

/** @param {any} app @param {any} sync as state/sync.js makes it */
export function watchElsewhere(app, sync) {
  sync.on('elsewhere', (/** @type {any} */ found) => {
    if (app.store.get().queue.items.length === 0) return takeOver(app, found)
    app.live.show(t('queue.elsewhere', { n: found.tracks.length }), { label: t('queue.takeOver'), run: () => takeOver(app, found) })
  })
}
