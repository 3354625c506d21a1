// @ts-check
/** The sound before and after its code is here: it is loaded once the first view is shown, or with the first act that needs it. */

/** @param {any} app @param {(app: any) => Promise<any>} [make] */
export function lazySound(app, make = async app => (await import('/elements/sound-system.js')).soundSystem(app)) {
  /** @type {any} */
  let sound = null
  /** @type {Promise<any> | null} */
  let coming = null
  const load = () => coming ??= make(app).then(made => sound = made)
  const with_ = (/** @type {(sound: any) => void} */ fn) => sound ? fn(sound) : void load().then(fn)
  return {
    load,
    get wants() { return sound?.wants ?? false },
    /** @param {() => void} change */
    startWith(change) {
      if (sound) return sound.startWith(change)
      change()
      load().then(made => made.start())
    },
    /** @param {() => void} change @param {number} at */
    changeTo: (change, at) => with_(made => made.changeTo(change, at)),
    toggle: () => with_(made => made.toggle()),
    play: () => with_(made => made.play()),
    pause: () => with_(made => made.pause()),
    /** @param {number} seconds */
    seek: seconds => with_(made => made.seek(seconds)),
    next: () => with_(made => made.next()),
    previous: () => with_(made => made.previous()),
    retry: () => with_(made => made.retry()),
    /** What a start takes is asked for, if the code is here. @param {any} track @param {boolean} [isLikely] */
    prepare: (track, isLikely) => sound?.prepare(track, isLikely),
  }
}
