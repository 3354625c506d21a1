"""The player by keyboard alone: from the first account through upload, search, playing, seeking, menus and a reordered queue to a copy on
the device. The focus has to be seen at every step, and never under the bar.

Usage: keyboard_test.py
"""
import os

from stage import DESK, PASSWORD, PHONE, Server, album, check, chromium, figures, main, until

TITLES = ["Harbour", "Low Water", "Lights Out", "Breakwater", "Salt", "Driftwood", "Shingle", "Spray", "Dunes", "Marram", "Skerries", "Ebb"]
OTHERS = ["Fog", "Drizzle"]

# What has the focus: whether it is seen, what covers it, and its ring.
FOCUS = """
const one = document.activeElement
if (!one || one === document.body) return null
const box = one.getBoundingClientRect(), style = getComputedStyle(one)
const name = `${one.tagName.toLowerCase()}.${one.className} ${one.getAttribute('aria-label') ?? one.textContent.trim().slice(0, 30)}`
// Of what is larger than the window some part is enough (WCAG 2.4.11); of all else the middle and the corners count.
const inset = 3
const points = [[box.x + box.width / 2, box.y + box.height / 2], [box.left + inset, box.top + inset], [box.right - inset, box.bottom - inset]]
const covers = points.map(([x, y]) => document.elementFromPoint(Math.max(0, Math.min(innerWidth - 1, x)), y)).map(hit =>
  !hit ? 'outside the window' : one === hit || one.contains(hit) || hit.contains(one) || hit.closest('label')?.contains(one) ? '' : `${hit.tagName.toLowerCase()}.${hit.className}`)
const ringed = node => [null, '::after'].some(part => { const s = getComputedStyle(node, part); return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1 })
const rings = ringed(one) || (one.closest('label, .search-box, .seek-slider') && [...one.closest('label, .search-box, .seek-slider').querySelectorAll('*'), one.closest('label, .search-box, .seek-slider')].some(ringed))
return { name, path: location.pathname, covers: covers.filter(Boolean), rings, isWhole: box.height > innerHeight * 0.8, main: one.id === 'main' || one.tagName === 'H1',
  box: [box.x, box.y, box.width, box.height].map(Math.round) }
"""
TARGETS = """
const small = []
for (const one of document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')) {
  if (!one.checkVisibility({ visibilityProperty: true, opacityProperty: false })) continue
  // A card is its title's target.
  const isCard = getComputedStyle(one, '::after').position === 'absolute'
  const box = ((isCard && one.offsetParent) || one.closest('label') || one).getBoundingClientRect()
  if (!box.width || box.right < 0 || one.classList.contains('skip')) continue
  // Links in a line of text are the exception of WCAG 2.5.8; smaller ones need 24 pixels around their middle without another target.
  const inLine = one.tagName === 'A' && getComputedStyle(one).display === 'inline'
  if (inLine || (box.width >= 23.5 && box.height >= 23.5)) continue
  small.push(`${one.tagName.toLowerCase()}.${one.className} ${one.textContent.trim().slice(0, 20)} ${Math.round(box.width)} x ${Math.round(box.height)}`)
}
return small
"""


class Hands:
    """Two hands on a keyboard."""

    def __init__(self, browser, server):
        self.browser, self.server = browser, server

    def look(self):
        focus = self.browser.get(FOCUS)
        if focus is None:
            return None
        figures["places of the focus"] = figures.get("places of the focus", 0) + 1
        where = f"{focus['path']}: {focus['name']} at {focus['box']}"
        if not focus["isWhole"]:
            check(not focus["covers"], f"{where} is under {focus['covers']}")
        check(focus["rings"] or focus["main"], f"{where} has no ring")
        return focus

    def press(self, *keys, **with_):
        for key in keys:
            self.browser.key(key, **with_)
            figures["keys"] = figures.get("keys", 0) + 1

    def tab_to(self, selector, most=90, back=False):
        """Tabs until what a selector names has the focus, and looks at every place on the way."""
        for _ in range(most):
            self.press("Tab", shift=back)
            self.look()
            if self.browser.get("return document.activeElement?.matches(arguments[0])", selector):
                return
        raise AssertionError(f"{selector} is not reached in {most} tabs; at {self.browser.get(FOCUS)}")

    def go(self, keys, path):
        """By two keys, as `g a`."""
        self.press(*keys)
        self.browser.wait("location.pathname === arguments[0] && document.querySelector('main h1') && !document.querySelector('main .waiting')", 10,
                          f"{path} by {keys}", path)
        targets = self.browser.get(TARGETS)
        check(not targets, f"{path}: targets below 24 pixels: {targets[:5]}")

    def title(self):
        return self.browser.get("return document.querySelector('.player .title')?.textContent ?? ''")

    def at(self):
        clock = self.browser.get("return document.querySelector('.player .at').textContent").split(":")
        return 60 * int(clock[0]) + int(clock[1])


