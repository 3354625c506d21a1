"""Links: an album, a playlist and some tracks are shared, heard on a phone without an account, gapless and with seeks, and revoked while they
play; then sessions: each is named, and one that is ended is out at once.

Usage: share_test.py    (in Chromium: the account at 1280 x 800, the guest at 390 x 844)
"""
import os
import time

from stage import DESK, PASSWORD, PHONE, account, album, check, chromium, figures, main, served, until

TITLES = ["Harbour", "Low Water", "Lights Out"]
ROW = "main .tracks .rows .row:not([hidden])"
GUEST = """
return {
  title: document.querySelector('.guest-player .title')?.textContent ?? '',
  at: document.querySelector('.guest-player .at')?.textContent ?? '',
  sounds: sounds.some(one => !one.paused && !one.ended && one.currentTime > 0),
  heading: document.querySelector('main h1')?.textContent ?? '',
}
"""
MENU = """
document.querySelectorAll('.toast .tool').forEach(one => one.click())
const entry = [...document.querySelectorAll('.menu .menu-item')].find(one => one.textContent.includes('Share'))
entry?.click()
return Boolean(entry)
"""


class Share:
    def __init__(self, browser, guest, server):
        self.browser, self.guest, self.server = browser, guest, server
        self.session = server.cookie()

    def log_in(self, browser):
        browser.go(self.server.base + "/login")
        for name, value in (("name", "ada"), ("password", PASSWORD)):
            browser.click(f"input[name={name}]")
            browser.type(value)
        browser.key("Enter")
        browser.wait("location.pathname === '/'", 60, "logged in")

    def make(self, path, opener, description="", forever=False):
        """A link, made by the menu of what `path` shows."""
        self.browser.go(self.server.base + path)
        opener()
        until(lambda: self.browser.get(MENU), 10, "a menu with Share")
        self.browser.wait("document.querySelector('dialog form input:checked') === document.activeElement", 10, "the chosen term has the focus")
        if forever:
            self.browser.click("dialog input[value=never]")
        if description:
            self.browser.click("dialog input[name=description]")
            self.browser.type(description)
        self.browser.click("dialog .button.main")
        link = self.browser.wait("document.querySelector('dialog input[readonly]')?.value", 20, "the link")
        said = self.browser.wait("document.querySelector('dialog [role=status]').textContent", 10, "what is said of it")
        check(said.startswith("It is copied"), f"the link is copied: {said!r}")
        check(self.browser.get("return navigator.clipboard.readText()") == link, "the clipboard has the link")
        self.browser.click("dialog .button.main")
        return link

    def listen(self, link, name, tracks):
        """The page of a link sounds, joins and seeks."""
        self.guest.go(link)
        self.guest.wait("document.querySelector('main h1')?.textContent === arguments[0]", 20, f"the page of {name}", name)
        rows = self.guest.get("return document.querySelectorAll(arguments[0]).length", ROW)
        check(rows == tracks, f"{name}: {rows} tracks, not {tracks}")
        began = time.monotonic()
        self.guest.tap("main .button.main")
        until(lambda: self.guest.get(GUEST)["sounds"], 30, f"{name} sounds")
        figures["sound after"] = f"{time.monotonic() - began:.1f} s"
        self.guest.wait("document.querySelector('.guest-player .rung-badge')?.checkVisibility()", 10, f"{name}: what plays")
        nothing = self.guest.get("return [Object.keys(localStorage), document.cookie, document.querySelectorAll('nav, a[href^=\"/\"]').length]")
        check(nothing == [[], "", 0], f"{name}: the page keeps and offers nothing of an account: {nothing}")
        asked = self.guest.get("return performance.getEntriesByType('resource').map(one => new URL(one.name).pathname).filter(one => one.startsWith('/api/'))")
        check(all(one.startswith("/api/v1/shared/") for one in asked), f"{name}: a guest asks for {asked}")

    def join(self):
        first = self.guest.get(GUEST)["title"]
        self.guest.get("""
          const slider = document.querySelector('.guest-player .seek input')
          slider.value = Number(slider.max) - 2
          for (const type of ['input', 'change']) slider.dispatchEvent(new Event(type))""")
        until(lambda: self.guest.get(GUEST)["title"] != first, 60, "the next track follows")
        check(self.guest.get("return sounds.length") == 1, "one element plays all tracks")
        until(lambda: self.guest.get(GUEST)["sounds"], 30, "the next track sounds")

    def links(self):
        found = self.server.items("/api/v1/albums", self.session)[0]
        tracks = [track["id"] for track in self.server.items("/api/v1/tracks?sort=title", self.session)]
        _, _, playlist = self.server.send("POST", "/api/v1/playlists", {"name": "For the train", "tracks": tracks[:2]}, self.session)
        of_view = lambda: self.browser.click("main .view-head [aria-haspopup=menu]")

        def of_rows():
            self.browser.wait("document.querySelectorAll(arguments[0]).length > 2", 10, "rows", ROW)
            self.browser.get("""
              const press = (row, shiftKey) => row.dispatchEvent(new PointerEvent('click', { bubbles: true, shiftKey }))
              const rows = document.querySelectorAll(arguments[0])
              press(rows[0], false)
              press(rows[1], true)""", ROW)
            self.browser.click(".selection-bar [aria-haspopup=menu]")
        album_link = self.make(f"/album/{found['id']}", of_view, "with <b>love</b>")
        playlist_link = self.make(f"/playlist/{playlist['id']}", of_view, forever=True)
        tracks_link = self.make("/tracks?sort=title", of_rows)

        self.listen(album_link, "Coast", 3)
        check(self.guest.get("return document.querySelector('.guest-words').textContent") == "with <b>love</b>", "words are text")
        self.join()
        for link, tracks in ((playlist_link, 2), (tracks_link, 2)):
            name = next(one["name"] for one in self.server.items("/api/v1/shares", self.session) if link.endswith(one["url"]))
            self.listen(link, name, tracks)
        check(not (lines := self.guest.said(("429",))), f"the guest: {lines[:4]}")

        # The page of the account has them all, the latest first; the guest hears of the end of what they hear.
        self.browser.go(self.server.base + "/account")
        listed = self.browser.wait("(all => all.length === 3 && all)([...document.querySelectorAll('#shares li')].map(one => one.textContent))", 20, "three links")
        check("visited once" in listed[0] and "until" in listed[0] and "without an end" in listed[1] and "with <b>love</b>" in listed[2], f"the links: {listed}")
        self.browser.click("#shares li .button")
        self.browser.click("dialog .button.danger")
        self.browser.wait("document.querySelectorAll('#shares li').length === 2", 10, "one link is gone")
        check(self.browser.get("return document.querySelector('#shares').contains(document.activeElement)"), "the focus stays among the links")
        self.guest.go(tracks_link)
        self.guest.wait("document.querySelector('main h1')?.textContent === 'This link opens nothing'", 20, "a revoked link says so")
        self.guest.said()

    def revoked_while_playing(self):
        [album_share] = [one for one in self.server.items("/api/v1/shares", self.session) if one["kind"] == "album"]
        self.guest.go(self.server.base + album_share["url"])
        self.guest.tap("main .button.main")
        until(lambda: self.guest.get(GUEST)["sounds"], 60, "it sounds")
        self.server.send("DELETE", f"/api/v1/shares/{album_share['id']}", None, self.session)
        began = time.monotonic()
        until(lambda: self.guest.get(GUEST)["heading"] == "This link opens nothing", 150, "who hears a revoked link is told")
        figures["told after"] = f"{time.monotonic() - began:.1f} s"
        check(not self.guest.get(GUEST)["sounds"], "and it is silent")
        self.guest.said()

    def sessions(self):
        self.log_in(self.guest)
        self.browser.go(self.server.base + "/account")
        names = "[...document.querySelectorAll('.entries li strong')].map(one => one.textContent)"
        self.browser.wait(f"{names}.filter(one => one === 'Chromium on Linux').length >= 2", 20, "both browsers are named")
        marked = self.browser.get("return [...document.querySelectorAll('.entries .badge')].map(one => one.closest('li').querySelector('button') === null)")
        check(marked == [True], f"this session is marked, and cannot be ended here: {marked}")
        self.browser.click(".entries button[aria-label='End the session of Chromium on Linux']")
        self.browser.wait("document.querySelector('.toast')?.textContent.includes('is logged out')", 10, "it is ended")
        self.guest.go(self.server.base + "/tracks")
        self.guest.wait("location.pathname === '/login'", 20, "who was ended has to log in")
        self.guest.said()


def run(folder):
    music = album(os.path.join(folder, "music"), "Coast", "Ada", TITLES, seconds=[45, 30, 30])
    account(os.path.join(folder, "data"))
    with served(folder) as server, chromium() as browser, chromium() as guest:
        session = server.cookie()
        for name in sorted(os.listdir(music)):
            if name.endswith(".flac"):
                server.upload(os.path.join(music, name), session)
        browser.size(*DESK)
        guest.size(*PHONE, phone=True)
        browser.cdp("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
        share = Share(browser, guest, server)
        share.log_in(browser)
        for step in (share.links, share.revoked_while_playing, share.sessions):
            step()
            check(not (lines := browser.said()), f"{step.__name__}: {lines[:4]}")


if __name__ == "__main__":
    main("share", run)
