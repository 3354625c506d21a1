// @ts-check
/** The page of a link: one view and a player, for people without an account. */
import { html } from '/lib/html.js'
import { t, moreWords } from '/text/text.js'
import { mark } from '/elements/shell.js'
import { listenForKeys } from '/lib/keys.js'
import { look } from '/elements/browser.js'
import { shortcuts } from '/elements/shortcuts.js'

/** @type {Array<[string, () => Promise<any>]>} */
export const routes = [['/share/:token', () => import('/views/share.js')]]

/** @param {any} app */
export const makeSound = async app => (await import('/elements/guest-sound.js')).guestSound(app)

/** What a guest does by keys. */
const known = new Set(['toggle', 'next', 'previous', 'forward', 'back', 'louder', 'softer', 'mute', 'shuffle', 'repeat'])

/** The page around the view. @param {any} app */
export function frame(app) {
  const main = html`<main id="main" tabindex="-1"></main>`
  document.documentElement.classList.add('guest')
  document.querySelector('.splash')?.remove()
  document.body.append(html`<a class="skip" href="#main">${t('skip')}</a>
    <header class="guest-head">${mark()}<span>sweetspot</span></header><div class="middle">${main}</div>`, ...app.live.nodes)
  // Nothing of an account is asked for.
  app.peaks = async () => []
  app.lyrics = async () => null
  return {
    main,
    /** @param {Node} player */
    addPlayer: player => main.parentElement.after(player),
    mark() {}, countUploads() {}, bare() {}, showPlaylists() {},
  }
}

/** @param {any} app @param {{addPlayer: (player: Node) => void}} page */
export async function addTheRest(app, page) {
  await moreWords()
  const { guestBar } = await import('/elements/guest-bar.js')
  page.addPlayer(guestBar(app))
  app.shortcuts = shortcuts(app).filter(one => known.has(one.name))
  listenForKeys(app.shortcuts, { areOn: () => look().keys !== 'off' })
  if (app.shared) await app.player.load()
}