def journey(hands, music):
    browser = hands.browser
    browser.go(hands.server.setup)
    browser.wait("document.activeElement?.name === 'name'", 10, "the first field has the focus")
    for value in ("ada", PASSWORD, PASSWORD):
        browser.type(value)
        hands.look()
        hands.press("Tab")
    hands.press("Enter")
    browser.wait("document.body.innerText.includes('Welcome, ada')", 60, "the account is made")
    hands.tab_to("a.button[href='/uploads']")
    hands.press("Enter")
    browser.wait("document.querySelector('.drop-zone')", 10, "uploads")
    # The button opens a dialog of the system; what it gives comes through the input.
    hands.tab_to(".drop-zone .button.main")
    hands.tab_to(".drop-zone .button:not(.main)")
    node = browser.cdp("DOM.getDocument")["root"]["nodeId"]
    found = browser.cdp("DOM.querySelector", nodeId=node, selector="input[type=file][accept]")["nodeId"]
    files = sorted(os.path.join(folder, name) for folder, _, names in os.walk(music) for name in names if name.endswith(".flac"))
    browser.cdp("DOM.setFileInputFiles", nodeId=found, files=files)
    browser.wait(f"[...document.querySelectorAll('.upload')].filter(one => one.dataset.stage === 'stored').length === {len(TITLES + OTHERS)}", 300, "all are stored")

    hands.go("ga", "/albums")
    hands.tab_to("main .card-title")
    hands.press("Enter")
    browser.wait("location.pathname.startsWith('/album/') && document.querySelector('main .tracks .row:not(.head) .title')?.textContent", 10, "the album")
    hands.tab_to("main .view-head .button.main")
    hands.press("Enter")
    browser.wait("sounds.some(one => !one.paused && one.currentTime > 0.5)", 20, "it plays")

    # The list: every row by the arrow, none under the bar, and the widgets of a row.
    browser.wait("!document.querySelector('.toast')", 15, "what was said of the uploads goes by itself")
    hands.tab_to("main .tracks .row[tabindex='0']")
    for _ in TITLES[1:]:
        hands.press("ArrowDown")
        hands.look()
    check(browser.get("return document.activeElement.querySelector('.title')?.textContent") == TITLES[-1], "the arrow does not come to the last row")
    for _ in range(4):
        hands.press("ArrowRight")
        hands.look()
    hands.press("Escape")
    hands.press("Home")
    hands.press("ArrowDown", "ArrowDown", "Enter")
    until(lambda: hands.title() == TITLES[2], 10, "Enter plays the third row")

    # Keys of the player. In a list, letters go to titles.
    hands.tab_to(".player .next")
    hands.press("n")
    until(lambda: hands.title() == TITLES[3], 10, "n goes to the next")
    hands.press("p")
    until(lambda: hands.title() == TITLES[2], 10, "p goes back")
    before = hands.at()
    hands.press("l")
    until(lambda: hands.at() >= before + 8, 5, "l goes forward")
    hands.press("k")
    browser.wait("sounds.every(one => one.paused)", 5, "k pauses")
    hands.tab_to("main .tracks .row[tabindex='0']", back=True)
    hands.press(" ")
    browser.wait("sounds.some(one => !one.paused)", 5, "space plays, on a row too")
    hands.press(" ")
    hands.tab_to(".player .seek input")
    hands.press("Home")
    until(lambda: hands.at() == 0, 5, "Home goes to the beginning")
    hands.press("ArrowRight", "PageUp")
    until(lambda: 4 <= hands.at() - 30 <= 6 or hands.at() >= 20, 5, "arrows and pages seek")
    hands.tab_to(".player .volume")
    hands.look()

    # Menus by keyboard, and back to where they came from.
    hands.go("ga", "/albums")
    hands.tab_to("main .card-title")
    hands.press("F10", shift=True)
    browser.wait("document.activeElement?.closest('.menu')", 5, "Shift+F10 opens the album's menu")
    names = browser.get("return [...document.querySelectorAll('.menu .menu-item')].map(one => one.textContent.trim())")
    check({"Play next", "Keep on this device", "Edit tags", "Delete from the library"} <= set(names), f"the album's menu has {names}")
    hands.press("Escape")
    browser.wait("document.activeElement?.matches('main .card-title')", 5, "the focus is back at the album")
    select_albums(hands)
    hands.press("Enter")
    browser.wait("document.querySelector('main .tracks .row:not(.head) .title')?.textContent", 10, "the album again")
    hands.tab_to("main .tracks .row[tabindex='0']")
    hands.press("F10", shift=True)
    browser.wait("document.activeElement?.closest('.menu')", 5, "Shift+F10 opens the menu")
    items = browser.get("return document.querySelectorAll('.menu .menu-item').length")
    for _ in range(items):
        hands.look()
        hands.press("ArrowDown")
    hands.press("Escape")
    browser.wait("document.activeElement?.closest('.tracks')", 5, "the focus is back in the list")

    # The selection, and the queue: moved by keys and by menu, so that no drag is needed.
    hands.press("ArrowDown", shift=True)
    browser.wait("document.querySelector('.selection-bar')?.checkVisibility()", 5, "two rows are selected")
    hands.tab_to(".selection-bar .button")
    hands.press("Enter")
    browser.go(browser.get("return location.origin") + "/queue")
    browser.wait("document.querySelector('main .tracks .row:not(.head) .title')?.textContent", 10, "the queue")
    hands.tab_to("main .tracks .row[tabindex='0']")
    order = "[...document.querySelectorAll('main .tracks .row:not(.head)')].filter(one => !one.hidden).sort((a, b) => a.ariaRowIndex - b.ariaRowIndex).map(one => one.querySelector('.title').textContent)"
    hands.press("Home")
    first = browser.get(f"return {order}")
    hands.press("ArrowDown", alt=True)
    browser.wait(f"JSON.stringify({order}.slice(0, 2)) === arguments[0]", 5, "Alt with the arrow moves the row",
                 f'["{first[1]}","{first[0]}"]')
    hands.look()
    hands.press("F10", shift=True)
    browser.wait("document.activeElement?.closest('.menu')", 5, "the row's menu")
    names = browser.get("return [...document.querySelectorAll('.menu .menu-item')].map(one => one.textContent.trim())")
    check({"Move up", "Move down", "Move to the top", "Remove from queue"} <= set(names), f"the queue's menu has {names}")
    hands.press("Escape")
    hands.press("z", ctrl=True)
    browser.wait(f"JSON.stringify({order}) === arguments[0]", 5, "Ctrl+Z undoes", browser.get("return JSON.stringify(arguments[0])", first))

    # What is said has a way to it, and takes the focus back to where it was.
    hands.tab_to("main .tracks .row[tabindex='0']")
    hands.press("Delete")
    browser.wait("document.querySelector('.toast .button')", 5, "a row is removed")
    hands.press("F6")
    browser.wait("document.activeElement?.matches('.toast .button')", 5, "F6 goes to the notice")
    hands.look()
    hands.press("Enter")
    browser.wait(f"JSON.stringify({order}) === arguments[0]", 5, "Enter undoes", browser.get("return JSON.stringify(arguments[0])", first))
    browser.wait("document.activeElement?.closest('.tracks')", 5, "the focus is back in the list")

    # Search, and the sheet.
    hands.press("k", ctrl=True)
    browser.wait("location.pathname === '/search' && document.activeElement?.matches('input')", 10, "Ctrl+K searches")
    browser.type("drift")
    browser.wait("document.querySelector('main').innerText.includes('Driftwood')", 10, "it is found")
    hands.press("ArrowDown")
    hands.look()
    # Letters go to the box that has the focus, not to shortcuts.
    hands.press("Escape")
    hands.tab_to(".side a[href='/albums']", back=True)
    hands.go("gh", "/")
    hands.press("?", shift=True)
    browser.wait("document.querySelector('dialog[open] .keys-sheet')", 5, "the sheet")
    check(browser.get("return document.querySelectorAll('dialog .keys-sheet kbd').length") >= 25, "the sheet lacks keys")
    hands.press("Escape")
    browser.wait("!document.querySelector('dialog[open]')", 5, "Escape closes the sheet")

    # A copy for the device.
    hands.go("ga", "/albums")
    hands.tab_to("main .card-title")
    hands.press("Enter")
    browser.wait("document.querySelector('main .pin')?.checkVisibility()", 10, "the album a third time")
    hands.tab_to("main .pin")
    hands.press("Enter")
    browser.wait("document.querySelector('dialog[open]')?.innerText.includes('Exactly')", 15, "the size")
    hands.tab_to("dialog .button.main")
    hands.press("Enter")
    browser.wait("document.querySelector('main .pin.on')", 60, "it is on the device")
    check(browser.get("return document.activeElement?.matches('main .pin')"), "after the dialog the focus is elsewhere: " + str(browser.get(FOCUS)))


