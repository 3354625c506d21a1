"""Taste and offers from the first question to the end of everything: opt in, play, the home page changes, why, not this; an offer that is seen,
followed and ended for good, and never beside what plays; the switch; plans; and nothing left after opting out.

Usage: offers_test.py [PICTURES]    (in Chromium, 1280 x 800; with a folder for its screenshots)
"""
import http.server
import os
import subprocess
import sys
import threading
import time

from stage import DESK, PASSWORD, PROGRAM, album, check, chromium, figures, main, served, until

SOUNDS = "return sounds.some(one => !one.paused && !one.ended && one.currentTime > 0.5)"
OFFER = "main section.offer"
ASKED = "performance.getEntriesByType('resource').filter(one => new URL(one.name).pathname === '/api/v1/offers').length"
FEED = """
offers:
  - id: tide-live
    kind: concert
    title: The Quiet Coast, live
    by: The Quiet Coast
    text: One evening in the old harbour hall.
    price: 18 EUR
    url: {shop}/tide-live
    picture: tide.jpg
    date: 2099-12-24
    artists: [The Quiet Coast, Mara Finch, Oren Vale, Aya Morin]
"""
CONFIG = """
offers:
  feed: {folder}/offers.yaml
upgrade:
  url: {shop}/plans?plan={{plan}}
  plans: [free, plus]
plans:
  free:
    quota: 1GB
    streams: 100
    playlists: 1
    title: Free
  plus:
    quota: 50GB
    streams: 100
    playlists: 200
    title: Plus
    price: 4 EUR a month
"""


