// @ts-check
/** The heads of views: a picture, a title and what can be done; or a title with tools. */
import { html } from '/lib/html.js'
import { icon, draw } from '/icons/icons.js'
import { t } from '/text/text.js'
import { button, toggle } from '/elements/controls.js'
import { coverArt, sized } from '/elements/covers.js'
import { openMenu } from '/elements/menu.js'

/**
 * The head of an album, an artist or a playlist.
 * @param {any} app
 * @param {{art?: string | null, picture?: Node, kind: string, title: string, by?: Node | null, facts?: Node | null, actions: Node[]}} what
 */
export function header(app, { art = null, picture, kind, title, by, facts: line, actions }) {
  return html`<header class="view-head">${art ? backdrop(art) : null}
    <div class="view-picture">${picture ?? coverArt(256, art, { eager: true })}</div>
    <div class="view-words"><p class="kind small">${kind}</p>
      <h1 class=${title.length > 60 ? 'long' : ''} tabindex="-1" dir="auto">${title}</h1>${by}${line}
      <div class="actions">${actions}</div></div></header>`
}

/** A picture's colours, far out of focus. @param {string} art */
export const backdrop = art => html`<img class="backdrop" alt="" aria-hidden="true" src=${sized(art, 96)}>`

/** The head of a list: title, number of entries, tools. @param {string} title @param {...Node | null | false} tools */
export const listHeader = (title, ...tools) => html`<header class="list-head"><h1 tabindex="-1">${title}</h1>
  <div class="actions">${tools.filter(Boolean)}</div></header>`

/** Facts with dots between them. @param {unknown[]} all */
export const facts = all => html`<p class="quiet facts-line">${all.filter(Boolean).join(' · ')}</p>`

/** @param {any} app @param {() => Promise<any[]>} load */
export const playButtons = (app, load) => [
  button('play', t('play'), () => app.acts.playWhatComes(load, tracks => app.acts.play(tracks, 0, false)), 'main'),
  button('shuffle', t('shuffle'), () => app.acts.playWhatComes(load, tracks => app.acts.play(tracks, null, true))),
]

/** @param {any} app @param {'albums' | 'artists' | 'tracks'} kind @param {any} item @param {AbortSignal} signal */
export function heartButton(app, kind, item, signal) {
  const heart = toggle('heart', t('favourite'), () => app.acts.favourite(kind, item), 'heart')
  const update = () => {
    const on = Boolean(app.fresh(item).favourite)
    heart.setAttribute('aria-pressed', String(on))
    draw(heart.firstElementChild, on ? 'heartFull' : 'heart')
  }
  app.onMark(update, signal)
  update()
  return heart
}

/** @param {string} label @param {() => Array<any>} entries @param {string} name */
export const menuButton = (label, entries, name) => html`<button class="tool" aria-label=${label} aria-haspopup="menu" aria-expanded="false"
  @click=${(/** @type {Event} */ event) => openMenu(/** @type {Element} */ (event.currentTarget), entries(), name)}>${icon('more')}</button>`

/**
 * A rating of one to five stars, as radio buttons; the chosen star again takes it back.
 * @param {any} app @param {'albums' | 'artists' | 'tracks'} kind @param {any} item @param {AbortSignal} [signal] ends that it follows other
 *   changes of the rating
 */
export function stars(app, kind, item, signal) {
  const name = `rating-${item.id}`
  const node = html`<fieldset class="stars"><legend class="unseen">${t('rate')}</legend>${[1, 2, 3, 4, 5].map(n => html`<label>
    <input class="unseen" type="radio" name=${name} value=${n}><span class="unseen">${t('stars', { n })}</span>${icon('star')}</label>`)}</fieldset>`
  const inputs = [...node.querySelectorAll('input')]
  const update = () => {
    const rating = app.fresh(item).rating
    inputs.forEach((input, i) => {
      input.checked = i + 1 === rating
      draw(input.parentElement.querySelector('svg'), i < rating ? 'starFull' : 'star')
    })
  }
  inputs.forEach((input, i) => {
    input.addEventListener('change', () => { app.acts.rate(kind, item, i + 1); update() })
    input.addEventListener('click', () => {
      if (app.fresh(item).rating !== i + 1 || !input.dataset.was) return
      app.acts.rate(kind, item, 0)
      update()
    })
    input.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== 'Delete' && event.key !== 'Backspace' && event.key !== '0') return
      app.acts.rate(kind, item, 0)
      update()
    })
    input.parentElement.addEventListener('pointerdown', () => { input.dataset.was = input.checked ? 'yes' : '' })
  })
  if (signal) app.onMark(update, signal)
  update()
  return node
}

/** A choice of orders, kept in the address. @param {string[]} sorts @param {string} now @param {(sort: string) => void} choose */
export const sortSelect = (sorts, now, choose) => html`<label class="sort"><span class="unseen">${t('sort')}</span>
  <select class="entry" @change=${(/** @type {any} */ event) => choose(event.target.value)}>${sorts.map(sort =>
    html`<option value=${sort} ?selected=${sort === now}>${t(`sort.${sort}`)}</option>`)}</select></label>`
