// @ts-check
/** Deletes tracks from the library, after asking. */
import { t } from '/text/text.js'
import { confirm } from '/elements/dialog.js'

/** @param {any} app @param {any[]} tracks */
export async function deleteTracks(app, tracks) {
  const text = tracks.length === 1 ? t('track.delete.one', { name: tracks[0].title }) : t('track.delete.many', { n: tracks.length })
  if (!await confirm(t('track.delete'), text, t('delete'))) return
  let deleted = 0
  for (const track of tracks) {
    const done = await app.acts.tell(async () => {
      await app.client.delete(`/api/v1/tracks/${encodeURIComponent(track.id)}`)
      return true
    })
    if (!done) break
    deleted += 1
  }
  if (!deleted) return
  const gone = new Set(tracks.slice(0, deleted).map(track => track.id))
  const keys = app.store.get().queue.items.filter((/** @type {any} */ item) => gone.has(item.track.id)).map((/** @type {any} */ item) => item.key)
  if (keys.length) app.store.dispatch({ type: 'queue/remove', keys })
  app.live.show(t('track.deleted', { n: deleted }))
  app.router.again()
}
