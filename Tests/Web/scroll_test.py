"""A library of 100,000 tracks, an album and a playlist of 3,000: scrolled for a minute, with what that costs the page; and what a tab that
nobody sees does.

Usage: scroll_test.py [SECONDS]    (60 without it)
"""
import os
import sqlite3
import sys
import time

from stage import ROOT, Server, check, chromium, figures, main

sys.path.insert(0, os.path.join(ROOT, "Tests", "Oracles"))
from large_rows import fill  # noqa: E402

COUNT, LONG = 100_000, 3_000
SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 60
MOST_NODES, MOST_HEAP, MOST_TASKS, MOST_FRAME = 1500, 30, 0, 16
# Milliseconds from which the browser calls a task long.
LONG_TASK = 50

HOOKS = """
window.timers = { made: 0, run: 0, who: [] };
for (const name of ['setTimeout', 'setInterval', 'requestAnimationFrame', 'requestIdleCallback']) {
  const own = window[name].bind(window);
  window['own' + name] = own;
  window[name] = (fn, ...rest) => {
    timers.made += 1;
    timers.who.push(name + ' ' + rest[0] + ' ' + (new Error().stack ?? '').split('\\n').slice(2, 4).join(' < ').replace(/https?:\\/\\/[^/]+\\/web\\/\\w+/g, ''));
    return own((...given) => { timers.run += 1; return fn(...given) }, ...rest);
  };
}
window.longTasks = [];
new PerformanceObserver(list => { for (const one of list.getEntries()) longTasks.push(Math.round(one.duration)) }).observe({ type: 'longtask' });
"""
# Down the list as fast as a wheel that is spun, with a stop now and then; the last third jumps.
SCROLL = """
const [seconds] = arguments
const began = performance.now(), end = began + seconds * 1000
let frames = 0, most = 0, holes = 0, looks = 0, jump = 0
longTasks.length = 0
const height = () => document.documentElement.scrollHeight - innerHeight
await new Promise(done => {
  const step = now => {
    frames += 1
    if (now > end) return done()
    if (now < began + seconds * 667) {
      // 12,000 pixels a second for two seconds, then half a second of reading.
      if ((now - began) % 2500 < 2000) scrollBy(0, 200)
      if (scrollY >= height() - 5) scrollTo(0, 0)
    } else if (now > jump) {
      jump = now + 400
      scrollTo(0, Math.random() * height())
    }
    if (frames % 20 === 0) most = Math.max(most, document.querySelectorAll('*').length)
    ownrequestAnimationFrame(step)
  }
  ownrequestAnimationFrame(step)
})
await new Promise(done => ownsetTimeout(done, 1500))
const rows = [...document.querySelectorAll('main .tracks .rows .row')].filter(one => !one.hidden && one.getBoundingClientRect().bottom > 0 && one.getBoundingClientRect().top < innerHeight)
return { frames, most, long: [...longTasks], rows: rows.length, empty: rows.filter(one => !one.querySelector('.title').textContent).length }
"""


def heap(browser):
    for _ in range(3):
        browser.cdp("HeapProfiler.collectGarbage")
    return browser.cdp("Runtime.getHeapUsage")["usedSize"] / 1e6


def processor(browser):
    """Seconds of the processor that the page's thread has taken."""
    browser.cdp("Performance.enable", timeDomain="threadTicks")
    return next(one["value"] for one in browser.cdp("Performance.getMetrics")["metrics"] if one["name"] == "TaskDuration")


