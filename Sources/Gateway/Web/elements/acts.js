// @ts-check
/** What a listener can do, from any view: each act changes the state, tells the server what it must know, and can be undone. */
import { t } from '/text/text.js'

/** Seconds after which "previous" goes to the beginning instead. */
const restart = 3
/** 32 bits. */
const randomSeed = () => crypto.getRandomValues(new Uint32Array(1))[0]
const speeds = [0.5, 0.75, 1, 1.25, 1.5, 2]

/** @typedef {{send: () => Promise<any>, back: () => void, isKept: boolean}} Change `back` shows again what was before it */

/** @param {any} app */
export function createActs(app) {
  const { store } = app
  const dispatch = store.dispatch
  const queue = () => store.get().queue
  const player = () => store.get().player
  /** Counts what the listener has chosen to hear, and pauses: an answer to an earlier choice comes too late. */
  let turn = 0
  /** Changes under way, by what they are of. @type {Map<string, {done: Promise<any>, waiting: Change[]}>} */
  const lines = new Map()
  const undoable = (/** @type {string} */ text) => app.live.show(text, { label: t('undo'), run: acts.undo })

  /** Puts tracks into the queue, and says how many of them it took. @param {any} action @param {string} done */
  function put(action, done) {
    const before = queue().items.length
    dispatch(action)
    const n = queue().items.length - before
    undoable(n === action.tracks.length ? t(done, { n }) : t('queue.full', { n, left: action.tracks.length - n }))
  }

  const acts = {
    speeds,
    /**
     * Plays a list from a place on; `index` null: any first, shuffled.
     * @param {any[]} tracks @param {number | null} [index] @param {boolean} [shuffle]
     * @param {import('/core/radio.js').Source[]} [from] what each was chosen from, as by a radio
     */
    play(tracks, index = 0, shuffle, from) {
      if (!tracks.length) return
      acts.choose()
      const { items, undo } = queue()
      // A queue that was put together by hand is worth a word; one list after another is not.
      const isOwn = items.length > 1 && undo.length > 0 && undo.at(-1).name !== 'play'
      app.player.startWith(() => dispatch({
        type: 'queue/play', tracks, index, from, seed: randomSeed(), position: player().position, ...(shuffle === undefined ? {} : { shuffle }),
      }))
      if (isOwn || from) undoable(t('queue.replaced', { n: queue().items.length }))
    },
    /** The listener chooses: what was chosen before and has not come yet is not played. @returns {() => boolean} whether it still counts */
    choose() {
      const own = ++turn
      return () => own === turn
    },
    /**
     * Asks for what is to play, and plays it unless something else was chosen meanwhile.
     * @template T @param {() => Promise<T>} load @param {(found: T) => void} play
     */
    playWhatComes(load, play) {
      const isStill = acts.choose()
      return acts.tell(async () => {
        const found = await load()
        if (isStill()) play(found)
      })
    },
    /** @param {any[]} tracks */
    playNext(tracks) {
      put({ type: 'queue/next', tracks }, 'queue.next.done')
    },
    /** @param {any[]} tracks @param {import('/core/radio.js').Source[]} [from] */
    add(tracks, from) {
      put({ type: 'queue/add', tracks, from }, 'queue.add.done')
    },
    /** @param {string[]} keys */
    remove(keys) {
      dispatch({ type: 'queue/remove', keys, position: player().position })
      undoable(t('queue.remove.done', { n: keys.length }))
    },
    /** @param {string[]} keys @param {number} to */
    move: (keys, to) => dispatch({ type: 'queue/move', keys, to }),
    clear() {
      dispatch({ type: 'queue/clear' })
      undoable(t('queue.clear.done'))
    },
    undo() {
      const last = queue().undo.at(-1)
      if (!last) return app.say(t('undo.none'))
      app.player.changeTo(() => dispatch({ type: 'queue/undo' }), last.position)
      app.say(t('undo.done', { act: t(`act.${last.name}`) }))
    },
    /** @param {string} key */
    jump(key) {
      acts.choose()
      app.player.startWith(() => dispatch({ type: 'queue/jump', key }))
    },
    toggle() {
      acts.choose()
      if (app.current()) app.player.toggle()
    },
    /** For the system's keys, which name what they want. */
    resume() {
      acts.choose()
      app.player.play()
    },
    pause() {
      acts.choose()
      app.player.pause()
    },
    next() {
      acts.choose()
      app.player.next()
    },
    previous() {
      acts.choose()
      if (player().position > restart) acts.seek(0)
      else app.player.previous()
    },
    /** @param {number} seconds */
    seek: seconds => app.player.seek(seconds),
    /** @param {number} seconds */
    seekBy: seconds => app.current() && acts.seek(Math.max(0, Math.min(player().duration - 0.5, player().position + seconds))),
    /** @param {number} volume */
    volume: volume => dispatch({ type: 'player/volume', volume, muted: false }),
    mute: () => dispatch({ type: 'player/volume', volume: player().volume, muted: !player().muted }),
    shuffle() {
      const on = !queue().shuffle
      dispatch({ type: 'queue/shuffle', on, seed: randomSeed() })
      app.say(t(on ? 'shuffle.on' : 'shuffle.off'))
    },
    /** @param {'off' | 'all' | 'one'} mode */
    repeat(mode) {
      dispatch({ type: 'queue/repeat', mode })
      app.say(t(`repeat.${mode}`))
    },
    /** @param {boolean} on */
    stopAfter: on => dispatch({ type: 'queue/stopAfter', on }),
    /** @param {number | null} minutes */
    sleep: minutes => dispatch({ type: 'player/sleep', at: minutes === null ? null : Date.now() + minutes * 60_000 }),
    /** @param {number} speed */
    speed: speed => dispatch({ type: 'player/speed', speed }),
    showQueue() {
      if (!matchMedia('(min-width: 64rem)').matches) return app.router.go('/queue')
      dispatch({ type: 'ui/set', name: 'queueOpen', value: !store.get().ui.queueOpen })
    },
    /** Makes it a favourite, or no longer; undefined if the server refused. @param {'tracks' | 'albums' | 'artists'} kind @param {any} item */
    async favourite(kind, item) {
      const was = app.fresh(item).favourite
      const now = was ? null : new Date().toISOString()
      app.mark(kind, item, { favourite: now })
      app.say(t(now ? 'favourite.added' : 'favourite.removed', { name: item.title ?? item.name }))
      const path = `/api/v1/${kind}/${encodeURIComponent(item.id)}/favourite`
      return acts.inTurn(path, () => now ? app.client.put(path) : app.client.delete(path), () => app.mark(kind, item, { favourite: was }))
    },
    /** @param {'tracks' | 'albums' | 'artists'} kind @param {any} item @param {number} rating 0 for none */
    async rate(kind, item, rating) {
      const was = app.fresh(item).rating
      app.mark(kind, item, { rating })
      const path = `/api/v1/${kind}/${encodeURIComponent(item.id)}/rating`
      await acts.inTurn(path, () => app.client.put(path, { rating }), () => app.mark(kind, item, { rating: was }))
    },
    /**
     * Sends a change once those of the same thing before it are answered; of several that wait, the newest alone, but for those that are kept. If the
     * last one is refused, the page shows again what the server has.
     * @param {string} key names the thing @param {() => Promise<any>} send @param {() => void} [back] shows what was before
     * @param {boolean} [isKept] whether it is sent whatever comes after it
     * @returns {Promise<any>} what the server said to the last of them, undefined if it refused
     */
    inTurn(key, send, back = () => {}, isKept = false) {
      const line = lines.get(key)
      if (line) {
        const last = line.waiting.at(-1)
        // What was never sent is not what the server has: its `back` stays.
        if (last && !last.isKept && !isKept) last.send = send
        else line.waiting.push({ send, back, isKept })
        return line.done
      }
      const own = { done: Promise.resolve(), waiting: /** @type {Change[]} */ ([]) }
      /** @param {Change} change @returns {Promise<any>} */
      async function go(change) {
        const answer = await change.send().then(result => async () => result, error => async () => { throw error })
        const next = own.waiting.shift()
        if (next && !next.isKept && !change.isKept) return go({ ...next, back: await answer().then(() => next.back, () => change.back) })
        if (!next) lines.delete(key)
        const told = acts.tell(answer, change.back)
        return next ? told.then(() => go(next)) : told
      }
      lines.set(key, own)
      own.done = go({ send, back, isKept })
      return own.done
    },
    /**
     * Asks the server for a change; if it refuses, says so and takes back what the page shows.
     * @param {() => Promise<any>} change @param {() => void} [back]
     */
    async tell(change, back = () => {}) {
      try {
        return await change()
      } catch (error) {
        back()
        app.fail(error)
        return undefined
      }
    },
  }
  return acts
}
