"""Taste: the first account is asked once; until it says yes nothing is kept. Then a play and a skip are told, an export is brought along, a time
is forgotten, and everything that was learned is gone when the switch is off.

Usage: taste_test.py [PICTURES]    (in Chromium, 1280 x 800; with a folder for its screenshots)
"""
import os
import sys
import time

from stage import DESK, PASSWORD, album, check, chromium, figures, main, served, until

TITLES = ["Harbour", "Low Water", "Lights Out"]
SECONDS = [60, 8, 40]
SOUNDS = "return sounds.some(one => !one.paused && !one.ended && one.currentTime > 0.5)"
BOX = "document.querySelector('#taste input[type=checkbox]')"


class Taste:
    def __init__(self, browser, server, folder):
        self.browser, self.server, self.folder = browser, server, folder
        self.session = {}

    def picture(self, name):
        if len(sys.argv) > 1:
            self.browser.picture(os.path.join(sys.argv[1], f"taste-{name}.png"))

    def known(self):
        return self.server.send("GET", "/api/v1/me/taste", headers=self.session)[2]

    def text(self, words, seconds=20):
        self.browser.wait("document.body.innerText.includes(arguments[0])", seconds, f"{words!r} is shown", words)

    def asked(self):
        """The first run asks, and nothing is chosen before."""
        self.browser.go(self.server.setup)
        for name, value in (("name", "ada"), ("password", PASSWORD), ("again", PASSWORD)):
            self.browser.click(f"form input[name={name}]")
            self.browser.type(value)
        self.browser.click("form .button.main")
        self.text("May sweetspot learn from what you listen to?", 60)
        self.picture("asked")
        self.session = self.server.cookie()
        before = self.known()
        check(not before["enabled"] and before["asked"] is None, f"before it is asked: {before}")
        self.browser.click("section[aria-labelledby=ask-taste] .button")
        self.text("It learns from now on.")
        until(lambda: self.known()["enabled"], 10, "the server knows")
        check(not self.browser.get("return document.querySelector('section[aria-labelledby=ask-taste] .button')"), "it is asked once")

    def listened(self, music):
        for name in sorted(os.listdir(music)):
            if name.endswith(".flac"):
                self.server.upload(os.path.join(music, name), self.session)
        self.browser.go(self.server.base + "/albums")
        self.browser.click("main .card-title")
        began = time.monotonic()
        self.browser.click("main .view-head .button.main")
        until(lambda: self.browser.get(SOUNDS), 30, "it sounds")
        figures["sound after"] = f"{time.monotonic() - began:.1f} s"
        # The first is left at once, and the second heard to its end.
        self.browser.click(".player [aria-label='Next track']")
        until(lambda: self.known()["skips"] == 1, 20, "a skip is kept")
        until(lambda: self.known()["plays"] == 1, 60, "a play is kept")
        def heard():
            return next(one for one in self.server.items("/api/v1/history", self.session) if one["track"]["title"] == TITLES[1])
        # It is told once half of it was heard, and again at its end.
        check(heard()["source"] == "player" and heard()["heard"] >= SECONDS[1] / 2, f"the play: {heard()}")
        until(lambda: heard()["heard"] >= SECONDS[1] - 1, 20, "all of it was heard")
        # The third is to be no play.
        self.browser.click(".player .play-button")

    def account(self):
        self.browser.go(self.server.base + "/account")
        self.browser.wait(f"{BOX}?.checked", 20, "the switch is on")
        self.text("1 skip")
        self.browser.get("document.querySelector('#taste').scrollIntoView()")
        self.picture("account")
        export = os.path.join(self.folder, "listens.csv")
        with open(export, "w") as file:
            file.write("uts,artist,album,track\n1700000000,Ada,Coast,Harbour\n1700000100,Nobody,,Nothing\n")
        self.choose(export)
        self.text("New plays: 1. Known already: 0. Tracks that are not in your library: 1.")
        self.picture("brought")
        self.browser.get("for (const name of ['first', 'last']) document.querySelector(`#taste input[name=${name}]`).value = '2023-11-14'")
        self.browser.click("#taste form .button")
        self.browser.click("dialog .button.danger")
        self.text("The plays are forgotten")
        until(lambda: self.known()["plays"] == 1, 10, "the plays of that day are forgotten")

    def choose(self, path):
        node = self.browser.cdp("Runtime.evaluate", expression="document.querySelector('#taste input[type=file]')")["result"]["objectId"]
        self.browser.cdp("DOM.setFileInputFiles", files=[path], objectId=node)

    def off(self):
        self.browser.click("#taste input[type=checkbox]")
        self.text("Off: nothing is learned.")
        now = self.known()
        check(not now["enabled"] and now["skips"] == 0 and now["tracks"] == 0 and now["plays"] == 1, f"after opting out: {now}")


def run(folder):
    music = album(os.path.join(folder, "music"), "Coast", "Ada", TITLES, seconds=SECONDS)
    os.makedirs(os.path.join(folder, "data"))
    with served(folder) as server, chromium() as browser:
        browser.size(*DESK)
        taste = Taste(browser, server, folder)
        for step, arguments in ((taste.asked, ()), (taste.listened, (music,)), (taste.account, ()), (taste.off, ())):
            step(*arguments)
            check(not (lines := browser.said()), f"{step.__name__}: {lines[:4]}")


if __name__ == "__main__":
    main("taste", run)
