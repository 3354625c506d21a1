"""Scrobbling from the page: connected with a token that is refused first, told what is played, its trouble in words, let go; and Last.fm, which
leads back with a token that this tab did or did not ask for.

Usage: scrobbling_test.py [PICTURES]    (in Chromium, with made-up services on this machine; with a folder for its screenshots)
"""
import http.server
import json
import os
import sys
import threading
import urllib.parse

from stage import DESK, PASSWORD, PHONE, account, album, check, chromium, main, served, until


class Services(http.server.BaseHTTPRequestHandler):
    """As much of ListenBrainz' and Last.fm's APIs as plays are told by."""
    listens, sessions, isTired = [], [], False

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        isGood = self.headers.get("Authorization") == "Token good"
        self.answer(200, {"valid": isGood, **({"user_name": "<b>anna</b>"} if isGood else {})})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path.startswith("/2.0"):
            values = dict(urllib.parse.parse_qsl(body))
            self.sessions.append(values.get("token"))
            return self.answer(200, {"session": {"name": "anna_fm", "key": "k", "subscriber": 0}} if values.get("token") == "given" else {"error": 4, "message": "no"})
        if Services.isTired:
            return self.answer(401, {"code": 401, "error": "no"})
        self.listens.append(json.loads(body))
        self.answer(200, {"status": "ok"})

    def log_message(self, *_):
        pass


class Page:
    def __init__(self, browser, server):
        self.browser, self.server = browser, server
        self.headers = server.cookie()

    def picture(self, name):
        if len(sys.argv) > 1:
            self.browser.picture(os.path.join(sys.argv[1], f"scrobbling-{name}.png"), whole=True)

    def known(self, service):
        return next(one for one in self.server.items("/api/v1/me/scrobbling", self.headers) if one["service"] == service)

    def open(self, path="/scrobbling"):
        self.browser.go(self.server.base + path)
        self.browser.wait("document.querySelector('#scrobbling-listenbrainz')", 20, "the page")

    def text(self, words, seconds=20):
        self.browser.wait("document.body.innerText.includes(arguments[0])", seconds, f"{words!r} is shown", words)

    def section(self, service):
        return f"section[aria-labelledby=scrobbling-{service}]"

    def connects(self):
        self.open()
        self.text("Not connected.")
        self.picture("off")
        for token, words in (("bad", "ListenBrainz does not know this token"), ("good", "Connected as <b>anna</b>")):
            self.browser.get("document.querySelector('main form input').value = ''")
            self.browser.click("main form input")
            self.browser.type(token)
            self.browser.click("main form .button")
            self.text(words)
        check(self.known("listenbrainz")["enabled"], "the server knows no service")
        self.picture("on")

    def is_told(self):
        track = self.server.items("/api/v1/tracks", self.headers)[0]
        self.server.send("POST", "/api/v1/history", {"track": track["id"], "heard": 20}, self.headers)
        self.browser.wait("/1 play (waits to be|was) sent/.test(document.querySelector('main').innerText)", 60, "the play waits or is sent")
        until(lambda: Services.listens, 60, "the service is told")
        self.open()
        self.text("1 play was sent.")

    def is_stopped(self):
        Services.isTired = True
        track = self.server.items("/api/v1/tracks", self.headers)[1]
        self.server.send("POST", "/api/v1/history", {"track": track["id"], "heard": 20}, self.headers)
        until(lambda: self.known("listenbrainz")["problem"], 60, "the service refuses the token")
        self.open()
        self.text("Nothing is sent at the moment: ListenBrainz does not take the token any more")
        self.text("1 play waits to be sent.")
        self.text("Connect ListenBrainz again")
        self.picture("stopped")
        Services.isTired = False

    def is_let_go(self):
        self.browser.click(f"{self.section('listenbrainz')} .button.danger")
        self.browser.wait("document.querySelector('dialog[open]')", 5, "it asks")
        self.picture("asks")
        self.browser.click("dialog .button.danger")
        self.text("ListenBrainz is disconnected")
        self.browser.wait("document.activeElement?.id === 'scrobbling-listenbrainz'", 5, "the focus is at its heading")
        check(not self.known("listenbrainz")["enabled"] and self.known("listenbrainz")["waiting"] == 0, "the server still knows it")

    def comes_from_elsewhere(self):
        """A token in a link that somebody sent: nothing is connected unless the listener says so."""
        self.open("/scrobbling?token=evil")
        self.text("this tab did not ask for one")
        check(not Services.sessions, f"a token that nobody asked for was used: {Services.sessions}")
        check(self.browser.get("return location.search") == "", "the token stays in the address")
        self.picture("unasked")
        self.browser.click("dialog .actions .button:first-child")
        self.browser.wait("!document.querySelector('dialog[open]')", 5, "no")
        check(not Services.sessions and not self.known("lastfm")["enabled"], "it was connected all the same")

    def comes_back(self):
        self.open()
        href = self.browser.get(f"return document.querySelector(`{self.section('lastfm')} a`).href")
        asked = urllib.parse.urlparse(href)
        values = dict(urllib.parse.parse_qsl(asked.query))
        check(asked.hostname == "www.last.fm" and values.get("cb") == self.server.base + "/scrobbling" and values.get("api_key") == "K3y", f"Last.fm is asked by {href}")
        # What a click on it leaves in this tab; Last.fm itself is not asked.
        self.browser.get(f"const one = document.querySelector(`{self.section('lastfm')} a`); one.addEventListener('click', event => event.preventDefault()); one.click()")
        self.open("/scrobbling?token=given")
        self.text("Connected as anna_fm")
        check(Services.sessions == ["given"], f"Last.fm was asked {Services.sessions}")
        self.picture("lastfm")
        self.browser.size(*PHONE)
        self.open()
        self.picture("phone")


def run(folder):
    music = album(os.path.join(folder, "music"), "Coast", "Ada", ["Harbour", "Low Water"], seconds=35)
    services = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Services)
    threading.Thread(target=services.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{services.server_port}"
    with open(os.path.join(folder, "sweetspot.yaml"), "w") as file:
        file.write(f"scrobbling:\n  listenbrainz: {base}\n  lastfm: {base}\n  lastfmKey: K3y\n  lastfmSecret: s3cret\n")
    account(os.path.join(folder, "data"))
    with served(folder, "--config", os.path.join(folder, "sweetspot.yaml")) as server, chromium() as browser:
        browser.size(*DESK)
        page = Page(browser, server)
        for name in sorted(os.listdir(music)):
            if name.endswith(".flac"):
                server.upload(os.path.join(music, name), page.headers)
        browser.go(server.base + "/login")
        for name, value in (("name", "ada"), ("password", PASSWORD)):
            browser.click(f"form input[name={name}]")
            browser.type(value)
        browser.click("form .button.main")
        browser.wait("location.pathname === '/' && document.querySelector('main h1')", 20, "logged in")
        for step in (page.connects, page.is_told, page.is_stopped, page.is_let_go, page.comes_from_elsewhere, page.comes_back):
            step()
            # The browser itself notes a refusal.
            check(not (lines := browser.said(allowed=("/api/v1/me/scrobbling/listenbrainz",))), f"{step.__name__}: {lines[:4]}")


if __name__ == "__main__":
    main("scrobbling", run)
