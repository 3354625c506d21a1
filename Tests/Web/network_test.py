"""The player in Chromium on networks that are narrow, gone, or answer with refusals; after a reload; and in a tab that is hidden.

Usage: network_test.py [--only WORD]    (needs SWEETSPOT_PROGRAM, or a release build, and numpy)
"""
import argparse
import json
import os
import re
import signal
import sys
import tempfile
import time

import numpy as np

import browsers
import signals
import stage
from between import Between

HERE = os.path.dirname(os.path.abspath(__file__))
# kbit/s; seconds.
NARROW, BUFFERED, CUT = 100, 10, 20
# Seconds for which a busy machine may keep a browser from sound that it has; and how much its capture is off.
BUSY, ROUGH = 2, 0.5
# Part of the network that a rung may take at most.
FITS = 0.85
RATE = 48_000
LONG, SHORT = (150 * RATE + 1_237, 40 * RATE + 701), (14 * RATE + 311, 13 * RATE + 97, 12 * RATE + 41)

# What Chromium itself writes of a request that is refused or cut.
EXPECTED = ("Failed to load resource", "net::ERR_")

problems, rows = [], []


def check(holds, words):
    if not holds:
        problems.append(words)
        print("  problem: " + words, flush=True)
    return holds


def row(name, *cells):
    rows.append(name)
    print("  " + " | ".join([name, *map(str, cells)]), flush=True)


class Listener:
    """A page of the player, and what is heard of it."""

    def __init__(self, server, between):
        self.server, self.between = server, between
        self.browser = browsers.open("chromium")
        with open(os.path.join(HERE, "probe", "listen.js")) as file:
            self.browser.before(file.read())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.browser.close()

    def state(self):
        return self.browser.run("return heard.state()")

    def set(self, **settings):
        """Settings as a visit before has left them."""
        self.browser.go(self.between.base + "/icons/icon.svg")
        self.browser.run("localStorage.clear(); localStorage.setItem('sweetspot.settings', arguments[0])", json.dumps(settings))

    def play(self, album, limit=128):
        """Begins an album. Gives the moment of the click."""
        self.between.log.clear()
        self.set(version=1, quality={"mobile": limit, "wifi": limit}, levelling="off")
        self.browser.go(self.between.base + "/album/" + album)
        self.browser.find("main button", text="Play")
        begun = time.monotonic()
        self.browser.click("main button", text="Play")
        self.until(lambda state: state and state["time"] > 0.2, 20, "it sounds")
        return begun

    def until(self, holds, seconds, words):
        end = time.monotonic() + seconds
        while True:
            state = self.state()
            if holds(state):
                return state
            if time.monotonic() > end:
                raise browsers.Failure("not within %g s: %s; %s" % (seconds, words, state))
            time.sleep(0.1)

    def asked(self, since=0):
        """Segments asked for since a moment: (kbit/s, number, entry)."""
        found = []
        for entry in list(self.between.log):
            match = re.search(r"/[a-z]+-(\d+)/(\d+)\.m4s", entry["path"])
            if match and entry["asked"] >= since:
                found.append((int(match[1]), int(match[2]), entry))
        return found

    def fault(self):
        return self.browser.run("const one = document.querySelector('.bar-fault'); return one && !one.hidden ? one.textContent : ''")

    def queue(self):
        """Tracks of the queue as the page has kept it."""
        return self.browser.run_async("""
            const database = await new Promise((done, failed) => {
              const asked = indexedDB.open('sweetspot')
              asked.onsuccess = () => done(asked.result)
              asked.onerror = () => failed(asked.error)
            })
            const queue = await new Promise(done => {
              const asked = database.transaction('state').objectStore('state').get('queue')
              asked.onsuccess = () => done(asked.result)
            })
            database.close()
            return queue?.items?.length ?? 0
        """)

    def caught(self, name):
        """What was heard since the last time. Checks that nothing is missing in it; a wait with sound ahead is a busy machine's."""
        waits = self.browser.run_async("return await heard.send()", seconds=60)
        sound = np.frombuffer(self.between.posted.pop("/probe/caught"), "<f4").astype(float)
        pieces = signals.islands(sound, 0.005)
        starved = [wait for wait in waits if wait["time"] > 0.1 and wait["ahead"] < 1]
        busy = [wait for wait in waits if wait["time"] > 0.1 and wait["ahead"] >= 1]
        if check(pieces, name + ": nothing is heard"):
            gaps = [round((b[0] - a[1]) / RATE, 3) for a, b in zip(pieces, pieces[1:])]
            excused = sorted((min(BUSY, (wait.get("to", len(sound)) - wait["frame"]) / RATE) + ROUGH for wait in busy), reverse=True)
            is_excused = len(gaps) <= len(excused) and all(gap <= most for gap, most in zip(sorted(gaps, reverse=True), excused))
            check(not starved and is_excused, "%s: gaps of %s s are heard, waits %s %s" % (name, gaps, starved, busy))
        return sound


