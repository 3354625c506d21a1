// @ts-check
/** What the server is told of what was heard: a play as soon as it counts, and again where the track was left; for an account that learns, skips. */
import { play, skip } from '/core/plays.js'

/**
 * @param {object} world
 * @param {Pick<import('/player/engine.js').Engine, 'on' | 'heard'>} world.engine @param {{play: (play: any) => unknown}} world.outbox
 * @param {(key: string) => number} world.durationOf seconds of the queue's item, 0 if unknown
 * @param {() => boolean} world.learns whether the account lets its taste be learned: nothing is told of skips otherwise
 */
export function createReports({ engine, outbox, durationOf, learns }) {
  /** Lengths of the tracks that sounded: what was heard of one is told when it is gone. @type {Map<string, number>} */
  const lengths = new Map()
  /** The play that was told while it goes on. */
  let told = ''

  engine.on('track', ({ key }) => lengths.set(key, durationOf(key)))
  // A page that is killed tells nothing more. Where the track is left, or that it is not, comes later.
  engine.on('time', () => {
    const { heard } = engine
    if (!heard || told === `${heard.key} ${heard.at}`) return
    const counted = play(hearingOf(heard), lengths.get(heard.key) ?? 0, null)
    if (!counted) return
    told = `${heard.key} ${heard.at}`
    outbox.play(counted)
  })

  /** @param {any} heard */
  const hearingOf = heard => ({ key: heard.key, id: heard.id, began: heard.at, seconds: heard.seconds })

  /** @param {any} heard @param {boolean} [isLeft] whether another track follows, so that little of it is a skip */
  return function report(heard, isLeft = true) {
    const length = lengths.get(heard.key) ?? 0
    const known = play(hearingOf(heard), length, heard.stopped) ?? (isLeft && learns() ? skip(hearingOf(heard), length, heard.stopped) : null)
    if (known) outbox.play(known)
  }
}
