// @ts-check
/** What is kept on this device, and how much room it takes. */
import { html } from '/lib/html.js'
import { t } from '/text/text.js'
import { fixedRows } from '/elements/rows.js'
import { percent, size } from '/text/format.js'
import { button } from '/elements/controls.js'
import { libraryList } from '/elements/library-list.js'
import { listHeader, playButtons } from '/elements/view-header.js'
import { notice } from '/elements/notice.js'
import { confirm } from '/elements/dialog.js'

/** @param {any} app @param {import('/lib/router.js').Place} place @param {AbortSignal} signal */
export async function show(app, place, signal) {
  await app.player.load()
  const { offline } = app
  const pins = offline.list()
  const tracks = pins.map((/** @type {any} */ pin) => pin.track)
  const list = libraryList(app, fixedRows(tracks), {
    label: t('nav.device'), columns: { cover: true, album: true, when: 'column.size' }, signal,
    about(track) {
      const state = track && offline.state(track.id)
      return { when: !state ? '' : state.isWhole ? size(offline.weight([track.id])) : percent(state.total ? state.received / state.total : 0) }
    },
  })
  for (const type of ['change', 'removed']) signal.addEventListener('abort', offline.on(type, () => { list.virtual.refresh(); showSum() }))
  /** What the browser has thrown away meanwhile is loaded again. */
  async function look() {
    for (const { id } of pins) if (!signal.aborted) await offline.verify(id, { isQuick: true })
  }
  look().catch(() => {})
  const remove = async () => {
    if (!await confirm(t('pin.removeAll'), t('pin.removeAll.text'), t('pin.remove.action'))) return
    await offline.unpin(tracks.map((/** @type {any} */ track) => track.id))
    app.router.again()
  }
  const none = notice({ icon: 'offline', title: t('device.none'), text: t(offline.isPossible ? 'device.none.text' : 'device.impossible') })
  const sum = html`<p class="quiet small list-count"></p>`
  const showSum = () => { sum.textContent = `${t('tracks.n', { n: offline.list().length })} · ${size(offline.weight())}` }
  showSum()
  return {
    title: t('nav.device'),
    node: pins.length ? html`${listHeader(t('nav.device'), ...playButtons(app, async () => tracks), button('trash', t('pin.remove.action'), remove))}
      ${sum}${list.node}`
      : html`${listHeader(t('nav.device'))}${none}`,
  }
}
