// @ts-check
/** What the listener has set, and what network there is, as the engine is told. */
import { network } from '/core/ladder.js'

/** @param {{store: any, engine: any, onCrossfade: () => void}} world */
export function followSettings({ store, engine, onCrossfade }) {
  const player = () => store.get().player
  /** Whether the server cannot be reached, although there is a network. */
  let isCutOff = false
  const { connection, deviceMemory = 8 } = /** @type {any} */ (navigator)

  function tell() {
    const { quality, levelling, crossfade } = player()
    const { cap, saveData, isMetered, downlink } = network(quality, connection)
    const isOffline = isCutOff || navigator.onLine === false
    engine.setPolicy({ levelling, crossfade, cap, saveData, isMetered, downlink, isOffline, isSmall: deviceMemory < 1 })
  }
  /** @param {boolean} isOff */
  function cutOff(isOff) {
    isCutOff = isOff
    tell()
    if (isOff) engine.retry()
  }
  store.subscribe((/** @type {any} */ state) => state.player.muted, engine.mute)
  store.subscribe((/** @type {any} */ state) => state.player.speed, engine.rate)
  store.subscribe((/** @type {any} */ state) => state.player.quality, tell)
  store.subscribe((/** @type {any} */ state) => state.player.levelling, tell)
  store.subscribe((/** @type {any} */ state) => state.player.crossfade, () => {
    tell()
    onCrossfade()
  })
  connection?.addEventListener?.('change', tell)
  for (const name of ['online', 'offline']) window.addEventListener(name, () => cutOff(false))
  tell()
  engine.mute(player().muted)
  engine.rate(player().speed)
  return { get isCutOff() { return isCutOff }, cutOff }
}
