"""Plays a server's tracks in headless Chromium and tells what did not go as it should. Prints {"problems": [...], "figures": {...}}.

Usage: python browser.py PLAN.json    (needs selenium, and Debian's chromium and chromium-driver)

PLAN: {"base": URL,
       "plays": [{"name", "url", "seconds", "priming", "isOgg"}], played, sought in and finished
       "narrows": [{"name", "url", "isLong"}]}                    played while the network is throttled, and not to the end

Both in a Chromium of their own, at once: they wait for sound more than for a processor.
"""
import json
import os
import re
import sys
import threading
import time
import urllib.parse

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from narrow import Narrow

# kbit/s, ms.
WIDE, SLOW = (9000, 60), (100, 300)
SLOW_RATE = SLOW[0]

figures = {}
# The problems of what the thread plays.
own = threading.local()


def check(holds, words):
    if not holds:
        own.problems.append(words)
    return holds


def most(name, value):
    figures[name] = max(figures.get(name, value), value)


PAGE = """
document.body.innerHTML = '<audio id=a></audio>';
window.audio = document.getElementById('a');
window.start = url => {
  window.samples = [];
  const from = performance.now();
  audio.onerror = () => window.failure = audio.error.message;
  audio.src = url;
  audio.play().catch(error => window.failure = window.failure || String(error));
  clearInterval(window.timer);
  window.timer = setInterval(() => samples.push([performance.now(), audio.currentTime,
    audio.buffered.length ? audio.buffered.end(audio.buffered.length - 1) : 0, audio.seeking ? 1 : 0]), 100);
};
window.once = (event, act, limit) => new Promise((done, failed) => {
  const timer = setTimeout(() => failed('no ' + event + ' in time at ' + audio.currentTime), limit);
  audio.addEventListener(event, () => { clearTimeout(timer); done(); }, {once: true});
  act();
});
window.pass = ms => new Promise(done => setTimeout(done, ms));
"""

PLAY = """
const [url, done] = arguments;
(async () => {
  const told = {};
  window.failure = null;
  try {
    const began = performance.now();
    await once('playing', () => start(url), 20000);
    told.playing = performance.now() - began;
    told.duration = audio.duration;
    await pass(1500);
    while (audio.currentTime <= 0.7 && performance.now() - began < 20000) await pass(100);
    told.beginning = samples.slice();
    told.place = audio.currentTime;
    told.seeks = [];
    for (const place of [audio.duration * 0.6, audio.duration * 0.2, audio.duration - 1.2]) {
      const asked = performance.now();
      await once('seeked', () => audio.currentTime = place, 20000);
      told.seeks.push([place, audio.currentTime, performance.now() - asked]);
      if (place < audio.duration - 2) {
        const from = audio.currentTime, since = performance.now();
        await pass(700);
        while (audio.currentTime <= from + 0.2 && performance.now() - since < 10000) await pass(100);
        told.seeks[told.seeks.length - 1].push(audio.currentTime - from);
      }
    }
    if (!audio.ended) await once('ended', () => {}, 20000);
    told.end = audio.currentTime;
    told.durationAtEnd = audio.duration;
  } catch (error) { told.failure = String(error); }
  told.failure = window.failure || told.failure;
  done(told);
})();
"""


class Browser:
    def __init__(self):
        options = webdriver.ChromeOptions()
        for switch in ("--headless=new", "--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--mute-audio",
                       "--disable-gpu", "--disable-dev-shm-usage"):
            options.add_argument(switch)
        options.binary_location = "/usr/bin/chromium"
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.driver.set_script_timeout(120)
        self.version = self.driver.capabilities["browserVersion"]

    def page(self, base):
        """A page of the server's own origin, with nothing in it but a player."""
        self.driver.get(base + "/healthz")
        self.driver.execute_script(PAGE)

    def network(self, rate, latency):
        self.driver.execute_cdp_cmd("Network.enable", {})
        self.driver.execute_cdp_cmd("Network.emulateNetworkConditions", {
            "offline": False, "latency": latency, "downloadThroughput": rate * 125, "uploadThroughput": rate * 125})

    def samples(self):
        return self.driver.execute_script("return window.samples")

    def now(self):
        return self.driver.execute_script("return performance.now()") / 1000

    @property
    def failure(self):
        return self.driver.execute_script("return window.failure")


