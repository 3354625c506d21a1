// @ts-check
/** The files of a drop or a choice: folders are walked, what is no music is counted and left out. */

/**
 * @typedef {{name: string, file: File | null, handle: any}} Found `name` has the folders; `file` is null if it, or the folder, cannot be read; `handle`
 *   can be kept where the browser gives one
 */

const music = /\.(mp3|flac|ogg|oga|opus|m4a|m4b|mp4|aac|alac|wav|wave|aif|aiff|aifc|wma|wv|ape|mpc|caf|webm|mka|tta|dsf|dff)$/i
export const accept = 'audio/*,.flac,.opus,.ogg,.oga,.m4a,.m4b,.wv,.ape,.mpc,.wma,.aif,.aiff,.caf,.mka'

export const isMusic = (/** @type {string} */ name) => music.test(name) && !/(^|\/)\._/.test(name)

/** @param {any} entry of the older interface, which every browser has @param {string} folder @returns {AsyncGenerator<Found>} */
async function* walkEntry(entry, folder) {
  const name = folder + entry.name
  if (entry.isFile) {
    yield { name, handle: null, file: await new Promise(resolve => entry.file(resolve, () => resolve(null))) }
    return
  }
  const reader = entry.createReader()
  for (;;) {
    /** @type {any[] | null} */
    const some = await new Promise(resolve => reader.readEntries(resolve, () => resolve(null)))
    if (!some) yield { name, handle: null, file: null }
    if (!some?.length) return
    for (const one of some) yield* walkEntry(one, `${name}/`)
  }
}

/** @param {any} handle @param {string} folder @returns {AsyncGenerator<Found>} */
async function* walkHandle(handle, folder) {
  const name = folder + handle.name
  if (handle.kind === 'file') yield { name, handle, file: await handle.getFile().catch(() => null) }
  else for await (const one of handle.values()) yield* walkHandle(one, `${name}/`)
}

/**
 * Handles of all files under one, by their names with folders.
 * @param {any} handle @param {string} folder @param {Map<string, any>} found
 */
async function collect(handle, folder, found) {
  const name = folder + handle.name
  if (handle.kind === 'file') found.set(name, handle)
  else for await (const one of handle.values()) await collect(one, `${name}/`, found)
  return found
}

/**
 * The files of a drop. What it holds is taken at once: after the event the browser empties it.
 * @param {DataTransfer} transfer @returns {() => AsyncGenerator<Found>}
 */
export function ofDrop(transfer) {
  const items = [...transfer.items].filter(item => item.kind === 'file')
  const sources = items.map(item => ({
    handle: /** @type {any} */ (item).getAsFileSystemHandle?.(), entry: item.webkitGetAsEntry?.(), file: item.getAsFile(),
  }))
  return async function* () {
    for (const { handle, entry, file } of sources) {
      const given = await Promise.resolve(handle).catch(() => null)
      if (given && !entry?.isDirectory) yield* walkHandle(given, '')
      else if (entry) {
        // A folder's handle leaves out names with `:`, `?` or quotes, and says nothing: it only adds what can be kept for after a reload.
        const handles = given ? await collect(given, '', new Map()).catch(() => new Map()) : new Map()
        for await (const found of walkEntry(entry, '')) yield { ...found, handle: handles.get(found.name) ?? null }
      }
      else if (file) yield { name: file.name, file, handle: null }
    }
  }
}

/** The files of handles that the listener chose. @param {any[]} handles @returns {() => AsyncGenerator<Found>} */
export const ofHandles = handles => async function* () {
  for (const handle of handles) yield* walkHandle(handle, '')
}

/** The files of an input. @param {FileList} files @returns {() => AsyncGenerator<Found>} */
export function ofInput(files) {
  const all = [...files]
  return async function* () {
    for (const file of all) yield { name: file.webkitRelativePath || file.name, file, handle: null }
  }
}
