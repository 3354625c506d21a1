// @ts-check
/** What was heard on this day in the years before, as a row of the first view. */
import '/text/taste.js'
import { html } from '/lib/html.js'
import { icon } from '/icons/icons.js'
import { t } from '/text/text.js'
import { date } from '/text/format.js'
import { mosaic, shelf } from '/elements/covers.js'

/** @param {any} app @param {any} found an answer of `/api/v1/days` @returns {Node | null} null if it has nothing to show */
export function onThisDay(app, found) {
  const items = found.items.filter((/** @type {any} */ one) => one.tracks?.length)
  const card = (/** @type {any} */ { year, plays, tracks }) => {
    // At noon no clock makes it the day before.
    const day = date(`${year}-${found.day}T12:00:00`)
    const titles = tracks.slice(0, 3).map((/** @type {any} */ track) => track.title).join(', ')
    return html`<li class="card"><div class="card-cover">${mosaic(tracks.map((/** @type {any} */ track) => track.art))}
      <button class="card-play stays" aria-label=${t('play.track', { title: day })}
        @click=${() => app.acts.play(tracks, 0, false)}>${icon('play')}</button></div>
      <a class="card-title clip" href=${`/year/${year}`}>${day}</a><span class="card-by clip small quiet">${t('heard.n', { n: plays })}</span>
      <span class="card-why small quiet" dir="auto">${titles}</span></li>`
  }
  return shelf(t('days'), items.map(card))
}