def select_albums(hands):
    """From the first album's card, and back to it."""
    browser, cookie = hands.browser, hands.server.cookie()
    hands.press(" ", ctrl=True)
    browser.wait("document.querySelector('.selection-bar')?.checkVisibility() && document.activeElement.matches('.card-title')", 5, "an album is selected")
    hands.tab_to(".card-check[aria-checked='false']")
    hands.press(" ")
    browser.wait("document.querySelector('.selection-bar strong').textContent === '2 selected'", 5, "two albums are selected")
    hands.tab_to(".selection-bar [aria-haspopup='menu']")
    hands.press("Enter")
    browser.wait("document.activeElement?.closest('.menu')", 5, "the menu of two albums")
    names = browser.get("return [...document.querySelectorAll('.menu .menu-item')].map(one => one.textContent.trim())")
    check(names == ["Play", "Shuffle", "Play next", "Add to queue", "Add to a playlist", "Favourite", "Keep on this device", "Edit tags",
                    "Delete from the library"], f"the menu of two albums has {names}")
    hands.press("f", "Enter")
    until(lambda: len(hands.server.items("/api/v1/albums?favourite=true", cookie)) == 2, 5, "both are favourites")
    hands.tab_to(".selection-bar [aria-label='Clear the selection']")
    hands.press("Enter")
    browser.wait("!document.querySelector('.selection-bar').checkVisibility() && document.activeElement?.matches('main .card-title')", 5, "the selection ends")
    hands.press("a", ctrl=True)
    browser.wait("document.querySelectorAll('.card-check[aria-checked=true]').length === 2", 5, "all are selected")
    hands.press("Escape")
    browser.wait("!document.querySelector('.card-check[aria-checked=true]')", 5, "Escape ends the selection")
    hands.tab_to("main .card-title", back=True)
    hands.look()