def scroll(browser, server, name, path, total, seconds):
    browser.go(server.base + path)
    began = time.monotonic()
    browser.wait("document.querySelector('main .tracks .rows .row .title')?.textContent", 20, f"{name} is shown")
    figures[f"{name}: shown after ms"] = round((time.monotonic() - began) * 1000)
    shown = browser.get("return Number(document.querySelector('main .tracks').getAttribute('aria-rowcount'))")
    check(shown == total + 1, f"{name} has {shown} rows, not {total + 1}")
    time.sleep(3)
    # What is loaded once is not growth: one round before.
    browser.driver.set_script_timeout(seconds + 60)
    browser.get(SCROLL, min(5, seconds))
    before = heap(browser)
    spent = processor(browser)
    told = browser.get(SCROLL, seconds)
    spent = (processor(browser) - spent) * 1000 / told["frames"]
    load = os.getloadavg()[0]
    grown = heap(browser) - before
    figures[f"{name}: nodes"], figures[f"{name}: long tasks"] = told["most"], len(told["long"])
    figures[f"{name}: heap MB"], figures[f"{name}: frames a second"] = round(grown, 1), round(told["frames"] / seconds)
    check(told["most"] <= MOST_NODES, f"{name}: {told['most']} nodes")
    figures[f"{name}: ms of processor a frame"] = round(spent, 1)
    check(spent <= MOST_FRAME, f"{name}: a frame takes {spent:.1f} ms of the processor")
    # A task is long by the clock on the wall: where others want the processor too, each takes as many times longer as they are.
    longest = LONG_TASK * max(1, load / os.cpu_count())
    long = [one for one in told["long"] if one > longest]
    check(len(long) <= MOST_TASKS, f"{name}: long tasks of {long} ms at a load of {load:.0f}")
    check(grown <= MOST_HEAP, f"{name}: the heap grows by {grown:.1f} MB")
    check(told["rows"] >= 5 and not told["empty"], f"{name}: {told['empty']} of {told['rows']} rows are empty after the scrolling")
    check(told["frames"] > 10 * seconds, f"{name}: {told['frames']} frames in {seconds} s")


def hidden(browser, server, path, seconds=8):
    """A tab that nobody sees, with nothing that plays, makes no timer and runs none."""
    browser.go(server.base + path)
    browser.wait("document.querySelector('main h1') && document.querySelector('.player')", 20, path)
    time.sleep(6)
    page = browser.driver.current_window_handle
    other = browser.cdp("Target.createTarget", url="about:blank")["targetId"]
    browser.cdp("Target.activateTarget", targetId=other)
    browser.wait("document.visibilityState === 'hidden'", 5, "the tab is hidden")
    time.sleep(1)
    browser.get("timers.made = timers.run = 0; timers.who = []")
    time.sleep(seconds)
    told = browser.get("return timers")
    figures[f"timers hidden at {path}"] = told["made"] + told["run"]
    check(told["made"] == told["run"] == 0, f"hidden at {path}: {told['made']} timers made, {told['run']} run: {told['who'][:3]}")
    browser.cdp("Target.closeTarget", targetId=other)
    browser.driver.switch_to.window(page)
    browser.cdp("Page.bringToFront")


def catalogue(data):
    """Rows that are written past the server: there are no files behind them."""
    database = sqlite3.connect(os.path.join(data, "catalogue.sqlite"))
    database.execute("PRAGMA synchronous = OFF")
    with database:
        _, album, _ = fill(database, 1, COUNT, COUNT // 50, 10**12)
        name, order = database.execute("SELECT name, nameOrder FROM album WHERE id = ?", (album,)).fetchone()
        ids = [row[0] for row in database.execute("SELECT id FROM track WHERE account = 1 LIMIT ?", (LONG,))]
        database.executemany("UPDATE track SET albumId = ?, album = ?, albumOrder = ?, track = ? WHERE id = ?",
                             [(album, name, order, place, key) for place, key in enumerate(ids, 1)])
        own = database.execute("SELECT count(*) FROM track WHERE albumId = ?", (album,)).fetchone()[0]
        database.execute("INSERT INTO playlist (id, account, name, nameOrder, created, changed) VALUES (?, 1, 'Long', 'long', 0, 0)", ("p" * 22,))
        database.executemany("INSERT INTO playlistTrack (playlist, position, track) VALUES (?, ?, ?)",
                             [("p" * 22, place, key) for place, key in enumerate(ids)])
    database.close()
    return album, own


def run(folder):
    server = Server(folder, "--open", environment={"SWEETSPOT_LIMITS_SCRUB": "0"})
    try:
        server.send("GET", "/api/v1/tracks")
        server.stop()
        album, own = catalogue(server.data)
        server.start()
        with chromium(arguments=["--js-flags=--expose-gc"]) as browser:
            browser.cdp("Page.addScriptToEvaluateOnNewDocument", source=HOOKS)
            browser.size(1280, 800)
            scroll(browser, server, f"{COUNT:,} tracks", "/tracks", COUNT, SECONDS)
            scroll(browser, server, f"album of {own:,}", f"/album/{album}", own, SECONDS / 4)
            scroll(browser, server, f"playlist of {LONG:,}", f"/playlist/{'p' * 22}", LONG, SECONDS / 4)
            for path in ("/", "/tracks"):
                hidden(browser, server, path, 20)
            for path in (f"/album/{album}", "/playlists", "/search?q=a", "/queue", "/playing", "/deleted", "/uploads", "/settings"):
                hidden(browser, server, path)
    finally:
        server.end()


main("scroll", run)
