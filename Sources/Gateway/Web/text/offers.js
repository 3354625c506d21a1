// @ts-check
/** The words of offers, plans and of services that are told what is played: a module that imports this has them. */
import { addWords, language } from '/text/text.js'

const { default: words } = language === 'de' ? await import('/text/de-offers.js') : await import('/text/en-offers.js')
addWords(words)