class Shop(http.server.BaseHTTPRequestHandler):
    """Another site; it notes what it is told of where visitors come from."""
    visits = []

    def do_GET(self):
        self.visits.append((self.path, self.headers.get("Referer"), self.headers.get("Cookie")))
        body = b"<!doctype html><title>shop</title><p id=opener></p>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Listener:
    def __init__(self, browser, server, folder, shop):
        self.browser, self.server, self.folder, self.shop = browser, server, folder, shop
        self.session = {}

    def picture(self, name):
        if len(sys.argv) > 1:
            self.browser.picture(os.path.join(sys.argv[1], f"offers-{name}.png"))

    def get(self, path):
        return self.server.send("GET", path, headers=self.session)[2]

    def text(self, words, seconds=20):
        self.browser.wait("document.body.innerText.includes(arguments[0])", seconds, f"{words!r} is shown", words)

    def home(self):
        self.browser.go(self.server.base + "/")
        self.browser.wait("document.querySelector('main .shelf')", 20, "the home page")

    def answered(self, *paths):
        """The page has the answers, and what it makes of them had its time."""
        self.browser.wait("""arguments[0].every(path => performance.getEntriesByType('resource').some(
          one => new URL(one.name).pathname === path && one.responseEnd > 0))""", 20, f"{paths} are answered", list(paths))
        time.sleep(0.5)

    def counts(self):
        """What the operator sees: day, offer, shown, clicked."""
        lines = subprocess.run([PROGRAM, "offers", "counts", "--csv", "--data", self.server.data], capture_output=True, text=True, timeout=60).stdout.split("\n")[1:]
        return [tuple(int(one) for one in line.split(",")[2:]) for line in lines if line]

    def play(self):
        self.browser.go(self.server.base + "/albums")
        self.browser.click("main .card-title")
        self.browser.click("main .view-head .button.main")
        until(lambda: self.browser.get(SOUNDS), 30, "it sounds")

    def pause(self):
        self.browser.click(".player .play-button")
        self.browser.wait("sounds.every(one => one.paused)", 10, "it pauses")

    # Steps

    def begins(self, music):
        self.browser.go(self.server.setup)
        for name, value in (("name", "ada"), ("password", PASSWORD), ("again", PASSWORD)):
            self.browser.click(f"form input[name={name}]")
            self.browser.type(value)
        self.browser.click("form .button.main")
        self.text("May sweetspot learn from what you listen to?", 60)
        self.session = self.server.cookie()
        for path in music:
            self.server.upload(path, self.session)
        self.home()
        self.answered("/api/v1/recommendations", "/api/v1/days")
        check(not self.browser.get(f"return document.querySelector('{OFFER}') || {ASKED}"), "an offer is asked for before anything may be learned")
        check(not self.browser.get("return document.querySelector('.for-you .shelf')"), "something is suggested before anything may be learned")
        check(self.get("/api/v1/offers")["offer"] is None, "an offer without taste")

    def opts_in(self):
        self.browser.go(self.server.base + "/taste")
        self.browser.click("main .choice input")
        self.text("sweetspot learns from what you listen to")

    def listens(self):
        self.play()
        until(lambda: self.get("/api/v1/me/taste")["plays"] >= 1, 60, "a play is kept")
        self.home()
        self.browser.click('.quick-card')
        until(lambda: self.browser.get(SOUNDS), 30, "it sounds again")
        self.browser.get("navigation.navigate('/tracks')")
        self.browser.wait("location.pathname === '/tracks' && document.querySelector('main .tracks')", 10, "elsewhere")
        self.browser.get("performance.clearResourceTimings(); navigation.navigate('/')")
        self.browser.wait("document.querySelector('.for-you .shelf')", 20, "the home page changes: suggestions")
        self.picture("home")
        self.answered("/api/v1/recommendations", "/api/v1/days")
        check(self.browser.get(SOUNDS), "it plays on")
        check(not self.browser.get(f"return document.querySelector('{OFFER}')"), "an offer beside what plays")
        check(self.get("/api/v1/offers")["offer"] is None, "the server offers something while it plays")

    def asks_why(self):
        title = self.browser.get("return document.querySelector('.for-you .card .card-title').textContent")
        self.browser.click(".for-you .card .card-more")
        self.browser.wait("document.querySelector('.menu')", 5, "its menu")
        self.browser.get("[...document.querySelectorAll('.menu-item')].find(one => one.textContent.includes('Why this?')).click()")
        self.browser.wait("document.querySelector('dialog[open] .reasons li')", 10, "the reasons")
        self.picture("why")
        self.browser.get("[...document.querySelectorAll('dialog .button')].find(one => one.textContent.includes('Not this')).click()")
        self.text(f"{title} is no longer suggested")
        check(self.get("/api/v1/hidden")["items"][0]["title"] == title, "the server knows that it is hidden")

    def sees_an_offer(self):
        self.pause()
        until(lambda: self.get("/api/v1/offers")["offer"], 60, "nothing plays: there is an offer")
        self.browser.size(DESK[0], 500)
        self.home()
        self.browser.wait(f"document.querySelector('{OFFER}')", 20, "the card")
        time.sleep(2.5)
        check(self.counts() == [], f"out of sight it counts: {self.counts()}")
        self.browser.size(*DESK)
        self.browser.get(f"document.querySelector('{OFFER}').scrollIntoView({{ block: 'center' }})")
        until(self.counts, 20, "it is counted as shown")
        self.picture("offer")
        self.browser.media(prefers_color_scheme="dark")
        self.picture("offer-dark")
        self.browser.media(prefers_color_scheme="light")
        check(self.counts() == [(1, 0)], f"counts: {self.counts()}")
        words = self.browser.get(f"return document.querySelector('{OFFER}').innerText")
        check(words.startswith("Offer") and "The Quiet Coast, live" in words and "because you play" in words and "18 EUR" in words, f"the card says {words!r}")
        check(self.browser.get(f"return document.querySelectorAll('{OFFER}').length") == 1, "more than one card")
        check(self.browser.get(f"return document.querySelector('{OFFER} img')?.naturalWidth") > 0, "no picture")
        check(not self.browser.get("return document.querySelector('.queue-side .offer, .player .offer')"), "an offer at the queue or the player")

    def follows(self):
        tabs = len(self.browser.driver.window_handles)
        own = self.browser.driver.current_window_handle
        self.browser.click(f"{OFFER} a[target=_blank]")
        until(lambda: len(self.browser.driver.window_handles) > tabs, 10, "a new tab")
        other = next(one for one in self.browser.driver.window_handles if one != own)
        self.browser.driver.switch_to.window(other)
        until(lambda: Shop.visits, 10, "the shop is visited")
        self.browser.wait("document.title === 'shop'", 10, "the shop is shown")
        check(self.browser.get("return window.opener") is None, "the shop has hold of the page")
        self.browser.driver.close()
        self.browser.driver.switch_to.window(own)
        path, referrer, cookie = Shop.visits[0]
        check(path == "/tide-live" and referrer is None, f"the shop is told {referrer!r}")
        until(lambda: self.counts() == [(1, 1)], 10, "it is counted as followed")

    def plays_beside(self):
        self.home()
        self.browser.wait(f"document.querySelector('{OFFER}')", 20, "the same offer")
        self.browser.click('.quick-card')
        self.browser.wait(f"!document.querySelector('{OFFER}')", 10, "it goes when something plays")
        until(lambda: self.browser.get(SOUNDS), 30, "it sounds")
        self.pause()
        time.sleep(1)
        check(not self.browser.get(f"return document.querySelector('{OFFER}')"), "it comes back by itself")
        until(lambda: self.get("/api/v1/offers")["offer"], 60, "nothing plays again")

    def ends_it(self):
        self.home()
        self.browser.wait(f"document.querySelector('{OFFER}')", 20, "the same offer")
        self.browser.get(f"document.querySelector('{OFFER}').scrollIntoView({{ block: 'center' }})")
        self.browser.click(f"{OFFER} .tool")
        self.text("is not offered again, for good")
        check(not self.browser.get(f"return document.querySelector('{OFFER}')"), "it stays")
        check(self.browser.get("return document.activeElement.tagName") == "H1", "the focus is lost")
        self.picture("dismissed")
        until(lambda: self.get("/api/v1/me/offers")["dismissed"] == 1, 10, "the server knows")
        self.home()
        self.answered("/api/v1/recommendations", "/api/v1/offers")
        check(not self.browser.get(f"return document.querySelector('{OFFER}')"), "it is back after a reload")
        check(self.counts() == [(1, 1)], f"counted twice: {self.counts()}")

    def switches(self):
        for path in ("/taste", "/account"):
            self.browser.go(self.server.base + path)
            self.browser.wait("document.querySelector('#offers:not([hidden])')", 20, f"{path}: the switch")
            self.browser.get("document.querySelector('#offers').scrollIntoView({ block: 'center' })")
            self.text("You have ended 1 offer for good.")
            before = self.get("/api/v1/me/offers")["enabled"]
            self.browser.click("#offers input")
            until(lambda: self.get("/api/v1/me/offers")["enabled"] != before, 10, f"{path}: it switches")
            self.picture("switch" + path.replace("/", "-"))
        check(self.get("/api/v1/me/offers")["enabled"], "two clicks are none")

    def plans(self):
        self.browser.go(self.server.base + "/account")
        self.browser.wait("document.querySelector('#plan .plans')", 20, "other plans")
        words = self.browser.get("return document.querySelector('#plan').innerText")
        for one in ("Your plan", "Free", "Room for 1 GB", "Plus", "4 EUR a month", "Room for 50 GB", "now: Room for 1 GB", "200 playlists"):
            check(one in words, f"plans lack {one!r}: {words!r}")
        href = self.browser.get("return document.querySelector('#plan a').href")
        check(href == f"{self.shop}/plans?plan=plus", f"the upgrade leads to {href}")
        self.browser.get("document.querySelector('#plan').scrollIntoView()")
        self.picture("plans")

    def meets_a_limit(self):
        for turn, expected in enumerate((None, "Your plan has no more playlists. Delete one, or ask for a larger plan. With Plus: 200 playlists.", "Your plan has no more playlists.")):
            self.browser.go(self.server.base + "/playlists")
            self.browser.click("main button.button.main")
            self.browser.wait("document.querySelector('dialog[open] input')", 10, "a name is asked for")
            self.browser.type(f"List {turn}")
            self.browser.click("dialog .button.main")
            if expected:
                self.text(expected)
                self.picture(f"limit-{turn}")
                check(turn == 1 or "With Plus" not in self.browser.get("return document.body.innerText"), "the plan is shown twice")
            else:
                self.browser.wait("location.pathname.startsWith('/playlist/')", 10, "the first is made")

    def opts_out(self):
        self.browser.go(self.server.base + "/taste")
        self.browser.click("main .choice input")
        self.text("Nothing is learned, and what was learned is erased")
        now = self.get("/api/v1/me/taste")
        check(not now["enabled"] and now["tracks"] == 0 and now["skips"] == 0, f"after opting out: {now}")
        check(self.get("/api/v1/me/offers")["dismissed"] == 0, "what was dismissed is still known")
        self.home()
        self.answered("/api/v1/recommendations", "/api/v1/days")
        check(not self.browser.get(f"return document.querySelector('.for-you .shelf, {OFFER}')"), "the home page still knows the taste")
        self.picture("out")


