// @ts-check
/** What a smart playlist has beside an ordinary one: its rules in words, the way to change them, and a copy that stays as it is. */
import '/text/rules.js'
import { html } from '/lib/html.js'
import { t } from '/text/text.js'
import { readRules } from '/core/rules.js'
import { notice } from '/elements/notice.js'
import { boundsInWords, rulesInWords } from '/elements/rule-words.js'

/** @param {any} app @param {() => any} playlist as it is now */
export function smartPlaylist(app, playlist) {
  const path = () => `/api/v1/playlists/${encodeURIComponent(playlist().id)}`
  /** Names of the playlists that the rules are about come later, or not at all. */
  const nameOf = (/** @type {string} */ id) => {
    const name = document.createElement('span')
    name.textContent = '…'
    app.client.get(`/api/v1/playlists/${encodeURIComponent(id)}`).then((/** @type {any} */ one) => { name.textContent = one.name }, () => { name.textContent = id })
    return name
  }
  async function freeze() {
    const made = await app.acts.tell(() => app.client.post(`${path()}/frozen`))
    if (!made) return
    app.playlistsChanged()
    app.live.show(t('rules.frozen'), { label: t('open'), run: () => app.router.go(`/playlist/${encodeURIComponent(made.id)}`) })
  }
  return {
    empty: notice({ icon: 'rules', title: t('rules.empty'), text: t('rules.empty.text') }),
    entries: [
      { label: t('rules.edit'), icon: 'rules', href: `/smart/${encodeURIComponent(playlist().id)}` },
      { label: t('rules.freeze'), icon: 'playlists', run: freeze },
    ],
    /** The rules, folded. */
    words: () => {
      const { rules } = playlist()
      return html`<details class="rules-words small"><summary>${t('rules')}</summary>${rulesInWords(rules, nameOf)}
        <p class="quiet">${boundsInWords(readRules(rules, []))}</p></details>`
    },
  }
}
