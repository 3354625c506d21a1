"""What another device does is seen in the view that is shown: scroll, focus and selection stay with their entries, pictures are not loaded
again, and nothing is asked for that the view does not show.

Usage: follow_test.py    (in Chromium, at 1280 x 800)
"""
import os
import shutil
import time

from stage import DESK, album, check, chromium, figures, library, main, until

ROW = "main .tracks .rows .row:not([hidden])"
TITLES = [f"{letter}{letter.lower() * 2} {number}" for letter in "ABCDEFGH" for number in range(1, 6)]

SEEN = """
const rows = [...document.querySelectorAll(arguments[0])]
const name = row => row.querySelector('.title').textContent
const focused = document.activeElement.closest('.row')
return {
  chosen: rows.filter(row => row.getAttribute('aria-selected') === 'true').map(name).sort(),
  focused: focused ? name(focused) : '',
  places: Object.fromEntries(rows.map(row => [name(row), Math.round(row.getBoundingClientRect().y)])),
  count: document.querySelector('.list-count')?.textContent ?? '',
  scroll: scrollY,
}
"""
# Requests since the last time, without the page's own files; and pictures that came again.
ASKED = """
const all = performance.getEntriesByType('resource').map(one => one.name.replace(location.origin, '')).filter(name => !name.startsWith('/web/'))
performance.clearResourceTimings()
return all
"""
CHOOSE = """
const [first, second] = arguments[1].map(title => [...document.querySelectorAll(arguments[0])].find(row => row.querySelector('.title').textContent === title))
const press = (row, ctrlKey) => row.dispatchEvent(new PointerEvent('click', { bubbles: true, ctrlKey }))
press(first, false)
press(second, true)
"""


