"""A listener's first hour: the first account, a folder dragged in, an album played, sought in, changed in quality and followed by the next
track; the page reloaded; the album kept on the device and played with the server gone; the plays told when it is back.

Usage: journey_test.py [chromium|firefox]    (at 1280 x 800 and at 390 x 844; without a name in both browsers)
"""
import os
import sys
import time

from stage import DESK, PASSWORD, PHONE, Server, album, check, chromium, figures, firefox, main, problems, until

# What a browser itself writes when nothing answers at an address.
GONE = ("NetworkError", "net::ERR_CONNECTION_REFUSED", "net::ERR_CONNECTION_RESET", "net::ERR_INCOMPLETE_CHUNKED_ENCODING", "net::ERR_EMPTY_RESPONSE")
TITLES = ["Harbour", "Low Water", "Lights Out"]
# The first is longer than what is loaded ahead, so that a change of quality is heard in it.
SECONDS = [150, 30, 30]

STATE = """
return {
  title: document.querySelector('.player .title')?.textContent ?? '',
  at: document.querySelector('.player .at')?.textContent ?? '',
  badge: document.querySelector('.player .rung-badge span')?.textContent ?? '',
  now: Math.max(0, ...sounds.map(one => one.currentTime)),
  sounds: sounds.some(one => !one.paused && !one.ended && one.currentTime > 0 && !one.muted),
  path: location.pathname,
}
"""


def seconds_of(clock):
    minutes, seconds = clock.split(":")
    return 60 * int(minutes) + int(seconds)


