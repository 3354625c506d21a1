"""Cards of albums with a mouse: the button on the picture plays, the rest is the album's link, and boxes select several.

Usage: cards_test.py    (needs SWEETSPOT_PROGRAM, or a release build)
"""
import os

from stage import DESK, album, check, chromium, figures, library, main, until

ALBUMS = ["Alder", "Birch", "Cedar", "Dogwood", "Elder"]
# A browser without a screen has no mouse that hovers.
MOUSE = "--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4"
SHIFT, CTRL = 8, 2
PART = """
const card = [...document.querySelectorAll('.card')].filter(one => one.checkVisibility())[arguments[0]]
const box = card.querySelector(arguments[1]).getBoundingClientRect()
return [box.x + box.width / 2, box.y + box.height / 2]
"""
HIT = "return document.elementFromPoint(...arguments[0]).closest('button, a')?.className.split(' ')[0] ?? ''"


class Mouse:
    def __init__(self, browser):
        self.browser = browser

    def over(self, place, part, keys=0):
        """Moves over a part of a card, and gives what a press would hit."""
        point = self.browser.get(PART, place, part)
        self.browser.cdp("Input.dispatchMouseEvent", type="mouseMoved", x=point[0], y=point[1], modifiers=keys)
        # The card moves under it.
        self.browser.get("await new Promise(done => setTimeout(done, 300))")
        return point, self.browser.get(HIT, point)

    def press(self, place, part, wanted, keys=0):
        point, hit = self.over(place, part, keys)
        check(hit == wanted, f"over {part} of card {place} is {hit!r}")
        for kind in ("mousePressed", "mouseReleased"):
            self.browser.cdp("Input.dispatchMouseEvent", type=kind, x=point[0], y=point[1], button="left", clickCount=1, modifiers=keys)


def selected(browser):
    return browser.get("return [...document.querySelectorAll('.card-check[aria-checked=true]')].map(one => one.ariaLabel.replace('Select ', ''))")


def steps(folder):
    music = os.path.join(folder, "music")
    for name in ALBUMS:
        album(music, name, "The Hedge", ["One", "Two"], 6)
    with library(folder, music, 2 * len(ALBUMS)) as server, chromium(arguments=[MOUSE]) as browser:
        browser.size(*DESK)
        browser.go(server.base + "/albums")
        browser.wait("performance.getEntriesByName('playable').length && [...document.querySelectorAll('.card-title')].some(one => one.textContent)", 20, "albums")
        mouse = Mouse(browser)
        mouse.press(1, ".card-play", "card-play")
        until(lambda: browser.get("return document.querySelector('.player .title')?.textContent") == "One", 10, "the button plays the album")
        check(browser.get("return location.pathname") == "/albums", "the button opened the album")

        mouse.press(1, ".card-check span", "card-check")
        check(selected(browser) == ["Birch"], f"selected is {selected(browser)}")
        mouse.press(3, ".card-check", "card-check", SHIFT)
        check(selected(browser) == ["Birch", "Cedar", "Dogwood"], f"with Shift, selected is {selected(browser)}")
        mouse.press(2, ".card-check", "card-check", CTRL)
        check(selected(browser) == ["Birch", "Dogwood"], f"with Ctrl, selected is {selected(browser)}")
        browser.click(".selection-bar .button:nth-of-type(2)")
        browser.wait("document.querySelector('.toast')?.textContent.includes('4')", 10, "four tracks are queued")
        browser.cdp("Input.dispatchMouseEvent", type="mouseMoved", x=5, y=5)
        browser.click(".selection-bar [aria-label='Clear the selection']")
        check(not selected(browser), f"selected stays {selected(browser)}")

        # A press with Shift on a card begins a selection, another one ends it there.
        mouse.press(0, ".cover", "card-title", SHIFT)
        mouse.press(4, ".card-check", "card-check", SHIFT)
        check(selected(browser) == ALBUMS, f"from the first to the last, selected is {selected(browser)}")
        figures["albums selected"] = len(selected(browser))
        mouse.press(2, ".card-title", "card-title")
        browser.wait("location.pathname.startsWith('/album/') && document.querySelector('h1')?.textContent === 'Cedar'", 10, "the title opens the album")
        check(not browser.get("return document.querySelector('.selection-bar')?.checkVisibility() ?? false"), "the bar stays in another view")
        said = browser.said()
        check(not said, f"console: {said[:4]}")


main("cards", steps)
