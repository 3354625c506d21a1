"""What is heard where the player lets tracks overlap: the sound of both in Chromium, whose power has to stay the same, and none of which may
be missing. Tracks that follow each other on an album have to stay on one element all the same.

Usage: crossfade_test.py    (needs SWEETSPOT_PROGRAM, or a release build, and numpy)
"""
import os

import numpy as np

import browsers
import signals
from between import Between
from stage import check, figures, library, main

HERE = os.path.dirname(os.path.abspath(__file__))
RATE, OVERLAP = 48_000, 4
# Seconds of the tracks, in the order of their titles; a third of the third is less than the overlap.
LENGTHS = {"a": 18, "b": 18, "c": 9, "d": 9}
# Where the tracks before are, by their own clocks, when another element begins: once for "b", once for "c".
BEGINS = (18 - OVERLAP, 18 - 9 / 3)
# dB by which the sum may differ; milliseconds of a window, which noise of this band fills evenly enough; seconds of a late event.
MOST, WINDOW, LATE = 1.0, 200, 0.5

CAPTURE = """
const {connect} = AudioNode.prototype;
window.taps = [];
window.Tap = context => context.audioWorklet.addModule('/probe/capture.js').then(() => {
  const node = new AudioWorkletNode(context, 'capture', {channelCount: 2, channelCountMode: 'explicit'});
  const blocks = [];
  node.port.onmessage = ({data}) => blocks.push(data);
  connect.call(node, context.destination);
  window.taps.push(blocks);
  return node;
});
AudioNode.prototype.connect = function (to, ...rest) {
  if (to === this.context.destination) (window.tap ??= Tap(this.context)).then(tap => connect.call(this, tap));
  return connect.call(this, to, ...rest);
};
window.elements = new Set();
window.begins = [];
const {play} = HTMLMediaElement.prototype;
HTMLMediaElement.prototype.play = function () {
  const others = [...elements].filter(one => one !== this && !one.paused);
  elements.add(this);
  this.addEventListener('playing', () => begins.push(others.map(one => one.currentTime)), {once: true});
  // Nothing sounds before it is caught.
  return Promise.resolve(window.tap).then(() => play.call(this));
};
localStorage.setItem('sweetspot.settings', JSON.stringify({version: 1, crossfade: %d, levelling: 'off', volume: 1, muted: false, speed: 1}));
""" % OVERLAP
TAKE = """
const whole = new Float32Array(taps[0].length * 128 * 64);
taps[0].forEach((block, i) => whole.set(block, i * 128 * 64));
await fetch('/probe/caught', {method: 'POST', body: whole});
return [taps.length, begins, elements.size];
"""


def make(folder):
    """Two tracks of albums of their own, whose noises have nothing in common, and an album of two that were cut from one noise."""
    sounds = [signals.noise(RATE * LENGTHS[name], RATE, seed) for seed, name in enumerate("ab", 1)]
    whole = signals.noise(RATE * (LENGTHS["c"] + LENGTHS["d"]), RATE, 3)
    sounds += np.split(whole, [RATE * LENGTHS["c"]])
    for place, (name, album, track) in enumerate((("a", "one", 1), ("b", "other", 1), ("c", "whole", 1), ("d", "whole", 2))):
        signals.write(os.path.join(folder, f"{name}.flac"), sounds[place], RATE, title=name, album=album, artist="Noise", track=track)
    return sounds[0]


def levels(sound, milliseconds):
    size = RATE * milliseconds // 1000
    return np.sqrt(np.mean(sound[:len(sound) // size * size].reshape(-1, size) ** 2, axis=1))


def play(browser, between):
    """Plays the tracks in the order of their titles, and gives what was heard."""
    browser.go(between.base + "/tracks?sort=title")
    browser.wait("return performance.getEntriesByName('playable').length > 0 && document.querySelector('.tracks .row:not(.head) .title')", 30)
    browser.run("document.querySelector('.tracks .row:not(.head)').dispatchEvent(new MouseEvent('dblclick', {bubbles: true}))")
    browser.wait("return [...elements].some(one => !one.paused)", 20, "sound")
    browser.wait("return [...elements].every(one => one.paused || one.ended)", 120, "the end")
    taps, begins, elements = browser.run_async(TAKE, seconds=60)
    sound = np.frombuffer(between.posted.pop("/probe/caught"), "<f4").astype(float)
    heard = np.flatnonzero(np.abs(sound) > 1e-6)
    check(taps == 1, f"{taps} contexts of audio")
    return sound[heard[0]:heard[-1] + 1], [begin[0] for begin in begins if begin], elements


def steps(folder):
    music = os.path.join(folder, "music")
    os.makedirs(music)
    one = make(music)
    with library(folder, music, len(LENGTHS)) as server, browsers.open("chromium") as browser:
        with open(os.path.join(HERE, "probe", "capture.js"), "rb") as file:
            between = Between(server.port, {"/probe/capture.js": ("text/javascript", file.read())})
        browser.before(CAPTURE)
        for _ in range(3):
            sound, begins, elements = play(browser, between)
            if not (holes := signals.holes(sound)):
                break
            print("  a hole, or the machine was late: again", flush=True)
        decibels = 20 * np.log10(levels(sound, WINDOW)[1:-1] / np.median(levels(one, WINDOW)))
        figures["caught, s"], figures["elements"] = round(len(sound) / RATE, 2), elements
        figures["level, dB"] = f"{decibels.min():+.2f} to {decibels.max():+.2f}"
        figures["begins at, s"] = [round(begin, 2) for begin in begins]
        check(np.abs(decibels).max() <= MOST, f"the level is off by {np.abs(decibels).max():.2f} dB")
        check(not holes, f"holes (place, length): {[(place / RATE, length / RATE) for place, length in holes[:6]]} s")
        check(elements == 2, f"{elements} elements")
        # The fourth track joins the third on its element.
        check(len(begins) == len(BEGINS) and all(0 <= begin - due <= LATE for begin, due in zip(begins, BEGINS)), f"tracks begin at {begins}")
        # A machine that is busy loses a part of what is caught, and nothing of what is heard.
        most = sum(LENGTHS.values()) - sum(18 - due for due in BEGINS) + 2 * LATE
        check(0.8 * most < len(sound) / RATE < most + 0.5, f"{len(sound) / RATE:.2f} s were heard, not {most}")
        errors = browser.console()
        check(not errors, f"on the console: {errors[:3]}")
        between.close()


main("crossfade", steps)
