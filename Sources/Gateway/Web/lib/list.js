// @ts-check
/** A list of elements that follows a list of data by key. */

/**
 * Makes the children of `parent` those of `items`, in this order: keeps the element of a known key, makes one for a new key
 * and removes the rest. Elements that stay in order are not moved, so focus and scroll positions last.
 * @template T
 * @param {Element} parent @param {readonly T[]} items @param {(item: T) => string} keyOf
 * @param {(item: T, place: number) => Element} make
 * @param {(element: any, item: T, place: number) => void} [update] called for kept elements
 */
export function keyed(parent, items, keyOf, make, update = () => {}) {
  /** @type {Map<string, Element>} */
  const old = elements.get(parent) ?? new Map()
  /** @type {Map<string, Element>} */
  const now = new Map()
  items.forEach((item, place) => {
    let key = keyOf(item)
    while (now.has(key)) key += '\0'
    const kept = old.get(key)
    if (kept) update(kept, item, place)
    now.set(key, kept ?? make(item, place))
  })
  for (const [key, element] of old) if (!now.has(key)) element.remove()
  let next = parent.firstElementChild
  for (const element of now.values()) {
    if (element === next) next = next.nextElementSibling
    else parent.insertBefore(element, next)
  }
  elements.set(parent, now)
}

/** @type {WeakMap<Element, Map<string, Element>>} */
const elements = new WeakMap()
