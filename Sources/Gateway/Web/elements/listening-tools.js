// @ts-check
/** Speed, sleep timer, stopping after this track, quality and levelling: for this listening. */
import { html } from '/lib/html.js'
import { t } from '/text/text.js'
import { number } from '/text/format.js'
import { tool as button } from '/elements/controls.js'
import { openMenu } from '/elements/menu.js'

const naps = [15, 30, 45, 60, 90]
const limits = [0, 320, 160, 128, 96, 64, 48]

/** @param {number} limit kbit/s, 0 for the best */
const limitName = limit => limit ? t('quality.upTo', { n: limit }) : t('quality.best')

/** @param {any} app */
export function listeningTools(app) {
  const { acts, store } = app
  const player = () => store.get().player
  /** @param {string} name @param {string} label @param {() => Array<any>} entries */
  function tool(name, label, entries) {
    const node = button(name, label, () => openMenu(node, entries(), label))
    node.setAttribute('aria-haspopup', 'menu')
    node.setAttribute('aria-expanded', 'false')
    node.append(html`<span class="tool-text small number" aria-hidden="true"></span>`)
    return node
  }
  const speed = tool('speed', t('speed'), () => acts.speeds.map((/** @type {number} */ one) =>
    ({ label: `${number(one, 2)}×`, checked: one === player().speed, run: () => acts.speed(one) })))
  const sleep = tool('sleep', t('sleep'), () => [
    { label: t('sleep.off'), checked: player().sleepAt === null && !store.get().queue.stopAfter, run: stayAwake },
    { label: t('sleep.track'), checked: store.get().queue.stopAfter, run: () => acts.stopAfter(!store.get().queue.stopAfter) },
    null,
    ...naps.map(minutes => ({ label: t('sleep.in', { n: minutes }), run: () => {
      acts.sleep(minutes)
      app.say(t('sleep.set', { n: minutes }))
    } })),
  ])
  const sound = tool('settings', t('sound'), () => [
    ...['off', 'track', 'album'].map(one => ({
      label: t(`levelling.${one}`), checked: player().levelling === one,
      run: () => store.dispatch({ type: 'player/levelling', levelling: one }),
    })),
    null,
    ...limits.map(limit => ({
      label: limitName(limit), checked: player().quality[app.networkKind()] === limit,
      run: () => store.dispatch({ type: 'player/quality', kind: app.networkKind(), limit }),
    })),
  ])
  function stayAwake() {
    acts.sleep(null)
    acts.stopAfter(false)
  }
  /** @param {any} state */
  function sleepText({ player: { sleepAt }, queue }) {
    if (queue.stopAfter) return t('sleep.track.short')
    return sleepAt ? t('minutes.short', { n: Math.max(1, Math.ceil((sleepAt - Date.now()) / 60000)) }) : ''
  }
  const texts = [speed, sleep].map(button => button.querySelector('.tool-text'))

  /** @param {any} state */
  function update(state) {
    const { player: { speed: now, sleepAt }, queue } = state
    speed.classList.toggle('on', now !== 1)
    texts[0].textContent = now === 1 ? '' : `${number(now, 2)}×`
    sleep.classList.toggle('on', sleepAt !== null || queue.stopAfter)
    texts[1].textContent = sleepText(state)
  }
  return { node: html`${speed}${sleep}${sound}`, update }
}
