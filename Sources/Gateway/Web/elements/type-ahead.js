// @ts-check
/** Typing the beginning of a name goes to it. */

const pause = 900

/**
 * A function that takes a key's event and returns whether it was a letter for the search; `seek` gets what was typed so far.
 * @param {(typed: string) => void} seek
 */
export function typeAhead(seek) {
  let typed = ''
  let last = 0
  return (/** @type {KeyboardEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1) return false
    const isNew = event.timeStamp - last > pause
    if (event.key === ' ' && (isNew || !typed)) return false
    if (!/[\p{L}\p{N} '.&-]/u.test(event.key)) return false
    typed = isNew ? event.key : typed + event.key
    last = event.timeStamp
    seek(typed)
    return true
  }
}

/** As lists compare names: without case and accents. @param {string} text */
export const folded = text => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

/** Whether a name begins with what was typed; an article counts only if it was typed. @param {string} name @param {string} typed */
export const begins = (name, typed) => folded(name).startsWith(folded(typed))
