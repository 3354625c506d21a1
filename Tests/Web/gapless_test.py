"""What is heard of the player's own engine, sample by sample: captures the element's sound in Chromium and in Firefox, and looks for each
piece of it in the originals.

Usage: gapless_test.py [--browser NAME] [--only WORD] [--long]

Without --long it takes what shows each property once. Needs SWEETSPOT_PROGRAM, or a release build, and numpy.
"""
import argparse
import os
import re
import signal
import sys
import tempfile
import time

import numpy as np

import browsers
import signals
import stage
from between import Between

HERE = os.path.dirname(os.path.abspath(__file__))
# Samples, dB, and times a neighbour's RMS.
MOST = {"chromium": 0, "firefox": 1}
GAIN, GAIN_OFF, LOUDER = -6.0, 0.1, 1.5
# Seconds that the element's volume may come late: it is set at a cue, and a busy machine is late itself.
VOLUME_LATE = 0.1
CODECS = {"opus-96": ("opus", 96), "aac-128": ("mp4a", 128), "flac": ("fLaC", 0)}
# Samples of tracks at 48 kHz, none of them a whole number of frames.
TABLE = (251_371, 243_017)
LONG_TRACK = 31 * 48_000 + 1_117
ALBUM = (117_011, 96_047, 131_063, 88_001, 104_729, 120_011, 92_233, 110_017, 99_991, 126_241, 101_009, 108_041)
FORTY_FOUR = (112_303, 97_171, 104_947, 120_877, 101_113)
# kbit/s for each segment: down at once, up with a full buffer, and never the same twice.
RUNGS = {"opus": (128, 96, 128, 64, 96, 48), "mp4a": (128, 96, 128, 64, 96, 64)}

problems, table = [], []


def check(holds, words):
    if not holds:
        problems.append(words)
    return holds


def row(*cells):
    table.append([str(cell) for cell in cells])
    print("  " + " | ".join(table[-1]), flush=True)


# Music

class Music:
    """An album of `lengths`, cut from one signal, and its tracks on the server in that order."""

    def __init__(self, name, folder, lengths, rate, seed, formats=("flac",)):
        self.name, self.lengths, self.rate = name, lengths, rate
        self.signal = signals.noise(sum(lengths), rate, seed)
        self.cuts = np.cumsum((0,) + tuple(lengths)).tolist()
        os.makedirs(os.path.join(folder, name))
        for i, (begin, end) in enumerate(zip(self.cuts, self.cuts[1:])):
            path = os.path.join(folder, name, "%02d part.%s" % (i + 1, formats[i % len(formats)]))
            signals.write(path, self.signal[begin:end], rate, title="Part %d" % (i + 1), album=name, artist="Noise", track=i + 1)

    def find(self, items):
        by_length = {(item["samples"], item["sampleRate"]): item for item in items}
        self.tracks = [{"id": by_length[(n, self.rate)]["id"], "albumId": None} for n in self.lengths]

    def at(self, place):
        return self.tracks[place]


# Capture

class Capture:
    def __init__(self, browser, between):
        self.browser, self.between = browser, between

    def take(self, codec, cap, script, *given, rate=48_000, policy=None, caps=None, seconds=120, tries=3, parts=1):
        """Runs a script of the probe, and gives what was heard, what the engine said, and the segments that it asked for. What should be heard
        is in so many `parts`."""
        for left in reversed(range(tries)):
            self.browser.go(self.between.base + "/probe/")
            self.browser.wait("return window.probe !== undefined", 20, "the probe")
            begin = len(self.between.log)
            how = {"codec": codec, "rate": rate, "policy": {"cap": cap, **(policy or {})}, "caps": caps}
            # A gesture lets the context run in every browser.
            self.browser.run_async("await probe.open(given[0])", how)
            said = self.browser.run_async(script + "\nreturn probe.told", *given, seconds=seconds)
            answer = self.browser.run_async("return await probe.close()", seconds=60)
            caught = np.frombuffer(self.between.posted.pop("/probe/caught"), "<f4").astype(float)
            asked = [entry["path"] for entry in self.between.log[begin:] if ".m4s" in entry["path"]]
            late = len(signals.islands(caught, 24 / rate)) > parts
            # A wait with sound ahead is the browser's, on a machine that is too busy to decode.
            starved = [event for event in answer["events"] if event["type"] == "element waiting" and event["time"] > 0.1 and event["ahead"] < 1]
            if not late or starved or not left:
                return caught, answer["events"], asked, said
            print("  the machine was late: again", flush=True)


