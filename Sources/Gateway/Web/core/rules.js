// @ts-check
/** The rules of smart playlists (Navidrome's `.nsp`) as a form has them, and back. What the form has no place for is kept as it was. */

/** @typedef {'text' | 'number' | 'date' | 'bool' | 'playlist'} Kind @typedef {{name: string, kind: Kind, operators: string[]}} Field */
/** What a value is typed into. @typedef {'text' | 'number' | 'date' | 'days' | 'bool' | 'playlist'} Input */
/** `values` as inputs have them: one, or two for a range. @typedef {{field: string, operator: string, values: string[]}} Condition */
/** @typedef {{mode: 'all' | 'any', parts: Part[]}} Group @typedef {Condition | Group | {kept: any}} Part */
/**
 * @typedef {{group: Group, sort: string, isDown: boolean, limit: string}} Form   `sort` is a field, `random`, '' for the server's own order, or
 *   several fields as the rules have them
 */

/** What the server takes at most. */
export const most = { depth: 4, conditions: 50, tracks: 10_000 }

const kinds = new Set(['text', 'number', 'date', 'bool', 'playlist'])

/** @param {any} json the answer of `/api/v1/playlists/fields` @returns {Field[]} those that can be edited */
export const readFields = json => (Array.isArray(json?.fields) ? json.fields : []).filter((/** @type {any} */ one) =>
  typeof one?.name === 'string' && kinds.has(one.kind) && Array.isArray(one.operators) && one.operators.length > 0)

/** What the values of a condition are typed into. @param {Kind} kind @param {string} operator @returns {Input[]} */
export function inputsOf(kind, operator) {
  if (operator === 'inTheLast' || operator === 'notInTheLast') return ['days']
  return operator === 'inTheRange' ? [kind, kind] : [kind]
}

/** @param {Input} input @param {any} value @returns {string | null} null if it is no such value */
function typed(input, value) {
  if (input === 'bool') return typeof value === 'boolean' ? String(value) : null
  if (input === 'number' || input === 'days') return Number.isFinite(value) ? String(value) : null
  return typeof value !== 'string' ? null : input === 'date' ? /^\d{4}-\d\d-\d\d/.exec(value)?.[0] ?? null : value
}

/** A text may be empty: it is that of tracks which have none. @param {string} operator */
const mayBeEmpty = operator => operator === 'is' || operator === 'isNot'

/** @param {Input} input @param {string} operator @param {string} text @returns {any} undefined if nothing was typed that is such a value */
function valueOf(input, operator, text) {
  const trimmed = text.trim()
  if (!trimmed) return input === 'text' && mayBeEmpty(operator) ? '' : undefined
  if (input === 'bool') return trimmed === 'true'
  if (input === 'date') return /^\d{4}-\d\d-\d\d$/.test(trimmed) ? trimmed : undefined
  if (input === 'text' || input === 'playlist') return trimmed
  const number = Number(trimmed)
  return Number.isFinite(number) && (input !== 'days' || (Number.isInteger(number) && number >= 0)) ? number : undefined
}

/** The only member of an object. @param {any} value @returns {[string, any] | null} */
function only(value) {
  const members = value && typeof value === 'object' && !Array.isArray(value) ? Object.entries(value) : []
  return members.length === 1 ? members[0] : null
}

/** An operator of a field as the field has it: rules may write it in any case, and `gt` and `lt` of dates. @param {Field} field @param {string} written */
function operatorOf(field, written) {
  const word = written.toLowerCase()
  const own = field.kind === 'date' ? { gt: 'after', lt: 'before' }[word] ?? word : word
  return field.operators.find(one => one.toLowerCase() === own.toLowerCase())
}

/** @param {any} part @param {Field[]} fields @param {number} depth @returns {Part} */
function readPart(part, fields, depth) {
  const [written, of] = only(part) ?? ['', null]
  const mode = written.toLowerCase()
  if ((mode === 'all' || mode === 'any') && Array.isArray(of)) return depth < most.depth ? readGroup(mode, of, fields, depth + 1) : { kept: part }
  const [name, value] = only(of) ?? ['', null]
  const field = fields.find(one => one.name === name.toLowerCase())
  const operator = field && operatorOf(field, written)
  if (!field || !operator) return { kept: part }
  const inputs = inputsOf(field.kind, operator)
  const given = inputs.length === 1 ? [value] : Array.isArray(value) ? value : []
  const values = inputs.map((input, i) => typed(input, given[i]))
  return values.includes(null) ? { kept: part } : { field: field.name, operator, values: /** @type {string[]} */ (values) }
}

