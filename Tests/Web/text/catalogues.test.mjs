import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

const web = new URL('../../../Sources/Gateway/Web/', import.meta.url)
const parts = ['', '-more', '-desk', '-rare', '-taste', '-offers', '-rules']
const load = async language => Object.assign({}, ...await Promise.all(parts.map(async part => (await import(`/text/${language}${part}.js`)).default)))
const [en, de] = await Promise.all(['en', 'de'].map(load))
const forms = text => typeof text === 'string' ? [text] : [text.one, text.other]
const places = text => [...new Set(forms(text).flatMap(form => form.match(/\{\w+\}/g) ?? []))].sort()

/** Every source that can show a text. */
const sources = ['', 'elements/', 'views/', 'text/', 'transfer/', 'lib/'].flatMap(folder =>
  readdirSync(new URL(folder, web)).filter(name => name.endsWith('.js') && !/^(en|de)[.-]/.test(name)).map(name => readFileSync(new URL(folder + name, web), 'utf8')))

test('each language has every text of the other', () => {
  assert.deepEqual(Object.keys(de).sort(), Object.keys(en).sort())
})

test('no key is in two parts', async () => {
  const all = (await Promise.all(parts.map(part => import(`/text/en${part}.js`)))).flatMap(part => Object.keys(part.default))
  assert.equal(new Set(all).size, all.length)
})

test('a translation has the same places for values, and the same kinds of numbers', () => {
  for (const key of Object.keys(en)) {
    assert.deepEqual(places(de[key]), places(en[key]), key)
    assert.equal(typeof de[key], typeof en[key], key)
    assert.ok(forms(de[key]).every(Boolean) && forms(en[key]).every(Boolean), key)
  }
})

test('every text that a source names is in the catalogue', () => {
  const named = sources.flatMap(source => [...source.matchAll(/\bt\('([^']+)'/g)].map(match => match[1]))
  assert.ok(named.length > 200)
  assert.deepEqual([...new Set(named)].filter(key => !(key in en)), [])
})

test('every text of the catalogue is named by a source', () => {
  const literal = new Set(sources.flatMap(source => [...source.matchAll(/'([\w.:-]+)'/g)].map(match => match[1])))
  const stems = [...new Set(sources.flatMap(source => [...source.matchAll(/\bt\(`([\w.-]+)\$\{/g)].map(match => match[1])))]
  assert.deepEqual(Object.keys(en).filter(key => !literal.has(key) && !stems.some(stem => key.startsWith(stem))), [])
})
