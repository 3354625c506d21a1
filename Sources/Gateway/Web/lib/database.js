// @ts-check
/** Values by key in IndexedDB; in memory where the browser has or allows none, so that a page works for as long as it is open. */

/**
 * @typedef {object} Database
 * @property {(store: string, key: string) => Promise<any>} get @property {(store: string) => Promise<any[]>} all
 * @property {(store: string, key: string, value: any) => Promise<void>} put @property {(store: string, key: string) => Promise<void>} delete
 * @property {boolean} isLasting whether it is there after a reload
 */

const name = 'sweetspot'
const version = 1
export const stores = /** @type {const} */ (['state', 'outbox', 'pins'])

/** @returns {Database} */
export function memoryDatabase() {
  const all = new Map(stores.map(store => [/** @type {string} */ (store), new Map()]))
  const of = (/** @type {string} */ store) => all.get(store) ?? new Map()
  return {
    isLasting: false,
    get: async (store, key) => of(store).get(key),
    all: async store => [...of(store).values()],
    put: async (store, key, value) => { of(store).set(key, structuredClone(value)) },
    delete: async (store, key) => { of(store).delete(key) },
  }
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const answer = request => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result)
  request.onerror = () => reject(request.error)
})

/** @param {IDBFactory | undefined} [factory] @returns {Promise<Database>} */
export async function openDatabase(factory = globalThis.indexedDB) {
  /** @type {IDBDatabase} */
  let database
  try {
    if (!factory) return memoryDatabase()
    const request = factory.open(name, version)
    request.onupgradeneeded = () => {
      for (const store of stores) if (!request.result.objectStoreNames.contains(store)) request.result.createObjectStore(store)
    }
    database = await answer(request)
  } catch {
    return memoryDatabase()
  }
  // Another tab with a newer version of this page must not wait for this one.
  database.onversionchange = () => database.close()

  /**
   * Done when the transaction is: what was put is on the disk then.
   * @template T @param {string} store @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest<T>} work
   * @returns {Promise<T>}
   */
  const run = (store, mode, work) => new Promise((resolve, reject) => {
    const transaction = database.transaction(store, mode)
    const request = work(transaction.objectStore(store))
    transaction.oncomplete = () => resolve(request.result)
    transaction.onabort = () => reject(transaction.error)
    transaction.onerror = () => reject(transaction.error)
  })
  return {
    isLasting: true,
    get: (store, key) => run(store, 'readonly', all => all.get(key)),
    all: store => run(store, 'readonly', all => all.getAll()),
    put: (store, key, value) => run(store, 'readwrite', all => all.put(value, key)).then(() => {}),
    delete: (store, key) => run(store, 'readwrite', all => all.delete(key)),
  }
}