def walk(hands, paths):
    """Tabs through whole views, forward and back: the focus is seen at every place, and comes out again."""
    browser = hands.browser
    for path in paths:
        browser.go(hands.server.base + path)
        browser.wait("document.querySelector('main h1') && !document.querySelector('main .waiting') && document.querySelector('.player:not([hidden])')", 15, path)
        for back in (False, True):
            for _ in range(150):
                hands.press("Tab", shift=back)
                if hands.look() is None:
                    break
            else:
                check(False, f"{path}: the focus does not come out of the page in 150 tabs")
        targets = browser.get(TARGETS)
        check(not targets, f"{path}: targets below 24 pixels: {targets[:5]}")


def run(folder):
    for name, titles in (("Tides", TITLES), ("Weather", OTHERS)):
        music = os.path.dirname(album(os.path.join(folder, "music"), name, "The Quiet Coast", titles, 40))
    # A copy of twelve tracks is more than the plan of a new account allows at once; here the keys are tested.
    with open(os.path.join(folder, "plans.yaml"), "w") as file:
        file.write("plans:\n  free:\n    streams: 100\n")
    server = Server(folder, "--config", os.path.join(folder, "plans.yaml"))
    try:
        with chromium() as browser:
            browser.size(*DESK)
            hands = Hands(browser, server)
            journey(hands, music)
            cookie = server.cookie()
            track = server.items("/api/v1/tracks?sort=album", cookie)[0]
            paths = ["/", "/albums", f"/album/{track['albumId']}", f"/artist/{track['artists'][0]['id']}", "/tracks", f"/track/{track['id']}",
                     "/genres", "/playlists", "/search?q=low", "/queue", "/playing", "/history", "/year", "/taste", "/uploads", "/account", "/scrobbling", "/smart", "/settings", "/device", "/library"]
            walk(hands, paths)
            browser.size(*PHONE)
            walk(hands, paths)
            # A server that sends no plays on says that there is no such thing.
            said = browser.said(allowed=("/api/v1/me/scrobbling",))
            check(not said, f"console: {said[:4]}")
    finally:
        server.end()


main("keyboard", run)
