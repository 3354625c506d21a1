"""Debian's Chromium by chromedriver: real clicks, and what its DevTools say of a page."""
import time

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

SWITCHES = ("--headless=new", "--no-sandbox", "--mute-audio", "--disable-gpu", "--disable-dev-shm-usage", "--js-flags=--expose-gc",
            "--window-size=1280,2000", "--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4")

SEEN = "return [location.href, document.body?.innerText.slice(0, 300), performance.getEntriesByType('resource').length]"


class Chromium:
    """A browser with a profile of its own, which nothing has been loaded into."""

    def __init__(self, script=""):
        """`script` runs in each page before the page's own."""
        options = webdriver.ChromeOptions()
        for switch in SWITCHES:
            options.add_argument(switch)
        options.binary_location = "/usr/bin/chromium"
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.driver.set_script_timeout(120)
        self.devtools("Performance.enable")
        self.devtools("Network.enable")
        if script:
            self.devtools("Page.addScriptToEvaluateOnNewDocument", source=script)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()

    def devtools(self, method, **parameters):
        return self.driver.execute_cdp_cmd(method, parameters)

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def wait(self, script, *arguments, seconds=20):
        """What `script` returns as soon as that is true."""
        deadline = time.monotonic() + seconds
        while not (found := self.run(script, *arguments)):
            assert time.monotonic() < deadline, f"in {seconds} s never: {script}\n{self.complaints()}\n{self.run(SEEN)}"
            time.sleep(0.01)
        return found

    def network(self, kbit=0, latency=0):
        """Milliseconds of latency are added to each request; 0 kbit/s is no limit."""
        rate = kbit * 125 or -1
        self.devtools("Network.emulateNetworkConditions", offline=False, latency=latency, downloadThroughput=rate, uploadThroughput=rate)

    def click(self, selector, place=0):
        """Clicks in the middle of an element as a mouse does."""
        x, y = self.run("""
            const node = document.querySelectorAll(arguments[0])[arguments[1]]
            node.scrollIntoView({block: 'center'})
            const {x, y, width, height} = node.getBoundingClientRect()
            return [x + width / 2, y + height / 2]""", selector, place)
        self.point(x, y, "mouseMoved")
        return x, y

    def point(self, x, y, kind, button="none"):
        self.devtools("Input.dispatchMouseEvent", type=kind, x=x, y=y, button=button, clickCount=0 if button == "none" else 1)

    def press(self, x, y):
        """A click where the mouse is."""
        self.point(x, y, "mousePressed", "left")
        self.point(x, y, "mouseReleased", "left")

    def metrics(self):
        return {one["name"]: one["value"] for one in self.devtools("Performance.getMetrics")["metrics"]}

    def heap(self):
        """Megabytes of script's objects after a collection."""
        self.devtools("HeapProfiler.collectGarbage")
        return self.metrics()["JSHeapUsedSize"] / 1e6

    def complaints(self):
        return [f"{entry['level']} {entry['message']}" for entry in self.driver.get_log("browser")]