class Follow:
    def __init__(self, browser, server):
        self.browser, self.server = browser, server
        self.ids = {track["title"]: track["id"] for track in server.items("/api/v1/tracks?sort=title&limit=500&fields=id,title")}

    def change(self, method, path, body=None):
        status, _, answer = self.server.send(method, path, body)
        assert status in (200, 201, 204), f"{method} {path}: {status} {answer}"
        return answer

    def rename(self, old, new):
        self.change("PATCH", f"/api/v1/tracks/{self.ids[old]}", {"title": new})

    def seen(self):
        return self.browser.get(SEEN, ROW)

    def asked(self):
        return self.browser.get(ASKED)

    def open(self, path):
        self.browser.go(self.server.base + path)
        self.browser.wait("document.querySelector('main h1') && document.querySelector('section.player') !== null", 30, f"{path} is shown")
        # The feed is open once the sound's code is here.
        until(lambda: any("/api/v1/queue" in one for one in self.asked()), 30, "the feed is open")
        time.sleep(1)
        self.asked()

    def list(self):
        self.open("/tracks?sort=title")
        self.browser.get("scrollTo(0, 900)")
        self.browser.wait("document.querySelector(arguments[0]) !== null", 10, "rows", ROW)
        until(lambda: "Eee 2" in self.seen()["places"], 10, "a row in the middle")
        self.browser.get(CHOOSE, ROW, ["Eee 2", "Eee 4"])
        before = self.seen()
        check(before["chosen"] == ["Eee 2", "Eee 4"] and before["focused"] == "Eee 4", f"two are selected: {before['chosen']}, {before['focused']!r}")

        self.change("DELETE", f"/api/v1/tracks/{self.ids['Aaa 1']}")
        now = until(lambda: (now := self.seen())["count"].startswith("39") and now, 10, "the count follows a delete")
        for name in ("chosen", "focused"):
            check(now[name] == before[name], f"after a delete above, {name} is {now[name]}, not {before[name]}")
        check(now["places"]["Eee 2"] == before["places"]["Eee 2"], f"after a delete above, a row is at {now['places']['Eee 2']}, not {before['places']['Eee 2']}")
        check(now["scroll"] < before["scroll"], "the page is scrolled by what is gone")

        self.asked()
        self.rename("Eee 4", "Zzz 9")
        now = until(lambda: "Zzz 9" in (now := self.seen())["chosen"] and now, 10, "the selection follows a new name")
        check(now["focused"] == "Zzz 9", f"the focus follows a new name: {now['focused']!r}")
        asked = [one for one in self.asked() if not one.startswith("/art/")]
        check(0 < len(asked) <= 2 and all("/api/v1/tracks?" in one or "/letters/" in one for one in asked), f"a list asks for itself: {asked}")

        # The one with the focus goes: the focus is on what comes in its place.
        self.change("DELETE", f"/api/v1/tracks/{self.ids['Eee 4']}")
        now = until(lambda: (now := self.seen())["count"].startswith("38") and now, 10, "the count follows another delete")
        check(now["chosen"] == ["Eee 2"] and now["focused"] == "Hhh 5", f"the focus of a row that is gone: {now['focused']!r}, {now['chosen']}")

    def home(self):
        self.open("/")
        self.browser.get("""
          const shelf = document.querySelectorAll('.shelf-row')[0]
          shelf.scrollLeft = 120
          shelf.querySelectorAll('.card-title')[2].focus()
          window.changes = []
          new MutationObserver(all => changes.push(...all.flatMap(one => [...one.addedNodes]).filter(one => one.querySelector?.('img'))
            .flatMap(one => [...one.querySelectorAll('img')]).filter(one => !one.complete))).observe(document.querySelector('main'), { childList: true, subtree: true })""")
        before = self.browser.get("return [document.querySelectorAll('.shelf-row')[0].scrollLeft, document.activeElement.textContent]")
        headings = "[...document.querySelectorAll('.shelf h2')].map(one => one.textContent)"
        check(self.browser.get(f"return {headings}")[0] != "Recently played", "what was never played is not shown as played")
        self.change("POST", "/api/v1/history", {"track": self.ids["Ccc 1"]})
        self.browser.wait(f"{headings}.includes('Recently played')", 10, "a play makes its shelf")
        shelf = "[...document.querySelectorAll('.shelf')].find(one => one.querySelector('h2').textContent === arguments[0])"
        cards = self.browser.get(f"return [...({shelf}).querySelectorAll('.card-title')].map(one => one.textContent)", "Recently played")
        check(cards == ["Album C"], f"only what was played is shown as played: {cards}")
        row = f"({shelf}).querySelector('.shelf-row').scrollLeft"
        now = self.browser.get(f"return [{row}, document.activeElement.textContent]", "Recently added")
        check(now == before, f"a shelf and the focus on it stay: {now}, not {before}")
        asked = [one for one in self.asked() if not one.startswith("/art/")]
        check(all("/history?" in one for one in asked), f"after a play the first view asks for plays: {asked}")

    def playlist(self):
        some = [self.ids[title] for title in ("Bbb 1", "Bbb 2", "Bbb 3")]
        made = self.change("POST", "/api/v1/playlists", {"name": "One", "tracks": some})
        self.open(f"/playlist/{made['id']}")
        names = f"[...document.querySelectorAll({ROW!r})].map(one => one.querySelector('.title').textContent)"
        self.browser.wait(f"{names}.length === 3", 10, "three tracks")
        self.browser.get(CHOOSE, ROW, ["Bbb 2", "Bbb 3"])
        self.change("PATCH", f"/api/v1/playlists/{made['id']}", {"name": "Two", "tracks": [self.ids["Ddd 1"], *reversed(some)]})
        self.browser.wait("document.querySelector('h1').textContent === 'Two'", 10, "another name")
        names = [name for name, _ in sorted(self.seen()["places"].items(), key=lambda one: one[1])]
        check(names == ["Ddd 1", "Bbb 3", "Bbb 2", "Bbb 1"], f"another order: {names}")
        now = self.seen()
        check(now["chosen"] == ["Bbb 2", "Bbb 3"] and now["focused"] == "Bbb 3", f"selection and focus in another order: {now['chosen']}, {now['focused']!r}")

    def marks(self):
        self.open("/tracks?sort=title")
        hearts = "document.querySelectorAll('.rows .heart [aria-pressed=true]').length"
        self.change("PUT", f"/api/v1/tracks/{self.ids['Aaa 2']}/favourite")
        self.browser.wait(f"{hearts} === 1", 10, "a favourite of another device")
        self.change("DELETE", f"/api/v1/tracks/{self.ids['Aaa 2']}/favourite")
        self.browser.wait(f"{hearts} === 0", 10, "no favourite of another device")


def run(folder):
    music = os.path.join(folder, "music")
    first = album(os.path.join(folder, "first"), "Album A", "Anna", TITLES[:5], seconds=3)
    shutil.copytree(first, os.path.join(music, "A"))
    for place, letter in enumerate("BCDEFGH", 1):
        shutil.copytree(album(os.path.join(folder, letter), f"Album {letter}", "Anna", TITLES[place * 5:place * 5 + 5], seconds=3), os.path.join(music, letter))
    with library(folder, music, len(TITLES)) as server, chromium() as browser:
        browser.size(*DESK)
        follow = Follow(browser, server)
        for step in (follow.home, follow.list, follow.playlist, follow.marks):
            began = time.monotonic()
            step()
            figures[step.__name__] = f"{time.monotonic() - began:.1f} s"
            lines = browser.said()
            check(not lines, f"{step.__name__}: {lines[:4]}")


if __name__ == "__main__":
    main("follow", run)
