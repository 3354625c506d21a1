"""axe in every view of the player, with its menus and dialogs open: light and dark, with more contrast, 1280 and 320 pixels wide.

Usage: axe_test.py    (needs axe.min.js, which `make test-browser` takes from PyPI's axe-playwright-python; AXE names it)
"""
import os
import time
import urllib.parse

from stage import ROOT, account, album, check, chromium, figures, library, main, served, tone, PASSWORD

AXE = os.environ.get("AXE") or os.path.join(ROOT, ".build", "oracles", "axe.min.js")
SCHEMES = ("light", "dark")
CONTRASTS = ("no-preference", "more")
WIDTHS = ((1280, 800), (320, 720))

RUN = """
const { violations } = await axe.run(document, { resultTypes: ['violations'] });
return violations.flatMap(one => one.nodes.slice(0, 3).map(node =>
  `${one.id}: ${node.target.join(' ')}: ${node.any.concat(node.all, node.none).map(check => check.message).join('; ').slice(0, 200)}`));
"""
ROW = "main .tracks .row:not(.head)"


class Views:
    def __init__(self, browser, base):
        self.browser, self.base = browser, base
        with open(AXE) as file:
            self.axe = file.read()

    def look(self, name):
        """Runs axe in each look of what is shown."""
        self.browser.cdp("Runtime.evaluate", expression=f"if (!window.axe) {{ {self.axe} }}")
        for scheme in SCHEMES:
            for contrast in CONTRASTS:
                self.browser.media(prefers_color_scheme=scheme, prefers_contrast=contrast, prefers_reduced_motion="reduce")
                found = self.browser.get(RUN)
                figures["runs"] = figures.get("runs", 0) + 1
                where = f"{name}, {self.width} px, {scheme}, {contrast}"
                for one in found:
                    check(False, f"{where}: {one}")
                wide = self.browser.get("return document.documentElement.scrollWidth - innerWidth")
                check(wide <= 0, f"{where}: {wide} pixels wider than the window")

    def open(self, path):
        self.browser.go(self.base + path)
        self.browser.wait("document.querySelector('main h1') && !document.querySelector('main .waiting')", 15, path)
        time.sleep(0.3)

    def at(self, path, shown="h1"):
        self.open(path)
        self.browser.wait("document.querySelector(arguments[0])", 10, f"{path}: {shown}", shown)
        check(self.browser.get("return location.pathname") == urllib.parse.urlparse(path).path, f"{path} leads elsewhere")
        self.look(path)

    def click(self, selector):
        self.browser.click(selector)
        time.sleep(0.3)

    def state(self, name, path, *clicks, shown):
        """What clicks open in a view."""
        self.open(path)
        for selector in clicks:
            if callable(selector):
                selector()
            else:
                self.click(selector)
        self.browser.wait("document.querySelector(arguments[0])?.checkVisibility()", 10, f"{name}: {shown}", shown)
        self.look(name)


def item(browser, text, of=".menu .menu-item"):
    """A menu's item, or a button, that begins so."""
    def press():
        browser.wait("(one => one && (one.id = 'wanted-item'))([...document.querySelectorAll(arguments[1])].find(one => one.textContent.trim().startsWith(arguments[0])))",
                     5, f"the menu's {text}", text, of)
        browser.click("#wanted-item")
        time.sleep(0.3)
    return press


