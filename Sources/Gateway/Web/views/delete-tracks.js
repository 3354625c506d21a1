// @ts-check
/** Deletes tracks from the library. For a while they can be brought back; several, and what cannot, are asked about first. */
import { t } from '/text/text.js'
import { confirm } from '/elements/dialog.js'

/** Takes tracks off the queue. Returns what puts them back, if nothing else was done to the queue meanwhile. @param {any} app @param {Set<string>} ids */
function unqueue(app, ids) {
  const queue = () => app.store.get().queue
  const keys = queue().items.filter((/** @type {any} */ item) => ids.has(item.track.id)).map((/** @type {any} */ item) => item.key)
  if (!keys.length) return () => {}
  app.store.dispatch({ type: 'queue/remove', keys, position: app.store.get().player.position })
  const act = queue().undo.at(-1)
  return () => {
    if (act && queue().undo.at(-1) === act) app.player.changeTo(() => app.store.dispatch({ type: 'queue/undo' }), act.position)
  }
}

/** @param {any} app @param {any[]} tracks */
export async function deleteTracks(app, tracks) {
  const canRestore = await app.restorable() !== null
  const text = [t('track.delete.many', { n: tracks.length }), canRestore ? t('track.delete.back') : ''].filter(Boolean).join(' ')
  if ((tracks.length > 1 || !canRestore) && !await confirm(t('track.delete'), text, t('delete'))) return
  /** @type {string[]} */
  const ids = []
  for (const track of tracks) {
    const done = await app.acts.tell(async () => {
      await app.client.delete(`/api/v1/tracks/${encodeURIComponent(track.id)}`)
      return true
    })
    if (!done) break
    ids.push(track.id)
  }
  if (!ids.length) return
  const requeue = unqueue(app, new Set(ids))
  const undo = async () => {
    const { restoreTracks } = await import('/views/restore-tracks.js')
    if ((await restoreTracks(app, ids)).length === ids.length) requeue()
  }
  const said = ids.length === 1 ? t('track.deleted.one', { name: tracks[0].title }) : t('track.deleted', { n: ids.length })
  app.live.show(said, canRestore ? { label: t('undo'), run: undo } : undefined)
  if (location.pathname === `/track/${encodeURIComponent(ids[0])}`) app.router.go('/tracks', { replace: true })
  app.changes.tell(['library', 'playlists', 'history'])
}
