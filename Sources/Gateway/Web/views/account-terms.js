// @ts-check
/** What a plan allows, in words. */
import '/text/rare.js'
import { html } from '/lib/html.js'
import { icon } from '/icons/icons.js'
import { t } from '/text/text.js'
import { nameOf } from '/elements/rung-badge.js'

/** `Opus 160` of `opus-160`. @param {string} rendition */
const rungName = rendition => nameOf({ rendition, bitrate: 0 })

/** @param {any} terms @returns {string[]} */
export function termsInWords(terms) {
  const { maxRendition, lossless, streams, playlists, playlistTracks, history } = terms
  const quality = maxRendition
    ? t(lossless ? 'terms.quality.both' : 'terms.quality.upTo', { name: rungName(maxRendition) })
    : t(lossless ? 'terms.quality.any' : 'terms.quality.lossy')
  const isNumber = (/** @type {unknown} */ value) => typeof value === 'number'
  return [
    quality,
    isNumber(streams) ? t('terms.streams', { n: streams }) : streams === null ? t('terms.streams.any') : '',
    isNumber(playlists) ? t('terms.playlists', { n: playlists }) : playlists === null ? t('terms.playlists.any') : '',
    isNumber(playlistTracks) ? t('terms.playlistTracks', { n: playlistTracks }) : '',
    isNumber(history) ? t('terms.history', { n: history }) : history === null ? t('terms.history.any') : '',
  ].filter(Boolean)
}

/** @param {any} terms */
export const termsSection = terms => html`<section><h2>${t('terms')}</h2>
  <ul class="terms">${termsInWords(terms).map(text => html`<li>${icon('check')}<span>${text}</span></li>`)}</ul></section>`