def open_views(browser, server):
    views = Views(browser, server.base)
    tracks = server.items("/api/v1/tracks?sort=album")
    first = tracks[0]
    albums = server.items("/api/v1/albums")
    changes = {"X-Requested-With": "sweetspot"}
    server.send("POST", "/api/v1/playlists", {"name": "Evenings", "tracks": [one["id"] for one in tracks]}, changes)
    server.send("POST", "/api/v1/playlists", {"name": "Empty", "tracks": []}, changes)
    server.send("PUT", f"/api/v1/tracks/{first['id']}/favourite", None, changes)
    server.send("PUT", f"/api/v1/tracks/{first['id']}/rating", {"rating": 4}, changes)
    for one in tracks[:3]:
        server.send("POST", "/api/v1/history", {"track": one["id"]}, changes)
    rules = {"all": [{"contains": {"title": "a"}}, {"any": [{"inTheRange": {"year": [1990, 2099]}}, {"inTheLast": {"dateadded": 30}}, {"is": {"loved": True}}]}], "sort": "-title", "limit": 50}
    server.send("POST", "/api/v1/playlists", {"name": "Smart", "rules": rules}, changes)
    playlists = {one["name"]: one["id"] for one in server.items("/api/v1/playlists")}
    smart = playlists["Smart"]
    album_path, list_path, empty_path = f"/album/{first['albumId']}", f"/playlist/{playlists['Evenings']}", f"/playlist/{playlists['Empty']}"
    menu = f"{ROW} [data-act=menu]"
    for size in WIDTHS:
        browser.size(*size)
        views.width = size[0]
        # With nothing in the queue.
        for path in ("/queue", "/playing", "/device", "/search", "/uploads"):
            views.at(path)
        views.open(album_path)
        views.click("main .view-head .button.main")
        browser.wait("sounds.some(one => one.currentTime > 0.3)", 20, "it plays")
        browser.click(".player .play-button")
        for path in ("/", "/library", "/albums", "/albums?sort=-added", album_path, "/artists", f"/artist/{first['artists'][0]['id']}", "/tracks",
                     "/tracks?favourite=true", f"/track/{first['id']}", f"/track/{first['id']}#t=0:03", "/genres", "/genre?name=Ambient", "/playlists",
                     list_path, empty_path, f"/playlist/{smart}", "/smart", f"/smart/{smart}", "/search?q=low", "/search?q=xyzzy", "/queue", "/playing", "/history", "/year", "/year/1999", "/taste", "/account", "/settings"):
            views.at(path)
        views.state("menu of a track", album_path, f"{ROW} .title" if size[0] > 500 else menu, *([menu] if size[0] > 500 else []), shown=".menu")
        views.state("tags", album_path, menu, item(browser, "Edit tags"), shown="dialog[open]")
        views.state("playlists to add to", album_path, menu, item(browser, "Add to a playlist"), shown="dialog[open]")
        views.state("rating", album_path, menu, item(browser, "Rating"), shown="dialog[open]")
        views.state("menu of an album", album_path, "main .view-head [aria-haspopup=menu]", shown=".menu")
        views.state("a copy for the device", album_path, "main .view-head .pin", shown="dialog[open]")
        views.state("menu of an artist", f"/artist/{first['artists'][0]['id']}", "main .view-head [aria-haspopup=menu]", shown=".menu")
        views.state("menu of a playlist", list_path, "main .view-head [aria-haspopup=menu]", shown=".menu")
        views.state("rules in words", f"/playlist/{smart}", "main .rules-words summary", shown="main .rule-words")
        views.state("rules that are refused", "/smart", lambda: browser.type("x"), item(browser, "Add group", "main .button"), "main .rules-form .button.main", shown=".fault:not([hidden])")
        views.state("new playlist", "/playlists", "main .list-head .button", shown="dialog[open]")
        views.state("selected albums", "/albums", lambda: browser.wait("(one => one && (one.click(), true))([...document.querySelectorAll('.card-check:not([hidden])')]"
                    ".find(one => one.closest('.card').checkVisibility()))", 10, "an album's box"), shown=".selection-bar")
        views.state("selection", "/tracks", f"{ROW} .when, {ROW} .time", lambda: browser.key("a", ctrl=True), shown=".selection-bar")
        views.state("shortcuts", "/", lambda: browser.key("?", shift=True), shown="dialog[open] .keys-sheet")
        views.state("sound", "/playing", ".playing-tools [aria-label='Quality and loudness']", shown=".menu")
        views.state("sleep", "/playing", ".playing-tools [aria-label='Sleep timer']", shown=".menu")
        views.state("menu of what plays", "/playing", ".playing-head [aria-haspopup=menu]", shown=".menu")
        if size[0] > 1000:
            views.state("queue beside", "/", ".player .queue-button", shown=".queue-side .rows .row")
            views.click(".player .queue-button")
        views.state("what plays and why", "/playing", ".playing .play-button", lambda: browser.wait("document.querySelector('.playing .rung-badge')", 10, "badge"),
                    ".playing .play-button", ".playing .rung-badge", shown=".playing .rung-about")
        views.state("toast", album_path, menu, item(browser, "Add to queue"), shown=".toasts *")
        # The next width begins with an empty queue.
        views.open("/queue")
        browser.get("const all = await indexedDB.databases(); for (const { name } of all) indexedDB.deleteDatabase(name)")
        server.send("PUT", "/api/v1/queue", {"tracks": [], "index": 0, "position": 0}, changes)
        browser.go("about:blank")
        browser.cdp("Storage.clearDataForOrigin", origin=server.base, storageTypes="all")
    figures["albums"] = len(albums)


