"""Scripts and markup in tags, names of files, playlists and lyrics, through every view of the player: none runs, and none becomes an element.
Then changes that pages of another origin ask for with the listener's cookie: all are refused.

Usage: payload_test.py
"""
import http.server
import json
import os
import re
import subprocess
import threading
import time
import urllib.parse

from stage import account, check, chromium, figures, main, served, tone, until

MARK = "hit(%d)"
# What runs where a text is read as markup, as an attribute, as a script, as an address, as a style or as a template.
FORMS = [
    "<script>{}</script>", "<script src=data:text/javascript,{}></script>", "<img src=x onerror={}>", "<img src=x onerror='{}'>", "<svg onload={}>",
    "<svg><script>{}</script></svg>", "<svg><animate onbegin={} attributeName=x dur=1s>", "<body onload={}>", "<iframe srcdoc='<script>parent.{}</script>'>",
    "<iframe src=javascript:parent.{}>", "<a href=javascript:{}>x</a>", "<a href='java\tscript:{}'>x</a>", "javascript:{}", "JaVaScRiPt:{}", " javascript:{}",
    "data:text/html,<script>{}</script>", "vbscript:{}", "'-{}-'", '"-{}-"', "`-{}-`", "${{{}}}", "{{{{{}}}}}", "{{{{constructor.constructor('{}')()}}}}",
    "\" onmouseover={} x=\"", "' onfocus={} autofocus x='", "\" autofocus onfocus=\"{}", "><img src=x onerror={}>", "'><script>{}</script>", "\"><svg onload={}>",
    "</title><script>{}</script>", "</textarea><script>{}</script>", "</style><script>{}</script>", "</script><script>{}</script>", "--><script>{}</script>",
    "]]><script>{}</script>", "<math><mtext><script>{}</script></mtext></math>", "<details open ontoggle={}>", "<video><source onerror={}></video>",
    "<audio src=x onerror={}>", "<input autofocus onfocus={}>", "<select autofocus onfocus={}>", "<marquee onstart={}>", "<object data=javascript:{}>",
    "<embed src=javascript:{}>", "<form action=javascript:{}><button>x</button></form>", "<button formaction=javascript:{}>x</button>", "<meta http-equiv=refresh content='0;javascript:{}'>",
    "<base href=javascript:{}//>", "<link rel=stylesheet href=data:text/css,{}>", "<style>@import 'javascript:{}'</style>", "<div style='background:url(javascript:{})'>",
    "<p style=animation-name:x onanimationstart={}>", "<template><script>{}</script></template>", "<noscript><img src=x onerror={}></noscript>", "<slot onslotchange={}>",
    "<x onclick={} tabindex=1 id=x>#x", "<custom-element onconnected={}>", "<dialog open onclose={}>", "<img srcset=x onerror={}>", "<picture><img src=x onerror={}></picture>",
    "%3Cscript%3E{}%3C/script%3E", "&lt;script&gt;{}&lt;/script&gt;", "&#60;script&#62;{}&#60;/script&#62;", "\\u003cscript\\u003e{}\\u003c/script\\u003e",
    "\u202e<script>{}</script>", "\ufeff<script>{}</script>", "<scr\u00adipt>{}</script>", "\uff1cscript\uff1e{}\uff1c/script\uff1e", "\ue0000\ue001<script>{}</script>",
    "\ue0001\ue001{}", "<!--<img src=--><img src=x onerror={}>", "<![CDATA[<script>{}</script>]]>", "<?xml?><script>{}</script>", "<<script>{}//<</script>",
    "<img/src=x/onerror={}>", "<img\nsrc=x\nonerror={}>", "__proto__<script>{}</script>", "constructor{}", "{{name}}<script>{}</script>", "{{n}} {{length}}<img src=x onerror={}>",
]
POSITIONS = ("title", "artist", "album", "genre", "file", "playlist", "lyrics")
COUNT = 150

