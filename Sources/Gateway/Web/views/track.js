// @ts-check
/** A track: where it is from, what it is as a file, and in which forms it streams. `#t=1:03` plays from there, on request. */
import { html } from '/lib/html.js'
import { icon } from '/icons/icons.js'
import { t } from '/text/text.js'
import { clock, date, number, secondsOf, size } from '/text/format.js'
import { header, heartButton, menuButton, stars } from '/elements/view-header.js'
import { artistLinks } from '/elements/track-row.js'
import { trackEntries } from '/elements/track-menu.js'
import { livePart, unmarked } from '/elements/swap.js'

/** What the track is as a file. @param {any} track @returns {Array<[name: string, value: any]>} */
function factsOf(track) {
  const { loudness } = track
  const decibels = (/** @type {number} */ n, /** @type {string} */ unit) => `${number(n, 1)} ${unit}`
  const genre = (/** @type {string} */ name, /** @type {number} */ i) =>
    html`${i ? ', ' : ''}<a href=${`/genre?name=${encodeURIComponent(name)}`}>${name}</a>`
  const place = [track.disc && t('fact.disc', { n: track.disc }), track.track && t('fact.track', { n: track.track })]
  const rate = `${number(track.sampleRate / 1000, 1)} kHz`
  const file = [track.codec.toUpperCase(), rate, t('fact.channels', { n: track.channels }), t('kbit', { n: track.bitrate })]
  const loud = loudness && [decibels(loudness.integrated, 'LUFS'), decibels(loudness.truePeak, 'dBTP'), decibels(loudness.range, 'LU')]
  return [
    [t('fact.genres'), track.genres.map(genre)],
    [t('fact.place'), place.filter(Boolean).join(', ')],
    [t('fact.file'), file.join(', ')],
    [t('fact.size'), [size(track.bytes), track.compact ? t('fact.compact') : ''].filter(Boolean).join(', ')],
    [t('fact.samples'), number(track.samples)],
    [t('fact.loudness'), loud?.join(', ')],
    [t('fact.added'), date(track.added)],
    [t('fact.sha256'), html`<code class="hash">${track.sha256}</code>`],
    [t('fact.warnings'), track.warnings.join('; ')],
  ]
}

/** @param {any} track */
function streams(track) {
  const weight = (/** @type {any} */ one) => one.bytes === null ? t('track.segments') : size(one.bytes)
  return html`<section class="part"><h2>${t('track.streams')}</h2><p class="quiet">${t('track.streams.text')}</p>
    <ul class="streams">${track.renditions.map((/** @type {any} */ one) =>
      html`<li><strong>${one.name}</strong><span class="quiet number">${weight(one)}</span></li>`)}
    <li><strong>${t('track.original')}</strong><a class="text-link" href=${track.original} download>${t('download')}</a></li></ul></section>`
}

/** @param {any} app @param {import('/lib/router.js').Place} place @param {AbortSignal} signal */
export async function show(app, place, signal) {
  const load = () => app.client.get(`/api/v1/tracks/${encodeURIComponent(place.parts.id)}`, { signal })
  const track = await load()
  const part = livePart(track, track => page(app, track, place, signal), unmarked)
  app.changes.on(['library'], async () => {
    const now = await load()
    app.learn([now], performance.now(), ['favourite', 'rating'])
    part.update(now)
  }, signal)
  return { title: track.title, node: part.node }
}

/** @param {any} app @param {any} track @param {import('/lib/router.js').Place} place @param {AbortSignal} signal */
function page(app, track, place, signal) {
  const at = secondsOf(place.moment || '0') ?? 0
  const facts = factsOf(track).filter(([, value]) => value && value.length !== 0)
  const album = track.albumId ? html`<a href=${`/album/${encodeURIComponent(track.albumId)}`}>${track.album}</a>` : null
  const rest = [track.year, clock(track.duration)].filter(Boolean).join(' · ')
  const play = () => {
    app.acts.play([track], 0, false)
    if (at) app.acts.seek(at)
  }
  const head = header(app, {
    art: track.art, kind: t('kind.track'), title: track.title, by: html`<p class="by" dir="auto">${artistLinks(track, '0')}</p>`,
    facts: html`<p class="quiet facts-line">${album}${album ? ' · ' : ''}${rest}</p>`,
    actions: [
      html`<button class="button main" @click=${play}>${icon('play')}${at ? t('play.from', { at: clock(at) }) : t('play')}</button>`,
      heartButton(app, 'tracks', track, signal),
      menuButton(t('menu.of', { name: track.title }), () => trackEntries(app, [track], async () => [track]), track.title),
      stars(app, 'tracks', track, signal),
    ],
  })
  return html`${head}<section class="part"><h2>${t('track.about')}</h2>
    <dl class="facts wide">${facts.map(([name, value]) => html`<dt>${name}</dt><dd dir="auto">${value}</dd>`)}</dl></section>${streams(track)}`
}
