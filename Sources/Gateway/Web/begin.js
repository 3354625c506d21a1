// @ts-check
/** Asks for the first view, and for the words, while that which shows them is on its way. */
import { match } from '/lib/router.js'
import { routes } from '/views/routes.js'

match(routes, location.pathname)?.load().catch(() => {})
import('/text/text.js').catch(() => {})