HOOK = """
window.hits = [];
window.hit = number => { hits.push(number); return number };
try { window.parent.hit ??= window.hit } catch {}
window.alert = window.confirm = window.prompt = () => hits.push('dialog');
"""
# Elements that only a payload would make; and scripts, addresses and handlers in the document that are not the page's own.
FOREIGN = """
const found = []
for (const one of document.querySelectorAll('body *')) {
  const tag = one.localName
  if (['iframe', 'object', 'embed', 'marquee', 'base', 'math', 'x', 'custom-element', 'template', 'audio', 'video', 'animate', 'meta', 'link', 'style', 'picture', 'slot', 'noscript'].includes(tag)
    && !(tag === 'noscript' && one.parentElement === document.body)) found.push(tag)
  if (tag === 'script' && !one.src) found.push('script ' + one.textContent.slice(0, 40))
  for (const { name, value } of one.attributes) {
    if (/^on|^srcdoc$/.test(name)) found.push(`${tag} ${name}`)
    if (/^(href|src|action|formaction|data)$/.test(name) && !/^(https?:|blob:|[/#?]|$)/i.test(value)) found.push(`${tag} ${name}=${value.slice(0, 40)}`)
  }
}
return { found, hits: hits.length, violations: violations.slice(), shown: document.body.innerText.includes('hit(') || document.body.textContent.includes('hit('), frames: frames.length, path: location.pathname }
"""


def payloads():
    """150 of them: every form, and those again with a number of their own."""
    return [FORMS[place % len(FORMS)].format(MARK % place) for place in range(COUNT)]


def make_music(folder):
    """Files whose tags, names and lyrics are payloads: each payload comes to each place once in seven files."""
    import mutagen
    texts = payloads()
    base = tone(os.path.join(folder, "base.flac"), 1)
    for place, text in enumerate(texts):
        at = lambda step: texts[(place + step * 21) % COUNT]  # noqa: E731
        # What a name of a file cannot have.
        name = re.sub(r"[/\0\n]", "_", at(4)).encode()[:180].decode(errors="ignore")
        path = os.path.join(folder, "music", f"{place:03}{name}.flac")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        # A file of its own for each: equal sound with other tags is another file.
        subprocess.run(["cp", base, path], check=True)
        file = mutagen.File(path)
        file["title"], file["artist"], file["album"], file["genre"] = at(0), at(1), at(2), at(3)
        file["tracknumber"] = str(place)
        file.save()
        with open(path[:-5] + ".lrc", "w") as lyrics:
            lyrics.write(f"[00:00.00]{at(5)}\n[00:00.50]{at(6)}\n")
    return os.path.join(folder, "music")


def look(browser, where):
    state = browser.get(FOREIGN)
    check(not state["hits"], f"{where}: {state['hits']} payloads ran")
    check(not state["found"], f"{where}: in the document: {state['found'][:5]}")
    check(not state["violations"], f"{where}: the policy had to stop {state['violations'][:3]}")
    check(not state["frames"], f"{where}: {state['frames']} frames")
    figures["views"] = figures.get("views", 0) + 1
    return state["shown"]


def visit(browser, base, path, *steps, wanted=True):
    browser.go(base + path)
    browser.wait("document.querySelector('main h1') && !document.querySelector('main .waiting')", 20, path)
    time.sleep(0.25)
    shown = look(browser, path)
    if wanted:
        check(shown, f"{path}: no payload is shown, so nothing is tested")
    for words, step in steps:
        step()
        time.sleep(0.25)
        look(browser, f"{path}, {words}")


