// @ts-check
/** What the first view has of the account's taste and its past: suggestions, and this day in other years. Both come after the view. */
import { withQuery } from '/api/client.js'
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
 * @param {any} app @param {HTMLElement} place @param {AbortSignal} signal
 */
async function suggest(app, place, signal) {
  const path = withQuery('/api/v1/recommendations', { limit: 20, fields: app.fields })
  const found = await app.client.get(path, { signal }).catch(() => null)
  const row = found?.items?.length ? (await import('/views/home-foryou.js')).forYou(app, found, path, signal) : null
  if (signal.aborted) return
  place.replaceChildren(row ?? '')
  place.style.removeProperty('min-height')
  if (found) remember(place.getBoundingClientRect().height)
}

/** Shows what was heard on this day in the years before. @param {any} app @param {HTMLElement} place @param {AbortSignal} signal */
async function lookBack(app, place, signal) {
  const now = new Date()
  const path = withQuery('/api/v1/days', { day: dayOf(now), offset: offsetOf(now), fields: app.fields })
  const found = await app.client.get(path, { signal }).catch(() => null)
  const row = found?.items?.length ? (await import('/views/home-days.js')).onThisDay(app, found) : null
  if (row && !signal.aborted) place.append(row)
}

/** Fills the places of both rows. @param {any} app @param {HTMLElement} forYou @param {HTMLElement} days @param {AbortSignal} signal */
export const fill = (app, forYou, days, signal) => Promise.all([suggest(app, forYou, signal), lookBack(app, days, signal)])
