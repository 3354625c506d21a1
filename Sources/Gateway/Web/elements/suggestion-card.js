// @ts-check
/** A suggested track: what it is, why in a few words, and a menu. One that the account does not own is shown and cannot be played. */
import { html } from '/lib/html.js'
import { icon } from '/icons/icons.js'
import { t, moreWords } from '/text/text.js'
import { inFewWords } from '/core/suggestions.js'
import { coverArt } from '/elements/covers.js'
import { openMenu } from '/elements/menu.js'

/** Why, in a few words; '' if the server gives no reason. @param {any} one */
export function whyInShort(one) {
  const few = inFewWords(one.reasons)
  return few ? t(`why.few.${few.kind}`, { a: few.a, b: few.b }) : ''
}

/** @param {any} app @param {any} one @param {{basis: string | null, hide: () => void}} how */
async function entries(app, one, { basis, hide }) {
  const [{ radioEntry }] = await Promise.all([import('/elements/track-menu.js'), moreWords()])
  const { acts } = app
  const { track, title } = one
  const why = async () => (await import('/views/why-dialog.js')).showWhy(app, { ...one, basis, hide })
  const own = [
    { label: t('why'), icon: 'info', run: why },
    { label: t('foryou.hide'), icon: 'close', run: hide },
  ]
  if (!track) return own
  return [
    ...own, null,
    { label: t('play'), icon: 'play', run: () => acts.play([track], 0, false) },
    { label: t('play.next'), icon: 'queue', run: () => acts.playNext([track]) },
    { label: t('queue.add'), icon: 'plus', run: () => acts.add([track]) },
    radioEntry(app, { kind: 'track', id: track.id, title, track }),
  ]
}

/** @param {any} app @param {import('/core/suggestions.js').Suggestion} one @param {{basis: string | null, hide: () => void}} how */
export function suggestionCard(app, one, how) {
  const { track, title, artist } = one
  const why = whyInShort(one)
  const more = html`<button class="tool card-more" aria-label=${t('foryou.menu', { title })} aria-haspopup="menu" aria-expanded="false"
    @click=${async () => openMenu(more, await entries(app, one, how), title)}>${icon('more')}</button>`
  const href = track && (track.albumId ? `/album/${encodeURIComponent(track.albumId)}` : `/track/${encodeURIComponent(track.id)}`)
  const name = track ? html`<a class="card-title clip" dir="auto" title=${title} href=${href}>${title}</a>`
    : html`<span class="card-title clip" dir="auto" title=${title}>${title}</span>`
  const play = track && html`<button class="card-play" tabindex="-1" aria-label=${t('play.track', { title })}
    @click=${() => app.acts.play([track], 0, false)}>${icon('play')}</button>`
  return html`<li class=${track ? 'card' : 'card absent'}><div class="card-cover">${coverArt(200, track?.art)}${play}</div>
    <div class="card-line">${name}${more}</div><span class="card-by clip small quiet" dir="auto">${artist}</span>
    ${track ? null : html`<span class="card-note small">${t('foryou.absent')}</span>`}
    ${why && html`<span class="card-why small quiet" dir="auto" title=${why}>${why}</span>`}</li>`
}
