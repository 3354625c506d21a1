// @ts-check
/** The words of smart playlists: a module that imports this has them. */
import { addWords, language } from '/text/text.js'

const { default: words } = language === 'de' ? await import('/text/de-rules.js') : await import('/text/en-rules.js')
addWords(words)
