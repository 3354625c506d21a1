// @ts-check
/** Radios from anything in the library, and paths between two tracks: put into the queue when they are asked for. */
import { html } from '/lib/html.js'
import { t } from '/text/text.js'
import { withQuery } from '/api/client.js'
import { hrefOf, pathSources, radioOf } from '/core/radio.js'

const most = 50

/**
 * Plays music of the own library that is like this, or puts it after the queue.
 * @param {any} app @param {import('/core/radio.js').Seed} seed @param {{atEnd?: boolean}} [how]
 */
export const playRadio = (app, seed, { atEnd = false } = {}) => {
  const load = () => app.client.get(withQuery('/api/v1/radio', { seed: `${seed.kind}:${seed.id}`, limit: most, fields: app.fields }))
  return atEnd ? app.acts.tell(async () => put(app, seed, await load(), true))
    : app.acts.playWhatComes(load, (/** @type {any} */ found) => put(app, seed, found, false))
}

/** @param {any} app @param {import('/core/radio.js').Seed} seed @param {any} found the server's list @param {boolean} atEnd */
function put(app, seed, { items }, atEnd) {
  const queued = new Set(app.store.get().queue.items.map((/** @type {any} */ item) => item.track.id))
  const { tracks, from } = radioOf(seed, items, atEnd ? queued : null)
  if (!tracks.length) return app.live.show(t(atEnd && items.length ? 'radio.queued' : 'radio.none', { name: seed.title }))
  if (atEnd) app.acts.add(tracks, from)
  else app.acts.play(tracks, 0, false, from)
}

/** Plays from one track to another by steps that are like each other. @param {any} app @param {any} first @param {any} last */
export const playPath = (app, first, last) => app.acts.playWhatComes(() => app.client.get(withQuery('/api/v1/path', { from: first.id, to: last.id, fields: app.fields })), (/** @type {any} */ { items }) => {
  if (!items.length) return app.live.show(t('path.none'))
  app.acts.play(items, 0, false, pathSources(items))
})

/** `Radio from X`, '' for what nothing chose. @param {import('/core/radio.js').Source} [source] */
export const sourceText = source => !source ? ''
  : source.kind === 'path' ? t('path.from', { from: source.title, to: source.to ?? '' }) : t('radio.from', { name: source.title })

/** The same as a link to it. @param {import('/core/radio.js').Source} source */
export const sourceLink = source => html`<a href=${hrefOf(source)}>${sourceText(source)}</a>`
