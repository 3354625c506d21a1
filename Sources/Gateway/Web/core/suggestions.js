// @ts-check
/** What the server suggests: why, in few words, and how a row of it holds still. */
import { readReasons } from '/core/radio.js'

/** @typedef {import('/core/radio.js').Reason} Reason */
/** `track` null if the account does not own it. @typedef {{item: string, track: any, title: string, artist: string, album: string, reasons: Reason[]}} Suggestion */

const kinds = ['track', 'artist', 'sound', 'session', 'genre']

/** @param {any} reasons @returns {Reason[]} of the kinds that the page has words for */
export const knownReasons = reasons => readReasons(reasons).filter(one => kinds.includes(one.kind))

/** @param {any} items of an answer @returns {Suggestion[]} those that can be shown, each once */
export function readSuggestions(items) {
  const seen = new Set()
  return (Array.isArray(items) ? items : []).flatMap(one => {
    if (typeof one?.item !== 'string' || typeof one.title !== 'string' || seen.has(one.item)) return []
    seen.add(one.item)
    const { item, title, artist, album } = one
    return [{ item, title, artist: artist ?? '', album: album ?? '', track: one.track ?? null, reasons: knownReasons(one.reasons) }]
  })
}

/**
 * The strongest reasons as one phrase: its kind, and what it names; null without a reason.
 * @param {readonly Reason[]} reasons @returns {{kind: string, a: string, b: string} | null}
 */
export function inFewWords([first, second]) {
  if (!first) return null
  const isPlayed = (/** @type {Reason | undefined} */ one) => one?.kind === 'track' || one?.kind === 'artist'
  const isPair = isPlayed(first) && isPlayed(second) && first.title !== second.title
  return isPair ? { kind: 'both', a: first.title, b: second.title } : { kind: first.kind, a: first.title, b: '' }
}

/**
 * A row after another answer: what is shown stays where it is, what left the answer leaves, and what is new comes at the end.
 * @param {readonly Suggestion[]} shown @param {readonly Suggestion[]} fresh @param {ReadonlySet<string>} [hidden] items that must not come back
 */
export function held(shown, fresh, hidden = new Set()) {
  const now = new Map(fresh.filter(one => !hidden.has(one.item)).map(one => [one.item, one]))
  const stay = shown.filter(one => now.has(one.item))
  for (const { item } of stay) now.delete(item)
  return [...stay, ...now.values()]
}

/** With an item where it was. @param {readonly Suggestion[]} items @param {Suggestion} one @param {number} place */
export const putBack = (items, one, place) => {
  const rest = items.filter(other => other.item !== one.item)
  return [...rest.slice(0, place), one, ...rest.slice(place)]
}
