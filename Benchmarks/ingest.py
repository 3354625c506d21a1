#!/usr/bin/env python3
"""Measures how fast ingest is, format by format: seconds of sound per second of one core, beside ffmpeg's bare decode.

`ingest.py [SONG]`: a song of some minutes, looped to five; by default a long FLAC or Ogg of the corpus, else a made-up signal.
Every figure is the median of three, ours and ffmpeg's in turn.
"""
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from figures import PROGRAM, ROOT, cpu_of, make_music, run, timings

ROUNDS = int(os.environ.get("ROUNDS", "3"))
SECONDS = int(os.environ.get("SECONDS_OF_SOUND", "300"))
CORPUS = Path(os.environ.get("SWEETSPOT_CORPUS", ROOT / "../shared/corpus"))

# Name of the format, the file's suffix, ffmpeg's options.
FORMATS = [
    ("WAV 16 bit", "wav", []),
    ("WAV float", "wav", ["-c:a", "pcm_f32le"]),
    ("AIFF 24 bit", "aiff", ["-c:a", "pcm_s24be"]),
    ("FLAC", "flac", []),
    ("FLAC 24 bit 96 kHz", "flac", ["-ar", "96000", "-sample_fmt", "s32"]),
    ("MP3 CBR 192", "mp3", ["-b:a", "192k"]),
    ("MP3 VBR V2", "mp3", ["-q:a", "2"]),
    ("AAC 128 in M4A", "m4a", ["-c:a", "aac", "-b:a", "128k"]),
    ("AAC 128 in ADTS", "aac", ["-c:a", "aac", "-b:a", "128k"]),
    ("ALAC in M4A", "m4a", ["-c:a", "alac"]),
    ("Ogg Vorbis q5", "ogg", ["-c:a", "libvorbis", "-q:a", "5"]),
    ("Ogg Opus 128", "opus", ["-c:a", "libopus", "-b:a", "128k"]),
    ("WavPack", "wv", ["-c:a", "wavpack"]),
    ("True Audio", "tta", ["-c:a", "tta"]),
    ("WMA 128", "wma", ["-c:a", "wmav2", "-b:a", "128k"]),
    ("Opus in WebM", "webm", ["-c:a", "libopus", "-b:a", "128k"]),
]


def source(folder):
    if len(sys.argv) > 1:
        return Path(sys.argv[1])
    songs = [song for song in CORPUS.glob("music/*") if 150 < duration(song) < 300]
    return max(songs, key=duration) if songs else make_music(folder)


def duration(path):
    output = subprocess.run(
        ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", path], capture_output=True, text=True).stdout
    try:
        return float(output.split()[0])
    except (IndexError, ValueError):
        return 0


def lowest(path):
    """The first rendition of a file; None where it is refused."""
    environment = dict(os.environ, SWEETSPOT_INGEST_EXTRA="true")
    report = subprocess.run([PROGRAM, "inspect", path], capture_output=True, text=True, env=environment).stdout
    for line in report.splitlines():
        if line.startswith("renditions: "):
            return line.split(" ")[1].rstrip(";")
    print(f"  {path.name} is not taken: {report.strip().splitlines()[-1:]}", file=sys.stderr)
    return None


def row(name, path):
    rendition = lowest(path)
    if not rendition:
        return
    seconds = duration(path)
    ours, walls, peers = [], [], []
    for _ in range(ROUNDS):
        ingest = timings(path, rendition, 1, "--bytes", "0-0")["ingest"]
        ours.append(ingest["cpu"])
        walls.append(ingest["wall"])
        peers.append(cpu_of("ffmpeg", "-nostdin", "-v", "error", "-threads", "1", "-i", path, "-map", "0:a:0", "-f", "null", "-"))
    cpu, wall, peer = (statistics.median(values) for values in (ours, walls, peers))
    print(f"| {name} | {seconds / cpu:.0f}x | {cpu:.2f} | {wall:.2f} | {seconds / peer:.0f}x | {cpu / peer:.2f} |")


def main():
    os.environ["SWEETSPOT_INGEST_EXTRA"] = "true"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        song = source(folder)
        whole = folder / "whole.wav"
        run("ffmpeg", "-nostdin", "-v", "error", "-stream_loop", "-1", "-i", song, "-map", "0:a:0", "-t", SECONDS, "-ac", 2,
            "-c:a", "pcm_s16le", whole)
        print(f"ingest of {SECONDS} s of {song.name}, medians of {ROUNDS}\n")
        print("| format | x real time per core | CPU, s | wall, s | ffmpeg decodes | our CPU to ffmpeg's |\n|---|---|---|---|---|---|")
        for index, (title, suffix, options) in enumerate(FORMATS):
            path = folder / f"{index}.{suffix}"
            run("ffmpeg", "-nostdin", "-v", "error", "-i", whole, *options, path)
            row(title, path)
            path.unlink()
        # Nothing free writes Monkey's Audio.
        apes = sorted(CORPUS.glob("conformance/*.ape"), key=lambda path: path.stat().st_size)
        if apes:
            row(f"Monkey's Audio, {duration(apes[-1]):.1f} s", apes[-1])


if __name__ == "__main__":
    main()
