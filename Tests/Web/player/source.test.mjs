import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSource } from '/player/source.js'
import { FakeMediaSource } from '../fakes/media.mjs'

test('the address of a source is given back once it is open, and if it never opens', async () => {
  let made = 0
  const held = new Set()
  const urls = { createObjectURL: () => { held.add(`blob:${++made}`); return `blob:${made}` }, revokeObjectURL: url => held.delete(url) }
  const open = () => openSource({ src: '' }, { Class: FakeMediaSource, urls, onChange() {} })
  const first = open()
  FakeMediaSource.made.at(-1).dispatchEvent(new Event('sourceopen'))
  assert.equal(held.size, 0)
  first.close()
  for (let i = 0; i < 5; i++) open().close()
  assert.deepEqual([made, held.size], [6, 0])
})
