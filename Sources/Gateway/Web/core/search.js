// @ts-check
/**
 * Search on the page: what is worth asking the server, and, until it answers or if it is gone, what of the entries at hand fits.
 * The words are compared as the server does it (API.md, Words and order), less its finer points.
 */

/** Letters that Unicode does not decompose. @type {Record<string, string>} */
const plain = { 'ß': 'ss', 'æ': 'ae', 'œ': 'oe', 'ø': 'o', 'ł': 'l', 'đ': 'd', 'ð': 'd', 'þ': 'th', 'ı': 'i', 'ς': 'σ' }
/** Marks that make no other letter: of Latin, Greek and Cyrillic, points of Hebrew and Arabic; not those of kana or India. */
const marks = /[\u0300-\u036F\u0591-\u05C7\u064B-\u0655\u0670]/g
/** Scripts without spaces: a word is found wherever it is in a text. */
const solid = new RegExp(`[${['Han', 'Hiragana', 'Katakana', 'Thai', 'Lao', 'Khmer', 'Myanmar', 'Hangul']
  .map(script => `\\p{Script=${script}}`).join('')}]`, 'u')
const mostBytes = 500
const mostWords = 8

/** @param {string} text */
export function folded(text) {
  return text.normalize('NFKD').toLowerCase().replace(marks, '')
    .replace(/[ßæœøłđðþıς]/g, letter => plain[letter])
    .replace(/[\u30A1-\u30F6]/g, kana => String.fromCharCode(kana.charCodeAt(0) - 0x60))
}

/** @param {string} text */
export const wordsOf = text => folded(text).split(/[^\p{L}\p{N}\p{M}]+/u).filter(Boolean).slice(0, mostWords)

/** What to ask the server: without spaces around and doubled, and short enough. @param {string} text */
export function query(text) {
  let asked = text.replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' ').trim()
  const encoder = new TextEncoder()
  while (encoder.encode(asked).length > mostBytes) asked = [...asked].slice(0, -1).join('')
  return asked
}

/**
 * Whether the server can find anything: a single letter finds nothing, a single sign of a script without spaces does.
 * @param {string} text
 */
export function isWorthAsking(text) {
  const asked = query(text)
  const words = wordsOf(asked)
  return words.length > 1 || (words.length === 1 ? [...words[0]].length > 1 || solid.test(words[0]) : [...asked].length > 1)
}

/**
 * How well a text answers: 0 begins with the words, 1 contains words that begin so, null if a word is missing.
 * @param {readonly string[]} words folded @param {string} text
 */
export function rank(words, text) {
  const whole = folded(text)
  const found = whole.split(/[^\p{L}\p{N}\p{M}]+/u).filter(Boolean)
  const joined = found.join('')
  const isIn = (/** @type {string} */ word) => solid.test(word) ? joined.includes(word) : joined.startsWith(word)
  const fits = words.every(word => found.some(one => one.startsWith(word)) || isIn(word))
  if (!fits || words.length === 0) return null
  return found.join(' ').startsWith(words.join(' ')) || joined.startsWith(words.join('')) ? 0 : 1
}

/**
 * Those of `items` that fit, the better ones first, else in their order. Names count more than texts beside them.
 * @template T @param {string} text @param {readonly T[]} items
 * @param {(item: T) => {name: string, beside?: string}} textsOf @returns {T[]}
 */
export function narrowed(text, items, textsOf) {
  const words = wordsOf(text)
  return items.flatMap((item, place) => {
    const { name, beside = '' } = textsOf(item)
    const own = rank(words, name)
    const all = own ?? (rank(words, `${name} ${beside}`) === null ? null : 2)
    return all === null ? [] : [{ item, all, place }]
  }).sort((a, b) => a.all - b.all || a.place - b.place).map(({ item }) => item)
}
