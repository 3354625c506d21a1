// @ts-check
/** What was heard, the latest first. */
import { html } from '/lib/html.js'
import { t } from '/text/text.js'
import { ago, clock } from '/text/format.js'
import { withQuery } from '/api/client.js'
import { button } from '/elements/controls.js'
import { trackList } from '/elements/track-list.js'
import { trackEntries } from '/elements/track-menu.js'
import { listHeader } from '/elements/view-header.js'
import { notice } from '/elements/notice.js'
import { confirm } from '/elements/dialog.js'

/** @param {any} play */
const whenOf = play => [ago(play.at), play.stopped ? t('history.stopped', { at: clock(play.stopped) }) : ''].filter(Boolean).join(' · ')

/** @param {any} app @param {import('/lib/router.js').Place} place @param {AbortSignal} signal */
export async function show(app, place, signal) {
  /** @type {any[]} */
  let plays = []
  let next = /** @type {string | null} */ (null)
  let isLoading = false
  let changed = () => {}
  async function more() {
    if (isLoading) return
    isLoading = true
    const page = await app.client.get(withQuery('/api/v1/history', { limit: 200, after: next, fields: app.fields }), { signal })
    plays = [...plays, ...page.items]
    next = page.next
    isLoading = false
    changed()
  }
  await more()
  const list = trackList(app, {
    total: () => plays.length, at: at => plays[at] && app.fresh(plays[at].track),
    about: at => ({ when: plays[at] ? whenOf(plays[at]) : '' }),
    want(first, last) { if (next && last > plays.length - 40) more().catch(() => {}) },
    listen(fn) { changed = fn },
  }, {
    label: t('nav.history'), columns: { cover: true, album: true, when: true }, signal,
    play: at => app.acts.play([plays[at].track], 0, false),
    entries(places) {
      const tracks = places.map(at => plays[at].track)
      return trackEntries(app, tracks, async () => tracks)
    },
  })
  app.onMark(() => changed(), signal)
  const erase = async () => {
    if (!await confirm(t('history.erase'), t('history.erase.text'), t('history.erase.action'))) return
    const done = await app.acts.tell(async () => { await app.client.delete('/api/v1/history'); return true })
    if (done) app.router.again()
  }
  return {
    title: t('nav.history'),
    node: plays.length ? html`${listHeader(t('nav.history'), button('trash', t('history.erase.action'), erase))}${list.node}`
      : html`${listHeader(t('nav.history'))}${notice({ icon: 'history', title: t('history.none'), text: t('history.none.text') })}`,
  }
}
