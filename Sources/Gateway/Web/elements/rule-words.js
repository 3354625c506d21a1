// @ts-check
/** Rules of a smart playlist in words. */
import '/text/rules.js'
import { html } from '/lib/html.js'
import { t } from '/text/text.js'
import { date, number } from '/text/format.js'

/** A text of the catalogue, or the server's own word for what this page does not know. @param {string} text @param {string} own */
const known = (text, own) => text.startsWith('rules.') ? own : text
/** @param {string} name */
export const fieldName = name => known(t(`rules.field.${name}`), name)
/** @param {string} name */
export const operatorName = name => known(t(`rules.operator.${name}`), name)

/** A sort as the rules have it. @param {string} sort */
export const sortName = sort => !sort ? t('rules.sort.none') : sort === 'random' ? t('rules.sort.random') : /^\w+$/.test(sort) ? fieldName(sort) : sort

/** @param {any} value @param {string} operator @returns {string} */
function valueText(value, operator) {
  if (Array.isArray(value)) return value.map(one => valueText(one, '')).join(` ${t('rules.and')} `)
  if (typeof value === 'boolean') return t(value ? 'rules.yes' : 'rules.no')
  if (operator === 'inTheLast' || operator === 'notInTheLast') return `${number(Number(value))} ${t('rules.days')}`
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)) return date(`${value}T12:00:00`)
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/**
 * Nested lists of conditions. @param {any} rules @param {(id: string) => Node} nameOf a playlist's name
 * @returns {Node}
 */
export function rulesInWords(rules, nameOf) {
  const mode = Array.isArray(rules?.any) && !Array.isArray(rules?.all) ? 'any' : 'all'
  /** @param {any} part @returns {Node} */
  function line(part) {
    if (Array.isArray(part?.all) || Array.isArray(part?.any)) return html`<li>${rulesInWords({ all: part.all, any: part.any }, nameOf)}</li>`
    const [operator, of] = Object.entries(part ?? {})[0] ?? ['', {}]
    const [name, value] = Object.entries(of ?? {})[0] ?? ['', '']
    const isList = operator === 'inPlaylist' || operator === 'notInPlaylist'
    return html`<li><span dir="auto">${fieldName(name)} ${operatorName(operator)} <strong>${isList ? nameOf(String(value)) : valueText(value, operator)}</strong></span></li>`
  }
  return html`<div class="rule-words"><p class="quiet">${t('rules.mode')} ${t(`rules.mode.${mode}`)}:</p>
    <ul>${(Array.isArray(rules?.[mode]) ? rules[mode] : []).slice(0, 100).map(line)}</ul></div>`
}

/** In which order and how many, in words. @param {import('/core/rules.js').Form} form */
export const boundsInWords = ({ sort, isDown, limit }) => [
  sort || isDown ? t(isDown && sort !== 'random' ? 'rules.order.down' : 'rules.order', { text: sortName(sort) }) : '', limit ? t('rules.most', { n: Number(limit) }) : '',
].filter(Boolean).join(' ')
