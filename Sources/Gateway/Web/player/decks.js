// @ts-check
/** Engines, each with an element of its own, that are all set alike. */

/** @typedef {import('/player/engine.js').Engine} Engine */
/** @typedef {{audio: HTMLMediaElement, engine: Engine, rung: any}} Deck `rung` as its engine told it last */

const types = ['track', 'time', 'state', 'rung', 'want', 'ended', 'error', 'heard']

/**
 * @param {() => {audio: HTMLMediaElement, engine: Engine}} make
 * @param {(from: Deck, type: string, detail: any) => void} hear
 */
export function createDecks(make, hear) {
  /** @type {Deck[]} */
  const all = []
  /** @type {Deck[]} */
  const idle = []
  const policy = {}
  /** What was set, to be set again on a new one. @type {Map<string, (engine: Engine) => void>} */
  const settings = new Map()

  /** @param {string} name @param {(engine: Engine) => void} apply */
  function set(name, apply) {
    settings.set(name, apply)
    for (const { engine } of all) apply(engine)
  }

  return {
    /** One that plays nothing. @returns {Deck} */
    take() {
      const found = idle.pop()
      if (found) return found
      const deck = { ...make(), rung: null }
      all.push(deck)
      for (const type of types) deck.engine.on(type, detail => hear(deck, type, detail))
      deck.engine.setPolicy(policy)
      for (const apply of settings.values()) apply(deck.engine)
      return deck
    },
    /** It is needed no more. @param {Deck | null} deck */
    rest(deck) {
      if (!deck) return
      deck.engine.rest()
      deck.rung = null
      idle.push(deck)
    },
    /** Ends all for good. */
    stop() {
      for (const { engine } of all.splice(0)) engine.stop()
      idle.length = 0
    },
    retry() { for (const { engine } of all) engine.retry() },
    /** What can be set of an engine. @type {Pick<Engine, 'setPolicy' | 'volume' | 'mute' | 'rate'>} */
    controls: {
      setPolicy(changes) {
        Object.assign(policy, changes)
        for (const { engine } of all) engine.setPolicy(changes)
      },
      volume: value => set('volume', engine => engine.volume(value)),
      mute: on => set('mute', engine => engine.mute(on)),
      rate: speed => set('rate', engine => engine.rate(speed)),
    },
  }
}
