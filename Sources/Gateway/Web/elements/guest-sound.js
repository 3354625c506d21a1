// @ts-check
/** The sound of a link: the same engine, with the tickets of its tracks; nothing is kept, and nothing reported. */
import { createEngine } from '/player/engine.js'
import { createFetcher } from '/player/fetcher.js'
import { connectMediaSession } from '/player/session.js'
import { createChannel } from '/state/channel.js'
import { createSound } from '/elements/sound.js'

/** @param {any} app */
export async function guestSound(app) {
  const { shared, store } = app
  const audio = new Audio()
  audio.preload = 'auto'
  const fetcher = createFetcher({
    fetch: (url, init) => fetch(shared.address(String(url)), init), stored: shared.answer, onSignedOut: () => { shared.renew() },
  })
  const engine = createEngine({ audio, fetcher, address: shared.address })
  const channel = createChannel()
  const sound = createSound(app, engine, { onStart: () => channel.claim() })
  channel.on('lost', () => sound.pause())
  shared.on('renewed', () => engine.retry())
  shared.on('gone', () => engine.stop())
  connectMediaSession({
    engine, track: app.current, rate: () => store.get().player.speed,
    acts: { play: app.acts.resume, pause: app.acts.pause, next: app.acts.next, previous: app.acts.previous, seek: app.acts.seek },
  })
  return sound
}
