"""The player in a browser without Media Source: it plays each track as one file, seeks, goes on to the next, stays where it was after a
reload, and plays what was kept on the device with the server gone.

Usage: fallback_test.py    (needs SWEETSPOT_PROGRAM, or a release build)
"""
import os
import time

import browsers
from stage import album, check, figures, library, main

LENGTHS = [20, 12]
WITHOUT = """
delete window.MediaSource; delete window.ManagedMediaSource; delete window.WebKitMediaSource;
window.elements = new Set();
const {play} = HTMLMediaElement.prototype;
HTMLMediaElement.prototype.play = function () { elements.add(this); return play.call(this); };
"""
STATE = """
const [one] = [...elements];
return one ? {src: one.currentSrc, at: one.currentTime, plays: !one.paused, seeks: one.seeking, elements: elements.size,
  title: document.querySelector('.player .title').textContent, error: one.error?.message ?? ''} : null
"""


# The slider's own way to seek.
SEEK = """
const slider = document.querySelector('.player input[type=range]:not(.volume)');
slider.value = arguments[0]; slider.dispatchEvent(new Event('input', {bubbles: true})); slider.dispatchEvent(new Event('change', {bubbles: true}))
"""


def settled(browser, holds, seconds, words):
    end = time.monotonic() + seconds
    while True:
        state = browser.run(STATE)
        if state and holds(state):
            return state
        if time.monotonic() > end:
            raise AssertionError(f"{words}: {state}")
        time.sleep(0.1)


KEPT = """
const cache = await caches.open('sweetspot-pins');
const found = [];
for (const request of await cache.keys()) {
  const {pathname} = new URL(request.url);
  if (!pathname.startsWith('/stream/') && !pathname.startsWith('/hls/')) continue;
  const response = await cache.match(request);
  found.push([pathname, (await response.arrayBuffer()).byteLength, response.headers.get('ETag')]);
}
return found
"""


def copied(browser, server, album_id):
    """The album on the device: each track is the file that the server has, and plays without it."""
    browser.go(f"{server.base}/album/{album_id}")
    browser.click("main .pin", seconds=30)
    browser.wait("return document.querySelector('dialog[open]')?.innerText.includes('Exactly')", 30, "the size")
    browser.click("dialog .button.main")
    browser.wait("return document.querySelector('main .pin.on')", 60, "it is kept")
    kept = browser.run_async(KEPT)
    check(len(kept) == len(LENGTHS), f"kept are {kept}")
    for path, length, tag in kept:
        status, headers, _ = server.send("HEAD", path)
        check((status, int(headers["Content-Length"]), headers["ETag"]) == (200, length, tag), f"{path} is {length} bytes of {tag}: {status} {headers}")
    figures["bytes kept"] = sum(length for _, length, _ in kept)
    browser.wait("return navigator.serviceWorker.controller && performance.getEntriesByName('playable').length", 30, "the worker")
    server.stop()
    browser.go(f"{server.base}/album/{album_id}")
    browser.wait("return performance.getEntriesByName('playable').length > 0 && document.querySelector('.tracks .row:not(.head) .title')", 40, "the album without the server")
    browser.run("document.querySelector('.tracks .row:not(.head)').dispatchEvent(new MouseEvent('dblclick', {bubbles: true}))")
    state = settled(browser, lambda state: state["plays"] and state["at"] > 0.5, 20, "it does not play without the server")
    check(state["src"].endswith(kept[0][0]) or state["src"].endswith(kept[1][0]), f"it plays {state}")
    browser.run(SEEK, LENGTHS[0] - 4)
    settled(browser, lambda state: state["title"] == "First" and LENGTHS[0] - 4 < state["at"], 20, "it does not seek without the server")
    settled(browser, lambda state: state["title"] == "Second" and state["at"] > 1, 30, "it does not go on without the server")


def steps(folder):
    music = os.path.join(folder, "music")
    album(music, "Whole", "Files", ["First", "Second"], LENGTHS)
    with library(folder, music, 2) as server, browsers.open("chromium") as browser:
        browser.before(WITHOUT)
        [found] = server.items("/api/v1/albums")
        browser.go(f"{server.base}/album/{found['id']}")
        browser.wait("return performance.getEntriesByName('playable').length > 0 && document.querySelector('.tracks .row:not(.head) .title')", 30, "the album")
        check(browser.run("return typeof MediaSource === 'undefined'"), "there is a Media Source")
        browser.run("document.querySelector('.tracks .row:not(.head)').dispatchEvent(new MouseEvent('dblclick', {bubbles: true}))")
        state = settled(browser, lambda state: state["plays"] and state["at"] > 0.5, 20, "it does not play")
        check("/stream/" in state["src"] and state["title"] == "First", f"it plays {state}")
        browser.run(SEEK, 15)
        state = settled(browser, lambda state: state["at"] > 15.2, 20, "it does not seek")
        check(state["at"] < 19, f"it sought to {state['at']:.1f} s")
        state = settled(browser, lambda state: state["title"] == "Second" and 4 < state["at"] < 11, 40, "it does not go on")
        check(state["elements"] == 1 and not state["error"], f"it plays {state}")
        browser.click(".player .play-button")
        state = settled(browser, lambda state: not state["plays"], 5, "it does not pause")
        place = state["at"]
        browser.reload()
        browser.wait("return document.querySelector('.player .title')?.textContent === 'Second'", 30, "the queue after the reload")
        check(browser.run("return elements.size") == 0, "it plays unasked")
        browser.click(".player .play-button")
        state = settled(browser, lambda state: state["plays"] and state["at"] > 0, 20, "it does not go on")
        figures["paused and goes on at, s"] = (round(place, 1), round(state["at"], 1))
        check(abs(state["at"] - place) < 1, f"it was at {place:.1f} s, and goes on at {state['at']:.1f}")
        errors = browser.console()
        check(not errors, f"on the console: {errors[:3]}")
        copied(browser, server, found["id"])
        errors = [line for line in browser.console() if "net::ERR_" not in line]
        check(not errors, f"on the console without the server: {errors[:3]}")


main("fallback", steps)