/** @param {'all' | 'any'} mode @param {any[]} parts @param {Field[]} fields @param {number} depth @returns {Group} */
const readGroup = (mode, parts, fields, depth) => ({ mode, parts: parts.map(part => readPart(part, fields, depth)) })

/** @param {any} rules @param {Field[]} fields @returns {Form} */
export function readRules(rules, fields) {
  const mode = Array.isArray(rules?.any) && !Array.isArray(rules?.all) ? 'any' : 'all'
  const written = typeof rules?.sort === 'string' ? rules.sort.trim() : ''
  const isReversed = rules?.order === 'desc'
  const isOne = /^[+-]?\w+$/.test(written)
  return {
    group: readGroup(mode, Array.isArray(rules?.[mode]) ? rules[mode] : [], fields, 1),
    sort: isOne ? written.replace(/^[+-]/, '') : written, isDown: isOne ? isReversed !== written.startsWith('-') : isReversed,
    limit: Number.isSafeInteger(rules?.limit) && rules.limit > 0 ? String(rules.limit) : '',
  }
}

/** A condition that nothing is typed into yet; of a text, what it contains. @param {Field} field @param {string} [operator] @returns {Condition} */
export const blank = (field, operator = field.operators.find(one => one === 'contains') ?? field.operators[0]) => ({
  field: field.name, operator, values: inputsOf(field.kind, operator).map(input => input === 'bool' ? 'true' : ''),
})

/**
 * The form as rules, and the paths of conditions that are not filled in: `all[0].any[1]`, as the server names them.
 * @param {Form} form @param {Field[]} fields @returns {{rules: any, faults: string[]}}
 */
export function writeRules(form, fields) {
  /** @type {string[]} */
  const faults = []
  /** @param {Part} part @param {string} path @returns {any} */
  function write(part, path) {
    if ('kept' in part) return part.kept
    if ('parts' in part) return writeGroup(part, `${path}.`)
    const field = fields.find(one => one.name === part.field)
    const values = field ? inputsOf(field.kind, part.operator).map((input, i) => valueOf(input, part.operator, part.values[i] ?? '')) : [undefined]
    if (values.includes(undefined)) faults.push(path)
    return { [part.operator]: { [part.field]: values.length === 1 ? values[0] : values } }
  }
  /** @param {Group} group @param {string} path */
  function writeGroup({ mode, parts }, path) {
    if (!parts.length) faults.push(path.replace(/\.$/, ''))
    return { [mode]: parts.map((part, i) => write(part, `${path}${mode}[${i}]`)) }
  }
  /** @type {any} */
  const rules = writeGroup(form.group, '')
  const isOne = /^\w+$/.test(form.sort)
  if (form.sort) rules.sort = isOne && form.isDown && form.sort !== 'random' ? `-${form.sort}` : form.sort
  if (!isOne && form.isDown) rules.order = 'desc'
  const limit = Number(form.limit)
  if (form.limit.trim()) {
    if (Number.isInteger(limit) && limit > 0 && limit <= most.tracks) rules.limit = limit
    else faults.push('limit')
  }
  return { rules, faults }
}

/** How many conditions a part has, those that are kept too. @param {Part} part @returns {number} */
export const conditionsOf = part => 'parts' in part ? part.parts.reduce((sum, one) => sum + conditionsOf(one), 0) : 1

/**
 * A file of rules. @param {string} text @param {string} fileName @returns {{name: string, rules: any} | null} null if it has none
 */
export function readFile(text, fileName) {
  try {
    const json = JSON.parse(text)
    if (!Array.isArray(json?.all) && !Array.isArray(json?.any)) return null
    const { name, comment, ...rules } = json
    return { name: (typeof name === 'string' && name.trim()) || fileName.replace(/\.\w+$/, ''), rules }
  } catch {
    return null
  }
}
