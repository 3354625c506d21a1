// @ts-check
/** Gives tracks other tags. The files and their streams stay as they are. */
import { html } from '/lib/html.js'
import { t } from '/text/text.js'
import { openDialog } from '/elements/dialog.js'

/** @type {Array<[name: string, kind: 'text' | 'number']>} */
const members = [
  ['title', 'text'], ['artist', 'text'], ['albumArtist', 'text'], ['album', 'text'], ['track', 'number'], ['disc', 'number'], ['year', 'number'],
]

/** What tracks have in common; of several, what is left empty stays. */
const common = members.filter(([name]) => name !== 'title' && name !== 'track')
/** Requests at a time. */
const atOnce = 4

/** @param {string} id */
const pathOf = id => `/api/v1/tracks/${encodeURIComponent(id)}`

/** @param {any} app @param {string[]} ids @param {any} changes @returns {Promise<any[]>} those that have them now */
async function save(app, ids, changes) {
  const left = [...ids]
  /** @type {any[]} */
  const done = []
  async function some() {
    for (let id = left.shift(); id; id = left.shift()) {
      const now = await app.acts.tell(() => app.client.patch(pathOf(/** @type {string} */ (id)), changes))
      // What is refused for one is refused for all.
      if (now) done.push(now)
      else left.length = 0
    }
  }
  await Promise.all(Array.from({ length: atOnce }, some))
  return done
}

/** @param {any} app @param {string[]} ids */
export async function editTags(app, ids) {
  const isOne = ids.length === 1
  const track = isOne ? await app.acts.tell(() => app.client.get(pathOf(ids[0]))) : { genres: [] }
  if (!track) return
  const asked = isOne ? members : common
  const hint = isOne ? '' : t('tag.stays')
  /** @type {any} */
  let changes = null
  const value = (/** @type {string} */ name) => track[name] ?? ''
  await openDialog(isOne ? t('track.edit') : t('tracks.edit', { n: ids.length }), close => html`<form class="stack" @submit=${(/** @type {SubmitEvent} */ event) => {
    event.preventDefault()
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target))
    changes = {}
    for (const [name, kind] of asked) {
      const text = String(form.get(name)).trim()
      if (text !== String(value(name))) changes[name] = kind === 'number' ? Number(text) || 0 : text
    }
    const genres = String(form.get('genres')).split(';').map(one => one.trim()).filter(Boolean)
    if (genres.join(';') !== track.genres.join(';')) changes.genres = genres
    close()
  }}>
    <div class="tag-fields">${asked.map(([name, kind]) => html`<label class=${`field ${kind}`}>${t(`tag.${name}`)}${kind === 'number'
      ? html`<input name=${name} type="number" min="0" max="9999" placeholder=${hint} value=${value(name)}>`
      : html`<input name=${name} maxlength="1000" placeholder=${hint} value=${value(name)} ?required=${name === 'title'}>`}</label>`)}
    <label class="field">${t('tag.genres')}<input name="genres" placeholder=${hint} value=${track.genres.join('; ')}></label></div>
    <div class="actions"><button type="button" class="button" @click=${() => close()}>${t('cancel')}</button>
      <button class="button main">${t('save')}</button></div></form>`)
  if (!changes || !Object.keys(changes).length) return
  const done = await save(app, ids, changes)
  if (!done.length) return
  const shown = ['title', 'artist', 'artists', 'album', 'albumId', 'track', 'disc']
  for (const now of done) app.mark('tracks', now, Object.fromEntries(shown.map(name => [name, now[name]])))
  app.live.show(isOne ? t('track.edited', { name: done[0].title }) : t('tracks.edited', { n: done.length }))
}
