import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nameOf } from '/lib/keys.js'

const key = (name, modifiers = {}) => ({ key: name, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...modifiers })

test('keys are named as shortcuts spell them', () => {
  assert.equal(nameOf(key(' ')), 'space')
  assert.equal(nameOf(key('n')), 'n')
  assert.equal(nameOf(key('N', { shiftKey: true })), 'shift+n')
  assert.equal(nameOf(key('?', { shiftKey: true })), '?', 'the shift of a sign is part of the sign')
  assert.equal(nameOf(key('ArrowRight', { shiftKey: true })), 'shift+arrowright')
  assert.equal(nameOf(key('k', { ctrlKey: true })), 'mod+k')
  assert.equal(nameOf(key('k', { metaKey: true })), 'mod+k')
  assert.equal(nameOf(key('ArrowUp', { altKey: true })), 'alt+arrowup')
})
