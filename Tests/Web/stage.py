"""What programs of this folder share: made-up music, a `sweetspot serve` that can be stopped and come back at its port, and Chromium."""
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
from contextlib import contextmanager

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
PROGRAM = os.environ.get("SWEETSPOT_PROGRAM") or os.path.join(ROOT, ".build", "release", "sweetspot")
PASSWORD = "correct horse"
DESK, PHONE = (1280, 800), (390, 844)

problems, figures = [], {}


def check(holds, words):
    """Notes a problem, and goes on."""
    if not holds:
        problems.append(words)
        print("  problem:", words[:600], flush=True)
    return holds


def until(found, seconds, words):
    """What `found` gives, once it is true; ends the program's step if that takes too long."""
    end = time.monotonic() + seconds
    while True:
        value = found()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"{words}: not within {seconds} s, {value!r}")
        time.sleep(0.05)


def verdict(name):
    """Prints what was seen, and ends with 1 if there was a problem."""
    print(f"{name}: " + ", ".join(f"{key} {value}" for key, value in figures.items()))
    for problem in problems[:40]:
        print(f"{name}: {problem}", file=sys.stderr)
    print(f"{name}: " + (f"{len(problems)} PROBLEMS" if problems else "as it should be"), flush=True)
    sys.exit(1 if problems else 0)


def main(name, run):
    """Runs a program's steps in a folder of its own."""
    if not os.access(PROGRAM, os.X_OK):
        raise SystemExit(f"{name}: there is no program at {PROGRAM}: make build")
    # Whoever ends it ends what it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = tempfile.mkdtemp(prefix="sweetspot-web-")
    try:
        run(folder)
    except Exception as error:  # noqa: BLE001: a program that breaks has found something
        import traceback
        traceback.print_exc()
        problems.append(f"{type(error).__name__}: {error}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    verdict(name)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


# Music

def tone(path, seconds, hertz=220, tags=None, cover=None):
    """A file of two slow tones with tags; FLAC, or what the name says."""
    sound = f"aevalsrc='0.2*sin({hertz}*2*PI*t)*(0.6+0.4*sin(t))|0.2*sin({hertz * 1.5}*2*PI*t)*(0.6+0.4*cos(t))':s=44100:d={seconds}"
    words = [part for key, value in (tags or {}).items() for part in ("-metadata", f"{key}={value}")]
    picture = ["-i", cover, "-map", "0", "-map", "1", "-c:v", "copy", "-disposition:v", "attached_pic"] if cover else []
    os.makedirs(os.path.dirname(path), exist_ok=True)
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", sound, *picture, *words, "-ar", "44100", path],
                   check=True, stdin=subprocess.DEVNULL, timeout=120)
    return path


def album(folder, name, artist, titles, seconds=24, **tags):
    """A folder of an album's tracks, with lyrics beside the first."""
    cover = os.path.join(folder, "cover.jpg")
    if not os.path.exists(cover):
        os.makedirs(folder, exist_ok=True)
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "gradients=s=600x600:c0=#24506e:c1=#e8a85c:n=2:seed=1", "-frames:v", "1", cover],
                       check=True, stdin=subprocess.DEVNULL, timeout=60)
    for place, title in enumerate(titles, 1):
        path = os.path.join(folder, artist, name, f"{place:02} {title}.flac")
        tone(path, seconds[place - 1] if isinstance(seconds, list) else seconds, 110 * (place + 1), {
            "title": title, "artist": artist, "album": name, "track": place, "disc": 1, "genre": "Ambient", "date": "2024", **tags}, cover)
        if place == 1:
            with open(path[:-5] + ".lrc", "w") as file:
                file.write("[00:01.00]The first line\n[00:05.00]The second line\n[00:09.00]The last line\n")
    return os.path.join(folder, artist, name)


# The server

