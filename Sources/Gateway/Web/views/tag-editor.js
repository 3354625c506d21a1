// @ts-check
/** Gives a track other tags. The file and its streams stay as they are. */
import { html } from '/lib/html.js'
import { t } from '/text/text.js'
import { openDialog } from '/elements/dialog.js'

/** @type {Array<[name: string, kind: 'text' | 'number']>} */
const members = [
  ['title', 'text'], ['artist', 'text'], ['albumArtist', 'text'], ['album', 'text'], ['track', 'number'], ['disc', 'number'], ['year', 'number'],
]

/** @param {any} app @param {string} id */
export async function editTags(app, id) {
  const path = `/api/v1/tracks/${encodeURIComponent(id)}`
  const track = await app.acts.tell(() => app.client.get(path))
  if (!track) return
  /** @type {any} */
  let changes = null
  const value = (/** @type {string} */ name) => track[name] ?? ''
  await openDialog(t('track.edit'), close => html`<form class="stack" @submit=${(/** @type {SubmitEvent} */ event) => {
    event.preventDefault()
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target))
    changes = {}
    for (const [name, kind] of members) {
      const text = String(form.get(name)).trim()
      if (text !== String(value(name))) changes[name] = kind === 'number' ? Number(text) || 0 : text
    }
    const genres = String(form.get('genres')).split(';').map(one => one.trim()).filter(Boolean)
    if (genres.join(';') !== track.genres.join(';')) changes.genres = genres
    close()
  }}>
    <div class="tag-fields">${members.map(([name, kind]) => html`<label class=${`field ${kind}`}>${t(`tag.${name}`)}${kind === 'number'
      ? html`<input name=${name} type="number" min="0" max="9999" value=${value(name)}>`
      : html`<input name=${name} maxlength="1000" value=${value(name)} ?required=${name === 'title'}>`}</label>`)}
    <label class="field">${t('tag.genres')}<input name="genres" value=${track.genres.join('; ')}></label></div>
    <div class="actions"><button type="button" class="button" @click=${() => close()}>${t('cancel')}</button>
      <button class="button main">${t('save')}</button></div></form>`)
  if (!changes || !Object.keys(changes).length) return
  const now = await app.acts.tell(() => app.client.patch(path, changes))
  if (!now) return
  const shown = ['title', 'artist', 'artists', 'album', 'albumId', 'track', 'disc']
  app.mark('tracks', track, Object.fromEntries(shown.map(name => [name, now[name]])))
  app.live.show(t('track.edited', { name: now.title }))
}
