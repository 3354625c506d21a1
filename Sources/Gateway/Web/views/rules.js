// @ts-check
/** The rules of a smart playlist, new or to be changed. */
import '/text/rules.js'
import { every } from '/api/client.js'
import { html } from '/lib/html.js'
import { t, failureOf, sentence } from '/text/text.js'
import { blank, conditionsOf, most, readFields, readFile, readRules, writeRules } from '/core/rules.js'
import { listHeader } from '/elements/view-header.js'
import { notice } from '/elements/notice.js'
import { ruleGroup } from '/elements/rule-editor.js'
import { fieldName } from '/elements/rule-words.js'

/** Bytes of a file of rules: those of 50 conditions are a few thousand. */
const largest = 256_000

/** @param {any} app @param {import('/lib/router.js').Place} place @param {AbortSignal} signal */
export async function show(app, place, signal) {
  const { client } = app
  const { id } = place.parts
  const path = id && `/api/v1/playlists/${encodeURIComponent(id)}`
  const [answer, playlist] = await Promise.all([client.get('/api/v1/playlists/fields', { signal }), path ? client.get(path, { signal }) : null])
  const fields = readFields(answer)
  const title = playlist ? t('rules.of', { name: playlist.name }) : t('rules.new')
  const back = path ? `/playlist/${encodeURIComponent(id)}` : '/playlists'
  if (playlist && !playlist.rules) {
    const words = { icon: 'playlists', title: t('rules.ordinary', { name: playlist.name }) }
    return { title, node: html`${listHeader(title)}${notice(words, html`<a class="button main" href=${back}>${t('open')}</a>`)}` }
  }
  const isAsked = fields.some(one => one.kind === 'playlist')
  const playlists = isAsked ? await every(client, '/api/v1/playlists', {}, { signal }).catch(() => []) : []
  const others = playlists.filter((/** @type {any} */ one) => one.id !== id)

  const name = html`<input name="name" required maxlength="500" autocomplete="off" value=${playlist?.name ?? ''}>`
  const limit = html`<input name="limit" type="number" min="1" max=${most.tracks} step="1" inputmode="numeric">`
  const down = html`<input type="checkbox">`
  const downChoice = html`<label class="choice">${down}<span>${t('rules.down')}</span></label>`
  const sort = html`<select @change=${() => { downChoice.hidden = sort.value === 'random' }}></select>`
  const fault = html`<p class="fault" role="alert" hidden></p>`
  const groupPlace = html`<div></div>`
  /** @type {ReturnType<typeof ruleGroup>} */
  let group
  /** @param {any} rules */
  function fill(rules) {
    const form = readRules(rules, fields)
    if (!form.group.parts.length) form.group.parts.push(blank(fields[0]))
    const world = { fields, playlists: others, count: () => conditionsOf(group.read()), changed: () => group.update() }
    group = ruleGroup(form.group, 1, world)
    group.update()
    groupPlace.replaceChildren(group.node)
    const sorts = [['', t('rules.sort.none')], ['random', t('rules.sort.random')],
      ...fields.filter(one => one.kind !== 'playlist').map(one => [one.name, fieldName(one.name)])]
    if (!sorts.some(([value]) => value === form.sort)) sorts.push([form.sort, t('rules.sort.kept', { text: form.sort })])
    sort.replaceChildren(...sorts.map(([value, text]) => html`<option value=${value} ?selected=${value === form.sort}>${text}</option>`))
    down.checked = form.isDown
    downChoice.hidden = form.sort === 'random'
    limit.value = form.limit
  }
  /** @param {string} text @param {HTMLElement | null} [at] */
  function complain(text, at) {
    fault.textContent = text
    fault.hidden = false
    for (const one of groupPlace.querySelectorAll('.wrong')) one.classList.remove('wrong')
    for (const one of form.querySelectorAll('[aria-invalid]')) one.removeAttribute('aria-invalid')
    at?.classList.add('wrong')
    const goal = at?.matches('input') ? at : at?.querySelector('.rule-values :is(input, select)') ?? at?.querySelector('select')
    goal?.setAttribute('aria-invalid', 'true')
    ;/** @type {HTMLElement | null | undefined} */ (goal)?.focus()
  }
  /** @param {Event} event */
  async function take(event) {
    const field = /** @type {HTMLInputElement} */ (event.target)
    const file = field.files?.[0]
    if (!file) return
    const found = file.size <= largest ? readFile(await file.text().catch(() => ''), file.name) : null
    field.value = ''
    if (!found) return complain(t('rules.file.none'))
    if (conditionsOf(readRules(found.rules, fields).group) > most.conditions) return complain(t('rules.file.many', { n: most.conditions }))
    fault.hidden = true
    fill(found.rules)
    name.value = found.name.slice(0, 500)
    app.say(t('rules.file.read', { name: file.name }))
  }
  /** @param {SubmitEvent} event */
  async function save(event) {
    event.preventDefault()
    fault.hidden = true
    const { rules, faults } = writeRules({ group: /** @type {any} */ (group.read()), sort: sort.value, isDown: down.checked, limit: limit.value }, fields)
    const at = (/** @type {string} */ one) => one === 'limit' ? limit : group.find(one)
    if (faults.length) return complain(t('rules.faults', { n: faults.length }), at(faults[0]))
    const body = { name: name.value.trim(), rules }
    try {
      const made = path ? await client.patch(path, body) : await client.post('/api/v1/playlists', body)
      app.playlistsChanged()
      app.say(t(path ? 'rules.saved' : 'rules.made', { name: body.name }))
      app.router.go(path ? back : `/playlist/${encodeURIComponent(made.id)}`, { replace: true })
    } catch (error) {
      const problem = failureOf(error)
      app.tellLimit(problem)
      const where = /^((?:(?:all|any)\[\d+\]\.?)+)/.exec(problem.detail ?? '')?.[1]
      complain(sentence(problem), where ? at(where) : null)
    }
  }
  const fileField = html`<label class="field">${t('rules.file')}<input type="file" accept=".nsp,.json,application/json" @change=${take}>
    <span class="hint">${t('rules.file.text')}</span></label>`
  fill(playlist?.rules)
  const form = html`<form class="rules-form stack" @submit=${save}><label class="field">${t('playlist.name')}${name}</label>
    ${playlist ? null : fileField}${groupPlace}
    <div class="rules-bounds"><label class="field">${t('rules.sort')}${sort}</label><label class="field">${t('rules.limit')}${limit}<span class="hint">${t('rules.limit.text')}</span></label></div>
    ${downChoice}${fault}
    <div class="actions"><a class="button" href=${back}>${t('cancel')}</a><button class="button main">${t('save')}</button></div></form>`
  return {
    title,
    focus: playlist ? undefined : name,
    node: html`${listHeader(title)}<p class="quiet rules-about">${t('rules.text')}</p>${form}`,
  }
}
