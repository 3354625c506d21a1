// @ts-check
/** Tells when an element comes into the document, and when its width changes. */
import { html } from '/lib/html.js'

/**
 * @param {HTMLElement} node which has a parent
 * @param {() => void} changed may change the node's height: what is watched is a line before it, or each change would be one more to tell
 * @param {AbortSignal} signal
 */
export function onWidth(node, changed, signal) {
  const line = html`<div aria-hidden="true"></div>`
  let width = 0
  node.before(line)
  const observer = new ResizeObserver(() => {
    if (line.clientWidth === width) return
    width = line.clientWidth
    changed()
  })
  observer.observe(line)
  signal.addEventListener('abort', () => observer.disconnect())
}
