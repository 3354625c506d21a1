"""Chromium (chromedriver) and Firefox (Marionette) behind one small interface, for the tests of the player. Needs Debian's chromium,
chromium-driver, firefox-esr and pulseaudio, and marionette-driver of PyPI.

    with browsers.open("firefox", 390, 844) as browser:
        browser.go(base + "/albums")
        browser.click("button", text="Play")
        browser.wait("return document.title === 'Albums'", 5, "the view")

Each browser has a profile of its own and ends, with all that it started, when it is closed.
"""
import base64
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

NAMES = ("chromium", "firefox")

# The keys that WebDriver has code points for (W3C WebDriver, section 17.4.2).
CODES = {"Backspace": "\ue003", "Tab": "\ue004", "Enter": "\ue007", "Shift": "\ue008", "Control": "\ue009", "Alt": "\ue00a", "Escape": "\ue00c",
         "Space": " ", "PageUp": "\ue00e", "PageDown": "\ue00f", "End": "\ue010", "Home": "\ue011", "Left": "\ue012", "Up": "\ue013",
         "Right": "\ue014", "Down": "\ue015", "Insert": "\ue016", "Delete": "\ue017", "F1": "\ue031", "F2": "\ue032", "F10": "\ue03a",
         "Meta": "\ue03d"}

FIND = """
const [selector, text, place] = arguments;
const isShown = one => one.checkVisibility({visibilityProperty: true}) && one.getBoundingClientRect().width > 0;
return [...document.querySelectorAll(selector)].filter(one => isShown(one) &&
  (text === null || one.textContent.trim() === text || one.getAttribute('aria-label') === text)).at(place) ?? null;
"""
ASYNC = """
const done = arguments[arguments.length - 1];
(async (...given) => { %s })(...[...arguments].slice(0, -1)).then(value => done({value}), error => done({error: String(error?.stack || error)}));
"""


class Failure(Exception):
    """The browser or the page did not do what a test asked for."""


def open(name, width=1280, height=860, profile=None, autoplay=True):
    """A browser whose pages are `width` by `height` CSS pixels. `profile` is a folder that is kept; without it the profile is new, and
    removed at the end. With `autoplay` sound needs no gesture."""
    return {"chromium": Chromium, "firefox": Firefox}[name](width, height, profile, autoplay)


class Browser:
    name = ""

    def __init__(self, profile):
        self.owned = None if profile else tempfile.mkdtemp(prefix="player-browser-")
        self.profile = str(profile or self.owned)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def run_async(self, body, *given, seconds=30):
        """The value of an async function's body; `given` is its parameter list, as an array."""
        answer = self._run_async(ASYNC % body, given, seconds)
        if "error" in answer:
            raise Failure(answer["error"])
        return answer.get("value")

    def wait(self, script, seconds=10, words=None, *given):
        """The first true value of a script."""
        end = time.monotonic() + seconds
        while True:
            value = self.run(script, *given)
            if value:
                return value
            if time.monotonic() > end:
                raise Failure("not within %g s: %s" % (seconds, words or script))
            time.sleep(0.05)

    def find(self, selector, text=None, place=0, seconds=10):
        """The element that is shown, with this text or label if one is given; waits for it."""
        return self.wait(FIND, seconds, "%s %r" % (selector, text or ""), selector, text, place)

    def click(self, selector, text=None, place=0, seconds=10):
        """A click of the mouse: a gesture. Waits for the element."""
        self.find(selector, text, place, seconds).click()

    def type(self, text):
        """Types text into what has the focus."""
        for character in text:
            self._press([character])

    def keys(self, *names):
        """Presses keys one after the other: "Tab", "Shift+Tab", "Control+a", "?"."""
        for name in names:
            parts = [name] if len(name) == 1 else name.split("+")
            self._press([CODES.get(part, part) for part in parts])

    def remove_profile(self):
        if self.owned:
            shutil.rmtree(self.owned, ignore_errors=True)


