// @ts-check
/** The page's words in the listener's language, and a failure as a sentence of them. */

export const languages = ['en', 'de']
const choiceKey = 'sweetspot.language'

/** The language that was chosen in the settings, or ''. */
export const chosenLanguage = () => {
  try {
    return localStorage.getItem(choiceKey) ?? ''
  } catch {
    return ''
  }
}

/** Keeps the choice for the next load of the page. @param {string} code '' follows the browser */
export const chooseLanguage = code => code ? localStorage.setItem(choiceKey, code) : localStorage.removeItem(choiceKey)

/** The first of `wished` that there is a catalogue of. @param {readonly string[]} wished */
export const bestLanguage = wished =>
  wished.map(one => one.toLowerCase().split('-')[0]).find(one => languages.includes(one)) ?? 'en'

export const language = bestLanguage([chosenLanguage(), ...globalThis.navigator?.languages ?? []])
const isGerman = language === 'de'
const { default: first } = isGerman ? await import('/text/de.js') : await import('/text/en.js')
/** @type {Record<string, string | Record<string, string>>} */
const words = { ...first }
/** @type {Promise<void> | null} */
let coming = null

/** The words that the first view does not need. They are there once this resolves. */
export const moreWords = () => coming ??= Promise.all(isGerman
  ? [import('/text/de-more.js'), import('/text/de-desk.js')] : [import('/text/en-more.js'), import('/text/en-desk.js')])
  .then(parts => { for (const { default: more } of parts) Object.assign(words, more) })

/** Words that few pages need. @param {Record<string, string | Record<string, string>>} more */
export const addWords = more => { Object.assign(words, more) }

const plural = new Intl.PluralRules(language)
const numbers = new Intl.NumberFormat(language)

/**
 * The text of `key`, with `{name}` replaced by values. A text with forms for numbers takes that of `values.n`.
 * @param {string} key @param {Record<string, string | number>} [values]
 */
export function t(key, values = {}) {
  let text = words[key]
  if (text === undefined) return key
  if (typeof text !== 'string') text = text[plural.select(Number(values.n))] ?? text.other
  return text.replace(/\{(\w+)\}/g, (_, name) => {
    const value = values[name] ?? ''
    return typeof value === 'number' ? numbers.format(value) : value
  })
}

/** @typedef {{status: number, slug?: string, detail?: string, retryAt?: number | null, limit?: string}} Failure `limit` is the plan's that it met */

const bySlug = new Set([
  'network', 'outdated', 'unreadable', 'too-large', 'unsupported-format', 'undecodable', 'over-quota', 'disk-full', 'too-many-streams', 'busy',
  'render-failed', 'rendition-not-offered', 'unplayable', 'device-full', 'file-gone',
])
/** Limits of a plan that are no room and no streams. */
const byLimit = new Set(['playlists', 'playlistTracks'])
const byStatus = new Set([401, 403, 404, 409, 412, 429, 503, 507])

/** @param {Failure} problem */
export function sentence(problem) {
  if (problem.limit && byLimit.has(problem.limit)) return t(`problem.limit.${problem.limit}`)
  if (problem.slug && bySlug.has(problem.slug)) return t(`problem.${problem.slug}`)
  if (byStatus.has(problem.status)) return t(`problem.${problem.status}`)
  if (problem.status === 400 && problem.detail) return t('problem.400', { detail: problem.detail })
  return problem.status >= 500 ? t('problem.server') : t('problem.other')
}

/** `retry`, `reload`, `login`, `home`: what the button under the sentence does. @param {Failure} problem */
export const wayOn = problem => problem.slug === 'outdated' ? 'reload' : problem.status === 401 ? 'login' : problem.status === 404 || problem.status === 403 ? 'home' : 'retry'

/** Whether a part of the player did not come; each browser says so in its own words. @param {any} error */
export const isMissingPart = error => error instanceof TypeError && /dynamically imported module|importing a module script/i.test(error.message)

/** Any error as a failure; also a problem document as the server states it. @param {any} error @returns {Failure} */
export function failureOf(error) {
  if (isMissingPart(error)) return { status: 0, slug: 'network', detail: error.message }
  if (typeof error?.status !== 'number') return { status: 0, slug: '', detail: String(error?.message ?? error) }
  const slug = /^\/problems\/([a-z-]+)$/.exec(error.type ?? '')?.[1]
  return slug ? { ...error, slug } : error
}
