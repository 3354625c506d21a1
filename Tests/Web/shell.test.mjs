import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'

const web = new URL('../../Sources/Gateway/Web', import.meta.url)
const read = name => readFileSync(web.pathname + name)

test('what the first view takes is 20 modules, and 55 kB compressed beside the import map', () => {
  const modules = new Set()
  const take = name => {
    if (modules.has(name)) return
    modules.add(name)
    for (const [, other] of read(name).toString().matchAll(/^(?:import|export) (?:[^'\n]*? from )?'(\/[^']+)'/gm)) take(other)
  }
  for (const name of ['/begin.js', '/app.js', '/views/home.js', '/text/de.js']) take(name)
  assert.ok(modules.size <= 20, [...modules].join(' '))
  const styles = [...read('/index.html').toString().matchAll(/<link rel="stylesheet" href="(\/styles\/[^"]+)"/g)].map(match => match[1])
  const bytes = [...modules, ...styles, '/index.html'].reduce((sum, name) => sum + gzipSync(read(name)).length, 0)
  assert.ok(bytes <= 55_000, `${bytes} bytes`)
})
