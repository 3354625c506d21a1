// @ts-check
/** The year in music, of any year: how much, when, and what most. */
import '/text/taste.js'
import { html } from '/lib/html.js'
import { t } from '/text/text.js'
import { length, number } from '/text/format.js'
import { withQuery } from '/api/client.js'
import { choices, daysOf, readYear, yearToShow } from '/core/year.js'
import { offsetOf } from '/core/time.js'
import { fixedRows } from '/elements/rows.js'
import { albumCard, artistCard, shelf } from '/elements/covers.js'
import { icon } from '/icons/icons.js'
import { libraryList } from '/elements/library-list.js'
import { listHeader, playButtons } from '/elements/view-header.js'
import { notice } from '/elements/notice.js'
import { monthBars } from '/elements/month-bars.js'
import * as nowhere from '/views/nowhere.js'

/** The ways to other years. @param {number[]} years @param {number} shown */
const otherYears = (years, shown) => years.length < 2 ? null : html`<nav class="chips years" aria-label=${t('year.choose')}>${years.map(year =>
  html`<a class="chip number" href=${`/year/${year}`} aria-current=${year === shown ? 'page' : null}>${year}</a>`)}</nav>`

/** @param {any} found */
function figures({ year, plays, seconds }) {
  const all = [
    [t('year.facts.plays'), number(plays)], [t('year.facts.time'), length(seconds)],
    [t('year.facts.day'), length(seconds / daysOf(year, Date.now()))],
  ]
  return html`<dl class="figures">${all.map(([name, value]) => html`<div><dt class="small quiet">${name}</dt><dd class="number">${value}</dd></div>`)}</dl>`
}

/** A card with how often it was played. @param {any} card @param {number} plays */
function counted(card, plays) {
  card.append(html`<span class="card-note small number">${t('heard.n', { n: plays })}</span>`)
  return card
}

/** @param {any} app @param {any} artist */
function playableArtist(app, artist) {
  const card = artistCard(artist)
  card.querySelector('.card-cover').append(html`<button class="card-play" tabindex="-1" aria-label=${t('play.track', { title: artist.name })}
    @click=${() => app.playList('/api/v1/tracks', { artist: artist.id, limit: 500 })}>${icon('play')}</button>`)
  return card
}

/** @param {any} app @param {any} found @param {AbortSignal} signal */
function parts(app, found, signal) {
  const tracks = found.tracks.map((/** @type {any} */ one) => one.track)
  /** @type {Map<string, number>} */
  const plays = new Map(found.tracks.map((/** @type {any} */ one) => [one.track.id, one.plays]))
  const list = tracks.length ? libraryList(app, fixedRows(tracks), {
    label: t('year.tracks'), columns: { number: true, cover: true, album: true, when: 'column.plays' }, signal,
    about: track => ({ when: track ? t('heard.n', { n: plays.get(track.id) ?? 0 }) : '' }),
  }) : null
  const artists = found.artists.map((/** @type {any} */ one) => counted(playableArtist(app, one), one.plays))
  const albums = found.albums.map((/** @type {any} */ one) => counted(albumCard(app, one), one.plays))
  return html`${figures(found)}${monthBars(found.months)}
    ${list && html`<section class="part"><h2>${t('year.tracks')}</h2>${list.node}</section>`}
    ${shelf(t('year.artists'), artists)}${shelf(t('year.albums'), albums)}`
}

/** @param {any} app @param {import('/lib/router.js').Place} place @param {AbortSignal} signal */
export async function show(app, place, signal) {
  const asked = readYear(place.parts.year)
  if (place.parts.year !== undefined && asked === null) return nowhere.show()
  const now = new Date()
  const offset = offsetOf(now)
  const load = (/** @type {number} */ year) => app.client.get(withQuery(`/api/v1/years/${year}`, { offset, fields: app.fields }), { signal })
  const [{ items: years }, early] = await Promise.all([app.client.get(withQuery('/api/v1/years', { offset }), { signal }), asked && load(asked)])
  const year = yearToShow(asked, years, now.getFullYear())
  const found = early ?? await load(year)
  const title = t('year.of', { year: String(year) })
  const tracks = async () => found.tracks.map((/** @type {any} */ one) => one.track)
  const none = notice({ icon: 'history', title: t('year.none', { year: String(year) }), text: t('year.none.text') })
  return {
    title,
    node: html`${listHeader(title, ...(found.tracks.length ? playButtons(app, tracks) : []))}${otherYears(choices(years, year), year)}
      ${found.plays ? parts(app, found, signal) : none}`,
  }
}