def views(browser, server):
    base, changes = server.base, {"X-Requested-With": "sweetspot"}
    tracks, after = [], ""
    while after is not None:
        page = server.send("GET", f"/api/v1/tracks?limit=100{'&after=' + after if after else ''}")[2]
        tracks, after = tracks + page["items"], page["next"]
    figures["tracks"], texts = len(tracks), payloads()
    # A name of a file is a title only if the file has none.
    names = 0
    for text in texts:
        status, _, made = server.send("POST", "/api/v1/playlists", {"name": text, "tracks": [one["id"] for one in tracks[:3]]}, changes)
        names += status == 201
    figures["playlists"] = names
    check(names >= COUNT - 5, f"only {names} of the playlists are made")
    # As values of rules, with and without a name that is one; a text of rules has at most 500 bytes and no control characters.
    rules = 0
    for place, text in enumerate(texts[::9]):
        body = {"name": f"rules {place} {text}", "rules": {"any": [{"isNot": {"title": text}}, {"contains": {"artist": text}}, {"is": {"genre": text}}]}}
        rules += server.send("POST", "/api/v1/playlists", body, changes)[0] == 201
    figures["rules"] = rules
    check(rules >= 12, f"only {rules} smart playlists are made")
    smart = [one for one in server.items("/api/v1/playlists?limit=500") if one["rules"]]
    for one in tracks[:60]:
        server.send("POST", "/api/v1/history", {"track": one["id"]}, changes)
        server.send("PUT", f"/api/v1/tracks/{one['id']}/favourite", None, changes)
    playlists = server.items("/api/v1/playlists?limit=200")
    albums, artists = server.items("/api/v1/albums?limit=200"), server.items("/api/v1/artists?limit=200")
    genres = server.items("/api/v1/genres?limit=200")
    figures["albums"], figures["artists"], figures["genres"] = len(albums), len(artists), len(genres)
    row = "main .tracks .row:not(.head)"

    def scroll():
        browser.get("for (let at = 0; at < document.documentElement.scrollHeight; at += innerHeight) { scrollTo(0, at); await new Promise(done => setTimeout(done, 120)) }")

    for path in ("/", "/albums", "/artists", "/tracks", "/tracks?favourite=true", "/tracks?sort=-added", "/genres", "/playlists", "/history", "/year"):
        visit(browser, base, path, ("scrolled", scroll))
    visit(browser, base, "/taste", wanted=False)
    for one in smart:
        visit(browser, base, f"/smart/{one['id']}")
        visit(browser, base, f"/playlist/{one['id']}", ("rules", lambda: browser.click("main .rules-words summary")))
    # Offers come with taste.
    server.send("PUT", "/api/v1/me/taste", {"enabled": True}, changes)
    visit(browser, base, "/", ("offer", lambda: browser.wait("document.querySelector('.offer')", 20, "the offer")), ("seen", lambda: browser.get("document.querySelector('.offer').scrollIntoView()")))
    check("hit(" in browser.get("return document.querySelector('.offer').textContent"), "the offer has no payload")
    server.send("PUT", "/api/v1/me/taste", {"enabled": False}, changes)
    # Each payload as the name of the view: every album, artist, genre and playlist of a sample, and in the address.
    for path in ([f"/album/{one['id']}" for one in albums[::6]] + [f"/artist/{one['id']}" for one in artists[::8]]
                 + [f"/playlist/{one['id']}" for one in playlists[::6]] + [f"/genre?name={urllib.parse.quote(one['name'])}" for one in genres[::8]]
                 + [f"/track/{one['id']}" for one in tracks[::6]]):
        visit(browser, base, path)
    for text in texts[::10]:
        visit(browser, base, "/search?q=" + urllib.parse.quote(text), wanted=False)
        visit(browser, base, "/genre?name=" + urllib.parse.quote(text), wanted=False)
        visit(browser, base, "/tracks?sort=" + urllib.parse.quote(text) + "#" + urllib.parse.quote(text), wanted=False)
        browser.go(base + "/login?to=" + urllib.parse.quote(text))
        time.sleep(0.2)
        look(browser, "/login?to=")
    # Played: the bar, the view of what plays with its lyrics, the queue, menus and dialogs.
    first = tracks[0]
    visit(browser, base, f"/album/{first['albumId']}",
          ("menu", lambda: (browser.click(f"{row} .title"), browser.click(f"{row} [data-act=menu]"))))
    browser.key("Escape")
    browser.click("main .view-head .button.main")
    until(lambda: browser.get("return document.querySelector('.player .title')?.textContent"), 20, "the bar has a title")
    browser.go(base + "/tracks")
    browser.wait(f"document.querySelector('{row} .title')?.textContent", 15, "tracks")
    browser.click(f"{row} .title")
    browser.key("a", ctrl=True)
    time.sleep(0.5)
    look(browser, "selection")
    browser.click(".selection-bar .button:nth-of-type(2)")
    time.sleep(0.5)
    look(browser, "toast")
    for path in ("/queue", "/playing"):
        visit(browser, base, path, ("scrolled", scroll))
    for _ in range(6):
        browser.click(".playing .next")
        time.sleep(0.8)
        look(browser, "/playing")
    browser.click(".playing-head [aria-haspopup=menu]")
    time.sleep(0.3)
    look(browser, "menu of what plays")
    browser.key("Escape")
    for words, text in (("tags", "Edit tags"), ("playlists", "Add to a playlist"), ("deletion", "Delete from")):
        browser.go(base + f"/album/{first['albumId']}")
        browser.wait(f"document.querySelector('{row} .title')?.textContent", 15, "the album")
        browser.click(f"{row} .title")
        browser.click(f"{row} [data-act=menu]")
        browser.wait("(one => one && (one.id = 'wanted-item'))([...document.querySelectorAll('.menu .menu-item')].find(one => one.textContent.trim().startsWith(arguments[0])))", 5, text, text)
        browser.click("#wanted-item")
        # A deletion is done at once, and says how to take it back.
        browser.wait("document.querySelector('dialog[open], .toasts > *')", 10, text)
        look(browser, words)


