// @ts-check
/** The words of shares, sessions, apps and deleted tracks: a module that imports this has them. */
import { addWords, language } from '/text/text.js'

const { default: words } = language === 'de' ? await import('/text/de-rare.js') : await import('/text/en-rare.js')
addWords(words)
