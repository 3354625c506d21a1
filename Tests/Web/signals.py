"""Signals that can be found again in what a browser plays, and where they lie in it."""
import subprocess
import wave

import numpy as np


def noise(samples, rate, seed=1, highest=5000):
    """Noise of one channel up to `highest` Hz, which every codec keeps; RMS 0.1."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(samples))
    place = np.fft.rfftfreq(samples, 1 / rate)
    spectrum[(place > highest) | (place < 60)] = 0
    signal = np.fft.irfft(spectrum, samples)
    return np.round(signal / np.sqrt(np.mean(signal ** 2)) * 0.1 * 32767) / 32768


def write(path, signal, rate, **tags):
    """16 bits, two equal channels; WAV or FLAC, as the name says."""
    raw = str(path) if str(path).endswith(".wav") else str(path) + ".wav"
    with wave.open(raw, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.repeat(np.round(signal * 32768).astype("<i2"), 2).tobytes())
    if raw != str(path):
        words = [part for key, value in tags.items() for part in ("-metadata", "%s=%s" % (key, value))]
        subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", raw, *words, str(path)], check=True, stdin=subprocess.DEVNULL)
        subprocess.run(["rm", raw], check=True)


def decoded(server, track, rendition):
    """What ffmpeg makes of the parts that a page joins, and where the segments end: the left channel."""
    base = "/hls/%s/%s/" % (track, rendition)
    grid = server.send("GET", base + "gapless.json")[2]
    names = ["init.mp4"] + ["%d.m4s" % k for k in range(grid["segments"])]
    parts = b"".join(server.send("GET", base + name + "?gapless")[2] for name in names)
    raw = subprocess.run(["ffmpeg", "-v", "error", "-i", "-", "-map", "0:a", "-f", "f32le", "-ac", "2", "-"], check=True, input=parts,
                         capture_output=True).stdout
    heard = np.frombuffer(raw, "<f4")[::2].astype(float)[grid["priming"]:][:grid["samples"]]
    size = grid["framesPerSegment"] * grid["samplesPerFrame"]
    return heard, [min(grid["samples"], (k + 1) * size - grid["priming"]) for k in range(grid["segments"])]


def islands(caught, least=0.05, rate=48_000, level=1e-6):
    """Pieces [from, to) of sound; silence of less than `least` seconds does not part them."""
    loud = np.flatnonzero(np.abs(caught) > level)
    if not len(loud):
        return []
    ends = np.flatnonzero(np.diff(loud) > least * rate)
    return list(zip(loud[np.r_[0, ends + 1]].tolist(), (loud[np.r_[ends, len(loud) - 1]] + 1).tolist()))


def holes(piece, least=24):
    """Runs of digital silence within a piece of sound: (place, samples)."""
    quiet = np.r_[False, np.abs(piece) < 1e-9, False]
    edges = np.flatnonzero(np.diff(quiet.astype(np.int8)))
    return [(a, b - a) for a, b in zip(edges[::2].tolist(), edges[1::2].tolist()) if b - a >= least]


def correlated(block, source):
    """Correlation of a block at each place of the source where it lies whole in it."""
    size = 1 << int(np.ceil(np.log2(len(source) + len(block))))
    product = np.fft.irfft(np.fft.rfft(source, size) * np.conj(np.fft.rfft(block, size)), size)
    return product[:len(source) - len(block) + 1]


def place_of(block, source, around=None, reach=1500):
    """Where a block lies in the source: samples, to a part of one, and how alike they are (0 to 1)."""
    low = 0 if around is None else max(0, int(around) - reach)
    high = len(source) if around is None else min(len(source), int(around) + reach + len(block))
    part = source[low:high]
    product = correlated(block, part)
    energy = np.convolve(part ** 2, np.ones(len(block)), "valid") if around is not None else np.full(len(product), np.sum(block ** 2))
    alike = product / np.sqrt(np.maximum(energy * np.sum(block ** 2), 1e-12))
    top = int(np.argmax(alike))
    shift = 0.0
    if 0 < top < len(alike) - 1:
        before, here, after = alike[top - 1:top + 2]
        curve = before - 2 * here + after
        shift = 0.5 * (before - after) / curve if curve else 0.0
    return low + top + shift, float(alike[top])


def shift_of(piece, source):
    """Samples of the source before a piece's first one, from its middle."""
    size = min(16384, len(piece) // 2)
    middle = (len(piece) - size) // 2
    return round(place_of(piece[middle:middle + size], source)[0]) - middle


def course(piece, source, shift, size=2048):
    """How far each block of a piece is from where it should be: (place in the source, error in samples, likeness)."""
    found = []
    for at in range(0, len(piece) - size + 1, size):
        expected = at + shift
        if expected < 0 or expected + size > len(source):
            continue
        place, alike = place_of(piece[at:at + size], source, expected)
        found.append((expected, place - expected, alike))
    return found


def levels(piece, source, shift, places, size=960):
    """RMS of the piece by the source's in blocks that begin at these places of the source."""
    ratios = []
    for place in places:
        at = place - shift
        if at < 0 or at + size > len(piece):
            continue
        ratios.append(float(np.sqrt(np.mean(piece[at:at + size] ** 2) / np.mean(source[place:place + size] ** 2))))
    return ratios
