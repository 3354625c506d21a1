// @ts-check
/** What the first view has of the account's taste and its past: suggestions, this day in other years, and an offer. All come after the view. */
import { withQuery } from '/api/client.js'
import { isQuiet, readOffer } from '/core/offers.js'
import { dayOf, offsetOf } from '/core/time.js'

/** The key of the row's height, for which views/home.js leaves room. */
const key = 'sweetspot.foryou'

/** @param {number} height pixels, 0 for no row */
export function remember(height) {
  try {
    if (height) localStorage.setItem(key, String(Math.round(height)))
    else localStorage.removeItem(key)
  } catch {
    // Without storage the row makes its own room.
  }
}

/**
 * Shows the suggestions; leaves them out if there are none, or the server cannot say.
 * @param {any} app @param {HTMLElement} place @param {AbortSignal} signal @returns {Promise<boolean>} whether the account lets its taste be learned
 */
async function suggest(app, place, signal) {
  const path = withQuery('/api/v1/recommendations', { limit: 20, fields: app.fields })
  const found = await app.client.get(path, { signal }).catch(() => null)
  const row = found?.items?.length ? (await import('/views/home-foryou.js')).forYou(app, found, path, signal) : null
  if (signal.aborted) return false
  place.replaceChildren(row ?? '')
  place.style.removeProperty('min-height')
  if (found) remember(place.getBoundingClientRect().height)
  return found?.enabled === true
}

/** Shows what was heard on this day in the years before. @param {any} app @param {HTMLElement} place @param {AbortSignal} signal */
async function lookBack(app, place, signal) {
  const now = new Date()
  const path = withQuery('/api/v1/days', { day: dayOf(now), offset: offsetOf(now), fields: app.fields })
  const found = await app.client.get(path, { signal }).catch(() => null)
  const row = found?.items?.length ? (await import('/views/home-days.js')).onThisDay(app, found) : null
  if (row && !signal.aborted) place.append(row)
}

/** Shows an offer, unless something plays. @param {any} app @param {HTMLElement} place @param {AbortSignal} signal */
async function offer(app, place, signal) {
  const mayShow = () => !signal.aborted && isQuiet(app.store.get().player)
  if (!mayShow()) return
  const one = readOffer(await app.client.get('/api/v1/offers', { signal }).catch(() => null))
  if (!one || !mayShow()) return
  const { offerCard } = await import('/views/home-offer.js')
  if (mayShow()) place.append(offerCard(app, one, signal))
}

/**
 * Fills the places of the rows and, where taste is learned, that of the offer.
 * @param {any} app @param {{forYou: HTMLElement, days: HTMLElement, offers: HTMLElement}} places @param {AbortSignal} signal
 */
export async function fill(app, { forYou, days, offers }, signal) {
  const [isLearned] = await Promise.all([suggest(app, forYou, signal), lookBack(app, days, signal)])
  if (isLearned) await offer(app, offers, signal)
}