def upload_names(browser, server, folder):
    """Files dropped in whose names are payloads: the list of uploads shows them, and the refusals of what is no music."""
    texts = payloads()
    own = os.path.join(folder, "drop")
    os.makedirs(own)
    for place in range(0, COUNT, 5):
        name = re.sub(r"[/\0\n]", "_", texts[place]).encode()[:180].decode(errors="ignore")
        with open(os.path.join(own, f"{place}{name}.flac"), "wb") as file:
            file.write(b"no music" + bytes([place]))
    browser.go(server.base + "/uploads")
    browser.wait("document.querySelector('.drop-zone')", 15, "uploads")
    browser.drop(".drop-zone", [own])
    browser.wait(f"document.querySelectorAll('.upload').length === {len(os.listdir(own))}", 30, "all names are listed")
    browser.wait("[...document.querySelectorAll('.upload')].every(one => one.dataset.stage === 'refused')", 60, "all are refused")
    check(look(browser, "/uploads"), "/uploads: no payload is shown")


PAGE = b"<!doctype html><title>another origin</title><form></form><iframe name=sink></iframe>"


class Other(http.server.BaseHTTPRequestHandler):
    """A page of another origin, that the listener came upon."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_):
        pass


TRY = """
const [base, method, path, type, body, headers, mode] = arguments
try {
  const answer = await fetch(base + path, { method, mode, credentials: 'include', headers: { ...(type ? { 'Content-Type': type } : {}), ...headers }, body: body || undefined })
  return [answer.status, answer.type]
} catch (error) { return [0, error.name] }
"""
FORM = """
const [base, path, type, fields] = arguments
const form = document.querySelector('form')
form.method = 'post'; form.enctype = type; form.action = base + path; form.target = 'sink'
form.replaceChildren(...Object.entries(fields).map(([name, value]) => { const input = document.createElement('textarea'); input.name = name; input.value = value; return input }))
form.submit()
await new Promise(done => setTimeout(done, 400))
return true
"""


def origins(browser, server):
    """The cookie of a session on one port is sent to all ports: what counts is what the browser says of the page."""
    headers = server.cookie()
    listing = lambda: json.dumps([server.send("GET", path, headers=headers)[2] for path in  # noqa: E731
                                  ("/api/v1/playlists", "/api/v1/keys", "/api/v1/queue", "/api/v1/tracks", "/api/v1/me", "/api/v1/history")])
    server.send("POST", "/api/v1/playlists", {"name": "mine", "tracks": []}, headers)
    mine = server.items("/api/v1/playlists", headers)[0]["id"]
    other = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Other)
    threading.Thread(target=other.serve_forever, daemon=True).start()
    try:
        name, _, value = headers["Cookie"].partition("=")
        browser.go(server.base + "/healthz")
        browser.cdp("Network.setCookie", name=name, value=value, url=server.base, httpOnly=True, sameSite="Strict")
        status = browser.get(TRY, server.base, "GET", "/api/v1/me", "", "", {}, "same-origin")
        check(status[0] == 200, f"with its cookie the page itself gets {status}")
        for host in ("127.0.0.1", "localhost"):
            browser.go(f"http://{host}:{other.server_port}/")
            before = listing()
            tried = 0
            for method, path, body in [
                    ("POST", "/api/v1/playlists", '{"name":"theirs","tracks":[]}'), ("POST", "/api/v1/keys", '{"label":"theirs","scopes":["admin"]}'),
                    ("DELETE", f"/api/v1/playlists/{mine}", ""), ("PATCH", f"/api/v1/playlists/{mine}", '{"name":"theirs"}'), ("PUT", "/api/v1/queue", '{"tracks":[],"index":0,"position":0}'),
                    ("DELETE", "/api/v1/history", ""), ("DELETE", "/api/v1/session", ""), ("DELETE", "/api/v1/me", '{"password":"correct horse"}'),
                    ("POST", "/api/v1/tracks?name=a.flac", "fLaC"), ("POST", "/api/v1/uploads", ""), ("POST", "/api/v1/history", "{}"), ("POST", "/api/v1/session", '{"name":"ada","password":"correct horse"}')]:
                for type_ in ("application/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
                    for own in ({}, {"X-Requested-With": "sweetspot"}):
                        for mode in ("cors", "no-cors"):
                            status = browser.get(TRY, server.base, method, path, type_, body, own, mode)
                            tried += 1
                            check(status[0] == 0 or status[0] >= 400, f"{host}: {method} {path} {type_} {own} {mode}: {status}")
            for path in ("/api/v1/playlists", "/api/v1/keys", "/api/v1/session", "/api/v1/history", "/setup", "/api/v1/tracks?name=a.flac"):
                for type_ in ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain"):
                    browser.get(FORM, server.base, path, type_, {'{"name":"theirs","tracks":[],"x":"': '"}', "name": "theirs", "password": "correct horse"})
                    tried += 1
            check(listing() == before, f"{host}: another origin's page changed something")
            reads = browser.get(TRY, server.base, "GET", "/api/v1/me", "", "", {}, "cors")
            check(reads[0] == 0, f"{host}: another origin's page reads {reads}")
            figures[f"tried from {host}"] = tried
        check(server.send("GET", "/api/v1/me", headers=headers)[0] == 200, "the session is gone")
    finally:
        other.shutdown()
        other.server_close()


def feed(path):
    """An offer all of whose texts are payloads."""
    texts = [text for text in payloads() if text.isprintable()]
    words = {"id": "one", "kind": "music", "title": texts[2], "by": texts[3][:100], "text": texts[0] + texts[4], "price": texts[6][:60], "url": "https://shop.example/"}
    with open(path, "w") as file:
        json.dump({"offers": [words]}, file)
    return path


def run(folder):
    music = make_music(folder)
    with chromium(arguments=["--disable-features=BlockInsecurePrivateNetworkRequests"]) as browser:
        browser.cdp("Page.addScriptToEvaluateOnNewDocument", source=HOOK)
        browser.size(1280, 900)
        open_folder = os.path.join(folder, "open")
        os.makedirs(open_folder)
        offers = {"SWEETSPOT_OFFERS_FEED": feed(os.path.join(folder, "offers.json"))}
        with served(open_folder, "--open", "--music", music, environment=offers) as server:
            until(lambda: server.send("GET", "/api/v1/tracks?at=0&limit=1")[2]["total"] == COUNT, 300, f"{COUNT} tracks")
            views(browser, server)
            upload_names(browser, server, folder)
        figures["payloads"], figures["places"] = COUNT, len(POSITIONS)
        closed = os.path.join(folder, "closed")
        os.makedirs(closed)
        account(os.path.join(closed, "data"))
        with served(closed) as server:
            origins(browser, server)


main("payload", run)
