// @ts-check
/** Buttons as the page has them. */
import { html } from '/lib/html.js'
import { icon } from '/icons/icons.js'

/**
 * A round button with an icon; its label is its name and its hint.
 * @param {string} shape @param {string} label @param {(event: Event) => void} [run] @param {string} [kind] more classes
 */
export function tool(shape, label, run, kind = '') {
  const node = html`<button class=${`tool ${kind}`} aria-label=${label} title=${label}>${icon(shape)}</button>`
  if (run) node.addEventListener('click', run)
  return node
}

/** A button that is on or off. @param {string} shape @param {string} label @param {(event: Event) => void} [run] @param {string} [kind] */
export function toggle(shape, label, run, kind) {
  const node = tool(shape, label, run, kind)
  node.setAttribute('aria-pressed', 'false')
  return node
}

/** A button with a text. @param {string | null} shape @param {string} text @param {(event: Event) => void} run @param {'main' | 'danger' | ''} [kind] */
export const button = (shape, text, run, kind = '') =>
  html`<button class=${`button ${kind}`} @click=${run}>${shape && icon(shape)}${text}</button>`

/** A link that looks like a button. @param {string} href @param {string} text @param {'main' | ''} [kind] @param {string} [shape] */
export const linkButton = (href, text, kind = '', shape = '') =>
  html`<a class=${`button ${kind}`} href=${href}>${shape && icon(shape)}${text}</a>`