# Networks

def case_narrow(listener, album):
    """100 kbit/s with 10 s in the buffer, and wide again."""
    between = listener.between
    released = []
    between.hold = lambda path: not released and (match := re.search(r"/(\d+)\.m4s", path)) and int(match[1]) >= 2
    listener.play(album)
    listener.until(lambda state: state["ahead"] >= BUFFERED, 20, "%d s are buffered" % BUFFERED)
    state = listener.until(lambda state: state["ahead"] < BUFFERED + 0.3, 20, "no more than %d s are buffered" % BUFFERED)
    before = [rung for rung, _, _ in listener.asked()]
    check(before and set(before) == {128}, "narrow: it plays opus-%s" % before)
    between.rate, between.latency = NARROW, 0.05
    since = time.monotonic()
    released.append(True)
    held = state["ahead"]
    end = time.monotonic() + 45
    least = held
    while time.monotonic() < end:
        least = min(least, listener.state()["ahead"])
        time.sleep(0.2)
    slow = listener.asked(since)
    # The one that was on its way is how the player learns of it.
    first = next((rung for rung, _, _ in slow), None)
    check(first is not None and first <= NARROW * FITS, "narrow: the next request is for %s kbit/s of %s" % (first, NARROW))
    check(all(rung <= NARROW * FITS for rung, _, _ in slow), "narrow: it asks for %s" % [rung for rung, _, _ in slow])
    between.rate, between.latency = None, 0
    wide = time.monotonic()
    end = wide + 60
    while time.monotonic() < end and not any(rung == 128 for rung, _, _ in listener.asked(wide)):
        time.sleep(0.2)
    fast = [rung for rung, _, _ in listener.asked(wide)]
    check(128 in fast, "narrow: wide again, it asks for %s" % fast)
    listener.caught("narrow")
    row("%d kbit/s with %.1f s buffered" % (NARROW, held), "asked for " + " ".join(str(rung) for rung, _, _ in slow), "least ahead %.1f s" % least,
        "wide again: " + " ".join(map(str, fast)))


def recover(listener):
    """Brings the network back: what the listener was told of its absence, and the seconds until the buffer is full again."""
    listener.between.mend()
    listener.between.rate = None
    mended = time.monotonic()
    fault = listener.fault()
    listener.until(lambda state: state["ahead"] > 25, 60, "the buffer is full again")
    return fault, time.monotonic() - mended


def case_cut(listener, album):
    """Nothing answers for 20 s, from the middle of a download on, with 30 s in the buffer."""
    between = listener.between
    listener.play(album)
    listener.until(lambda state: state["ahead"] >= 30, 60, "30 s are buffered")
    between.rate = 260
    between.cut_within(".m4s", 30_000)
    end = time.monotonic() + 30
    while not between.is_cut:
        if time.monotonic() > end:
            raise browsers.Failure("no download after %s" % listener.asked()[-1][:2])
        time.sleep(0.05)
    before = listener.state()
    time.sleep(CUT)
    away = listener.state()
    fault, after = recover(listener)
    time.sleep(2)
    sound = listener.caught("cut")
    by_path = {}
    for _, _, entry in listener.asked():
        by_path.setdefault(entry["path"], []).append(entry)
    twice, resumed = 0, 0
    for path, entries in by_path.items():
        size = len(listener.server.send("GET", path)[2])
        got = sum(entry["sent"] for entry in entries if entry["status"] in (200, 206))
        twice += max(0, got - size)
        resumed += any(entry["range"] and entry["status"] == 206 for entry in entries)
        check(got >= size or entries[-1]["ended"] is None or len(entries) == 1, "cut: %s came only to %d of %d" % (path, got, size))
    check(twice == 0, "cut: %d bytes came twice" % twice)
    check(resumed >= 1, "cut: no download went on where it had ended")
    check(not fault, "cut: the listener was told %r" % fault)
    row("nothing for %d s with %.1f s buffered" % (CUT, before["ahead"]), "least ahead %.1f s" % away["ahead"], "%.1f s of sound without a gap" % (
        len(sound) / RATE), "bytes twice %d" % twice, "resumed %d" % resumed, "full again after %.1f s" % after)


