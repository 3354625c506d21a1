"""Smart playlists by keyboard alone: rules made, refused with the place, saved, changed, taken from a file, and a copy that stays as it is.

Usage: rules_test.py [PICTURES]    (in Chromium; with a folder for its screenshots)
"""
import json
import os
import sys

from stage import DESK, PHONE, album, check, chromium, figures, library, main, until

ROWS = "[...document.querySelectorAll('main .tracks .row:not(.head) .title')].filter(one => one.offsetParent).map(one => one.textContent)"
FILE = {"name": "Not the coast", "comment": "from elsewhere", "any": [{"isNot": {"Artist": "The Quiet Coast"}}, {"gt": {"year": 2090}}], "sort": "-title", "limit": 2}


class Editor:
    def __init__(self, browser, server):
        self.browser, self.server = browser, server

    def picture(self, name):
        if len(sys.argv) > 1:
            self.browser.picture(os.path.join(sys.argv[1], f"rules-{name}.png"), whole=True)

    def press(self, *keys, **with_):
        for key in keys:
            self.browser.key(key, **with_)
            figures["keys"] = figures.get("keys", 0) + 1

    def tab_to(self, selector, back=False):
        for _ in range(80):
            if self.browser.get("return document.activeElement?.matches(arguments[0])", selector):
                return
            self.press("Tab", shift=back)
        raise AssertionError(f"{selector} is not reached by Tab")

    def choose(self, selector, text):
        """An option of a select, by the arrows."""
        self.tab_to(selector)
        found = self.browser.get("""const one = document.activeElement; const goal = [...one.options].findIndex(option => option.textContent === arguments[0]);
          return [goal, one.selectedIndex]""", text)
        check(found[0] >= 0, f"{selector} has no {text}")
        for _ in range(abs(found[0] - found[1])):
            self.press("ArrowDown" if found[0] > found[1] else "ArrowUp")
        self.browser.wait("document.activeElement.options?.[document.activeElement.selectedIndex].textContent === arguments[0]", 5, f"{text} is chosen", text)

    def at(self, path):
        self.browser.go(self.server.base + path)
        self.browser.wait("document.querySelector('main h1') && !document.querySelector('main .waiting') && document.querySelector('.player')", 20, path)

    def makes(self):
        self.at("/playlists")
        self.tab_to("main a[href='/smart']")
        self.press("Enter")
        self.browser.wait("location.pathname === '/smart' && document.activeElement?.name === 'name'", 20, "the form, with the focus on the name")
        self.browser.type("Coast, newest first")
        # Nothing is filled in yet: the first fault gets the focus.
        self.tab_to("main .rules-form .button.main")
        self.press("Enter")
        self.browser.wait("document.querySelector('.fault:not([hidden])') && document.activeElement?.matches('.rule-values input')", 10, "the fault, and the focus where it is")
        self.picture("fault")
        self.browser.type("a")
        self.tab_to(".rule-group .actions .button")
        self.press("Enter")
        self.browser.wait("document.querySelectorAll('.rule').length === 2 && document.activeElement?.matches('.rule select[aria-label=What]')", 5, "another row")
        self.choose(".rule:nth-of-type(2) select[aria-label=What]", "Artist")
        self.choose(".rule:nth-of-type(2) select[aria-label=How]", "is")
        self.tab_to(".rule:nth-of-type(2) .rule-values input")
        self.browser.type("The Quiet Coast")
        self.tab_to(".rule-group .actions .button:nth-of-type(2)")
        self.press("Enter")
        self.browser.wait("document.querySelector('.rule-group .rule-group')", 5, "a group in the group")
        self.tab_to(".rule-group .rule-group .actions .button:last-of-type")
        self.picture("group")
        self.press("Enter")
        self.browser.wait("!document.querySelector('.rule-group .rule-group') && document.activeElement !== document.body", 5, "it goes, and the focus stays in the form")
        self.choose("main .rules-bounds select", "Title")
        self.tab_to("main .rules-form > .choice input")
        self.press(" ")
        self.tab_to("main .rules-form .button.main")
        self.press("Enter")
        self.browser.wait("location.pathname.startsWith('/playlist/')", 20, "it is saved and shown")
        self.browser.wait(f"JSON.stringify({ROWS}) === arguments[0]", 20, "its tracks in their order", json.dumps(["Salt", "Low Water", "Harbour"], separators=(",", ":")))
        rules = self.server.items("/api/v1/playlists")[0]["rules"]
        check(rules == {"all": [{"contains": {"title": "a"}}, {"is": {"artist": "The Quiet Coast"}}], "sort": "-title"}, f"the rules: {rules}")
        self.picture("playlist")

    def is_marked(self):
        check(not self.browser.get("return document.querySelector('main .grip, main .tracks.with-grip')"), "tracks can be dragged")
        check(self.browser.get("return document.querySelector('main .kind').textContent") == "Smart playlist", "its head does not say what it is")
        self.browser.wait("document.querySelector('.side-lists .nav-kind')?.textContent === 'Smart playlist'", 10, "it is marked at the side")
        self.tab_to("main .tracks .row[tabindex='0']")
        self.press("F10", shift=True)
        self.browser.wait("document.querySelector('.menu')", 5, "a row's menu")
        names = self.browser.get("return [...document.querySelectorAll('.menu .menu-item')].map(one => one.textContent.trim())")
        check(not [name for name in names if name.startswith("Move") or "Remove from this" in name], f"rows can be moved: {names}")
        self.press("Escape")
        self.press("ArrowDown", alt=True)
        check(self.browser.get(f"return JSON.stringify({ROWS})") == '["Salt","Low Water","Harbour"]', "Alt with the arrow moves a row")
        self.browser.get("document.querySelector('main details summary').focus()")
        self.press("Enter")
        words = self.browser.get("return document.querySelector('main .rules-words').innerText")
        for one in ("all of these", "Title contains a", "Artist is The Quiet Coast", "Order: Title, backwards."):
            check(one in words, f"the rules in words lack {one!r}: {words!r}")
        self.picture("words")

    def changes(self):
        path = self.browser.get("return location.pathname")
        self.at(path.replace("/playlist/", "/smart/"))
        check(self.browser.get("return document.querySelectorAll('.rule').length") == 2, "the rules are not in the form")
        self.tab_to(".rule:nth-of-type(2) .tool")
        self.press("Enter")
        self.browser.wait("document.querySelectorAll('.rule').length === 1", 5, "a condition is removed")
        self.tab_to("input[name=limit]")
        self.browser.type("3")
        self.tab_to("main .rules-form .button.main")
        self.press("Enter")
        self.browser.wait("location.pathname === arguments[0]", 20, "saved", path)
        self.browser.wait(f"{ROWS}.length === 3", 20, "three tracks")
        self.frozen(path)

    def frozen(self, path):
        self.tab_to("main .view-head [aria-haspopup=menu]")
        self.press("Enter")
        self.browser.wait("document.activeElement?.closest('.menu')", 5, "the menu")
        for _ in range(20):
            if self.browser.get("return document.activeElement.textContent.trim()") == "Make an ordinary copy":
                break
            self.press("ArrowDown")
        self.press("Enter")
        self.browser.wait("document.querySelector('.toast .button')", 10, "the copy is made")
        lists = until(lambda: len(found := self.server.items("/api/v1/playlists")) == 2 and found, 10, "two playlists")
        copy = next(one for one in lists if not one["rules"])
        check(copy["tracks"] == 3, f"the copy: {copy}")
        self.at(f"/playlist/{copy['id']}")
        self.browser.wait("document.querySelector('main .tracks.with-grip')", 10, "the tracks of a copy can be moved")

    def takes_a_file(self, folder):
        path = os.path.join(folder, "coast.nsp")
        with open(path, "w") as file:
            json.dump(FILE, file)
        other = os.path.join(folder, "broken.nsp")
        with open(other, "w") as file:
            file.write('{"tracks": []}')
        self.at("/smart")
        self.choose_file(other)
        self.browser.wait("document.querySelector('.fault:not([hidden])')?.textContent.includes('no rules')", 10, "a file without rules is refused")
        self.choose_file(path)
        self.browser.wait("document.querySelector('input[name=name]').value === 'Not the coast'", 10, "the file's name")
        check(self.browser.get("return document.querySelectorAll('.rule').length") == 2, "its conditions are in the form")
        self.picture("file")
        self.browser.get("document.querySelector('main .rules-form .button.main').focus()")
        self.press("Enter")
        self.browser.wait("location.pathname.startsWith('/playlist/')", 20, "saved")
        self.browser.wait(f"JSON.stringify({ROWS}) === arguments[0]", 20, "its tracks", '["Slow River","Reeds"]')
        rules = next(one for one in self.server.items("/api/v1/playlists") if one["name"] == "Not the coast")["rules"]
        check(rules == {"any": [{"isNot": {"artist": "The Quiet Coast"}}, {"gt": {"year": 2090}}], "sort": "-title", "limit": 2}, f"the rules of the file: {rules}")

    def choose_file(self, path):
        node = self.browser.cdp("Runtime.evaluate", expression="document.querySelector('main input[type=file]')")["result"]["objectId"]
        self.browser.cdp("DOM.setFileInputFiles", files=[path], objectId=node)

    def is_on_a_phone(self):
        self.browser.size(*PHONE)
        self.at("/smart")
        self.picture("phone")
        wide = self.browser.get("return document.documentElement.scrollWidth - innerWidth")
        check(wide <= 0, f"on the phone {wide} pixels too wide")
        self.at("/playlists")
        cards = self.browser.get("return [...document.querySelectorAll('main .card-by')].map(one => one.textContent)")
        check(sum(one.startswith("Smart playlist · ") for one in cards) == 2 and len(cards) == 3, f"cards say {cards}")
        self.picture("phone-lists")


def run(folder):
    music = os.path.join(folder, "music")
    album(music, "Tides", "The Quiet Coast", ["Harbour", "Low Water", "Lights Out", "Salt"], 6)
    album(music, "Lowlands", "Mara Finch", ["Reeds", "Slow River", "Heath"], 6)
    with chromium() as browser, library(folder, music, 7) as server:
        browser.size(*DESK)
        editor = Editor(browser, server)
        for step, arguments in ((editor.makes, ()), (editor.is_marked, ()), (editor.changes, ()), (editor.takes_a_file, (folder,)), (editor.is_on_a_phone, ())):
            step(*arguments)
            check(not (lines := browser.said()), f"{step.__name__}: {lines[:4]}")


if __name__ == "__main__":
    main("rules", run)