def check_steady(samples, where):
    """Position never goes back, and never further than the clock, give or take what the two round."""
    for (before, place, _, _), (after, next_place, _, _) in zip(samples, samples[1:]):
        step, elapsed = next_place - place, (after - before) / 1000
        check(-0.001 <= step <= elapsed + 0.08, where + ": currentTime goes from %.3f to %.3f in %.3f s" % (
            place, next_place, elapsed))


def play(browser, base, song):
    where = song["name"]
    told = browser.driver.execute_async_script(PLAY, song["url"])
    if not check(not told.get("failure"), "%s: %s" % (where, told.get("failure"))):
        return
    # Chromium counts an Ogg file's granule positions, of which Opus's pre-skip is a part (RFC 7845, section 4.3), as duration.
    off = told["duration"] - song["seconds"] - (song["priming"] if song["isOgg"] else 0)
    check(abs(off) <= 0.001, where + ": duration of %.4f s, not %.4f" % (told["duration"], song["seconds"]))
    most("duration off, ms" if not song["isOgg"] else "duration off beyond pre-skip, ms", round(abs(off) * 1000, 3))
    # Chromium puts a rendition's first frame at 0, whatever its edit list says, and finds out at the end that it has had the encoder's
    # priming more: until then its duration is the playlist's.
    late = told["durationAtEnd"] - told["duration"]
    check(min(abs(late), abs(late - song["priming"])) < 0.001, where + ": its duration became %.4f" % told["durationAtEnd"])
    most("duration grows at the end, ms", round(late * 1000, 1))
    check(abs(told["end"] - told["durationAtEnd"]) < 0.05, where + ": ended at %.3f of %.3f" % (told["end"], told["durationAtEnd"]))
    check_steady(told["beginning"], where)
    check(told["place"] > 0.7, where + ": does not get on from %.2f" % told["place"])
    for seek in told["seeks"]:
        check(abs(seek[1] - seek[0]) < 0.05, where + ": sought %.3f, got %.3f" % (seek[0], seek[1]))
        check(len(seek) < 4 or seek[3] > 0.2, where + ": does not go on from %.2f" % seek[1])
    most("playing after, ms", round(told["playing"]))
    most("seeked after, ms", round(max(seek[2] for seek in told["seeks"])))
    return "played, sought in and finished"