def case_hang(listener, album):
    """A network that says nothing for 20 s, from the middle of a download on, with 30 s in the buffer."""
    between = listener.between
    listener.play(album)
    listener.until(lambda state: state["ahead"] >= 30, 60, "30 s are buffered")
    between.rate = 260
    end = time.monotonic() + 30
    while not any(entry["sent"] > 10_000 and not entry["whole"] for _, _, entry in listener.asked()[-1:]):
        if time.monotonic() > end:
            raise browsers.Failure("no download after %s" % listener.asked()[-1][:2])
        time.sleep(0.05)
    between.hang()
    hung = time.monotonic()
    before = listener.state()
    time.sleep(CUT)
    again = sum(entry["asked"] > hung + 1 and entry["path"].startswith("/hls/") for entry in list(between.log))
    away = listener.state()
    fault, after = recover(listener)
    sound = listener.caught("hang")
    check(again >= 1, "hang: what was under way is waited for")
    check(not fault, "hang: the listener was told %r" % fault)
    row("silence for %d s with %.1f s buffered" % (CUT, before["ahead"]), "asked again %d times" % again, "least ahead %.1f s" % away["ahead"],
        "%.1f s of sound" % (len(sound) / RATE), "full again after %.1f s" % after)


def refusal(status, slug, seconds=None):
    headers = {"Content-Type": "application/problem+json", **({"Retry-After": str(seconds)} if seconds else {})}
    return status, headers, json.dumps({"type": "/problems/" + slug, "title": slug, "status": status, "detail": "for this test"}).encode()


def case_refused(listener, album, status, slug, seconds):
    """From the second segment on the server refuses: a sentence, and the queue stays."""
    between, name = listener.between, "%d %s" % (status, slug)
    refused = []

    def answer(path, _):
        match = re.search(r"/(\d+)\.m4s", path)
        if match and int(match[1]) >= 1 and (not seconds or not refused or time.monotonic() < refused[0] + 12):
            refused.append(time.monotonic())
            return refusal(status, slug, seconds)
        return None

    between.answer = answer
    listener.play(album)
    end = time.monotonic() + 25
    while not (fault := listener.fault()) and time.monotonic() < end:
        time.sleep(0.1)
    check(len(fault) > 10, "%s: no sentence" % name)
    check(listener.queue() == len(SHORT), "%s: %d tracks are in the queue" % (name, listener.queue()))
    asked = len(refused)
    if seconds:
        gaps = [b - a for a, b in zip(refused, refused[1:])]
        check(not gaps or min(gaps) >= seconds - 0.1, "%s: it asks again after %s s" % (name, ["%.1f" % gap for gap in gaps]))
        listener.until(lambda state: state["time"] > 8, 40, "the song goes on by itself")
        check(not listener.fault(), "%s: the sentence stays" % name)
    else:
        time.sleep(3)
        check(len(refused) <= asked + 1, "%s: it is asked for %d times" % (name, len(refused)))
        between.answer = lambda path, headers: None
        listener.browser.click(".player button", text="Next track")
        listener.until(lambda state: not state["paused"] and state["time"] > 0.2 and state["ahead"] > 3, 20, "the next song plays")
    row(name, repr(fault), "asked for %d times" % asked, "goes on " + ("by itself" if seconds else "with the next song"))


