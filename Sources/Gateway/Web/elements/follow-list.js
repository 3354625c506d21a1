// @ts-check
/** Keeps a list that is the view up to date. */

/**
 * @param {any} app @param {{refresh: () => Promise<boolean>}} list @param {{total: () => number}} rows
 * @param {{signal: AbortSignal, kinds?: string[], show?: () => unknown}} how `show` is called after a change, for what stands around the list
 */
export function followList(app, list, rows, { signal, kinds = ['library'], show = () => {} }) {
  const wasEmpty = rows.total() === 0
  app.changes.on(kinds, async () => {
    if (!await list.refresh()) return
    // A list and the notice that there is none are different views.
    if ((rows.total() === 0) !== wasEmpty) return app.router.again()
    await show()
  }, signal)
}
