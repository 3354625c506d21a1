// @ts-check
/** Uploads: files and folders by drop or choice, each with its progress, and how much room is left. */
import { html } from '/lib/html.js'
import { keyed } from '/lib/list.js'
import { icon } from '/icons/icons.js'
import { t } from '/text/text.js'
import { percent } from '/text/format.js'
import { fillUpload, makeUpload } from '/elements/upload-row.js'
import { quotaBar } from '/elements/quota-bar.js'
import { listHeader } from '/elements/view-header.js'
import { accept, ofDrop, ofHandles, ofInput } from '/transfer/dropped.js'

/** Rows that are shown; of a longer list the unfinished ones come first. */
const mostShown = 200
const order = ['sending', 'checking', 'failed', 'lost', 'refused', 'paused', 'waiting', 'stored', 'known']

/** @param {any} app @param {import('/lib/router.js').Place} place @param {AbortSignal} signal */
export async function show(app, place, signal) {
  const desk = await app.desk()
  const { client } = app
  const files = html`<input type="file" multiple hidden accept=${accept}>`
  const folder = html`<input type="file" webkitdirectory multiple hidden>`
  const list = html`<ul class="uploads"></ul>`
  const sum = html`<p class="quiet upload-sum"></p>`
  const room = html`<div></div>`
  const tidy = html`<button class="button" hidden @click=${() => desk.tidy()}>${icon('check')}${t('uploads.tidy')}</button>`
  const zone = html`<div class="drop-zone">${icon('upload')}
    <p><strong>${t('uploads.drop')}</strong></p><p class="quiet">${t('uploads.drop.text')}</p>
    <div class="actions">
      <button class="button main" @click=${choose}>${icon('tracks')}${t('uploads.files')}</button>
      <button class="button" @click=${() => folder.click()}>${icon('folder')}${t('uploads.folder')}</button>
    </div>${files}${folder}</div>`

  /** @param {() => AsyncGenerator<any>} found */
  async function take(found) {
    const { taken, left, unread } = await desk.add(found)
    const words = [t('uploads.taken', { n: taken }), left && t('uploads.left', { n: left }), unread && t('uploads.unread', { n: unread })]
    app.live.show(words.filter(Boolean).join(' '))
  }
  /** Asks for files by handles, which can be kept for after a reload, or by an input. A folder's handle would leave out some names. */
  async function choose() {
    const show = /** @type {any} */ (window).showOpenFilePicker
    if (!show) return files.click()
    try {
      take(ofHandles(await show.call(window, { multiple: true })))
    } catch (error) {
      if (/** @type {any} */ (error).name !== 'AbortError') files.click()
    }
  }
  for (const input of [files, folder]) {
    input.addEventListener('change', () => {
      take(ofInput(input.files))
      input.value = ''
    })
  }
  // A drop anywhere on the view counts; elsewhere the browser would leave the page for the file.
  const hasFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes('Files')
  document.addEventListener('dragover', event => {
    if (!hasFiles(event)) return
    event.preventDefault()
    zone.classList.add('over')
  }, { signal })
  document.addEventListener('dragleave', event => { if (!event.relatedTarget) zone.classList.remove('over') }, { signal })
  document.addEventListener('drop', event => {
    if (!hasFiles(event)) return
    event.preventDefault()
    zone.classList.remove('over')
    take(ofDrop(/** @type {DataTransfer} */ (event.dataTransfer)))
  }, { signal })

  /** @param {any} one */
  async function resume(one) {
    if (await desk.resume(one)) return
    app.live.show(t('uploads.again', { name: one.name }), { label: t('uploads.files'), run: choose })
  }
  /** @param {any} one */
  const row = one => makeUpload(one, { pause: () => desk.pause(one), resume: () => resume(one), cancel: () => desk.cancel(one) })
  function update() {
    const all = [...desk.uploads].sort((a, b) => order.indexOf(a.stage) - order.indexOf(b.stage))
    keyed(list, all.slice(0, mostShown), one => one.key, row, fillUpload)
    const done = all.filter(one => ['stored', 'known'].includes(one.stage)).length
    const bytes = all.reduce((sum, one) => sum + one.size, 0)
    const sent = all.reduce((sum, one) => sum + (['stored', 'known'].includes(one.stage) ? one.size : one.offset), 0)
    sum.textContent = all.length ? t('uploads.sum', { done, n: all.length, part: percent(bytes ? sent / bytes : 1) }) : ''
    tidy.hidden = !all.some(one => ['stored', 'known', 'refused'].includes(one.stage))
    app.tellLimit(all.find(one => one.problem?.limit)?.problem)
  }
  async function showRoom() {
    if (app.store.get().session.open) return
    const me = await client.get('/api/v1/me', { signal }).catch(() => null)
    room.replaceChildren(...(me?.quota ? [quotaBar(me.bytes, me.quota)] : []))
  }
  signal.addEventListener('abort', desk.on('change', update))
  signal.addEventListener('abort', desk.on('stored', showRoom))
  update()
  showRoom()
  return { title: t('nav.upload'), node: html`${listHeader(t('nav.upload'), tidy)}${zone}${room}${sum}${list}` }
}
