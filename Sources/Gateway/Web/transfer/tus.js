// @ts-check
/** One file to the server by tus 1.0: from where it stands, in parts, until it is stored or refused. */

/** Bytes of the first part; later ones are as long as a second carries. */
const firstPart = 256 * 1024
const longestPart = 8 * 1024 * 1024
const tus = { 'Tus-Resumable': '1.0.0' }

/** `key base64`, as tus writes metadata. @param {string} name @param {string} text */
export function metadata(name, text) {
  const bytes = new TextEncoder().encode(text)
  return `${name} ${btoa(String.fromCharCode(...bytes))}`
}

/** @param {any} client @param {string} name @param {number} size @param {AbortSignal} signal @returns {Promise<string>} the upload's address */
export async function create(client, name, size, signal) {
  const response = await client.send('POST', '/api/v1/uploads', undefined, {
    signal, headers: { ...tus, 'Upload-Length': String(size), 'Upload-Metadata': metadata('filename', name) },
  })
  const url = new URL(response.headers.get('Location') ?? '', location.href)
  if (url.origin !== location.origin) throw new TypeError('the upload has an address of another server')
  return url.pathname
}

/** Bytes that the server has; null if it does not know the upload any more. @param {any} client @param {string} url @param {AbortSignal} signal */
export async function offsetOf(client, url, signal) {
  try {
    const response = await client.send('HEAD', url, undefined, { signal, headers: tus })
    return Number(response.headers.get('Upload-Offset'))
  } catch (error) {
    if ([404, 410].includes(/** @type {any} */ (error).status)) return null
    throw error
  }
}

/**
 * Sends the rest of the file.
 * @param {any} client @param {string} url @param {Blob} file @param {number} offset
 * @param {{signal: AbortSignal, onOffset: (offset: number) => void}} how
 */
export async function sendRest(client, url, file, offset, { signal, onOffset }) {
  let length = firstPart
  // A file without bytes is complete when it is declared.
  while (offset < file.size) {
    const began = performance.now()
    const response = await client.send('PATCH', url, file.slice(offset, offset + length), {
      signal, headers: { ...tus, 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': String(offset) },
    })
    const now = Number(response.headers.get('Upload-Offset'))
    if (!(now > offset)) throw new TypeError('the server took nothing')
    const seconds = Math.max(0.01, (performance.now() - began) / 1000)
    length = Math.round(Math.max(firstPart, Math.min(longestPart, (now - offset) / seconds, length * 4)))
    offset = now
    onOffset(offset)
  }
}

/** What became of it. @param {any} client @param {string} url @param {AbortSignal} signal */
export const stateOf = (client, url, signal) => client.get(url, { signal })

/** @param {any} client @param {string} url */
export const terminate = (client, url) => client.send('DELETE', url, undefined, { headers: tus }).catch(() => {})
