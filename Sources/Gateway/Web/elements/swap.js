// @ts-check
/** Another state of a part of a view in the place of the old one, without a flicker: pictures, focus and shelves stay as they were. */

/** @param {any} picture */
const pictureOf = ({ className, src = '', dataset }) => `${className.split(' ')[0]} ${src} ${dataset.art} ${dataset.width}`
const pictures = '.cover, .backdrop'

/** What an element that can have the focus is called. @param {Element} element */
const nameOf = element => `${element.localName} ${element.getAttribute('href') ?? ''} ${element.getAttribute('aria-label') ?? element.textContent}`

/** Those with the same name, in order. @param {Element} root @param {string} name */
const named = (root, name) => [...root.querySelectorAll('a, button, input, select, [tabindex]')].filter(one => nameOf(one) === name)

/** @param {Element} old @param {Element} fresh */
export function swap(old, fresh) {
  const active = old.contains(document.activeElement) ? document.activeElement : null
  const name = active ? nameOf(active) : ''
  const turn = active ? named(old, name).indexOf(active) : -1
  const shelves = [...old.querySelectorAll('.shelf-row')].map(row => row.scrollLeft)
  /** @type {Map<string, Element[]>} */
  const kept = new Map()
  for (const one of old.querySelectorAll(pictures)) kept.set(pictureOf(one), [...kept.get(pictureOf(one)) ?? [], one])
  for (const one of fresh.querySelectorAll(pictures)) {
    const same = kept.get(pictureOf(one))?.shift()
    if (same) one.replaceWith(same)
  }
  old.replaceWith(fresh)
  fresh.querySelectorAll('.shelf-row').forEach((row, i) => { if (shelves[i]) row.scrollLeft = shelves[i] })
  const goal = /** @type {HTMLElement | undefined} */ (named(fresh, name)[Math.max(0, turn)])
  if (active) goal?.focus({ preventScroll: true })
}

/** Without marks, which follow by themselves. @param {any} item */
export const unmarked = ({ favourite, rating, ...rest }) => rest

/**
 * A part of a view that is made of data, and made anew only if the data are others.
 * @template T @param {T} data @param {(data: T) => Node | null} make @param {(data: T) => unknown} [shownOf] what of the data is shown
 * @returns {{node: HTMLElement, update: (data: T) => boolean}}
 */
export function livePart(data, make, shownOf = data => data) {
  const wrap = (/** @type {T} */ of) => {
    const part = document.createElement('div')
    part.append(make(of) ?? '')
    return part
  }
  let shown = JSON.stringify(shownOf(data))
  const part = { node: wrap(data), update }
  /** @param {T} now */
  function update(now) {
    const text = JSON.stringify(shownOf(now))
    if (text === shown) return false
    shown = text
    const fresh = wrap(now)
    swap(part.node, fresh)
    part.node = fresh
    return true
  }
  return part
}