def run(folder):
    music = [os.path.join(place, name) for artist, name, titles in (
        ("The Quiet Coast", "Tides", ["Harbour", "Low Water", "Lights Out"]), ("Mara Finch", "Lowlands", ["Reeds", "Slow River"]),
        ("Oren Vale", "Lanterns", ["Canal", "Fireflies"]), ("Aya Morin", "Moonless", ["Undertow", "Perigee"]))
        for place in [album(os.path.join(folder, "music"), name, artist, titles, seconds=14)] for name in sorted(os.listdir(place)) if name.endswith(".flac")]
    shop = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    threading.Thread(target=shop.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{shop.server_port}"
    with open(os.path.join(folder, "offers.yaml"), "w") as file:
        file.write(FEED.format(shop=base))
    os.replace(os.path.join(folder, "music", "cover.jpg"), os.path.join(folder, "tide.jpg"))
    with open(os.path.join(folder, "sweetspot.yaml"), "w") as file:
        file.write(CONFIG.format(folder=folder, shop=base))
    os.makedirs(os.path.join(folder, "data"))
    with served(folder, "--config", os.path.join(folder, "sweetspot.yaml")) as server, chromium() as browser:
        browser.size(*DESK)
        one = Listener(browser, server, folder, base)
        for step, arguments in ((one.begins, (music,)), (one.opts_in, ()), (one.listens, ()), (one.asks_why, ()), (one.sees_an_offer, ()), (one.follows, ()),
                                (one.plays_beside, ()), (one.ends_it, ()), (one.switches, ()), (one.plans, ()), (one.meets_a_limit, ()), (one.opts_out, ())):
            step(*arguments)
            figures["steps"] = figures.get("steps", 0) + 1
            # The browser itself notes each refusal.
            lines = browser.said(allowed=("507",) if step == one.meets_a_limit else ())
            check(not lines, f"{step.__name__}: {lines[:4]}")


if __name__ == "__main__":
    main("offers", run)
