// @ts-check
/** Bytes on their way: whoever reads them may begin later, and gets all that has come meanwhile at once. */

/** @typedef {ReturnType<typeof createFeed>} Feed */

/** @param {readonly Uint8Array[]} chunks */
export function joined(chunks) {
  if (chunks.length === 1) return chunks[0]
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0))
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.byteLength
  }
  return bytes
}

export function createFeed() {
  /** @type {Uint8Array[]} */
  let waiting = []
  let isOver = false
  let wake = () => {}

  return {
    /** @param {Uint8Array} bytes */
    push(bytes) {
      waiting.push(bytes)
      wake()
    },
    /** No more will come: the download has ended, well or badly. */
    end() {
      isOver = true
      wake()
    },
    /** What has come since the last time, null at the end. @returns {Promise<Uint8Array | null>} */
    async next() {
      while (waiting.length === 0 && !isOver) await new Promise(resolve => { wake = () => resolve(undefined) })
      const chunks = waiting
      waiting = []
      return chunks.length > 0 ? joined(chunks) : null
    },
  }
}
