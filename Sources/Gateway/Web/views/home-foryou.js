// @ts-check
/** The row of suggestions on the first view. It holds still: only a hidden one leaves it, and what is new comes at its end. */
import '/text/taste.js'
import { html } from '/lib/html.js'
import { keyed } from '/lib/list.js'
import { t } from '/text/text.js'
import { shelf } from '/elements/covers.js'
import { held, putBack, readSuggestions } from '/core/suggestions.js'
import { suggestionCard } from '/elements/suggestion-card.js'

/**
 * @param {any} app @param {any} found an answer of `path` @param {string} path @param {AbortSignal} signal
 * @returns {HTMLElement | null} null if it has nothing to show
 */
export function forYou(app, found, path, signal) {
  let items = readSuggestions(found.items)
  if (!items.length) return null
  /** @type {Set<string>} */
  const hidden = new Set()
  /** Counts what the listener did: an answer to what was asked before does not count. */
  let turn = 0
  const section = /** @type {HTMLElement} */ (shelf(t('foryou'), [html`<li></li>`], { href: '/taste' }))
  const row = /** @type {HTMLElement} */ (section.querySelector('.shelf-row'))
  row.replaceChildren()
  const make = (/** @type {any} */ one) => suggestionCard(app, one, { basis: found.basis, hide: () => hide(one) })

  /** @param {typeof items} now */
  function show(now) {
    items = now
    keyed(row, items, one => one.item, make)
    section.hidden = items.length === 0
  }
  /** @param {number} place */
  const focusAt = place => {
    const card = row.children[Math.min(place, row.children.length - 1)]
    const goal = /** @type {HTMLElement | null | undefined} */ (card?.querySelector('.card-more') ?? document.querySelector('main h1'))
    goal?.focus({ preventScroll: !card })
  }
  /** Asks for another one in the place of one that was hidden. */
  async function renew() {
    const own = turn
    const now = await app.client.get(path, { signal }).catch(() => null)
    if (now && own === turn && !signal.aborted) show(held(items, readSuggestions(now.items), hidden))
  }
  /** @param {any} one */
  async function hide(one) {
    const place = items.indexOf(one)
    const address = `/api/v1/hidden/${encodeURIComponent(one.item)}`
    const back = () => {
      turn += 1
      hidden.delete(one.item)
      show(putBack(items, one, place))
      focusAt(place)
    }
    const leave = () => {
      turn += 1
      hidden.add(one.item)
      show(items.filter(other => other.item !== one.item))
    }
    leave()
    focusAt(place)
    if (!await app.acts.tell(async () => { await app.client.put(address); return true }, back)) return
    app.live.show(t('foryou.hidden', { title: one.title }), {
      label: t('undo'),
      run() {
        back()
        app.acts.tell(() => app.client.delete(address), leave)
      },
    })
    await renew()
  }
  // Switched off elsewhere, it goes; nothing else moves what is looked at.
  app.changes.on(['account'], async () => {
    const now = await app.client.get(path, { signal }).catch(() => null)
    if (now && !now.enabled) section.remove()
  }, signal)
  show(items)
  return section
}