class Server:
    """`sweetspot serve` on a port that it keeps when it is started again."""

    def __init__(self, folder, *arguments, port=None, environment=None):
        self.data, self.arguments, self.port = os.path.join(folder, "data"), arguments, port or free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.environment = {**os.environ, **(environment or {})}
        self.setup = None
        self.start()

    def start(self):
        self.log = open(self.data + ".log", "ab")
        begin = self.log.tell()
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--data", self.data, "--port", str(self.port), *self.arguments], stdout=subprocess.PIPE, stderr=self.log,
            stdin=subprocess.DEVNULL, start_new_session=True, env=self.environment)
        line = self.process.stdout.readline().decode().strip()
        if not line.startswith("http://"):
            raise AssertionError(f"serve said {line!r}: {self.said(begin)[-2000:]}")
        if "--open" not in self.arguments and self.setup is None:
            time.sleep(0.3)
            self.setup = next((word for word in self.said(begin).split() if "/setup?code=" in word), None)

    def said(self, begin=0):
        with open(self.data + ".log", errors="replace") as file:
            file.seek(begin)
            return file.read()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            status = self.process.wait()
        self.log.close()
        return status

    def end(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def send(self, method, path, body=None, headers=None):
        """Status, headers and the document, or the bytes, of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            text = json.dumps(body).encode() if body is not None and not isinstance(body, bytes) else body
            connection.request(method, path, text, {
                **({"Content-Type": "application/json"} if isinstance(body, (dict, list)) else {}), **(headers or {})})
            answer = connection.getresponse()
            data = answer.read()
            isJSON = "json" in (answer.headers["Content-Type"] or "")
            return answer.status, answer.headers, json.loads(data) if isJSON and data else data
        finally:
            connection.close()

    def items(self, path, headers=None):
        return self.send("GET", path, headers=headers)[2]["items"]

    def upload(self, path, headers):
        """Sends a file, and gives its track once it is stored: a busy server says first that it is still looking at it."""
        with open(path, "rb") as file:
            status, _, answer = self.send("POST", "/api/v1/tracks?name=" + urllib.parse.quote(os.path.basename(path)), file.read(), headers)
        if status not in (200, 201, 202):
            raise AssertionError(f"{path}: {status} {answer}")
        if status != 202:
            return answer["id"]
        at = f"/api/v1/uploads/{answer['id']}"
        return until(lambda: self.send("GET", at, headers=headers)[2]["track"], 120, f"{path} is stored")

    def cookie(self, name="ada"):
        """Logs in, and gives the headers of a client with the session."""
        status, headers, _ = self.send("POST", "/api/v1/session", {"name": name, "password": PASSWORD}, {"X-Requested-With": "sweetspot"})
        if status not in (200, 201, 204):
            raise AssertionError(f"login: {status}")
        return {"Cookie": headers["Set-Cookie"].split(";")[0], "X-Requested-With": "sweetspot"}


def account(data, name="ada"):
    subprocess.run([PROGRAM, "account", "add", name, "--data", data], input=f"{PASSWORD}\n" * 2, text=True, check=True, timeout=60,
                   capture_output=True)


@contextmanager
def served(folder, *arguments, **how):
    server = Server(folder, *arguments, **how)
    try:
        yield server
    finally:
        server.end()


@contextmanager
def library(folder, music, count):
    """An open server with all of a folder's music."""
    with served(folder, "--open", "--music", music) as server:
        until(lambda: server.send("GET", "/api/v1/tracks?at=0&limit=1")[2]["total"] == count, 240, f"{count} tracks")
        yield server


# Chromium

WATCH = """
window.violations = []; window.faults = [];
addEventListener('securitypolicyviolation', event => violations.push(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample));
addEventListener('error', event => faults.push(String(event.message)));
addEventListener('unhandledrejection', event => faults.push('unhandled: ' + (event.reason?.stack ?? event.reason)));
// The element that sounds is not in the document.
window.sounds = [];
window.Audio = new Proxy(window.Audio, { construct(made, given) {
  const one = Reflect.construct(made, given);
  sounds.push(one);
  return one;
} });
"""


class Chromium:
    """A headless Chromium that notes what its pages say. With a `port` of its own, CDP can be spoken past the driver."""
    name = "Chromium"

    def __init__(self, profile=None, arguments=(), watch=WATCH):
        options = webdriver.ChromeOptions()
        for one in ("--headless=new", "--no-sandbox", "--mute-audio", "--disable-gpu", "--disable-dev-shm-usage", "--lang=en-US",
                    "--hide-scrollbars", "--force-color-profile=srgb", *arguments):
            options.add_argument(one)
        if profile:
            options.add_argument(f"--user-data-dir={profile}")
        options.binary_location = "/usr/bin/chromium"
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.driver.set_script_timeout(60)
        self.driver.set_page_load_timeout(60)
        if watch:
            self.cdp("Page.addScriptToEvaluateOnNewDocument", source=watch)

    def cdp(self, method, **parameters):
        return self.driver.execute_cdp_cmd(method, parameters)

    def size(self, width, height, phone=False, scale=1):
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=phone)
        self.cdp("Emulation.setTouchEmulationEnabled", enabled=phone, **({"maxTouchPoints": 5} if phone else {}))

    def media(self, **features):
        """`prefers_color_scheme="dark"` and such."""
        self.cdp("Emulation.setEmulatedMedia", features=[
            {"name": name.replace("_", "-"), "value": value} for name, value in features.items()])

    def go(self, url):
        self.driver.get(url)

    def run(self, script, *arguments):
        """What a function body returns, awaited."""
        return self.driver.execute_async_script(
            "const give = arguments[arguments.length - 1]; const given = [...arguments].slice(0, -1);"
            f"(async function () {{ {script} }}).apply(null, given).then(value => give([value ?? null]), error => give([null, String(error?.stack ?? error)]))",
            *arguments)

    def get(self, script, *arguments):
        answer = self.run(script, *arguments)
        if len(answer) > 1:
            raise AssertionError(f"{script[:200]}: {answer[1]}")
        return answer[0]

    def wait(self, script, seconds, words, *arguments):
        return until(lambda: self.get(f"return {script}", *arguments), seconds, words)

    def at(self, selector, seconds=15):
        """The middle of the first shown element of a selector."""
        return self.wait("""(() => {
          for (const one of document.querySelectorAll(arguments[0])) {
            if (!one.getClientRects().length || one.disabled || getComputedStyle(one).visibility === 'hidden') continue
            one.scrollIntoView({ block: 'nearest' })
            const box = one.getBoundingClientRect()
            const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
            const hit = document.elementFromPoint(x, y)
            if (hit && (one === hit || one.contains(hit) || hit.contains(one) || hit.closest('label')?.contains(one))) return { x, y }
          }
        })()""", seconds, f"{selector} can be hit", selector)

    def click(self, selector, seconds=15):
        point = self.at(selector, seconds)
        for kind in ("mousePressed", "mouseReleased"):
            self.cdp("Input.dispatchMouseEvent", type=kind, x=point["x"], y=point["y"], button="left", clickCount=1)

    def double_click(self, selector):
        point = self.at(selector)
        for count in (1, 2):
            for kind in ("mousePressed", "mouseReleased"):
                self.cdp("Input.dispatchMouseEvent", type=kind, x=point["x"], y=point["y"], button="left", clickCount=count)

    def tap(self, selector, seconds=15):
        point = self.at(selector, seconds)
        self.cdp("Input.dispatchTouchEvent", type="touchStart", touchPoints=[point])
        self.cdp("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    def type(self, text):
        self.cdp("Input.insertText", text=text)

    KEYS = {"Enter": ("\r", 13), "Tab": ("", 9), "Escape": ("", 27), " ": (" ", 32), "ArrowDown": ("", 40), "ArrowUp": ("", 38),
            "ArrowLeft": ("", 37), "ArrowRight": ("", 39), "Home": ("", 36), "End": ("", 35), "PageDown": ("", 34), "PageUp": ("", 33),
            "ContextMenu": ("", 93), "F6": ("", 117), "F10": ("", 121), "Delete": ("", 46)}

    def key(self, key, alt=False, ctrl=False, shift=False):
        text, code = self.KEYS.get(key) or (key, ord(key.upper()))
        modifiers = alt + 2 * ctrl + 8 * shift
        name = key if len(key) > 1 else {" ": "Space"}.get(key, f"Key{key.upper()}" if key.isalpha() else "")
        common = {"key": key, "code": name, "windowsVirtualKeyCode": code, "modifiers": modifiers}
        shown = "" if alt or ctrl else text
        self.cdp("Input.dispatchKeyEvent", type="keyDown" if shown else "rawKeyDown", **common, **({"text": shown} if shown else {}))
        self.cdp("Input.dispatchKeyEvent", type="keyUp", **common)

    def drop(self, selector, paths):
        """Files and folders of the machine, dragged in and let go."""
        point = self.at(selector)
        data = {"items": [], "files": list(paths), "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            self.cdp("Input.dispatchDragEvent", type=kind, x=point["x"], y=point["y"], data=data)

    def picture(self, path, whole=False):
        import base64
        shot = self.cdp("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        with open(path, "wb") as file:
            file.write(base64.b64decode(shot["data"]))

    def said(self, allowed=()):
        """What the console, the policy and lost errors told since the last time, without what is `allowed`."""
        lines = [f"{entry['level']} {entry['message']}" for entry in self.driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
        more = self.run("const all = [...(window.violations ?? []).splice(0), ...(window.faults ?? []).splice(0)]; return all")[0] or []
        return [line for line in lines + more if not any(one in line for one in allowed)]

    def quit(self):
        self.driver.quit()


class Firefox:
    """The same of `browsers.Firefox`. It takes no files from outside a page, so what is dropped is made of files that an input was given."""
    name = "Firefox"

    def __init__(self, size):
        import browsers
        self.browser = browsers.open("firefox", *size)

    def go(self, url):
        self.browser.go(url)
        # Marionette has no script before the page's own: the element that sounds is found by what it plays.
        self.browser.run("""
          if (window.sounds) return; window.sounds = []; const play = HTMLMediaElement.prototype.play;
          HTMLMediaElement.prototype.play = function () { if (!sounds.includes(this)) sounds.push(this); return play.call(this) }""")

    def get(self, script, *arguments):
        return self.browser.run_async(f"return (function () {{ {script} }}).apply(null, given)" if "await" not in script else script, *arguments)

    def wait(self, script, seconds, words, *arguments):
        return until(lambda: self.get(f"return {script}", *arguments), seconds, words)

    def click(self, selector, seconds=15):
        self.browser.click(selector, seconds=seconds)

    tap = click

    def double_click(self, selector):
        self.browser.driver.actions.sequence("pointer", "mouse", {"pointerType": "mouse"}).click(self.browser.find(selector)).click().perform()

    def type(self, text):
        self.browser.type(text)

    def drop(self, selector, paths):
        found = [os.path.join(folder, name) for path in paths for folder, _, names in sorted(os.walk(path)) for name in sorted(names)]
        self.browser.run("const input = document.createElement('input'); input.type = 'file'; input.multiple = true; input.id = 'given'; document.body.append(input)")
        for path in found:
            self.browser.find("#given").send_keys(path)
        self.browser.run("""
          const given = document.getElementById('given'), transfer = new DataTransfer();
          for (const file of given.files) transfer.items.add(file);
          given.remove();
          for (const kind of ['dragover', 'drop'])
            document.querySelector(arguments[0]).dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }))""", selector)

    def picture(self, path):
        self.browser.screenshot(path)

    def said(self, allowed=()):
        return [line for line in self.browser.console() if not any(one in line for one in allowed)]

    def quit(self):
        self.browser.close()


@contextmanager
def firefox(size):
    browser = Firefox(size)
    try:
        yield browser
    finally:
        browser.quit()


@contextmanager
def chromium(**how):
    browser = Chromium(**how)
    try:
        yield browser
    except Exception:
        if os.environ.get("PICTURES"):
            browser.picture(os.path.join(os.environ["PICTURES"], os.path.basename(sys.argv[0]) + ".png"))
        raise
    finally:
        browser.quit()
