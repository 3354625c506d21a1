// @ts-check
/** Conditions of a smart playlist, to be edited: groups of rows, each with a field, an operator and what it is compared with. */
import '/text/rules.js'
import { html } from '/lib/html.js'
import { t } from '/text/text.js'
import { blank, inputsOf, most } from '/core/rules.js'
import { button, tool } from '/elements/controls.js'
import { fieldName, operatorName } from '/elements/rule-words.js'

/** @typedef {import('/core/rules.js').Part} Part @typedef {import('/core/rules.js').Field} Field @typedef {import('/core/rules.js').Input} Input */
/** @typedef {{id: string, name: string}} Named @typedef {{node: HTMLElement, read: () => Part}} Row */

/** @param {string} label @param {Array<[value: string, text: string]>} options @param {string} now @param {(value: string) => void} [choose] */
const select = (label, options, now, choose = () => {}) => html`<select class="entry" aria-label=${label} @change=${(/** @type {any} */ event) => choose(event.target.value)}>${
  options.map(([value, text]) => html`<option value=${value} ?selected=${value === now}>${text}</option>`)}</select>`

/** @param {Input} input @param {string} label @param {string} value @param {readonly Named[]} playlists */
function entry(input, label, value, playlists) {
  if (input === 'bool') return select(label, [['true', t('rules.yes')], ['false', t('rules.no')]], value || 'true')
  if (input === 'playlist') {
    const all = playlists.map(one => /** @type {[string, string]} */ ([one.id, one.name]))
    return select(label, all.some(([id]) => id === value) || !value ? all : [[value, value], ...all], value)
  }
  const [type, step] = input === 'days' ? ['number', '1'] : input === 'number' ? ['number', 'any'] : [input, null]
  return html`<input class="entry" type=${type} step=${step} aria-label=${label} .value=${value} maxlength="500" autocomplete="off">`
}

/**
 * A row of a field, an operator and values.
 * @param {import('/core/rules.js').Condition} first @param {{fields: Field[], playlists: readonly Named[]}} world
 */
function conditionParts(first, { fields, playlists }) {
  let now = first
  const fieldOf = (/** @type {string} */ name) => /** @type {Field} */ (fields.find(one => one.name === name))
  const operators = html`<span class="rule-operator"></span>`
  const values = html`<span class="rule-values"></span>`
  const read = () => ({ ...now, values: [...values.querySelectorAll('input, select')].map((/** @type {any} */ one) => one.value) })
  function show() {
    const field = fieldOf(now.field)
    const inputs = inputsOf(field.kind, now.operator)
    const label = (/** @type {number} */ i) => t(inputs.length > 1 ? (i ? 'rules.value.to' : 'rules.value.from') : inputs[0] === 'days' ? 'rules.value.days' : 'rules.value')
    operators.replaceChildren(select(t('rules.operator'), field.operators.map(one => [one, operatorName(one)]), now.operator, operator => {
      const typed = read().values
      const other = blank(field, operator)
      // What was typed stays where it is of the same kind.
      const isSame = inputsOf(field.kind, operator)[0] === inputsOf(field.kind, now.operator)[0]
      now = { ...other, values: other.values.map((value, i) => isSame ? typed[i] ?? value : value) }
      show()
      operators.firstElementChild.focus()
    }))
    const nodes = inputs.map((input, i) => entry(input, label(i), now.values[i] ?? '', playlists))
    values.replaceChildren(...nodes.flatMap((node, i) => i ? [html`<span class="small quiet">${t('rules.and')}</span>`, node] : [node]))
    if (inputs[0] === 'days') values.append(html`<span class="small quiet">${t('rules.days')}</span>`)
  }
  const choice = select(t('rules.field'), fields.map(one => [one.name, fieldName(one.name)]), now.field, name => {
    now = blank(fieldOf(name))
    show()
  })
  show()
  return { nodes: [choice, operators, values], read }
}

/**
 * A group of rows. @param {import('/core/rules.js').Group} group @param {number} depth 1 for the outermost
 * @param {{fields: Field[], playlists: readonly Named[], count: () => number, changed: () => void}} world `count` of all conditions
 * @param {() => void} [remove] takes the group away
 * @returns {Row & {find: (path: string) => HTMLElement | null, update: () => void}}
 */
export function ruleGroup(group, depth, world, remove) {
  /** @type {Array<Row & {find?: (path: string) => HTMLElement | null, update?: () => void}>} */
  let rows = []
  const list = html`<ul class="rule-rows"></ul>`
  const mode = select(t('rules.mode'), [['all', t('rules.mode.all')], ['any', t('rules.mode.any')]], group.mode)
  const addCondition = button('plus', t('rules.condition.add'), () => add(blank(world.fields[0])))
  const addGroup = button('plus', t('rules.group.add'), () => add({ mode: mode.value === 'all' ? 'any' : 'all', parts: [blank(world.fields[0])] }))
  for (const one of [addCondition, addGroup]) one.type = 'button'
  const away = remove && button('close', t('rules.group.remove'), remove)
  if (away) away.type = 'button'
  const node = html`<fieldset class="rule-group"><legend class="unseen">${t(depth > 1 ? 'rules.group' : 'rules.conditions')}</legend>
    <label class="rule-mode"><span aria-hidden="true">${t('rules.mode')}</span>${mode}</label>${list}
    <div class="actions">${addCondition}${depth < most.depth && addGroup}${away}</div></fieldset>`

  /** @param {Part} part */
  function row(part) {
    const leave = () => {
      const place = rows.indexOf(own)
      rows.splice(place, 1)
      own.node.remove()
      world.changed()
      const next = rows[Math.min(place, rows.length - 1)]?.node.querySelector('select, button')
      ;/** @type {HTMLElement} */ (next ?? addCondition).focus()
    }
    /** @type {typeof rows[number]} */
    let own
    if ('parts' in part) {
      const inner = ruleGroup(part, depth + 1, world, leave)
      own = { ...inner, node: html`<li>${inner.node}</li>` }
    } else {
      const { nodes, read } = 'kept' in part ? { nodes: [html`<span class="rule-kept small" dir="auto">${t('rules.kept', { text: JSON.stringify(part.kept).slice(0, 300) })}</span>`], read: () => part }
        : conditionParts(part, world)
      const close = tool('close', '', leave)
      close.type = 'button'
      own = { read, node: html`<li class="rule">${nodes}${close}</li>` }
    }
    return own
  }
  /** @param {Part} part */
  function add(part) {
    const own = row(part)
    rows.push(own)
    list.append(own.node)
    world.changed()
    own.node.querySelector('select')?.focus()
  }
  function update() {
    const isFull = world.count() >= most.conditions
    addCondition.disabled = addGroup.disabled = isFull
    rows.forEach((one, i) => {
      one.update?.()
      const close = one.node.querySelector(':scope > .tool')
      close?.setAttribute('aria-label', t('rules.condition.remove', { n: i + 1 }))
      close?.setAttribute('title', t('rules.condition.remove', { n: i + 1 }))
    })
  }
  rows = group.parts.map(row)
  list.append(...rows.map(one => one.node))
  return {
    node, update,
    read: () => ({ mode: mode.value, parts: rows.map(one => one.read()) }),
    /** The row of a path as the server and core/rules.js name it: `all[0].any[1]`. */
    find(path) {
      const [, place, rest] = /^(?:all|any)\[(\d+)\]\.?(.*)$/.exec(path) ?? []
      const one = rows[Number(place)]
      return !one ? node : rest && one.find ? one.find(rest) : one.node
    },
  }
}
