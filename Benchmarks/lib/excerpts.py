"""Excerpts of real music, chosen by what is measured in them: as many as asked for of each kind, each of another track."""
import subprocess
from pathlib import Path

import numpy as np

RATES = (44100, 48000)
# Words that Debian's alsa-utils says, at 48 kHz: the one recorded speech that every machine can install.
SPEECH = Path("/usr/share/sounds/alsa")
ANALYSIS_RATE, BLOCK = 44100, 441


def choose(folder, count, seconds, longest):
    """`count` excerpts of each kind: name, kind, file, start in seconds, and how long the track goes on, up to `longest`."""
    windows = [window for path in sorted(folder.iterdir()) for window in measured(path, seconds)]
    kinds = sorted({kind for window in windows for kind in window["measures"]})
    for kind in kinds:
        values = np.array([window["measures"][kind] for window in windows])
        for window, rank in zip(windows, values.argsort().argsort()):
            window[kind] = rank
    chosen = []
    for _ in range(count):
        for kind in kinds:
            used = {excerpt["file"] for excerpt in chosen}
            rest = [window for window in windows if window["file"] not in used]
            if not rest:
                return chosen
            best = max(rest, key=lambda window: window[kind])
            chosen.append({"name": f"{kind} {best['file'].stem}", "kind": kind, "file": best["file"], "start": best["start"],
                           "seconds": min(longest, best["length"] - best["start"])})
    speech = [path for path in sorted(SPEECH.glob("*.wav")) if path.name != "Noise.wav"]
    if speech:
        chosen.append({"name": "speech alsa-utils", "kind": "speech", "file": speech, "start": 0, "seconds": longest})
    return chosen


def measured(path, seconds):
    """The windows of a track, half overlapping, with how much of each kind they have."""
    probe = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "a:0", "-show_entries", "stream=sample_rate,channels", "-of",
                            "csv=p=0", path], capture_output=True, text=True, check=True).stdout.strip().split(",")
    if int(probe[0]) not in RATES:
        return
    stereo = decoded(path, ["-ac", "2", "-ar", str(ANALYSIS_RATE)]).reshape(-1, 2)
    window = seconds * ANALYSIS_RATE
    for start in range(0, len(stereo) - window, window // 2):
        part = stereo[start:start + window]
        if np.sqrt(np.mean(part ** 2)) > 0.02:
            yield {"file": path, "start": start / ANALYSIS_RATE, "length": len(stereo) / ANALYSIS_RATE, "measures": measures(part)}


def measures(stereo):
    sound = stereo.mean(axis=1)
    # Of the louder half, with high frequencies raised: between one line and noise.
    frames = np.diff(sound)[:len(sound) // 2048 * 2048 - 2048].reshape(-1, 2048)
    energies = np.sum(frames ** 2, axis=1)
    spectrum = np.abs(np.fft.rfft(frames[energies >= np.median(energies)] * np.hanning(2048))[:, 10:560]) ** 2 + 1e-9
    flatness = np.mean(np.exp(np.mean(np.log(spectrum), axis=1)) / np.mean(spectrum, axis=1))
    # Energies of 10 ms of high frequencies: how much the strongest twentieth of them rises.
    rises = np.sort(np.maximum(0, np.diff(np.log(block_energies(np.diff(sound))))))
    side = (stereo[:, 0] - stereo[:, 1]) / 2
    return {"dense": flatness, "solo": -flatness, "transients": rises[-len(rises) // 20:].mean(),
            "wide": np.sum(side ** 2) / np.sum(stereo ** 2)}


def block_energies(sound):
    return np.mean(sound[:len(sound) // BLOCK * BLOCK].reshape(-1, BLOCK) ** 2, axis=1) + 1e-9


def write(excerpt, path):
    """Writes an excerpt as interleaved floats at its own rate. Gives the rate and the channels."""
    files = excerpt["file"] if isinstance(excerpt["file"], list) else [excerpt["file"]]
    rate, channels = map(int, subprocess.run(
        ["ffprobe", "-v", "error", "-select_streams", "a:0", "-show_entries", "stream=sample_rate,channels", "-of", "csv=p=0", files[0]],
        capture_output=True, text=True, check=True).stdout.strip().split(","))
    sound = np.concatenate([decoded(file, []) for file in files])
    start = round(excerpt["start"] * rate) * channels
    sound[start:start + round(excerpt["seconds"] * rate) * channels].tofile(path)
    return rate, channels


def decoded(path, options):
    output = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", path, "-map", "0:a:0", *options, "-f", "f32le", "-"],
                            check=True, capture_output=True).stdout
    return np.frombuffer(output, np.float32)
