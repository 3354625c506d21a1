// @ts-check
/** The words of suggestions, the year in music and what is known of an account's taste: a module that imports this has them. */
import { addWords, language } from '/text/text.js'

const { default: words } = language === 'de' ? await import('/text/de-taste.js') : await import('/text/en-taste.js')
addWords(words)