class Chromium(Browser):
    name = "chromium"

    def __init__(self, width, height, profile, autoplay):
        from selenium import webdriver
        from selenium.webdriver.chrome.service import Service
        super().__init__(profile)
        options = webdriver.ChromeOptions()
        switches = ["--headless=new", "--no-sandbox", "--mute-audio", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                    "--user-data-dir=" + self.profile, "--window-size=%d,%d" % (max(width, 500), height)]
        for switch in switches + ["--autoplay-policy=no-user-gesture-required"] * autoplay:
            options.add_argument(switch)
        options.binary_location = "/usr/bin/chromium"
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        # With a sound server Chromium resamples; without one it has a sink of its own that takes what comes.
        service = Service("/usr/bin/chromedriver", env={**os.environ, "PULSE_SERVER": "unix:" + self.profile + "/none"})
        self.driver = webdriver.Chrome(service=service, options=options)
        self.version = self.driver.capabilities["browserVersion"]
        self.service = service
        self.resize(width, height)

    def cdp(self, command, **values):
        return self.driver.execute_cdp_cmd(command, values)

    def resize(self, width, height):
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def before(self, script):
        """Runs a script in each new document before the page's own."""
        self.cdp("Page.addScriptToEvaluateOnNewDocument", source=script)

    def go(self, url):
        self.driver.get(url)

    def reload(self):
        self.driver.refresh()

    def run(self, script, *given):
        return self.driver.execute_script(script, *given)

    def _run_async(self, script, given, seconds):
        self.driver.set_script_timeout(seconds)
        return self.driver.execute_async_script(script, *given)

    def _press(self, codes):
        from selenium.webdriver.common.action_chains import ActionChains
        actions = ActionChains(self.driver, duration=0)
        for code in codes:
            actions.key_down(code)
        for code in reversed(codes):
            actions.key_up(code)
        actions.perform()

    def console(self):
        """Errors since the last call."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]

    def media(self, scheme="light", motion="no-preference", contrast="no-preference"):
        self.cdp("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": motion},
            {"name": "prefers-contrast", "value": contrast}])

    def offline(self, is_off):
        # Its throughput is not for tests: it does not reach requests that are under way. A proxy's does (between.py).
        self.cdp("Network.enable")
        self.cdp("Network.emulateNetworkConditions", offline=is_off, latency=0, downloadThroughput=-1, uploadThroughput=-1)

    def hide(self):
        """Opens another tab in front; scripts still run in the page that was there."""
        self.other = self.cdp("Target.createTarget", url="about:blank")["targetId"]
        self.cdp("Target.activateTarget", targetId=self.other)

    def show(self):
        """Closes the tab that `hide` opened."""
        self.cdp("Target.closeTarget", targetId=self.other)
        self.cdp("Page.bringToFront")

    def screenshot(self, path):
        self.driver.save_screenshot(str(path))

    def close(self):
        process = self.service.process
        try:
            self.driver.quit()
        finally:
            if process.poll() is None:
                process.kill()
            self.remove_profile()


class Firefox(Browser):
    name = "firefox"
    PREFS = {"media.autoplay.block-webaudio": False, "network.disable-localhost-when-offline": True, "browser.shell.checkDefaultBrowser": False,
             "browser.startup.page": 0, "browser.aboutwelcome.enabled": False, "datareporting.policy.dataSubmissionEnabled": False,
             "toolkit.telemetry.enabled": False, "app.update.enabled": False, "extensions.update.enabled": False,
             "network.captive-portal-service.enabled": False, "network.connectivity-service.enabled": False,
             "browser.safebrowsing.downloads.enabled": False, "services.settings.server": "data:,#remote-settings-dummy/v1",
             "browser.newtabpage.enabled": False, "dom.disable_beforeunload": True, "datareporting.policy.firstRunURL": ""}

    def __init__(self, width, height, profile, autoplay):
        from marionette_driver.marionette import Marionette
        super().__init__(profile)
        self.processes = []
        try:
            port = free_port()
            prefs = {**self.PREFS, "marionette.port": port, "media.autoplay.default": 0 if autoplay else 1}
            pathlib.Path(self.profile, "user.js").write_text("".join(
                "user_pref(%s, %s);\n" % (json.dumps(key), json.dumps(value)) for key, value in prefs.items()))
            command = ["firefox-esr", "--headless", "--marionette", "--remote-allow-system-access", "--no-remote", "--profile", self.profile]
            self._start(command, {"PULSE_SERVER": self._sound(), "MOZ_HEADLESS_WIDTH": "2600", "MOZ_HEADLESS_HEIGHT": "2000",
                                  "MOZ_CRASHREPORTER_DISABLE": "1"})
            wait_for_port(port, 60)
            self.driver = Marionette(host="127.0.0.1", port=port, socket_timeout=120)
            self.version = self.driver.start_session()["browserVersion"]
            self.inside("document.documentElement.style.minWidth = '0'")
            self.resize(width, height)
        except BaseException:
            self.close()
            raise

    def _sound(self):
        """A sound server with a sink that takes 48 kHz: without one an AudioContext never runs."""
        folder = tempfile.mkdtemp(prefix="player-sound-")
        self.folder = folder
        path = folder + "/native"
        self._start(["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes",
                     "-L", "module-native-protocol-unix auth-anonymous=1 socket=" + path, "-L", "module-null-sink rate=48000"],
                    {"PULSE_RUNTIME_PATH": folder, "PULSE_STATE_PATH": folder, "HOME": folder})
        end = time.monotonic() + 10
        while not os.path.exists(path):
            if time.monotonic() > end:
                raise Failure("pulseaudio does not start")
            time.sleep(0.05)
        return "unix:" + path

    def _start(self, command, environment):
        self.processes.append(subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL,
                                               stderr=subprocess.DEVNULL, start_new_session=True))

    def resize(self, width, height):
        # The window has bars: what is asked for is the page's size.
        for _ in range(4):
            inner = self.run("return [innerWidth, innerHeight, outerWidth, outerHeight]")
            if inner[:2] == [width, height]:
                return
            self.driver.set_window_rect(width=width + inner[2] - inner[0], height=height + inner[3] - inner[1])
            time.sleep(0.2)
        if self.run("return innerWidth") != width:
            raise Failure("the page is %d pixels wide, not %d" % (self.run("return innerWidth"), width))

    def go(self, url):
        self.driver.navigate(url)

    def reload(self):
        self.driver.refresh()

    def run(self, script, *given):
        return self.driver.execute_script(script, script_args=given, sandbox=None)

    def _run_async(self, script, given, seconds):
        self.driver.timeout.script = seconds
        return self.driver.execute_async_script(script, script_args=given, sandbox=None)

    def inside(self, script, *given):
        """Runs a script with the browser's own rights."""
        with self.driver.using_context("chrome"):
            return self.driver.execute_script(script, script_args=given)

    def _press(self, codes):
        actions = self.driver.actions.sequence("key", "keyboard")
        for code in codes:
            actions = actions.key_down(code)
        for code in reversed(codes):
            actions = actions.key_up(code)
        actions.perform()

    def console(self):
        """Errors of pages since the last call, but for those that they print themselves."""
        return self.inside("""
            const found = Services.console.getMessageArray().filter(one => one instanceof Ci.nsIScriptError
              && /^https?:/.test(one.sourceName) && !(one.flags & (Ci.nsIScriptError.warningFlag | Ci.nsIScriptError.infoFlag)));
            Services.console.reset();
            return found.map(one => one.sourceName + ':' + one.lineNumber + ' ' + one.errorMessage);
        """)

    def media(self, scheme="light", motion="no-preference", contrast="no-preference"):
        self.inside("""
            Services.prefs.setIntPref('layout.css.prefers-color-scheme.content-override', arguments[0] === 'dark' ? 0 : 1);
            Services.prefs.setIntPref('ui.prefersReducedMotion', arguments[1] === 'reduce' ? 1 : 0);
        """, scheme, motion)

    def offline(self, is_off):
        self.inside("Services.io.offline = arguments[0]", is_off)

    def hide(self):
        """Opens another tab in front; scripts still run in the page that was there."""
        self.other = self.driver.open(type="tab", focus=True)["handle"]

    def show(self):
        """Closes the tab that `hide` opened."""
        page = self.driver.current_window_handle
        self.driver.switch_to_window(self.other, focus=True)
        self.driver.close()
        self.driver.switch_to_window(page, focus=True)

    def screenshot(self, path):
        pathlib.Path(path).write_bytes(base64.b64decode(self.driver.screenshot(full=False)))

    def close(self):
        try:
            if getattr(self, "driver", None):
                self.driver.delete_session()
        except Exception:
            pass
        for process in reversed(self.processes):
            end_group(process)
        shutil.rmtree(getattr(self, "folder", ""), ignore_errors=True)
        self.remove_profile()


def end_group(process):
    """Ends a process that leads its own group, and all of the group."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(5)
        except subprocess.TimeoutExpired:
            continue
        except ProcessLookupError:
            pass
    if process.poll() is None:
        process.kill()


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_for_port(port, seconds):
    end = time.monotonic() + seconds
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > end:
                raise Failure("nothing listens on port %d" % port) from None
            time.sleep(0.1)