class Journey:
    def __init__(self, browser, server, size, music):
        self.browser, self.server, self.music = browser, server, music
        self.is_phone = size == PHONE
        self.where = f"{browser.name} {size[0]}"

    def state(self):
        return self.browser.get(STATE)

    def press(self, selector, seconds=15):
        (self.browser.tap if self.is_phone else self.browser.click)(selector, seconds)

    def text(self, words, seconds=15):
        self.browser.wait("document.body.innerText.includes(arguments[0])", seconds, f"{self.where}: {words!r} is shown", words)

    def plays(self, seconds=20):
        """Sound goes on."""
        until(lambda: self.state()["sounds"], seconds, f"{self.where}: it sounds")
        before = self.state()["now"]
        until(lambda: self.state()["now"] > before + 0.5, seconds, f"{self.where}: the sound goes on")

    def quiet(self, step, allowed=()):
        lines = self.browser.said(allowed)
        check(not lines, f"{self.where}, {step}: {lines[:4]}")

    def first_account(self):
        self.browser.go(self.server.setup)
        for name, value in (("name", "ada"), ("password", PASSWORD), ("again", PASSWORD)):
            self.press(f"form input[name={name}]")
            self.browser.type(value)
        self.press("form .button.main")
        self.text("Welcome, ada", 60)
        self.press("a[href='/uploads'].button")
        self.browser.wait("location.pathname === '/uploads' && document.querySelector('.drop-zone')", 10, f"{self.where}: uploads")
        self.quiet("first run")

    def upload(self):
        self.browser.drop(".drop-zone", [self.music])
        stages = "[...document.querySelectorAll('.upload')].map(one => one.dataset.stage)"
        try:
            self.browser.wait(f"(all => all.length === {len(TITLES)} && all.every(one => one === 'stored'))({stages})", 60, f"{self.where}: all are stored")
        except AssertionError as error:
            raise AssertionError(f"{error}: {self.browser.get(f'return {stages}')}")
        self.text(f"{len(TITLES)} of {len(TITLES)} done")
        self.quiet("upload")

    def play(self):
        if self.is_phone:
            self.press(".tabs a[href='/library']")
            self.press(".library-links a[href='/albums']")
        else:
            self.press(".side a[href='/albums']")
        self.press("main .card-title")
        began = time.monotonic()
        self.press("main .view-head .button.main")
        self.plays()
        figures.setdefault("ms from click to seen sound", round((time.monotonic() - began) * 1000))
        check(self.state()["title"] == TITLES[0], f"{self.where}: {self.state()['title']!r} plays, not the first track")
        self.quiet("play")

    def open_playing(self):
        self.press(".player .to-playing")
        self.browser.wait("location.pathname === '/playing' && document.querySelector('.playing .seek-slider')", 10, f"{self.where}: now playing")

    def seek(self):
        """A click, or a tap, on the slider's middle is a seek to the middle."""
        self.open_playing()
        self.press(".playing .seek-slider")
        until(lambda: abs(seconds_of(self.browser.get("return document.querySelector('.playing .at').textContent")) - SECONDS[0] / 2) <= 3, 5,
              f"{self.where}: sought to the middle")
        self.plays()
        self.quiet("seek")

    def quality(self):
        check(self.browser.get("return document.querySelector('.playing-tools .volume').checkVisibility() !== matchMedia('(pointer: coarse)').matches"),
              f"{self.where}: the volume is where a mouse plays, and not where fingers do")
        self.press(".playing-tools [aria-label='Quality and loudness']")
        self.browser.wait("document.querySelector('.menu .menu-item')", 5, f"{self.where}: the menu is open")
        self.browser.get("[...document.querySelectorAll('.menu .menu-item')].find(one => one.textContent.includes('48 kbit/s')).id = 'wanted-limit'")
        self.press("#wanted-limit")
        # What is loaded plays on as it is; what is not comes in the new quality.
        slider = "document.querySelector('.playing .seek-slider input')"
        self.browser.get(f"{slider}.value = {SECONDS[0] - 15}; {slider}.dispatchEvent(new Event('change'))")
        self.browser.wait("document.querySelector('.playing .rung-badge span')?.textContent.endsWith('48')", 20, f"{self.where}: it plays at 48 kbit/s")
        self.plays()
        self.quiet("quality")

    def next(self):
        self.press(".playing .next")
        self.browser.wait("document.querySelector('.playing h1').textContent === arguments[0]", 5, f"{self.where}: the next track", TITLES[1])
        self.plays()
        self.press(".playing-head .tool")
        self.quiet("next")

    def reload(self):
        self.press(".player .play-button")
        until(lambda: not self.state()["sounds"], 5, f"{self.where}: it pauses")
        self.press(".player .play-button")
        self.plays()
        time.sleep(1.5)
        before = self.state()
        self.browser.go(self.server.base + before["path"])
        after = until(lambda: (now := self.state())["title"] and now["at"] != "0:00" and now, 15, f"{self.where}: the queue is back")
        check(after["title"] == before["title"] == TITLES[1], f"{self.where}: {before['title']!r} became {after['title']!r}")
        off = seconds_of(after["at"]) - seconds_of(before["at"])
        check(-1 <= off <= 3, f"{self.where}: {before['at']} became {after['at']}")
        time.sleep(1.5)
        check(not self.state()["sounds"], f"{self.where}: it sounds unasked")
        self.press(".player .play-button")
        self.plays()
        self.press(".player .play-button")
        self.quiet("reload")

    def pin(self):
        self.press("main .pin")
        self.browser.wait("document.querySelector('dialog[open]')?.innerText.match(/Exactly [\\d.]+ .?B/)", 15, f"{self.where}: the exact size")
        self.press("dialog .button.main")
        self.text("is on this device, whole and checked", 30)
        self.browser.wait("document.querySelector('main .pin.on')", 5, f"{self.where}: it is shown as kept")
        self.browser.wait("navigator.serviceWorker.controller && caches.has('sweetspot-shell')", 15, f"{self.where}: the worker keeps the page")
        self.quiet("pin")

    def gone(self):
        """Without the server: the page opens, the album is shown, and plays to its end."""
        self.server.stop()
        self.began = time.time()
        self.browser.go(self.browser.get("return location.href"))
        self.browser.wait("document.querySelector('main .tracks .row:not(.head) .title')?.textContent", 20, f"{self.where}: the album without the server")
        shown = self.browser.get("return [...document.querySelectorAll('main .tracks .row:not(.head) .title')].map(one => one.textContent)")
        check(shown == TITLES, f"{self.where}: without the server it shows {shown}")
        self.browser.wait("document.querySelector('main .view-picture img')?.naturalWidth > 0", 10, f"{self.where}: the cover without the server")
        self.browser.get("[...document.querySelectorAll('main .tracks .row:not(.head) .title')][1].id = 'wanted-track'")
        (self.browser.tap if self.is_phone and self.browser.name == "Chromium" else self.browser.double_click)("#wanted-track")
        self.plays()
        check(self.state()["title"] == TITLES[1], f"{self.where}: {self.state()['title']!r} plays without the server")
        until(lambda: self.state()["title"] == TITLES[2], SECONDS[1] + 15, f"{self.where}: the next track without the server")
        self.plays()
        self.quiet("server gone", GONE)

    def back(self):
        self.server.start()
        cookie = self.server.cookie()

        def told():
            items = self.server.items("/api/v1/history", cookie)
            return [one for one in items if one["track"]["title"] == TITLES[1] and one["at"] >= time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(self.began))]
        began = time.monotonic()
        until(told, 60, f"{self.where}: the play is in the history")
        figures["s until plays arrive"] = max(figures.get("s until plays arrive", 0), round(time.monotonic() - began, 1))
        self.browser.go(self.server.base + "/history")
        self.text(TITLES[1])
        self.quiet("server back", GONE)


def travel(browser, folder, size, music):
    own = os.path.join(folder, f"{browser.name}-{size[0]}")
    os.makedirs(own)
    server = Server(own)
    step = ""
    try:
        journey = Journey(browser, server, size, music)
        for step in ("first_account", "upload", "play", "seek", "quality", "next", "reload", "pin", "gone", "back"):
            print(f"{journey.where}: {step}", flush=True)
            getattr(journey, step)()
        figures["journeys"] = figures.get("journeys", 0) + 1
    except Exception as error:
        if os.environ.get("PICTURES"):
            browser.picture(os.path.join(os.environ["PICTURES"], "journey.png"))
        problems.append(f"{browser.name} {size[0]}, {step}: {error}")
    finally:
        server.end()


def run(folder):
    music = os.path.dirname(album(os.path.join(folder, "music"), "Tides", "The Quiet Coast", TITLES, SECONDS))
    wanted = sys.argv[1:] or ["chromium", "firefox"]
    for size in (DESK, PHONE):
        if "chromium" in wanted:
            with chromium() as browser:
                browser.size(*size, phone=size == PHONE)
                travel(browser, folder, size, music)
        if "firefox" in wanted:
            with firefox(size) as browser:
                travel(browser, folder, size, music)
    check(figures.get("journeys") == 2 * len(wanted), "not every journey came to its end")


main("journey", run)
