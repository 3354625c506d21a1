import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blank, conditionsOf, inputsOf, readFields, readFile, readRules, writeRules } from '/core/rules.js'

const fields = readFields({ fields: [
  { name: 'title', kind: 'text', operators: ['is', 'contains'] }, { name: 'year', kind: 'number', operators: ['is', 'gt', 'inTheRange'] },
  { name: 'lastplayed', kind: 'date', operators: ['before', 'inTheLast', 'inTheRange'] }, { name: 'loved', kind: 'bool', operators: ['is'] },
  { name: 'id', kind: 'playlist', operators: ['inPlaylist'] }, { name: 'x', kind: 'colour', operators: ['is'] }, null, { name: 'y', kind: 'text', operators: [] },
] })
const again = rules => writeRules(readRules(rules, fields), fields)

test('fields that the form has no input for are left out', () => assert.deepEqual(fields.map(one => one.name), ['title', 'year', 'lastplayed', 'loved', 'id']))

test('rules come back from the form as they were', () => {
  const rules = {
    all: [
      { contains: { title: 'tide' } }, { inTheRange: { year: [1990, 1999] } }, { inTheLast: { lastplayed: 30 } }, { before: { lastplayed: '2026-01-01' } },
      { is: { loved: false } }, { inPlaylist: { id: 'p1' } }, { any: [{ gt: { year: 2000 } }, { all: [{ is: { title: 'x' } }] }] },
    ], sort: '-year', limit: 50,
  }
  assert.deepEqual(again(rules), { rules, faults: [] })
})

test('an order backwards is one sign, however it was written', () => {
  const sorted = more => again({ all: [{ is: { title: 'x' } }], ...more }).rules
  assert.equal(sorted({ sort: 'year', order: 'desc' }).sort, '-year')
  assert.equal(sorted({ sort: '-year', order: 'desc' }).sort, 'year')
  assert.equal(sorted({ sort: '+year' }).sort, 'year')
  assert.equal(sorted({ sort: 'random', order: 'desc' }).sort, 'random')
  assert.deepEqual([sorted({ sort: '-year,title', order: 'desc' }).sort, sorted({ sort: '-year,title', order: 'desc' }).order], ['-year,title', 'desc'])
  assert.ok(!('sort' in sorted({})))
})

test('what the form has no place for is kept', () => {
  const rules = { any: [{ is: { bpm: 120 } }, { near: { title: 'x' } }, { is: { year: 'soon' } }, { inTheRange: { year: [1] } }, 'x', {}, { is: { title: 'a', year: 1 } }] }
  const form = readRules(rules, fields)
  assert.ok(form.group.parts.every(part => 'kept' in part))
  assert.deepEqual(writeRules(form, fields), { rules, faults: [] })
})

test('groups that are too deep are kept whole', () => {
  const deep = { all: [{ all: [{ all: [{ all: [{ all: [{ is: { title: 'x' } }] }] }] }] }] }
  assert.deepEqual(again(deep).rules, deep)
})

test('a condition that is not filled in is named as the server would', () => {
  const form = readRules({ all: [{ is: { title: 'x' } }, { any: [{ is: { title: 'y' } }] }] }, fields)
  form.group.parts[0].operator = form.group.parts[1].parts[0].operator = 'contains'
  form.group.parts[0].values = [' ']
  form.group.parts[1].parts[0].values = ['']
  assert.deepEqual(writeRules(form, fields).faults, ['all[0]', 'all[1].any[0]'])
  form.group.parts[1].parts = []
  form.limit = '20000'
  assert.deepEqual(writeRules(form, fields).faults, ['all[0]', 'all[1]', 'limit'])
})

test('operators are known in any case, and by their other names', () => {
  const rules = { Any: [], all: [{ IS: { Title: 'x' } }, { gt: { lastplayed: '2026-01-01' } }, { Any: [{ Contains: { title: 'y' } }] }] }
  const known = readFields({ fields: [{ name: 'title', kind: 'text', operators: ['is', 'contains'] }, { name: 'lastplayed', kind: 'date', operators: ['after'] }] })
  assert.deepEqual(writeRules(readRules(rules, known), known).rules, { all: [{ is: { title: 'x' } }, { after: { lastplayed: '2026-01-01' } }, { any: [{ contains: { title: 'y' } }] }] })
})

test('a text may be empty where it is compared as a whole', () => {
  assert.deepEqual(again({ all: [{ is: { title: '' } }] }), { rules: { all: [{ is: { title: '' } }] }, faults: [] })
})

test('without an order there may be one backwards', () => assert.equal(again({ all: [{ is: { title: 'x' } }], order: 'desc' }).rules.order, 'desc'))

test('what is typed has to be of the kind', () => {
  const faults = (name, operator, ...values) => writeRules({ group: { mode: 'all', parts: [{ field: name, operator, values }] }, sort: '', isDown: false, limit: '' }, fields).faults.length
  assert.equal(faults('year', 'is', 'many'), 1)
  assert.equal(faults('year', 'is', '0'), 0)
  assert.equal(faults('lastplayed', 'inTheLast', '1.5'), 1)
  assert.equal(faults('lastplayed', 'inTheLast', '0'), 0)
  assert.equal(faults('lastplayed', 'before', 'yesterday'), 1)
  assert.equal(faults('year', 'inTheRange', '1', ''), 1)
  assert.equal(faults('nothing', 'is', 'x'), 1)
})

test('a new condition has its inputs', () => {
  assert.deepEqual(blank(fields[0]), { field: 'title', operator: 'contains', values: [''] })
  assert.deepEqual(blank(fields[2], 'inTheRange').values, ['', ''])
  assert.deepEqual(blank(fields[3]).values, ['true'])
  assert.deepEqual(inputsOf('date', 'notInTheLast'), ['days'])
})

test('conditions are counted through groups', () => {
  assert.equal(conditionsOf(readRules({ all: [{ is: { title: 'x' } }, { any: [{}, {}] }] }, fields).group), 3)
})

test('a file has a name and rules, or is none', () => {
  assert.deepEqual(readFile('{"name":" Tides ","comment":"x","all":[],"limit":5}', 'a.nsp'), { name: 'Tides', rules: { all: [], limit: 5 } })
  assert.equal(readFile('{"any":[]}', 'Late songs.nsp').name, 'Late songs')
  for (const text of ['', '[]', 'null', '{"all":{}}', '{"tracks":[]}', '<html>']) assert.equal(readFile(text, 'x'), null, text)
})

test('hostile rules do not break the form', () => {
  for (const rules of [null, 1, 'x', [], { all: 'x' }, { all: [null, 1, [], [[]]] }, { all: [{ all: null }] }, { sort: 7, limit: -1, order: {} }]) {
    assert.ok(Array.isArray(readRules(rules, fields).group.parts))
  }
  assert.ok('kept' in readRules({ all: [{ is: { __proto__: 'x' } }] }, fields).group.parts[0])
})
