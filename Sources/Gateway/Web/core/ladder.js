// @ts-check
/** Which rung the next segment is asked for, and why. */

/** @typedef {{name: string, ladder: string, bitrate: number}} Rung bitrate in kbit/s */
/**
 * Why a rung was chosen, in the server's words (`?explain`), and three of the player's own: `pinned` for a copy on this device,
 * `careful` for a rung that is kept until the buffer is full enough to climb, `codec` for one that is kept until the track ends.
 * @typedef {'top' | 'max' | 'save-data' | 'throughput' | 'urgency' | 'lowest' | 'pinned' | 'careful' | 'codec'} Cause
 */

/** kbit/s for a listener who saves data, as the server has it. */
const savingLimit = 64
/** kbit/s that an unknown network is taken to carry. */
const presumed = 320
/** Seconds in the buffer below which the next bytes are urgent, and above which the player climbs. */
const low = 5
const comfortable = 10
/** Part of the throughput that a rung may take: to be held, with an empty buffer, to be climbed to. */
const held = 0.8
const urgent = 0.5
const climbed = 0.7
/** Part of a download's remaining time that another one may take to be worth the bytes that are given up. */
const worth = 0.6

/** kbit/s at and below which a rung is mono, and so has segments only for a mono original. @type {Record<string, number>} */
const mono = { opus: 24, aac: 32 }

/**
 * The rungs of a track that this browser plays, lowest first: of Opus, or AAC or MP3 where there is no Opus, and FLAC above.
 * @param {{renditions: {name: string, ladder: string}[], channels: number, bitrate: number}} track
 * @param {readonly string[]} ladders that the browser plays @returns {Rung[]}
 */
export function rungsOf(track, ladders) {
  const all = track.renditions.flatMap(({ name, ladder }) => {
    if (!ladders.includes(ladder)) return []
    if (ladder === 'flac') return [{ name, ladder, bitrate: Math.max(track.bitrate || 0, 400) }]
    const bitrate = Number(name.slice(ladder.length + 1))
    return bitrate > 0 && (bitrate > (mono[ladder] ?? 0) || track.channels === 1) ? [{ name, ladder, bitrate }] : []
  })
  const lossy = ['opus', 'aac', 'mp3'].find(ladder => all.some(rung => rung.ladder === ladder))
  return all.filter(rung => rung.ladder === lossy || rung.ladder === 'flac').sort((a, b) => a.bitrate - b.bitrate)
}

/**
 * Chooses among `rungs`.
 * @param {readonly Rung[]} rungs lowest first, at least one
 * @param {object} state
 * @param {number | null} state.throughput kbit/s, null if unknown
 * @param {number} state.buffer seconds of sound that are buffered
 * @param {number} [state.cap] kbit/s that the listener allows, 0 for any
 * @param {boolean} [state.saveData]
 * @param {string | null} [state.current] name of the rung before this segment, null at the beginning of a run
 * @param {boolean} [state.isFirst] whether the segment is the first of its track: only there does the codec change upwards
 * @param {string | null} [state.pinned] name of a rung that is on this device
 * @param {boolean} [state.isMetered] whether bytes cost money
 * @returns {{rung: Rung, why: Cause}}
 */
export function choose(rungs, {
  throughput, buffer, cap = 0, saveData = false, current = null, isFirst = true, pinned = null, isMetered = false,
}) {
  /** @type {{why: Cause, limit: number}[]} */
  const limits = []
  if (cap > 0) limits.push({ why: 'max', limit: cap })
  if (saveData) limits.push({ why: 'save-data', limit: savingLimit })
  const isUrgent = buffer < low
  limits.push({ why: isUrgent ? 'urgency' : 'throughput', limit: (throughput ?? presumed) * (isUrgent ? urgent : held) })
  const tightest = limits.reduce((least, one) => one.limit < least.limit ? one : least)
  const best = rungs.filter(rung => rung.bitrate <= tightest.limit).at(-1)
  /** @type {{rung: Rung, why: Cause}} */
  const wanted = !best ? { rung: rungs[0], why: 'lowest' } : { rung: best, why: best === rungs.at(-1) ? 'top' : tightest.why }
  const copy = rungs.find(rung => rung.name === pinned)
  if (copy && (isMetered || saveData || throughput === 0 || copy.bitrate >= wanted.rung.bitrate)) return { rung: copy, why: 'pinned' }
  return carefully(rungs, wanted, rungs.findIndex(rung => rung.name === current), buffer, throughput ?? presumed, isFirst)
}

/**
 * Up by one rung at a time, with a full buffer and a margin; down at once.
 * @param {readonly Rung[]} rungs @param {{rung: Rung, why: Cause}} wanted @param {number} place of the current rung, -1 if it is none
 * @param {number} buffer @param {number} throughput @param {boolean} isFirst @returns {{rung: Rung, why: Cause}}
 */
function carefully(rungs, wanted, place, buffer, throughput, isFirst) {
  if (place < 0 || wanted.rung.bitrate <= rungs[place].bitrate) return wanted
  const next = rungs[place + 1]
  if (next.ladder !== rungs[place].ladder && !isFirst) return { rung: rungs[place], why: 'codec' }
  if (buffer < comfortable || next.bitrate > throughput * climbed) return { rung: rungs[place], why: 'careful' }
  return next === wanted.rung ? wanted : { rung: next, why: 'careful' }
}

/**
 * Whether to give up a download because the buffer runs dry before it ends, and a lower rung would come sooner.
 * @param {object} download
 * @param {number} download.received bytes @param {number} download.total bytes @param {number} download.elapsed seconds
 * @param {number} download.buffer seconds @param {number} download.length seconds of sound in the segment
 * @param {readonly Rung[]} rungs @param {string} current
 */
export function abandons({ received, total, elapsed, buffer, length }, rungs, current) {
  const place = rungs.findIndex(rung => rung.name === current)
  if (place <= 0 || elapsed < 1 || received <= 0) return false
  const rate = received / elapsed
  const left = (total - received) / rate
  if (left < buffer - 1) return false
  const lower = choose(rungs.slice(0, place), { throughput: rate * 8 / 1000, buffer }).rung
  return lower.bitrate * 125 * length / rate < worth * left
}

/**
 * What the browser says about the network, with the listener's choice for its kind.
 * @param {{mobile: number, wifi: number}} quality kbit/s, 0 for any
 * @param {{type?: string, saveData?: boolean, downlink?: number} | null | undefined} connection `navigator.connection`
 * @returns {{kind: 'mobile' | 'wifi', cap: number, saveData: boolean, isMetered: boolean, downlink: number | null}} downlink in kbit/s
 */
export function network(quality, connection) {
  const kind = connection?.type === 'cellular' ? 'mobile' : 'wifi'
  const saveData = connection?.saveData === true
  const downlink = connection?.downlink
  return {
    kind, cap: quality[kind], saveData, isMetered: kind === 'mobile' || saveData,
    downlink: typeof downlink === 'number' && downlink > 0 ? downlink * 1000 : null,
  }
}