def case_reload(listener, album):
    """A reload in the middle of a song."""
    listener.play(album)
    listener.until(lambda state: state["time"] > 7, 30, "seven seconds")
    shown = listener.browser.run("return document.querySelector('.player .title').textContent")
    listener.browser.reload()
    listener.browser.find(".player .title", seconds=40)
    time.sleep(4)
    state = listener.state()
    again = listener.browser.run("return [document.querySelector('.player .title').textContent, document.querySelector('.player .at').textContent]")
    check(state is None or (state["paused"] and state["time"] == 0), "reload: it plays: %s" % state)
    check(again[0] == shown and again[1] in ("0:06", "0:07", "0:08"), "reload: %s at %s" % tuple(again))
    check(listener.queue() == len(SHORT), "reload: %d tracks in the queue" % listener.queue())
    listener.browser.click(".player button", text="Play")
    state = listener.until(lambda state: state and not state["paused"] and state["time"] > 6, 20, "it goes on where it was")
    row("reload", "silent, %s at %s" % tuple(again), "goes on from %.1f s with a click" % state["time"])


def case_hidden(listener, album, music):
    """A hidden tab plays on through a join."""
    listener.play(album)
    listener.browser.run_async("return await heard.send()")
    listener.between.posted.clear()
    listener.browser.hide()
    check(listener.state()["hidden"], "hidden: the tab is not")
    listener.browser.cdp("Page.setWebLifecycleState", state="active")
    joined = SHORT[0] / RATE
    state = listener.until(lambda state: state["time"] > joined + 6, 60, "six seconds behind the join")
    title = listener.browser.run("return [document.hidden, document.querySelector('.player .title').textContent]")
    check(title == [True, "Part 2"], "hidden: %s" % title)
    sound = listener.caught("hidden")
    first, last = [(a, b) for a, b in signals.islands(sound, 0.3)][0]
    shift = signals.shift_of(sound[first:first + 100_000], music)
    off = max(abs(error) for _, error, alike in signals.course(sound[first:last], music, shift) if alike > 0.9)
    check(last - first > RATE * 10 and off < 0.5, "hidden: %.1f s, off by %.2f samples" % ((last - first) / RATE, off))
    listener.browser.show()
    row("hidden", "%.1f s heard" % ((last - first) / RATE), "join off %.2f samples" % off, "track told: " + title[1])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    # What was started is ended too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="network-") as folder:
        music = os.path.join(folder, "music")
        sound = {}
        for name, lengths, seed in (("Long", LONG, 7), ("Short", SHORT, 8)):
            os.makedirs(os.path.join(music, name))
            sound[name] = signals.noise(sum(lengths), RATE, seed)
            cuts = np.cumsum((0,) + lengths)
            for i, (a, b) in enumerate(zip(cuts, cuts[1:])):
                signals.write(os.path.join(music, name, "%02d.flac" % (i + 1)), sound[name][a:b], RATE, title="Part %d" % (i + 1), album=name,
                              artist="Noise", track=i + 1)
        with stage.library(folder, music, len(LONG) + len(SHORT)) as server:
            albums = {item["name"]: item["id"] for item in server.items("/api/v1/albums?limit=10")}
            with open(os.path.join(HERE, "probe", "capture.js"), "rb") as file:
                pages = {"/probe/capture.js": ("text/javascript", file.read())}
            cases = [("narrow", case_narrow, "Long"), ("cut", case_cut, "Long"), ("hang", case_hang, "Long"), ("reload", case_reload, "Short"),
                     ("hidden", lambda listener, album: case_hidden(listener, album, sound["Short"]), "Short")]
            refusals = ((401, "unauthorized", 3), (429, "too-many-streams", 3), (503, "busy", 3), (404, "not-found", 0), (507, "over-quota", 0))
            for status, slug, seconds in refusals:
                cases.append(("refused %d" % status, lambda listener, album, how=(status, slug, seconds): case_refused(listener, album, *how), "Short"))
            for name, case, album in cases:
                if options.only not in name:
                    continue
                between = Between(server.port, pages)
                try:
                    with Listener(server, between) as listener:
                        case(listener, albums[album])
                        errors = [line for line in listener.browser.console() if not any(word in line for word in EXPECTED)]
                        check(not errors, "%s: on the console: %s" % (name, errors[:3]))
                except browsers.Failure as error:
                    check(False, "%s: %s" % (name, error))
                between.close()
    print("network_test: %d rows in %.0f s" % (len(rows), time.monotonic() - began))
    for problem in problems:
        print("network_test: " + problem, file=sys.stderr)
    sys.exit("network_test: %d PROBLEMS" % len(problems) if problems else 0)


if __name__ == "__main__":
    main()
