"""The player in a browser without Media Source: it plays each track as one file, seeks, goes on to the next, and stays where it was after a
reload.

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


def settled(browser, holds, seconds, words):
    end = time.monotonic() + seconds
    while True:
        state = browser.run(STATE)
        if state and holds(state):
            return state
        if time.monotonic() > end:
            raise AssertionError(f"{words}: {state}")
        time.sleep(0.1)


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
        # The slider's own way to seek.
        browser.run("""const slider = document.querySelector('.player input[type=range]:not(.volume)');
            slider.value = 15; slider.dispatchEvent(new Event('input', {bubbles: true})); slider.dispatchEvent(new Event('change', {bubbles: true}))""")
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


main("fallback", steps)
