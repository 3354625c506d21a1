// @ts-check
/** What the page needs once its first view is shown: the player, the keyboard, the worker. */
import { moreWords } from '/text/text.js'
import { listenForKeys } from '/lib/keys.js'
import { install } from '/lib/installed.js'
import { playerBar } from '/elements/player-bar.js'
import { look } from '/elements/browser.js'
import { shortcuts } from '/elements/shortcuts.js'

/** @param {any} app @param {{addPlayer: (player: Node) => void}} page */
export async function addTheRest(app, page) {
  await Promise.all([moreWords(), app.moreStyles()])
  page.addPlayer(playerBar(app))
  app.shortcuts = shortcuts(app)
  listenForKeys(app.shortcuts, { areOn: () => look().keys !== 'off' })
  await app.player.load()
  performance.mark('playable')
  await install()
  await app.resumeUploads()
}
