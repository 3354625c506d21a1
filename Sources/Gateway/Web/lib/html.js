// @ts-check
/** Fragments of DOM from templates. What a template's author wrote is markup; what is put into it is text, or nodes. */

const types = /** @type {any} */ (globalThis).trustedTypes
const written = new Set(['/worker.js'])
/** The page's only policy: it passes the literal parts of templates, and the addresses of scripts named above. */
const policy = types?.createPolicy('sweetspot', {
  createHTML: (/** @type {string} */ text) => text,
  createScriptURL: (/** @type {string} */ url) => {
    if (!written.has(url)) throw new TypeError(`${url} is not a script of this page`)
    return url
  },
})

/** The address of a script in the form that a worker's registration takes. @param {string} url */
export const scriptURL = url => policy ? policy.createScriptURL(url) : url

/** Stands for value i in the markup: private-use characters, which no template has of its own. */
const hole = /\uE000(\d+)\uE001/
/** Attributes whose values the browser would run, read as markup, or follow without asking. */
const unsafe = /^(on|srcdoc$|style$)/i
const addresses = new Set(['href', 'src', 'action', 'formaction', 'srcset'])
/** @type {WeakMap<TemplateStringsArray, HTMLTemplateElement>} */
const known = new WeakMap()

/** @param {TemplateStringsArray} strings */
function template(strings) {
  const found = known.get(strings)
  if (found) return found
  if (!Array.isArray(strings.raw)) throw new TypeError('html is a tag for templates')
  let text = strings[0]
  for (let i = 1; i < strings.length; i++) text += `\uE000${i - 1}\uE001${strings[i]}`
  const element = document.createElement('template')
  element.innerHTML = policy ? policy.createHTML(text.trim()) : text.trim()
  known.set(strings, element)
  return element
}

/** @param {unknown} value @returns {Node} */
function asNode(value) {
  if (value instanceof Node) return value
  if (Array.isArray(value)) {
    const nodes = document.createDocumentFragment()
    for (const one of value) nodes.append(asNode(one))
    return nodes
  }
  return document.createTextNode(value === null || value === undefined || value === false ? '' : String(value))
}

/** @param {Text} node @param {unknown[]} values */
function fillText(node, values) {
  const parts = node.data.split(hole)
  if (parts.length === 1) return
  const nodes = document.createDocumentFragment()
  parts.forEach((part, i) => {
    if (i % 2) nodes.append(asNode(values[Number(part)]))
    else if (part) nodes.append(part)
  })
  node.replaceWith(nodes)
}

/** @param {Element} element @param {Attr} attribute @param {unknown[]} values */
function fillAttribute(element, attribute, values) {
  const parts = attribute.value.split(hole)
  if (parts.length === 1) return
  const name = attribute.name
  const whole = parts.length === 3 && !parts[0] && !parts[2] ? values[Number(parts[1])] : undefined
  if (name[0] === '@' || name[0] === '.' || name[0] === '?') {
    element.removeAttribute(name)
    if (name[0] === '@') element.addEventListener(name.slice(1), /** @type {EventListener} */ (whole))
    else if (name[0] === '?') element.toggleAttribute(name.slice(1), Boolean(whole))
    else /** @type {any} */ (element)[name.slice(1)] = whole
    return
  }
  const absent = parts.length === 3 && (whole === null || whole === undefined || whole === false) && !parts[0] && !parts[2]
  if (absent) return element.removeAttribute(name)
  setAttribute(element, name, parts.map((part, i) => i % 2 ? String(values[Number(part)] ?? '') : part).join(''))
}

/**
 * Sets an attribute to a text from outside.
 * Throws a TypeError if the attribute could run it; an address of a scheme other than http, https and blob becomes `#`.
 * @param {Element} element @param {string} name @param {string} value
 */
export function setAttribute(element, name, value) {
  if (unsafe.test(name)) throw new TypeError(`${name} takes no value in a template`)
  if (addresses.has(name) && !/^(https?:|blob:|\/(?![/\\])|[?#])[^\0-\x1f]*$/i.test(value)) value = '#'
  element.setAttribute(name, value)
}

/**
 * A fragment, or its only element. In the text, a value is a text, a node, a list of these, or null, undefined or false for
 * nothing. `name=${v}` sets an attribute (none for null, undefined, false), `?name=${v}` a flag, `.name=${v}` a property and
 * `@name=${f}` a listener.
 * @param {TemplateStringsArray} strings @param {...unknown} values @returns {any}
 */
export function html(strings, ...values) {
  const content = /** @type {DocumentFragment} */ (document.importNode(template(strings).content, true))
  const walker = document.createTreeWalker(content, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT)
  const nodes = []
  while (walker.nextNode()) nodes.push(walker.currentNode)
  for (const node of nodes) {
    if (node instanceof Text) fillText(node, values)
    else for (const attribute of [.../** @type {Element} */ (node).attributes]) fillAttribute(/** @type {Element} */ (node), attribute, values)
  }
  const only = content.childNodes.length === 1 ? content.firstElementChild : null
  return only ?? content
}
