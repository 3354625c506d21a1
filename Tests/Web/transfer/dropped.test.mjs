import test from 'node:test'
import assert from 'node:assert/strict'
import { ofDrop } from '/transfer/dropped.js'

const fileEntry = name => ({ name, isFile: true, file: done => done({ name }) })
const fileHandle = name => ({ kind: 'file', name, getFile: async () => ({ name }) })
function folderEntry(name, ...entries) {
  return {
    name, isFile: false, isDirectory: true,
    createReader() {
      const batches = [entries, []]
      return { readEntries: done => done(batches.shift()) }
    },
  }
}
const folderHandle = (name, ...handles) => ({ kind: 'directory', name, async *values() { yield* handles } })
const item = (entry, handle) => ({ kind: 'file', webkitGetAsEntry: () => entry, getAsFileSystemHandle: async () => handle, getAsFile: () => null })
async function found(...items) {
  const all = []
  for await (const one of ofDrop({ items })()) all.push([one.name, one.handle?.name ?? null])
  return all
}

test('files of a folder whose handle leaves out a name come all the same; those that have handles keep them', async () => {
  const entry = folderEntry('Live', fileEntry('Why?.flac'), folderEntry('2', fileEntry('Encore.flac')))
  const handle = folderHandle('Live', folderHandle('2', fileHandle('Encore.flac')))
  assert.deepEqual(await found(item(entry, handle)), [['Live/Why?.flac', null], ['Live/2/Encore.flac', 'Encore.flac']])
})

test('a folder whose handle breaks, or is missing, is walked by its entries', async () => {
  const broken = { kind: 'directory', name: 'Live', async *values() { throw new TypeError('no') } }
  for (const handle of [broken, undefined]) {
    assert.deepEqual(await found(item(folderEntry('Live', fileEntry('a.mp3')), handle)), [['Live/a.mp3', null]])
  }
})

test('a single file comes by its handle', async () => {
  assert.deepEqual(await found(item(fileEntry('a.mp3'), fileHandle('a.mp3'))), [['a.mp3', 'a.mp3']])
})

test('what cannot be read is said, and does not keep back the rest of the folder', async () => {
  const no = (_, failed) => failed(new DOMException('no', 'NotReadableError'))
  const entry = folderEntry('Live', { name: 'a.mp3', isFile: true, file: no }, { name: 'locked', isFile: false, createReader: () => ({ readEntries: no }) }, fileEntry('b.mp3'))
  const all = []
  for await (const { name, file } of ofDrop({ items: [item(entry, undefined)] })()) all.push([name, file !== null])
  assert.deepEqual(all, [['Live/a.mp3', false], ['Live/locked', false], ['Live/b.mp3', true]])
})
