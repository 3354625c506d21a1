"""Deletes that are taken back: at once by the notice, later from the view of what was deleted; each track is as it was.

Usage: delete_test.py    (in Chromium, at 1280 x 800 and at 390 x 844)
"""
import os
import time

from stage import DESK, PHONE, album, check, chromium, figures, library, main, until

TITLES = ["Anchor", "Buoy", "Current", "Drift", "Estuary"]
ROW = "main .tracks .rows .row:not([hidden])"
NAMES = f"[...document.querySelectorAll({ROW!r})].map(one => [one.getBoundingClientRect().y, one.querySelector('.title').textContent]).sort((a, b) => a[0] - b[0]).map(one => one[1])"
MENU = f"[...document.querySelectorAll({ROW!r})].find(one => one.querySelector('.title').textContent === arguments[0])?.querySelector('[data-act=menu]').click()"
DELETE = """
const entry = document.querySelector('.menu .menu-item.danger')
entry?.click()
return Boolean(entry)
"""


class Delete:
    def __init__(self, browser, server, size):
        self.browser, self.server, self.where = browser, server, f"{size[0]} px"
        self.press = browser.tap if size == PHONE else browser.click

    def change(self, method, path, body=None):
        status, _, answer = self.server.send(method, path, body)
        assert status in (200, 201, 204), f"{method} {path}: {status} {answer}"
        return answer

    def tracks(self):
        return {track["title"]: track for track in self.server.items("/api/v1/tracks?sort=title&fields=id,title,favourite,rating")}

    def delete(self, title):
        self.browser.get(MENU, title)
        until(lambda: self.browser.get(DELETE), 10, f"{self.where}: a menu with Delete")

    def shows(self, names, words, seconds=15):
        self.browser.wait(f"JSON.stringify({NAMES}) === arguments[0]", seconds, f"{self.where}, {words}: {names}", _text(names))

    def at_once(self):
        before = self.tracks()
        playlist = self.change("POST", "/api/v1/playlists", {"name": "All", "tracks": [before[title]["id"] for title in TITLES]})
        self.change("PUT", f"/api/v1/tracks/{before['Buoy']['id']}/favourite")
        self.change("PUT", f"/api/v1/tracks/{before['Buoy']['id']}/rating", {"rating": 4})
        before = self.tracks()
        self.browser.go(self.server.base + "/tracks?sort=title")
        self.shows(TITLES, "all tracks", 30)
        self.delete("Buoy")
        self.shows([title for title in TITLES if title != "Buoy"], "without it")
        self.browser.wait("document.querySelector('.toast')?.textContent.includes('Buoy is deleted')", 10, f"{self.where}: it is said")
        check("Buoy" not in self.tracks(), f"{self.where}: the server still has it")
        began = time.monotonic()
        self.press(".toast .button")
        self.shows(TITLES, "with it")
        figures["undone in"] = f"{time.monotonic() - began:.1f} s"
        now = self.tracks()
        check(now == before, f"{self.where}: {now['Buoy']}, not {before['Buoy']}")
        places = [track["title"] for track in self.server.items(f"/api/v1/playlists/{playlist['id']}/tracks?fields=title")]
        check(places == TITLES, f"{self.where}: the playlist is {places}")
        self.change("DELETE", f"/api/v1/playlists/{playlist['id']}")

    def later(self):
        for title in ("Current", "Estuary"):
            self.delete(title)
            self.browser.wait(f"!{NAMES}.includes(arguments[0])", 15, f"{self.where}: {title} is gone", title)
        self.browser.go(self.server.base + "/deleted")
        entries = "[...document.querySelectorAll('.entries li strong')].map(one => one.textContent)"
        self.browser.wait(f"{entries}.join() === 'Estuary,Current'", 20, f"{self.where}: both are listed, the latest first")
        left = self.browser.get("return [...document.querySelectorAll('.entries .left')].map(one => one.textContent)")
        check(all(one.endswith("min left") for one in left), f"{self.where}: how long they can be brought back: {left}")
        self.press(".entries button[aria-label='Restore Estuary']")
        self.browser.wait(f"{entries}.join() === 'Current'", 15, f"{self.where}: one is back")
        focus = self.browser.get("return document.activeElement.getAttribute('aria-label')")
        check(focus == "Restore Current", f"{self.where}: the focus is on what can be done next: {focus!r}")
        # What another device does is seen here too.
        self.change("POST", f"/api/v1/deleted/{self.server.items('/api/v1/deleted')[0]['id']}")
        self.browser.wait("document.querySelector('.notice')?.textContent.includes('Nothing was deleted')", 15, f"{self.where}: the other is back")
        check(sorted(self.tracks()) == TITLES, f"{self.where}: {sorted(self.tracks())}")

    def run(self):
        for step in (self.at_once, self.later):
            step()
            lines = self.browser.said()
            check(not lines, f"{self.where}, {step.__name__}: {lines[:4]}")


def _text(names):
    return "[" + ",".join(f'"{name}"' for name in names) + "]"


def run(folder):
    music = os.path.join(folder, "music")
    album(music, "Tide", "Ada", TITLES, seconds=3)
    with library(folder, music, len(TITLES)) as server, chromium() as browser:
        for size in (DESK, PHONE):
            browser.size(*size, phone=size == PHONE)
            Delete(browser, server, size).run()


if __name__ == "__main__":
    main("delete", run)
