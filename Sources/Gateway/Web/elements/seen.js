// @ts-check
/** Whether something was really seen: half of it in the window for a second, on a page in front. */

const half = 0.5
const long = 1000

/** @param {Element} node @param {() => void} run called once @param {AbortSignal} signal ends the watch */
export function whenSeen(node, run, signal) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  let isInside = false
  const watch = new IntersectionObserver(entries => {
    isInside = entries[entries.length - 1].intersectionRatio >= half
    look()
  }, { threshold: half })
  function look() {
    clearTimeout(timer)
    if (isInside && document.visibilityState === 'visible') timer = setTimeout(() => { stop(); run() }, long)
  }
  function stop() {
    clearTimeout(timer)
    watch.disconnect()
    document.removeEventListener('visibilitychange', look)
  }
  document.addEventListener('visibilitychange', look)
  signal.addEventListener('abort', stop)
  watch.observe(node)
}
