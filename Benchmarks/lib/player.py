"""What a browser's player does, seen from its page: when a click is heard, what a page takes to load, how a list scrolls."""
import statistics
import time

# Sound is where the element says `playing`, or `seeked`, and its clock has moved on since. It is looked at between tasks, so that no timer
# of the page is counted as a wait.
PROBE = """
(() => {
  const probe = window.probe = {clicked: 0, heard: null, element: null, marks: [], timers: [], longTasks: []}
  const channel = new MessageChannel()
  let base = null
  channel.port1.onmessage = () => {
    const {element} = probe
    if (base === null || probe.heard !== null) return
    if (element.paused || element.seeking || element.readyState < 3) base = null
    else if (element.currentTime > base) probe.heard = performance.now()
    else channel.port2.postMessage(0)
  }
  const watch = element => {
    if (probe.element === element) return
    probe.element = element
    for (const name of ['loadstart', 'loadedmetadata', 'canplay', 'seeking', 'seeked', 'playing', 'waiting'])
      element.addEventListener(name, () => probe.marks.push([name, performance.now()]))
    for (const name of ['playing', 'seeked']) element.addEventListener(name, () => {
      base = element.currentTime
      channel.port2.postMessage(0)
    })
  }
  const {play} = HTMLMediaElement.prototype
  HTMLMediaElement.prototype.play = function () { watch(this); return play.call(this) }
  const click = event => Object.assign(probe, {clicked: event.timeStamp, heard: null, marks: []}) && (base = null)
  addEventListener('pointerup', click, true)
  for (const name of ['setTimeout', 'setInterval', 'requestAnimationFrame']) {
    const set = window[name]
    window[name] = (fn, ...rest) => set.call(window, (...given) => {
      if (document.hidden) probe.timers.push(`${name} ${String(fn).slice(0, 80)}`)
      fn(...given)
    }, ...rest)
  }
  new PerformanceObserver(list => probe.longTasks.push(...list.getEntries().map(entry => entry.duration))).observe({type: 'longtask'})
})()
"""

HEARD = """
if (probe.heard === null) return null
const files = performance.getEntriesByType('resource').filter(entry => entry.startTime >= probe.clicked)
  .map(entry => [new URL(entry.name).pathname + new URL(entry.name).search, entry.startTime - probe.clicked, entry.responseEnd - probe.clicked])
return {ms: probe.heard - probe.clicked, marks: probe.marks.map(([name, at]) => [name, at - probe.clicked]), files}
"""

LOADED = """
const mark = performance.getEntriesByName('playable')[0]
if (!mark) return null
const [page] = performance.getEntriesByType('navigation')
return {
  paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null,
  view: performance.getEntriesByName('view')[0]?.startTime ?? null, playable: mark.startTime,
  files: [page, ...performance.getEntriesByType('resource')].map(entry =>
    ({path: new URL(entry.name).pathname, from: entry.startTime, to: entry.responseEnd, sent: entry.encodedBodySize, raw: entry.decodedBodySize})),
}
"""

SCROLL = """
const [seconds, done] = arguments
const least = document.documentElement.scrollHeight
const from = performance.now()
let nodes = 0, last = from, worst = 0, frames = 0
probe.longTasks.length = 0
const step = now => {
  // Up and down, from a row at a time to a hundred, and a jump each second.
  const place = (now - from) / 1000
  if (Math.floor(place) !== Math.floor((last - from) / 1000)) scrollTo(0, Math.random() * least)
  else scrollBy(0, (Math.floor(place) % 2 ? 1 : -1) * 56 * 10 ** (place % 3 - 0.5))
  if (++frames % 30 === 0) nodes = Math.max(nodes, document.querySelectorAll('*').length)
  worst = Math.max(worst, now - last)
  last = now
  if (place < seconds) requestAnimationFrame(step)
  else done({nodes, worst, frames: frames / place, longTasks: probe.longTasks.filter(one => one > 50).length})
}
requestAnimationFrame(step)
"""


def shown(chromium, url, selector, seconds=30):
    """Opens a view, and waits for what it shows and for the player's code."""
    chromium.driver.get(url)
    chromium.wait("return document.querySelector(arguments[0])?.checkVisibility() && performance.getEntriesByName('playable').length > 0", selector, seconds=seconds)


def heard(chromium, act):
    """What happened between a click and its sound."""
    chromium.run("probe.heard = null; probe.clicked = Infinity; performance.clearResourceTimings()")
    act()
    return chromium.wait(HEARD)


def loaded(chromium, url):
    """What a view took to load."""
    chromium.driver.get("about:blank")
    chromium.driver.get(url)
    return chromium.wait(LOADED, seconds=60)


def scroll(chromium, seconds):
    """Scrolls the page's list. Elements, long tasks, milliseconds of the longest frame, frames a second, megabytes by which the heap grew."""
    before = chromium.heap()
    chromium.driver.set_script_timeout(seconds + 60)
    found = chromium.driver.execute_async_script(SCROLL, seconds)
    time.sleep(1)
    return found | {"grown": chromium.heap() - before}


def timers_hidden(chromium, seconds):
    """The timers that ran while another tab was in front."""
    own = chromium.driver.current_window_handle
    other = chromium.devtools("Target.createTarget", url="about:blank")["targetId"]
    chromium.devtools("Target.activateTarget", targetId=other)
    chromium.wait("return document.hidden")
    # What was begun in sight may end.
    time.sleep(3)
    chromium.run("probe.timers.length = 0")
    time.sleep(seconds)
    timers = chromium.run("return probe.timers")
    chromium.devtools("Target.closeTarget", targetId=other)
    chromium.driver.switch_to.window(own)
    return timers


def quantile(times, part):
    return sorted(times)[min(len(times) - 1, int(len(times) * part))]


def median_of(runs, name):
    return statistics.median(run[name] for run in runs)
