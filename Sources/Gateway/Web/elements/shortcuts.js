// @ts-check
/** The page's keyboard shortcuts. */

/** @param {any} app @returns {import('/lib/keys.js').Shortcut[]} */
export function shortcuts(app) {
  const { acts, store } = app
  const volume = (/** @type {number} */ by) => () => acts.volume(Math.max(0, Math.min(1, store.get().player.volume + by)))
  const go = (/** @type {string} */ path) => () => app.router.go(path)
  /** To the row of what plays, on its album. */
  function showCurrent() {
    const track = app.current()
    if (track?.albumId) app.router.go(`/album/${encodeURIComponent(track.albumId)}?track=${encodeURIComponent(track.id)}`)
  }
  return [
    { keys: 'space, k', name: 'toggle', run: () => acts.toggle() },
    { keys: 'n, shift+arrowright', name: 'next', run: () => acts.next() },
    { keys: 'p, shift+arrowleft', name: 'previous', run: () => acts.previous() },
    { keys: 'l', name: 'forward', run: () => acts.seekBy(10) },
    { keys: 'j', name: 'back', run: () => acts.seekBy(-10) },
    { keys: '+, =', name: 'louder', run: volume(0.05) },
    { keys: '-', name: 'softer', run: volume(-0.05) },
    { keys: 'm', name: 'mute', run: () => acts.mute() },
    { keys: 's', name: 'shuffle', run: () => acts.shuffle() },
    { keys: 'r', name: 'repeat', run: () => acts.repeat(/** @type {any} */ ({ off: 'all', all: 'one', one: 'off' })[store.get().queue.repeat]) },
    { keys: 'f', name: 'favourite', run: () => app.current() && acts.favourite('tracks', app.current()) },
    { keys: 'q', name: 'queue', run: () => acts.showQueue() },
    { keys: 'y', name: 'now', run: () => location.pathname === '/playing' ? app.back() : app.router.go('/playing') },
    { keys: 'c', name: 'current', run: showCurrent },
    { keys: 'mod+z', name: 'undo', run: () => app.live.undo() || acts.undo() },
    { keys: 'f6', name: 'notices', run: () => app.live.focus() },
    { keys: '/, mod+k', name: 'search', run: go('/search') },
    { keys: 'g h', name: 'home', run: go('/') },
    { keys: 'g a', name: 'albums', run: go('/albums') },
    { keys: 'g r', name: 'artists', run: go('/artists') },
    { keys: 'g t', name: 'tracks', run: go('/tracks') },
    { keys: 'g p', name: 'playlists', run: go('/playlists') },
    { keys: 'g u', name: 'uploads', run: go('/uploads') },
    { keys: '?', name: 'sheet', run: async () => (await import('/views/keys-sheet.js')).showKeys(app) },
  ]
}
