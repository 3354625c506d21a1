// @ts-check
/** Settings of this browser: looks, sound, data, keys, language. */
import { html } from '/lib/html.js'
import { icon } from '/icons/icons.js'
import { t, language, languages, chosenLanguage, chooseLanguage } from '/text/text.js'
import { size } from '/text/format.js'
import { listHeader } from '/elements/view-header.js'
import { showKeys } from '/views/keys-sheet.js'
import { look, setLook } from '/elements/browser.js'

const limits = [0, 320, 160, 128, 96, 64, 48, 24]

/** @typedef {[value: string, label: string, hint?: string]} Choice */

/** @param {string} legend @param {string} name @param {Choice[]} choices @param {string} now @param {(value: string) => void} set */
function radios(legend, name, choices, now, set) {
  const radio = (/** @type {Choice} */ [value, label, hint]) => html`<label class="choice">
    <input type="radio" name=${name} value=${value} ?checked=${value === now} @change=${() => set(value)}>
    <span>${label}${hint && html`<span class="small quiet hint">${hint}</span>`}</span></label>`
  return html`<fieldset class="setting"><legend>${legend}</legend><div class="options">${choices.map(radio)}</div></fieldset>`
}

/** @param {string} label @param {Array<[value: string, label: string]>} options @param {string} now @param {(value: string) => void} set */
const select = (label, options, now, set) => html`<label class="field">${label}
  <select @change=${(/** @type {any} */ event) => set(event.target.value)}>${options.map(([value, text]) =>
    html`<option value=${value} ?selected=${value === now}>${text}</option>`)}</select></label>`

function looks() {
  const { theme, contrast } = look()
  const names = new Intl.DisplayNames(language, { type: 'language' })
  const follow = /** @type {Choice} */ (['', t('settings.system')])
  /** @type {Choice[]} */
  const themes = [follow, ['light', t('settings.light')], ['dark', t('settings.dark')]]
  /** @type {Array<[string, string]>} */
  const tongues = [['', t('settings.system')], ...languages.map(code => /** @type {[string, string]} */ ([code, names.of(code) ?? code]))]
  return html`<section><h2>${t('settings.looks')}</h2>
    ${radios(t('settings.theme'), 'theme', themes, theme, value => setLook({ theme: value }))}
    ${radios(t('settings.contrast'), 'contrast', [follow, ['more', t('settings.contrast.more')]], contrast, value => setLook({ contrast: value }))}
    ${select(t('settings.language'), tongues, chosenLanguage(), code => {
      chooseLanguage(code)
      location.reload()
    })}</section>`
}

/** @param {any} store */
function sound(store) {
  const { levelling, crossfade, scrub } = store.get().player
  /** @type {Array<[string, string]>} */
  const overlaps = [['0', t('crossfade.off')], ...[1, 2, 3, 4, 6, 8, 10, 12].map(n => /** @type {[string, string]} */ ([String(n), t('crossfade.seconds', { n })]))]
  /** @type {Choice[]} */
  const choices = [
    ['off', t('levelling.off')], ['track', t('levelling.track'), t('levelling.track.text')],
    ['album', t('levelling.album'), t('levelling.album.text')],
  ]
  return html`<section><h2>${t('settings.sound')}</h2>
    ${radios(t('levelling'), 'levelling', choices, levelling, value => store.dispatch({ type: 'player/levelling', levelling: value }))}
    ${select(t('crossfade'), overlaps, String(crossfade), value => store.dispatch({ type: 'player/crossfade', seconds: Number(value) }))}
    <p class="small quiet">${t('crossfade.text')}</p>
    <label class="choice"><input type="checkbox" ?checked=${scrub}
      @change=${(/** @type {any} */ event) => store.dispatch({ type: 'player/scrub', on: event.target.checked })}>
      <span>${t('scrub')}<span class="small quiet hint">${t('scrub.text')}</span></span></label></section>`
}

/** @param {any} store */
function data(store) {
  const { quality } = store.get().player
  const options = limits.map(limit => /** @type {[string, string]} */ ([String(limit), limit ? t('quality.upTo', { n: limit }) : t('quality.best')]))
  const of = (/** @type {string} */ kind) => select(t(`quality.${kind}`), options, String(quality[kind]), limit =>
    store.dispatch({ type: 'player/quality', kind, limit: Number(limit) }))
  return html`<section><h2>${t('settings.data')}</h2><p class="quiet">${t('settings.data.text')}</p>${of('wifi')}${of('mobile')}</section>`
}

/** @param {any} app */
const keys = app => html`<section><h2>${t('settings.keys')}</h2>
  <label class="choice"><input type="checkbox" ?checked=${look().keys !== 'off'}
    @change=${(/** @type {any} */ event) => setLook({ keys: event.target.checked ? '' : 'off' })}>
    <span>${t('settings.keys.single')}<span class="small quiet hint">${t('settings.keys.text')}</span></span></label>
  <button class="button" @click=${() => showKeys(app)}>${icon('keyboard')}${t('keys.show')}</button></section>`

function storage() {
  const text = html`<p class="quiet"></p>`
  navigator.storage?.estimate?.().then(({ usage = 0, quota = 0 }) => {
    text.textContent = t('settings.storage.text', { used: size(usage), of: size(quota) })
  }, () => {})
  return html`<section><h2>${t('settings.storage')}</h2>${text}<a class="button" href="/device">${icon('device')}${t('nav.device')}</a></section>`
}

/** @param {any} app */
export async function show(app) {
  return {
    title: t('nav.settings'),
    node: html`${listHeader(t('nav.settings'))}
      <div class="settings">${looks()}${sound(app.store)}${data(app.store)}${keys(app)}${storage()}</div>`,
  }
}
