// @ts-check
/** The queue: what plays and what comes; every act on it can be undone. */
import { html } from '/lib/html.js'
import { t } from '/text/text.js'
import { length } from '/text/format.js'
import { button, toggle, tool } from '/elements/controls.js'
import { trackList } from '/elements/track-list.js'
import { trackEntries, whyEntry } from '/elements/track-menu.js'
import { sourceText } from '/elements/radio.js'
import { notice } from '/elements/notice.js'
import { listHeader } from '/elements/view-header.js'

/** @param {any} app @param {{signal: AbortSignal, scroller?: HTMLElement}} how in a scroller of its own it is the panel beside a view */
export function queuePanel(app, { signal, scroller }) {
  const { acts, store } = app
  const queue = () => store.get().queue
  const keys = (/** @type {number[]} */ places) => places.map(place => queue().items[place]?.key).filter(Boolean)
  const undo = tool('undo', t('undo'), () => acts.undo())
  const shuffle = toggle('shuffle', t('shuffle'), () => acts.shuffle())
  const clear = tool('trash', t('queue.clear'), () => acts.clear())
  const tools = [undo, shuffle, clear]
  const head = scroller
    ? html`<header class="list-head"><h2>${t('queue')}</h2><div class="actions">${tools}
        ${tool('close', t('close'), () => acts.showQueue())}</div></header>`
    : listHeader(t('queue'), ...tools)
  const sum = html`<p class="small quiet queue-sum"></p>`
  const offered = html`<p></p>`
  const offer = html`<div class="queue-offer" hidden>${offered}<div class="actions">
    ${button(null, t('queue.takeOver'), () => store.get().ui.elsewhere?.take(), 'main')}${button(null, t('queue.keep'), () => store.get().ui.elsewhere?.keep())}</div></div>`
  const empty = notice({ icon: 'queue', title: t('queue.empty'), text: t('queue.empty.text') })

  /** @type {() => void} */
  let changed = () => {}
  const list = trackList(app, {
    total: () => queue().items.length, want() {},
    at: place => queue().items[place] && app.fresh(queue().items[place].track),
    listen(fn) { changed = fn },
  }, {
    label: t('queue'), columns: { cover: true }, signal, scroller, bulk: !scroller,
    isCurrent: place => place === queue().index,
    play(place) {
      const [key] = keys([place])
      if (key) acts.jump(key)
    },
    move: (places, to) => acts.move(keys(places), to),
    remove: places => acts.remove(keys(places)),
    entries(places) {
      const { items, index } = queue()
      const tracks = places.map(place => items[place]?.track).filter(Boolean)
      const move = (/** @type {number} */ to) => () => list.moveTo(places, to)
      const [first, last] = [places[0], places[places.length - 1]]
      const own = [
        { label: t('move.top'), icon: 'up', run: move(0) },
        ...(first > 0 ? [{ label: t('move.up'), icon: 'up', run: move(first - 1) }] : []),
        ...(last < items.length - 1 ? [{ label: t('move.down'), icon: 'down', run: move(last + 2) }] : []),
        { label: t('move.next'), icon: 'next', run: move(index + 1) },
        { label: t('queue.remove'), icon: 'close', run: () => acts.remove(keys(places)) },
        ...(places.length === 1 ? whyEntry(app, items[first]) : []),
        ...(places.length === 1 ? [{ label: t('select'), icon: 'check', run: () => list.selection.toggle(first) }] : []),
      ]
      return trackEntries(app, tracks, async () => tracks, { own, inQueue: true }).slice(1)
    },
  })
  const node = html`<div class="queue-panel">${head}${offer}${sum}${list.node}${empty}</div>`

  /** @param {any} now */
  function update(now) {
    const { items, index } = now
    const rest = items.slice(Math.max(0, index)).reduce((/** @type {number} */ all, /** @type {any} */ item) => all + (item.track.duration || 0), 0)
    const counted = items.length ? t('queue.sum', { place: index + 1, n: items.length, length: length(rest) }) : ''
    sum.textContent = [counted, sourceText(items[index]?.from)].filter(Boolean).join(' · ')
    empty.hidden = items.length > 0
    list.node.hidden = items.length === 0
    undo.disabled = now.undo.length === 0
    clear.disabled = items.length < 2
    shuffle.setAttribute('aria-pressed', String(now.shuffle))
    changed()
  }
  /** @param {any} other the queue of another device */
  function showOffer(other) {
    offer.hidden = !other
    offered.textContent = other?.text ?? ''
  }
  showOffer(store.get().ui.elsewhere)
  signal.addEventListener('abort', store.subscribe((/** @type {any} */ state) => state.ui.elsewhere, showOffer))
  signal.addEventListener('abort', store.subscribe((/** @type {any} */ state) => state.queue, update))
  app.onMark(() => changed(), signal)
  queueMicrotask(() => {
    update(queue())
    list.virtual.reveal(Math.max(0, queue().index - 1), true)
  })
  return node
}
