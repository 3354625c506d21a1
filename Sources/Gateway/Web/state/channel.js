// @ts-check
/** The tabs of this browser: one of them plays, and all hear of changes. */
import { events } from '/lib/signal.js'
import { randomID } from '/lib/id.js'

/** @typedef {ReturnType<typeof createChannel>} Channel */

const lockName = 'sweetspot-sound'
const channelName = 'sweetspot'

/**
 * @param {object} [world]
 * @param {Pick<LockManager, 'request'> | null} [world.locks] null where the page did not come over TLS: then the channel alone decides
 * @param {any} [world.Channel] @param {() => number} [world.now] milliseconds, the same in all tabs
 */
export function createChannel({
  locks = globalThis.navigator?.locks ?? null, Channel = globalThis.BroadcastChannel, now = () => performance.timeOrigin + performance.now(),
} = {}) {
  const bus = events()
  const id = randomID()
  const channel = Channel ? new Channel(channelName) : null
  let isHolder = false
  let claimed = 0
  /** @type {() => void} */
  let letGo = () => {}

  function lose() {
    if (!isHolder) return
    isHolder = false
    letGo()
    bus.emit('lost')
  }
  if (channel) {
    channel.onmessage = (/** @type {MessageEvent} */ { data }) => {
      // Claims may cross: the later one counts.
      if (data?.type === 'claim' && (data.at > claimed || (data.at === claimed && data.from > id))) lose()
      else if (data?.type === 'tell') bus.emit(data.name, data.detail)
    }
  }

  return {
    /** `lost`: another tab plays now, so this one has to be silent. Other names are what tabs tell one another. */
    on: bus.on,
    get isHolder() { return isHolder },
    /** This tab plays from now on; the one that did is told. */
    claim() {
      if (isHolder) return
      isHolder = true
      claimed = now()
      if (!locks) channel?.postMessage({ type: 'claim', from: id, at: claimed })
      locks?.request(lockName, { steal: true }, () => new Promise(resolve => { letGo = () => resolve(undefined) }))
        .catch(lose)
    },
    /** This tab plays no longer. */
    release() {
      isHolder = false
      letGo()
    },
    /** Tells the other tabs. @param {string} name @param {unknown} [detail] */
    tell(name, detail) { channel?.postMessage({ type: 'tell', name, detail }) },
    close() {
      this.release()
      channel?.close()
    },
  }
}
