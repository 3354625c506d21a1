"""Opens pages of a server's player in headless Chromium, each in a fresh tab. Prints {"problems": [...], "figures": {...}}.

Usage: python pages.py BASE TEXT PATH...    (needs selenium, and Debian's chromium and chromium-driver)

Each page has to show something other than a login, and the last one TEXT, with nothing on the console, no violation of its policy, and every
file of it loaded once.
"""
import json
import sys
import time

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

problems, figures = [], {}
base, text, paths = sys.argv[1], sys.argv[2], sys.argv[3:]

WATCH = """
window.violations = [];
addEventListener('securitypolicyviolation', event => violations.push(event.violatedDirective + ' ' + event.blockedURI + event.sample));
"""
STATE = """
return {
  violations: window.violations,
  files: performance.getEntriesByType('resource').filter(entry => new URL(entry.name).pathname.startsWith('/web/'))
    .map(entry => [new URL(entry.name).pathname, entry.responseStatus, entry.initiatorType]),
  foreign: performance.getEntriesByType('resource').map(entry => entry.name).filter(name => new URL(name).origin !== location.origin
    && !name.startsWith('blob:') && !name.startsWith('data:')),
  paint: performance.getEntriesByName('first-contentful-paint').map(entry => entry.startTime)[0] || 0,
  shown: document.querySelector('main')?.innerText || '',
  path: location.pathname,
  asks: document.querySelector('input[type=password]') !== null,
}
"""

options = webdriver.ChromeOptions()
for switch in ("--headless=new", "--no-sandbox", "--mute-audio", "--disable-gpu", "--disable-dev-shm-usage"):
    options.add_argument(switch)
options.binary_location = "/usr/bin/chromium"
options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
try:
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
    for path in paths:
        driver.get(base + path)
        wanted = text if path == paths[-1] else ""
        end = time.monotonic() + 20
        while time.monotonic() < end:
            state = driver.execute_script(STATE)
            if state["shown"] and wanted in state["shown"]:
                break
            time.sleep(0.05)
        # What is loaded behind the first view.
        time.sleep(1)
        state = driver.execute_script(STATE)
        if not state["shown"] or wanted not in state["shown"]:
            problems.append(f"{path}: {wanted!r} is not in {state['shown'][:300]!r}")
        if state["asks"] or state["path"] != path:
            problems.append(f"{path}: it leads to {state['path']}, and asks for a password: {state['asks']}")
        problems += [f"{path}: console: {entry['level']} {entry['message']}" for entry in driver.get_log("browser")]
        problems += [f"{path}: policy: {violation}" for violation in state["violations"]]
        problems += [f"{path}: {url} is elsewhere" for url in state["foreign"]]
        problems += [f"{path}: {url}: {status}" for url, status, _ in state["files"] if status != 200]
        # A preload whose URL is not the one of the import would be loaded twice.
        urls = [url for url, _, _ in state["files"] if url.endswith(".js")]
        problems += [f"{path}: {url} is loaded twice" for url in set(urls) if urls.count(url) > 1]
        figures["modules"] = max(figures.get("modules", 0), len(urls))
        figures["first paint, ms"] = max(figures.get("first paint, ms", 0), round(state["paint"]))
        figures["pages"] = figures.get("pages", 0) + 1
finally:
    driver.quit()
print(json.dumps({"problems": problems[:20], "figures": figures}))
