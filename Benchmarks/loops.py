"""What counts, allocations and render share: sources of every kind, and runs of `loop`."""
import json
import os
import subprocess
from pathlib import Path

from figures import make_music, run

HERE = Path(__file__).resolve().parent
LOOP = HERE / ".build/release/loop"
# Source, rung: MP3 and Opus are what phones are given, AAC what HLS is made of.
ROWS = [("flac", "mp3-128"), ("flac", "opus-64"), ("flac", "aac-96"), ("mp3", "mp3-96"), ("aac", "mp3-128"), ("vorbis", "mp3-128")]


def build():
    environment = dict(os.environ, SWEETSPOT_BENCHMARKS="1")
    subprocess.run(["swift", "build", "-c", "release", "--product", "loop"], cwd=HERE, check=True, env=environment,
                   stdout=subprocess.DEVNULL)


def make_sources(folder, seconds=160):
    """The same music as FLAC, and as lossy files of a bitrate that every rung of `ROWS` is offered for."""
    flac = make_music(folder, seconds)
    sources = {"flac": flac}
    for name, file, *options in [("mp3", "a.mp3", "-c:a", "libmp3lame", "-b:a", "192k"), ("aac", "a.m4a", "-c:a", "aac", "-b:a", "192k"),
                                 ("vorbis", "a.ogg", "-c:a", "libvorbis", "-q:a", "6")]:
        sources[name] = folder / file
        run("ffmpeg", "-v", "error", "-i", flac, *options, sources[name])
    return sources


def loop(source, rung, who, *options, before=(), program=LOOP, environment=None):
    """One run; the measurements of its rounds."""
    output = subprocess.run([*map(str, before), str(program), str(source), rung, who, *map(str, options)], check=True,
                            capture_output=True, text=True, env=environment).stdout
    return [json.loads(line) for line in output.splitlines()]


def write(path, figures):
    if path:
        Path(path).write_text(json.dumps(figures, indent=2) + "\n")
