// @ts-check
/** A list of tracks of any length: a grid for the keyboard and screen readers, of which only the rows near the window exist. */
import { html } from '/lib/html.js'
import { t } from '/text/text.js'
import { virtualRows } from '/elements/virtual-rows.js'
import { createSelection } from '/elements/selection.js'
import { makeRow, fillRow, headings } from '/elements/track-row.js'
import { listenToGrid } from '/elements/grid-keys.js'
import { listenToRows } from '/elements/grid-pointer.js'
import { selectionBar } from '/elements/selection-bar.js'

/**
 * @typedef {object} Rows what the list shows
 * @property {() => number} total @property {(place: number) => any} at the track of a place, undefined if it has not come yet
 * @property {(first: number, last: number) => void} want @property {(changed: () => void, signal: AbortSignal) => void} listen
 * @property {(place: number) => {number?: string, when?: string, key?: string}} [about]
 * @property {(also: number[]) => Promise<((place: number) => number) | null>} [renew] asks anew for what is seen and for these places;
 *   gives where entries are now, null if nothing has changed
 * @property {(typed: string, from: number) => Promise<number>} [seek] the place of the first that begins so, -1 for none
 */
/**
 * @param {any} app @param {Rows} rows
 * @param {{label: string, columns: import('/elements/track-row.js').Columns, signal: AbortSignal,
 *   play: (place: number) => void, isCurrent?: (place: number, track: any) => boolean,
 *   entries: (places: number[]) => Array<any>, move?: (places: number[], to: number) => void, remove?: (places: number[]) => void,
 *   bulk?: boolean, scroller?: HTMLElement}} options
 *   `entries` are those of the menu of some rows; with `move` rows can be put elsewhere
 */
export function trackList(app, rows, options) {
  const { columns, signal, label } = options
  const head = html`<div class="row head" role="row" aria-rowindex="1">${headings({ ...columns, grip: Boolean(options.move) }).map(([name, text]) =>
    html`<span role="columnheader" class=${name}>${text || html`<span class="unseen">${t(`column.${name}`)}</span>`}</span>`)}</div>`
  const body = html`<div class="rows" role="rowgroup"></div>`
  const grid = html`<div class="tracks" role="grid" aria-multiselectable="true" aria-label=${label} ?data-type-ahead=${Boolean(rows.seek)}>
    <div role="rowgroup">${head}</div>${body}</div>`
  for (const [name, on] of Object.entries({ ...columns, grip: Boolean(options.move) })) grid.classList.toggle(`with-${name}`, Boolean(on))
  let focused = 0
  const selection = createSelection(() => { virtual.refresh(); bar.update() })
  const isCurrent = options.isCurrent ?? ((_, track) => track !== undefined && track.id === app.current()?.id)

  const virtual = virtualRows({
    body, signal, scroller: options.scroller, want: rows.want,
    make: () => makeRow({ ...columns, grip: Boolean(options.move) }),
    fill(row, place, fast) {
      const track = rows.at(place)
      const current = isCurrent(place, track)
      fillRow(row, track, {
        place, fast, first: 2, current, playing: current && app.store.get().player.status === 'playing',
        selected: selection.has(place), focusable: place === focused, ...rows.about?.(place),
      })
    },
  })

  const list = {
    node: grid, selection, virtual, rows, isPlain: Boolean(columns.plain),
    get focused() { return focused },
    /** Gives the focus to a place's row, and shows it. @param {number} place @param {boolean} [quiet] without the focus */
    focus(place, quiet = false) {
      if (rows.total() === 0) return
      const old = focused
      focused = Math.max(0, Math.min(rows.total() - 1, place))
      virtual.pin(focused)
      if (!quiet) virtual.reveal(focused)
      virtual.rowAt(old)?.setAttribute('tabindex', '-1')
      const row = virtual.rowAt(focused)
      row?.setAttribute('tabindex', '0')
      if (!quiet) row?.focus({ preventScroll: true })
    },
    /** The places that an act on this row is for. @param {number} place */
    chosen: place => selection.size > 0 && selection.has(place) ? selection.places : [place],
    play: options.play, move: options.move, remove: options.remove, entries: options.entries, app,
    /** The menu's name: the track's, or how many. @param {number[]} places */
    nameOf: places => places.length > 1 ? t('selected', { n: places.length }) : rows.at(places[0])?.title ?? '',
    /** Follows a change on the server. @returns {Promise<boolean>} whether there was one */
    async refresh() {
      const move = await rows.renew?.([focused, ...selection.places])
      if (!move || signal.aborted) return false
      follow(move)
      return true
    },
    /** Puts rows elsewhere, and says where. @param {number[]} places @param {number} to */
    moveTo(places, to) {
      if (!options.move) return
      const goal = to - places.filter(place => place < to).length
      if (places.length === 1 && goal === places[0]) return
      options.move(places, to)
      selection.clear()
      list.focus(goal)
      app.say(t('moved', { place: goal + 1, total: rows.total() }))
    },
  }
  const bar = selectionBar(list)

  /** Entries are at other places: focus, selection and what is in sight stay with them. @param {(place: number) => number} move */
  function follow(move) {
    const row = grid.contains(document.activeElement) ? document.activeElement?.closest('.rows .row') ?? null : null
    const isGone = row !== null && move(virtual.placeOf(row)) < 0
    const isAll = selection.size > 0 && selection.size > virtual.last
    const goal = move(focused)
    focused = goal >= 0 ? goal : Math.max(0, Math.min(rows.total() - 1, focused))
    virtual.rearrange(move, rows.total())
    if (isAll) selection.all(rows.total())
    else if (selection.size) selection.move(move)
    changed()
    virtual.pin(focused)
    if (!isGone) return
    // What was in the row leaves the focus to the one that comes in its place, wherever that is.
    list.focus(focused, true)
    virtual.rowAt(focused)?.focus({ preventScroll: true })
  }

  function changed() {
    grid.setAttribute('aria-rowcount', String(rows.total() + 1))
    if (focused >= rows.total()) focused = Math.max(0, rows.total() - 1)
    virtual.setTotal(rows.total())
    virtual.refresh()
  }
  listenToGrid(list, signal)
  listenToRows(list, signal)
  rows.listen(changed, signal)
  const playing = (/** @type {any} */ { queue, player }) => `${queue.index} ${queue.items[queue.index]?.key} ${player.status}`
  const off = app.store.subscribe(playing, () => virtual.refresh())
  signal.addEventListener('abort', off)
  signal.addEventListener('abort', bar.leave)
  if (options.bulk !== false) document.body.append(bar.node)
  // The list's place on the page is known once it is in it.
  queueMicrotask(changed)
  return list
}
