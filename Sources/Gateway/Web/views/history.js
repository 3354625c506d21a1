// @ts-check
/** What was heard, the latest first. */
import { html } from '/lib/html.js'
import { t } from '/text/text.js'
import { ago, clock } from '/text/format.js'
import { withQuery } from '/api/client.js'
import { moves } from '/core/moves.js'
import { button, linkButton } from '/elements/controls.js'
import { followList } from '/elements/follow-list.js'
import { trackList } from '/elements/track-list.js'
import { trackEntries } from '/elements/track-menu.js'
import { listHeader } from '/elements/view-header.js'
import { notice } from '/elements/notice.js'
import { confirm } from '/elements/dialog.js'

const size = 200
/** Plays that are asked for anew after a change; those behind them come when they are scrolled to. */
const mostAnew = 1000

/** @param {any} play */
const whenOf = play => [ago(play.at), play.stopped ? t('history.stopped', { at: clock(play.stopped) }) : ''].filter(Boolean).join(' · ')

/** @param {any} app @param {AbortSignal} signal */
function historyRows(app, signal) {
  /** @type {any[]} */
  let plays = []
  let next = /** @type {string | null} */ (null)
  let isLoading = false
  let turn = 0
  let changed = () => {}
  const page = (/** @type {string | null} */ after) =>
    app.client.get(withQuery('/api/v1/history', { limit: size, after, fields: app.fields }), { signal })
  const ids = () => plays.map((play, place) => /** @type {[number, string]} */ ([place, `${play.at} ${play.track.id}`]))

  return {
    total: () => plays.length, play: (/** @type {number} */ at) => plays[at],
    at: (/** @type {number} */ at) => plays[at] && app.fresh(plays[at].track),
    about: (/** @type {number} */ at) => ({ when: plays[at] ? whenOf(plays[at]) : '' }),
    /** @param {() => void} fn */
    listen(fn) { changed = fn },
    /** @param {number} _ @param {number} last */
    want(_, last) { if (next && last > plays.length - 40) this.more().catch(() => {}) },
    async more() {
      if (isLoading) return
      isLoading = true
      const own = turn
      try {
        const found = await page(next)
        if (own !== turn) return
        plays = [...plays, ...found.items]
        next = found.next
      } finally {
        isLoading = false
      }
      changed()
    },
    async renew() {
      const own = ++turn
      const count = Math.min(plays.length, mostAnew)
      const before = new Map(ids())
      const now = await page(null)
      while (now.items.length < count && now.next) {
        const more = await page(now.next)
        now.items.push(...more.items)
        now.next = more.next
      }
      if (own !== turn) return null
      const old = JSON.stringify(plays)
      plays = now.items
      next = now.next
      return JSON.stringify(plays) === old ? null : moves(before, ids())
    },
  }
}

/** @param {any} app @param {import('/lib/router.js').Place} place @param {AbortSignal} signal */
export async function show(app, place, signal) {
  const rows = historyRows(app, signal)
  await rows.more()
  const list = trackList(app, rows, {
    label: t('nav.history'), columns: { cover: true, album: true, when: true }, signal,
    play: at => app.acts.play([rows.play(at).track], 0, false),
    entries(places) {
      const tracks = places.map(at => rows.play(at).track)
      return trackEntries(app, tracks, async () => tracks)
    },
  })
  app.onMark(() => list.virtual.refresh(), signal)
  followList(app, list, rows, { signal, kinds: ['history', 'library'] })
  const erase = async () => {
    if (!await confirm(t('history.erase'), t('history.erase.text'), t('history.erase.action'))) return
    const done = await app.acts.tell(async () => { await app.client.delete('/api/v1/history'); return true })
    if (done) app.router.again()
  }
  return {
    title: t('nav.history'),
    node: rows.total() ? html`${listHeader(t('nav.history'), linkButton('/year', t('history.year'), '', 'history'), button('trash', t('history.erase.action'), erase))}${list.node}`
      : html`${listHeader(t('nav.history'))}${notice({ icon: 'history', title: t('history.none'), text: t('history.none.text') })}`,
  }
}
