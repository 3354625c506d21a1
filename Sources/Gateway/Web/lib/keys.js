// @ts-check
/** Keyboard shortcuts: single keys, keys with Ctrl or Command, and two keys one after the other (`g h`). */

/** @typedef {{keys: string, name: string, run: (event: KeyboardEvent) => void}} Shortcut */

const pause = 1200

/** Whether the element takes letters itself. @param {EventTarget | null} target */
function takesText(target) {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target.matches('textarea, select')) return true
  return target instanceof HTMLInputElement && !/^(range|checkbox|radio|button|submit|file)$/.test(target.type)
}

/** What editing a text takes for itself. */
const editing = /^mod\+(shift\+)?[acvxyz]$/

/** Whether the element does something of its own at this key. @param {KeyboardEvent} event */
function hasOwnUse(event) {
  const target = /** @type {HTMLElement} */ (event.target)
  if (event.key === ' ') return Boolean(target.closest?.('button, a[href], summary, input, [role=menu], [role=tab]'))
  return Boolean(target.closest?.('[role=menu]') || (event.key.length === 1 && target.closest?.('[data-type-ahead]')))
}

/** The key as shortcuts spell it: `mod+k`, `shift+n`, `?`, `g`. @param {KeyboardEvent} event */
export function nameOf(event) {
  const key = event.key === ' ' ? 'space' : event.key.length === 1 ? event.key.toLowerCase() : event.key.toLowerCase()
  const isLetter = /^[a-z]$/.test(key)
  const mod = event.ctrlKey || event.metaKey ? 'mod+' : ''
  const shift = event.shiftKey && (isLetter || key.length > 1) ? 'shift+' : ''
  return `${event.altKey ? 'alt+' : ''}${mod}${shift}${key}`
}

/**
 * Listens until `signal` aborts. Shortcuts of one character can be switched off (WCAG 2.1.4); those with Ctrl or Command stay.
 * @param {Shortcut[]} shortcuts @param {{areOn: () => boolean, signal?: AbortSignal}} options
 */
export function listenForKeys(shortcuts, { areOn, signal }) {
  const table = new Map(shortcuts.flatMap(one => one.keys.split(', ').map(keys => [keys, one])))
  const prefixes = new Set([...table.keys()].filter(keys => keys.includes(' ')).map(keys => keys.split(' ')[0]))
  let first = ''
  let since = 0
  document.addEventListener('keydown', event => {
    if (event.defaultPrevented || event.isComposing || document.querySelector('dialog:modal')) return
    const name = nameOf(event)
    const plain = !/^(alt|mod)\+|^f\d+$/.test(name)
    if ((plain || editing.test(name)) && takesText(event.target)) return
    if (plain && (!areOn() || hasOwnUse(event))) return
    const pair = event.timeStamp - since < pause ? `${first} ${name}` : ''
    first = prefixes.has(name) && !table.has(pair) ? name : ''
    since = event.timeStamp
    const found = table.get(pair) ?? (first ? undefined : table.get(name))
    if (!found) return
    event.preventDefault()
    found.run(event)
  }, { signal })
}
