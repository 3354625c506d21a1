// @ts-check
/** Ids. `crypto.randomUUID` exists only where the page came over TLS or from this machine. */

/** 128 bits as hexadecimal digits. */
export const randomID = () => [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, '0')).join('')
