// @ts-check
/** Ids. `crypto.randomUUID` exists only where the page came over TLS or from this machine. */

/** 128 bits as hexadecimal digits. */
export const randomID = () => [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, '0')).join('')

/** @type {WeakMap<object, number>} */
const ids = new WeakMap()
let lists = 0
/** A number for each list of items: they are replaced, never changed. @param {object} items */
export function idOf(items) {
  const id = ids.get(items) ?? ++lists
  ids.set(items, id)
  return id
}