def narrows(browser, base, song):
    """4G, then 100 kbit/s, then 4G again. What the player asks for is its own choice; that it can choose, and goes on, is ours."""
    where, ladder = song["name"], song["name"]
    network = Narrow(urllib.parse.urlparse(base).port)
    browser.page("http://127.0.0.1:%d" % network.port)
    browser.network(*WIDE)
    offset = time.monotonic() - browser.now()
    browser.driver.execute_script("window.failure = null; start(arguments[0])", song["url"])

    def asked(since=0.0):
        """The segments asked for: (time on the page's clock, rung)."""
        found = []
        for entry in network.log:
            match = re.search(r"/([a-z]+)-?(\d*)/(\d+)\.m4s", entry["path"])
            if match and entry["asked"] - offset >= since:
                found.append((entry["asked"] - offset, int(match[2] or 0), int(match[3])))
        return found

    def until(condition, limit):
        end = time.monotonic() + limit
        while time.monotonic() < end and not browser.failure:
            if condition():
                return True
            time.sleep(0.2)
        return False

    try:
        check(until(lambda: len(asked()) >= 3, 40), where + ": no three segments over 4G")
        top = asked()[-1][1]
        slow_from = browser.now()
        browser.network(*SLOW)
        is_low = until(lambda: any(rung < SLOW_RATE for _, rung, _ in asked(slow_from)), 160)
        low = next((entry for entry in asked(slow_from) if entry[1] < SLOW_RATE), None)
        if check(is_low and low, where + ": at 100 kbit/s it asks for %r" % [rung for _, rung, _ in asked(slow_from)]):
            until(lambda: sum(rung < SLOW_RATE for _, rung, _ in asked(slow_from)) >= (4 if song["isLong"] else 3), 60)
            # Buffered grows when the first low segment has arrived.
            samples = browser.samples()
            held = max(s[2] for s in samples if s[0] / 1000 <= low[0] + 0.1)
            arrived = next((s[0] / 1000 for s in samples if s[0] / 1000 > low[0] and s[2] > held + 1), None)
            if check(arrived is not None, where + ": the first low segment did not arrive"):
                after = [s for s in samples if s[0] / 1000 >= arrived]
                stalled = sum((b[0] - a[0]) / 1000 for a, b in zip(after, after[1:]) if b[1] - a[1] < 0.001)
                most("%s stalled after the first low segment, s" % ladder, round(stalled, 2))
                check(stalled <= (2 if song["isLong"] else 4), where + ": stalls %.1f s after the first low segment" % stalled)
            order = [rung for _, rung, _ in asked(slow_from)]
            most("%s segments asked for until one fits 100 kbit/s" % ladder, order.index(low[1]) + 1)
            if any(0 < rung <= 64 for rung in order):
                most("%s segments asked for until one of at most 64" % ladder, next(
                    n + 1 for n, rung in enumerate(order) if rung <= 64))
        wide_from = browser.now()
        browser.network(*WIDE)
        lowest = min(rung for _, rung, _ in asked(slow_from)) if asked(slow_from) else 0
        climbs = until(lambda: any(rung > lowest for _, rung, _ in asked(wide_from)), 60)
        check(climbs, where + ": does not climb from %d" % lowest)
        # The rest of the climb is the player's own choice, and takes it half a minute.
        if song["isLong"]:
            back = until(lambda: any(rung >= top for _, rung, _ in asked(wide_from)), 30)
            check(back, where + ": does not climb back to %d" % top)
        check(not browser.failure, "%s: %s" % (where, browser.failure))
        samples = browser.samples()
        check_steady([s for s in samples if not s[3]], where)
        numbers = [number for _, _, number in asked()]
        check(numbers == list(range(len(numbers))), where + ": segments asked for: %r" % numbers)
        first = asked()[0][0]
        print("%s: %s" % (ladder, " ".join("%.1f:%d" % (at - first, rung) for at, rung, _ in asked())), "| slow from %.1f, 4G from %.1f" % (
            slow_from - first, wide_from - first), file=sys.stderr)
    finally:
        browser.driver.execute_script("clearInterval(window.timer); audio.removeAttribute('src'); audio.load()")
        browser.network(1_000_000, 0)


def run(act, base, songs, problems):
    """Plays all songs. A browser that had no processor for a moment stalls too, so a problem is one that comes again."""
    browser = None
    try:
        browser = Browser()
        figures["Chromium"] = float(browser.version.split(".")[0])
        browser.page(base)
        for song in songs:
            for attempt in range(2):
                if attempt:
                    browser.page(base)
                own.problems = []
                done = act(browser, base, song)
                if not own.problems:
                    break
                print("%s: %r" % (song["name"], own.problems), file=sys.stderr)
            problems += own.problems
            if done:
                figures[done] = figures.get(done, 0) + 1
    except Exception as error:
        problems.append("%s: %s" % (type(error).__name__, error))
    finally:
        if browser:
            browser.driver.quit()


def main():
    with open(sys.argv[1]) as file:
        plan = json.load(file)
    problems = []
    runs = [threading.Thread(target=run, args=(act, plan["base"], songs, problems))
            for act, songs in ((play, plan["plays"]), (narrows, plan["narrows"])) if songs]
    for one in runs:
        one.start()
    for one in runs:
        one.join()
    print(json.dumps({"problems": problems, "figures": figures}))


main()
