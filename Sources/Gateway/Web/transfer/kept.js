// @ts-check
/** Unfinished uploads in this browser, so that they go on after a reload. Without IndexedDB nothing is kept. */

/** @typedef {{key: string, name: string, size: number, modified: number, url: string, handle: any}} Kept */

const store = 'uploads'

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('sweetspot-uploads', 1)
    request.onupgradeneeded = () => request.result.createObjectStore(store, { keyPath: 'key' })
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

/** @template T @param {IDBTransactionMode} mode @param {(all: IDBObjectStore) => IDBRequest<T>} ask @returns {Promise<T>} */
async function run(mode, ask) {
  const base = await open()
  try {
    return await new Promise((resolve, reject) => {
      const request = ask(base.transaction(store, mode).objectStore(store))
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
  } finally {
    base.close()
  }
}

/** @returns {Promise<Kept[]>} */
export const all = () => run('readonly', kept => kept.getAll()).catch(() => [])
/** @param {Kept} one */
export const keep = one => run('readwrite', kept => kept.put(one))
  // A browser that cannot keep handles keeps the rest.
  .catch(() => run('readwrite', kept => kept.put({ ...one, handle: null }))).catch(() => {})
export const forgetAll = () => run('readwrite', kept => kept.clear()).catch(() => {})
/** @param {string} key */
export const forget = key => run('readwrite', kept => kept.delete(key)).catch(() => {})
