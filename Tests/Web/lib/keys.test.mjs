import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shortcuts } from '/elements/shortcuts.js'
import { listenForKeys, nameOf } from '/lib/keys.js'

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

test('what edits a text is left to the text', t => {
  globalThis.HTMLElement = class extends EventTarget {
    isContentEditable = false
    matches(selector) { return selector.split(', ').includes(this.name) }
    closest() { return null }
  }
  globalThis.HTMLInputElement = class extends HTMLElement {
    name = 'input'
    type = 'text'
  }
  globalThis.document = Object.assign(new EventTarget(), { querySelector: () => null })
  t.after(() => { for (const name of ['HTMLElement', 'HTMLInputElement', 'document']) delete globalThis[name] })
  const pressed = []
  listenForKeys(['mod+z', 'mod+k', 'n', 'f6'].map(keys => ({ keys, name: keys, run: () => pressed.push(keys) })), { areOn: () => true })
  const press = (target, name, modifiers) => {
    const event = Object.assign(new Event('keydown', { cancelable: true }), key(name, modifiers))
    Object.defineProperty(event, 'target', { value: target })
    document.dispatchEvent(event)
    return event.defaultPrevented
  }
  const input = new HTMLInputElement()
  const page = Object.assign(new HTMLElement(), { name: 'main' })
  for (const modifiers of [{ ctrlKey: true }, { metaKey: true }]) assert.equal(press(input, 'z', modifiers), false)
  press(input, 'n')
  press(input, 'k', { ctrlKey: true })
  press(page, 'z', { ctrlKey: true })
  press(input, 'F6')
  assert.deepEqual(pressed, ['mod+k', 'mod+z', 'f6'])
})

test('undo is that of the newest notice, and else that of the queue', () => {
  const done = []
  let hasNotice = true
  const live = { undo: () => hasNotice && done.push('notice') > 0 }
  const undo = shortcuts({ acts: { undo: () => done.push('queue') }, live, store: {} }).find(one => one.name === 'undo')
  undo.run()
  hasNotice = false
  undo.run()
  assert.deepEqual(done, ['notice', 'queue'])
})
