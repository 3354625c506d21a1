"""Runs of `loop`, the codec loop alone: what count-instructions, count-allocations and time-codec-loop share."""
import json
import subprocess

from .commands import PACKAGE

LOOP = PACKAGE / ".build/release/loop"
# Source, rung: MP3 and Opus are what phones are given, AAC what HLS is made of.
ROWS = [("flac", "mp3-128"), ("flac", "opus-64"), ("flac", "aac-96"), ("mp3", "mp3-96"), ("aac", "mp3-128"), ("vorbis", "mp3-128")]


def loop(source, rung, who, *options, before=(), program=LOOP, environment=None):
    """One run; the measurements of its rounds."""
    output = subprocess.run([*map(str, before), str(program), str(source), rung, who, *map(str, options)], check=True,
                            capture_output=True, text=True, env=environment).stdout
    return [json.loads(line) for line in output.splitlines()]
