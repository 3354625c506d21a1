// @ts-check
/** A queue that another device left on the server: taken over on request, or at once where there is none here. The offer stays until it is answered. */
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
  const { position } = store.get().player
  const hadOwn = store.get().queue.items.length > 0
  app.player.changeTo(() => store.dispatch({ type: 'queue/takeOver', items, index, position }), found.position)
  if (hadOwn) app.live.show(t('queue.takenOver', { n: items.length }), { label: t('undo'), run: app.acts.undo })
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
  const { store } = app
  /** What is offered, until it is answered: what the other device does meanwhile changes it without a word. @type {{found: any} | null} */
  let standing = null
  /** @param {{found: any} | null} other @param {any} [shown] */
  function offer(other, shown = null) {
    standing = other
    store.dispatch({ type: 'ui/set', name: 'elsewhere', value: shown })
  }
  sync.on('elsewhere', (/** @type {any} */ found) => {
    if (store.get().queue.items.length === 0) return takeOver(app, found)
    const isNew = standing === null
    const own = standing ?? { found }
    own.found = found
    const text = t(found.isOwnTab ? 'queue.otherTab' : 'queue.elsewhere', { n: found.tracks.length })
    const take = () => {
      if (standing !== own) return undefined
      offer(null)
      return takeOver(app, own.found)
    }
    offer(own, { text, take, keep: () => { offer(null); return sync.keep() } })
    if (isNew && !found.isOwnTab) app.live.show(text, { label: t('queue.takeOver'), run: take })
  })
  sync.on('moved', (/** @type {any} */ { position, isHere }) => {
    if (standing) standing.found.position = position
    else if (isHere) app.player.standAt(position)
  })
  // The server has this device's queue now: the other is gone.
  sync.on('kept', () => offer(null))
}