def closed_views(browser, server, folder):
    """Pages of a server with accounts."""
    views = Views(browser, server.base)
    for size in WIDTHS:
        browser.size(*size)
        views.width = size[0]
        views.at("/login")
        views.at("/setup?code=none")
        views.at("/setup")
        views.state("wrong password", "/login", lambda: browser.click("form input[name=name]"), lambda: browser.type("ada"),
                    lambda: browser.click("form input[name=password]"), lambda: browser.type("wrong wrong"), "form .button.main", shown=".fault")
        views.open("/login")
        for name, value in (("name", "ada"), ("password", PASSWORD)):
            browser.click(f"form input[name={name}]")
            browser.type(value)
        browser.click("form .button.main")
        browser.wait("location.pathname === '/' && document.querySelector('main h1')", 15, "logged in")
        for path in ("/", "/account", "/uploads", "/albums", "/tracks", "/artists", "/genres", "/playlists", "/history", "/deleted", "/year", "/taste", "/scrobbling"):
            views.at(path)
        # With music: a link for people without an account, the dialog that makes it, and a track that can be brought back.
        headers = server.cookie()
        path = tone(os.path.join(folder, f"{size[0]}.flac"), 6 + size[0] / 1000, tags={"title": "Reeds", "artist": "Mara Finch", "album": "Lowlands"})
        track = server.send("GET", "/api/v1/tracks/" + server.upload(path, headers), headers=headers)[2]
        status, _, share = server.send("POST", "/api/v1/shares", {"album": track["albumId"], "description": "For you"}, headers)
        check(status == 201, f"a share: {status} {share}")
        views.at(share["url"])
        views.at("/share/" + "x" * 22)
        views.at("/account", "#plan .plans")
        # Offers come with taste.
        server.send("PUT", "/api/v1/me/taste", {"enabled": True}, headers)
        views.at("/taste", "#offers:not([hidden])")
        views.open("/")
        browser.wait("document.querySelector('.offer')", 20, "an offer")
        browser.get("document.querySelector('.offer').scrollIntoView({ block: 'center' })")
        views.look("offer")
        server.send("PUT", "/api/v1/me/taste", {"enabled": False}, headers)
        menu = "main .view-head [aria-haspopup=menu]"
        views.state("share", f"/album/{track['albumId']}", menu, item(browser, "Share"), shown="dialog[open]")
        server.send("DELETE", f"/api/v1/tracks/{track['id']}", None, headers)
        views.at("/deleted")

        views.state("new key", "/account", item(browser, "New key", "main .button"), shown="dialog[open]")
        views.state("account's end", "/account", "main .button.danger", shown="dialog[open]")
        browser.cdp("Network.clearBrowserCookies")
        browser.cdp("Storage.clearDataForOrigin", origin=server.base, storageTypes="all")


CONFIG = """
offers:
  feed: {folder}/offers.yaml
upgrade:
  url: https://shop.example/?plan={{plan}}
  plans: [free, plus]
plans:
  free:
    quota: 1GB
  plus:
    quota: 50GB
    price: 4 EUR a month
scrobbling:
  lastfmKey: key
  lastfmSecret: secret
"""
FEED = """
offers:
  - id: evening
    kind: concert
    title: An evening at the harbour
    by: The Quiet Coast
    text: One evening, and the tide comes in.
    price: 18 EUR
    date: 2099-12-24
    url: https://shop.example/evening
"""


def run(folder):
    music = os.path.join(folder, "music")
    album(music, "Tides", "The Quiet Coast", ["Harbour", "Low Water", "Lights Out"], 8)
    album(music, "Lowlands", "Mara Finch", ["Reeds", "Slow River"], 8)
    os.makedirs(os.path.join(folder, "closed"))
    with chromium() as browser:
        with library(folder, music, 5) as server:
            open_views(browser, server)
        account(os.path.join(folder, "closed", "data"))
        for name, text in (("sweetspot.yaml", CONFIG.format(folder=folder)), ("offers.yaml", FEED)):
            with open(os.path.join(folder, name), "w") as file:
                file.write(text)
        with served(os.path.join(folder, "closed"), "--config", os.path.join(folder, "sweetspot.yaml")) as server:
            closed_views(browser, server, folder)


main("axe", run)
