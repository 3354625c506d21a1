// @ts-check
/** What the player says about itself with a request (CTA-5004), as header fields: the URL stays the same for caches. */

/** Text between quotes: printable ASCII, quote and backslash escaped. @param {string} text */
const quoted = text => `"${text.replace(/[^\x20-\x7E]/g, '').replace(/["\\]/g, '\\$&')}"`
/** Rounded to hundreds as the specification asks, but never to 0 for a network that carries something. @param {number} n */
const hundreds = n => n >= 100 ? Math.round(n / 100) * 100 : Math.max(0, Math.floor(n))

/**
 * @param {object} state
 * @param {string} state.session an id of this visit @param {string} [state.content] the track
 * @param {number | null} [state.throughput] kbit/s @param {number} [state.buffer] seconds that are buffered
 * @param {number} [state.bitrate] kbit/s of the segment @param {number} [state.length] seconds of the segment
 * @param {number} [state.speed] @param {boolean} [state.isStarting] the player starts, seeks or has stalled
 * @param {boolean} [state.wasStarved] the buffer ran dry since the last request
 * @param {string | null} [state.next] the next request, relative to this one
 * @returns {Record<string, string>} keys in the order of their names, as the specification asks
 */
export function cmcd({
  session, content, throughput = null, buffer, bitrate, length, speed = 1, isStarting = false, wasStarved = false, next = null,
}) {
  const object = [bitrate ? `br=${Math.round(bitrate)}` : '', length ? `d=${Math.round(length * 1000)}` : '', 'ot=a']
  const request = [
    buffer === undefined ? '' : `bl=${hundreds(buffer * 1000)}`,
    buffer === undefined ? '' : `dl=${hundreds(buffer * 1000 / speed)}`,
    throughput === null ? '' : `mtp=${hundreds(throughput)}`,
    next === null ? '' : `nor=${quoted(encodeURIComponent(next))}`,
    isStarting ? 'su' : '',
  ]
  const visit = [content ? `cid=${quoted(content)}` : '', speed === 1 ? '' : `pr=${speed}`, `sid=${quoted(session)}`]
  /** @type {Record<string, string>} */
  const fields = {}
  const add = (/** @type {string} */ name, /** @type {string[]} */ items) => {
    const present = items.filter(Boolean)
    if (present.length > 0) fields[name] = present.join(',')
  }
  add('CMCD-Object', object)
  add('CMCD-Request', request)
  add('CMCD-Session', visit)
  add('CMCD-Status', [wasStarved ? 'bs' : ''])
  return fields
}