PLAY = """
const [queue, place, at] = given;
probe.start(queue, place, at);
await probe.until(1e9);
"""
SEEKS = """
const [queue, places] = given;
probe.start(queue, 0, 0);
await probe.until(0.3);
probe.told = [];
for (const place of places) probe.told.push(await probe.seek(place, 900));
"""


def whole(caught, source, rate=48_000):
    """The one piece of sound that a capture is, and the samples of the source before it."""
    pieces = signals.islands(caught, 0.3, rate)
    if not pieces:
        raise browsers.Failure("nothing was heard")
    first, last = pieces[0][0], pieces[-1][1]
    piece = caught[first:last]
    return piece, signals.shift_of(piece[:min(len(piece), 200_000)], source), pieces


def steps(piece, source, shift, cut):
    """Error behind a cut against before it, samples."""
    found = signals.course(piece, source, shift)
    before = [off for at, off, alike in found if at + 2048 <= cut and alike > 0.5]
    after = [off for at, off, alike in found if at >= cut and alike > 0.5]
    return float(np.median(after[:40]) - np.median(before[-40:]))


def louder(piece, source, shift, cut, size=960):
    """How much louder, against the original, a block around a cut is than what is usual."""
    near = signals.levels(piece, source, shift, range(cut - 3 * size, cut + 4 * size, size // 2))
    usual = np.median(signals.levels(piece, source, shift, list(range(cut - 40 * size, cut - 5 * size, size)) +
                                     list(range(cut + 5 * size, cut + 40 * size, size))))
    return max(near) / usual


# Cases

def case_table(capture, music, name):
    """Start, join and end of two tracks; three seeks."""
    browser, (codec, cap) = capture.browser.name, CODECS[name]
    most = MOST[browser]
    caught, events, asked, _ = capture.take(codec, cap, PLAY, music.tracks[:2], 0, 0)
    check(all("/%s/" % name in path for path in asked), "%s %s: it asked for %s" % (browser, name, asked))
    piece, shift, pieces = whole(caught, music.signal)
    check(len(pieces) == 1, "%s %s: the sound is in %d pieces" % (browser, name, len(pieces)))
    cut, end = music.cuts[1], music.cuts[2]
    join = steps(piece, music.signal, shift, cut)
    loud = louder(piece, music.signal, shift, cut)
    check(abs(shift) <= most, "%s %s: the first sample heard is %d" % (browser, name, shift))
    check(abs(round(join, 1)) <= most, "%s %s: the join is off by %.2f samples" % (browser, name, join))
    check(abs(shift + len(piece) - end) <= most, "%s %s: the end is off by %d" % (browser, name, shift + len(piece) - end))
    check(loud <= LOUDER, "%s %s: %.2f times louder at the join" % (browser, name, loud))
    joined = [event for event in events if event["type"] == "track"]
    check([event["id"] for event in joined] == [track["id"] for track in music.tracks[:2]], "%s %s: told %s" % (browser, name, joined))
    places = [3.21987, 1.5, 4.000021]
    seeks = seek_errors(capture, music, codec, cap, places, (browser, name))
    check(max(map(abs, seeks)) <= most, "%s %s: seeks are off by %s samples" % (browser, name, seeks))
    row(browser, name, "start %d" % shift, "seek %s" % max(seeks, key=abs), "join %.2f" % join, "end %d" % (shift + len(piece) - end),
        "louder %.2f" % loud)
    return piece, shift


def seek_errors(capture, music, codec, cap, places, where):
    caught, _, _, told = capture.take(codec, cap, SEEKS, music.tracks[:1], places, parts=1 + len(places))
    pieces = [one for one in signals.islands(caught, 0.2) if one[1] - one[0] > 9600][-len(places):]
    if not check(len(pieces) == len(places), "%s %s: %d seeks are heard as %d" % (*where, len(places), len(pieces))):
        return [9999]
    errors = []
    for place, at, (first, last) in zip(places, told, pieces):
        check(abs(at - place) < 1e-3, "%s %s: sought %.6f, the element says %.6f" % (*where, place, at))
        shift = signals.shift_of(caught[first:last], music.signal)
        errors.append(shift - round(place * music.rate))
    return errors


def case_gain(capture, music, name, reference):
    """The second track is levelled by -6 dB: where that begins, against the same tracks without it."""
    browser, (codec, cap) = capture.browser.name, CODECS[name]
    loud = [{"integrated": -18, "truePeak": -3}, {"integrated": -18 - GAIN, "truePeak": -3}]
    queue = [{**track, "loudness": one} for track, one in zip(music.tracks, loud)]
    at = music.lengths[0] / music.rate - 2
    caught, _, _, _ = capture.take(codec, cap, PLAY, queue, 0, at, policy={"levelling": "track"})
    piece, shift, _ = whole(caught, music.signal)
    plain, plain_shift = reference
    cut = music.cuts[1]
    # In samples of the original, from 0.5 s before the join on.
    span = np.arange(cut - music.rate // 2, cut + music.rate)
    with_gain, without = piece[span - shift], plain[span - plain_shift]
    factor = 10 ** (GAIN / 20)
    # The split with the least error: full before it, levelled behind it.
    full, levelled = (with_gain - without) ** 2, (with_gain - factor * without) ** 2
    cost = np.r_[0, np.cumsum(full)] + levelled.sum() - np.r_[0, np.cumsum(levelled)]
    step = int(np.argmin(cost)) + int(span[0]) - cut
    blocks = [20 * np.log10(float(np.dot(with_gain[k:k + 960], without[k:k + 960]) / np.dot(without[k:k + 960], without[k:k + 960])))
              for k in range(max(0, step) + music.rate // 2, len(span) - 960, 960)]
    off = max(abs(level - GAIN) for level in blocks)
    # Only Opus has a gain in its decoder; the element's volume is set at an event.
    most = MOST[browser] if name.startswith("opus") else VOLUME_LATE * music.rate
    check(abs(step) <= most, "%s %s: the gain begins %d samples from the join" % (browser, name, step))
    check(off <= GAIN_OFF, "%s %s: the gain is off by %.3f dB" % (browser, name, off))
    row(browser, name, "gain begins %+d samples (%+.1f ms) from the join" % (step, step * 1000 / music.rate), "off by %.3f dB" % off)


def case_rungs(capture, music, server, ladder):
    """Another rung at each boundary of segments: what is heard is what another decoder makes of each rung, piece by piece."""
    browser, caps, track = capture.browser.name, RUNGS[ladder], music.at(0)["id"]
    most = MOST[browser]
    for _ in range(3):
        caught, _, asked, _ = capture.take(ladder, caps[0], PLAY, music.tracks[:1], 0, 0, caps=caps)
        # A server that is still encoding may be too slow for a rung, which the player then gives up.
        if len(asked) == len(caps):
            break
    rungs = [path.split("/")[3] for path in asked]
    check(len(asked) == len(caps) and all(a != b for a, b in zip(rungs, rungs[1:])), "%s: the segments asked for are %s" % (browser, asked))
    other = {rung: signals.decoded(server, track, rung) for rung in set(rungs)}
    ends = other[rungs[0]][1]
    source = np.concatenate([other[rung][0][begin:end] for rung, begin, end in zip(rungs, [0] + ends, ends)])
    piece, shift, pieces = whole(caught, source)
    found = signals.course(piece, source, shift)
    alike = min(one for _, _, one in found)
    # Bands that AAC keeps as "noise" (ISO 14496-3, 4.6.13) are random in each decoder, so not all of it can be found again.
    least = 0.7 if ladder == "mp4a" else 0.98
    off = max((abs(error) for _, error, one in found if one > 0.95), default=9999)
    loud = max(louder(piece, source, shift, cut) for cut in ends[:-1])
    check(len(pieces) == 1 and abs(shift) <= most and abs(shift + len(piece) - len(source)) <= most,
          "%s %s: pieces %s from %d to %+d" % (browser, ladder, pieces, shift, shift + len(piece) - len(source)))
    check(round(off, 1) <= most, "%s %s: with changes of rung it is off by %.2f samples" % (browser, ladder, off))
    check(alike > least, "%s %s: a block is only %.3f like what another decoder makes of it" % (browser, ladder, alike))
    check(loud <= LOUDER, "%s %s: %.2f times louder at a boundary" % (browser, ladder, loud))
    row(browser, "rungs " + " ".join(rung.split("-")[1] for rung in rungs), "off %.2f" % off, "least likeness %.4f" % alike,
        "louder %.2f" % loud)


def case_album(capture, music, server, name):
    """An album of one signal: what is heard is as near to it as what another decoder makes of the same streams."""
    browser, (codec, cap) = capture.browser.name, CODECS[name]
    most = MOST[browser]
    caught, events, _, _ = capture.take(codec, cap, PLAY, music.tracks, 0, 0, seconds=240)
    piece, shift, pieces = whole(caught, music.signal)
    check([event["id"] for event in events if event["type"] == "track"] == [track["id"] for track in music.tracks],
          "%s %s: not every track was told" % (browser, name))
    check(len(pieces) == 1, "%s %s: the album is in %d pieces" % (browser, name, len(pieces)))
    joins = [steps(piece, music.signal, shift, cut) for cut in music.cuts[1:-1]]
    worst = max(map(abs, joins))
    check(abs(shift) <= most and abs(shift + len(piece) - len(music.signal)) <= most,
          "%s %s: the album begins at %d and ends at %+d" % (browser, name, shift, shift + len(piece) - len(music.signal)))
    check(round(worst, 1) <= most, "%s %s: joins are off by %s" % (browser, name, ["%.2f" % join for join in joins]))
    loud = max(louder(piece, music.signal, shift, cut) for cut in music.cuts[1:-1])
    check(loud <= LOUDER, "%s %s: %.2f times louder at a join" % (browser, name, loud))
    other = np.concatenate([signals.decoded(server, track["id"], name)[0] for track in music.tracks])
    check(len(other) == len(music.signal), "%s %s: the parts have %d samples, not %d" % (browser, name, len(other), len(music.signal)))
    length = min(len(other), len(music.signal), shift + len(piece))
    ours = np.zeros(length)
    ours[max(0, shift):length] = piece[max(0, -shift):length - shift]
    # Noise of the codec by 20 ms: ours may not be more than the other decoder's, give or take 10 %, and 16 bits.
    size = 960
    count = length // size
    error = lambda signal: np.sqrt(np.mean((signal[:count * size] - music.signal[:count * size]).reshape(count, size) ** 2, axis=1))
    own, theirs = error(ours), error(other)
    excess = float(np.max(own / (1.1 * theirs + 2 ** -15)))
    check(excess <= 1, "%s %s: %.2f times the codec's error in a block" % (browser, name, excess))
    same = float(np.sqrt(np.mean((ours - other[:length]) ** 2)) / np.sqrt(np.mean(other ** 2)))
    row(browser, name, "%d tracks" % len(music.tracks), "joins off %.2f" % worst, "louder %.2f" % loud, "error / codec's %.2f" % excess,
        "codec's error %.1f dB" % (20 * np.log10(np.sqrt(np.mean(theirs ** 2)) / 0.1 + 1e-9)), "to ffmpeg %.1f dB" % (20 * np.log10(same + 1e-9)))


def case_forty_four(capture, music, name):
    """Tracks of 44.1 kHz that become Opus of 48: each has a whole number of samples there, so joins may be off by the part that is cut."""
    browser, (codec, cap) = capture.browser.name, CODECS[name]
    caught, _, _, _ = capture.take(codec, cap, PLAY, music.tracks, 0, 0)
    count = round(len(music.signal) * 48_000 / music.rate)
    spectrum = np.fft.rfft(music.signal)
    source = np.fft.irfft(np.r_[spectrum, np.zeros(count // 2 + 1 - len(spectrum))], count) * count / len(music.signal)
    piece, shift, pieces = whole(caught, source)
    cuts = [round(cut * 48_000 / music.rate) for cut in music.cuts]
    joins = [steps(piece, source, shift, cut) for cut in cuts[1:-1]]
    check(len(pieces) == 1, "%s %s of 44.1 kHz: %d pieces" % (browser, name, len(pieces)))
    check(max(map(abs, joins)) <= 1.05 + MOST[browser], "%s %s of 44.1 kHz: joins off by %s" % (browser, name, joins))
    row(browser, name + " of 44.1 kHz", "joins off " + " ".join("%.2f" % join for join in joins), "start %d" % shift,
        "end %d" % (shift + len(piece) - count))


def run(capture, server, albums, options):
    def wants(word):
        return options.only in word

    for name in CODECS:
        if wants("table " + name) or wants("gain " + name):
            reference = case_table(capture, albums["table"], name)
            if wants("gain " + name):
                case_gain(capture, albums["table"], name, reference)
    for ladder in RUNGS:
        if wants("rungs " + ladder) and (options.long or ladder == "opus" or options.only):
            case_rungs(capture, albums["long"], server, ladder)
    for name in CODECS:
        if wants("album " + name) and (options.long or name != "aac-128" or options.only):
            case_album(capture, albums["album"], server, name)
    if wants("rate"):
        case_forty_four(capture, albums["rate"], "opus-96")


def probe_pages(server):
    """The probe, with the import map of the player's own page."""
    page = server.send("GET", "/")[2].decode()
    imports = re.search(r'<script type="importmap">.*?</script>', page, re.S)[0]
    html = "<!doctype html><meta charset=utf-8><title>probe</title><link rel=icon href=data:,>%s<script type=module src=/probe/probe.js></script>" % imports
    pages = {"/probe/": ("text/html", html.encode())}
    for name in ("probe.js", "capture.js"):
        with open(os.path.join(HERE, "probe", name), "rb") as file:
            pages["/probe/" + name] = ("text/javascript", file.read())
    return pages


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--browser", choices=browsers.NAMES)
    parser.add_argument("--only", default="")
    parser.add_argument("--long", action="store_true")
    options = parser.parse_args()
    # What was started is ended too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="gapless-") as folder:
        music = os.path.join(folder, "music")
        albums = {
            "table": Music("Table", music, TABLE, 48_000, 1), "long": Music("Long", music, (LONG_TRACK,), 48_000, 2),
            "album": Music("One Signal", music, ALBUM, 48_000, 3, ("flac", "wav")), "rate": Music("Rate", music, FORTY_FOUR, 44_100, 4),
        }
        with stage.library(folder, music, sum(len(one.lengths) for one in albums.values())) as server:
            items = server.items("/api/v1/tracks?limit=100")
            for one in albums.values():
                one.find(items)
            between = Between(server.port, probe_pages(server))
            for name in [options.browser] if options.browser else browsers.NAMES:
                with browsers.open(name) as browser:
                    print("%s %s" % (name, browser.version), flush=True)
                    run(Capture(browser, between), server, albums, options)
                    errors = browser.console()
                    check(not errors, "%s: on the console: %s" % (name, errors[:3]))
            between.close()
    print("gapless_test: %d rows in %.0f s" % (len(table), time.monotonic() - began))
    for problem in problems:
        print("gapless_test: " + problem, file=sys.stderr)
    sys.exit("gapless_test: %d PROBLEMS" % len(problems) if problems else 0)


if __name__ == "__main__":
    main()
