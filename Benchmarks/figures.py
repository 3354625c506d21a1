#!/usr/bin/env python3
"""Measures first byte, render and ingest cost, and memory, against ffmpeg and against a minimal C loop.

Machines are noisy: every figure is a median, and what is compared alternates. Everything runs on loopback and ends by itself.
"""
import http.client
import json
import os
import re
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = Path(os.environ.get("SWEETSPOT_PROGRAM", ROOT / ".build/release/sweetspot"))
FLOOR = ROOT / "Benchmarks/.build/release/floor"
ROUNDS = int(os.environ.get("ROUNDS", "7"))


def make_music(folder, seconds=160, name="signal.flac"):
    """A track that is nobody's: tones, noise and beats, as FLAC."""
    path = folder / name
    sound = ("0.3*sin(2*PI*(220+110*floor(mod(t\\,8)))*t)*exp(-3*mod(t\\,0.5))"
             "+0.2*sin(2*PI*(55+5*floor(mod(t\\,4)))*t)+0.05*(random(0)-0.5)")
    other = "0.25*sin(2*PI*(330+55*floor(mod(t\\,6)))*t)*exp(-2*mod(t\\,0.25))+0.1*(random(1)-0.5)*exp(-8*mod(t\\,0.5))"
    run("ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"aevalsrc={sound}|{other}:s=44100:d={seconds}", "-c:a", "flac", path)
    return path


def run(*command):
    return subprocess.run([str(part) for part in command], check=True, capture_output=True)


def cpu_of(*command):
    """Processor seconds of a command, from start to end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run(*command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def timings(source, rendition, jobs, *more):
    output = subprocess.run(
        [PROGRAM, "transcode", source, "--rendition", rendition, "--jobs", str(jobs), "--timings", "--output", "/dev/null", *more],
        check=True, capture_output=True).stderr
    return json.loads(output)


class Server:
    """A server with a cold cache: nothing is kept, so every request renders. Open to all, or to who has `token`."""

    def __init__(self, music, data, memory="0", command=(), environment=None, token=None):
        self.credentials = {"Authorization": f"Bearer {token}"} if token else {}
        access = ["--token", token] if token else ["--open"]
        environment = dict(os.environ, SWEETSPOT_CACHE_MEMORY=memory, SWEETSPOT_CACHE_DISK="0", LOG_LEVEL="error", **(environment or {}))
        self.process = subprocess.Popen(
            [*command, PROGRAM, "serve", *access, "--port", "0", "--data", data, "--music", music],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment)
        self.port = int(self.process.stdout.readline().rsplit(":", 1)[1])
        for _ in range(600):
            if self.request("/readyz")[0] == 200:
                break
            time.sleep(0.1)
        track = json.loads(self.request("/api/v1/tracks")[2])["items"][0]
        self.track = track["id"]
        self.renditions = {r["name"]: r for r in track["renditions"]}

    def request(self, path, method="GET", first=None, body=None, **headers):
        """Status, seconds until the first body byte (or the head), body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        connection.connect()
        start = time.perf_counter()
        connection.request(method, path, body, headers=headers | self.credentials)
        response = connection.getresponse()
        body = response.read(first) if first else response.read()
        seconds = time.perf_counter() - start
        connection.close()
        return response.status, seconds, body

    def first_byte(self, rendition, byte_range, method="GET"):
        url = self.renditions[rendition]["url"].split("?")[0]
        status, seconds, _ = self.request(url, method, first=1, Range=byte_range)
        assert status in (200, 206), status
        time.sleep(0.15)  # the chunk under way ends, so that the next request finds idle workers
        return seconds * 1000

    def workers(self):
        """Process ids of the codec workers, whichever thread started them."""
        return [child for task in Path(f"/proc/{self.process.pid}/task").iterdir() for child in (task / "children").read_text().split()]

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)


def megabytes(pid, file, key):
    text = Path(f"/proc/{pid}/{file}").read_text()
    return int(re.search(rf"^{key}:\s+(\d+) kB", text, re.M).group(1)) / 1024


def ffmpeg_first_byte(source):
    start = time.perf_counter()
    process = subprocess.Popen(
        ["ffmpeg", "-v", "error", "-i", str(source), "-c:a", "libmp3lame", "-b:a", "128k", "-compression_level", "3", "-f", "mp3", "-"],
        stdout=subprocess.PIPE)
    read = 0
    while read <= 4096:
        read += len(process.stdout.read1(4097 - read))
    seconds = time.perf_counter() - start
    process.kill()
    process.wait()
    return seconds * 1000


def first_bytes(source, folder):
    music = folder / "music"
    music.mkdir()
    os.link(source, music / source.name)
    server = Server(music, folder / "data")
    length = server.renditions["mp3-128"]["bytes"]
    figures = {}
    samples = {name: [] for name in ("at 4096", "ffmpeg", "at 10 %", "at 90 %", "header", "HEAD")}
    for index in range(50):
        samples["at 4096"].append(server.first_byte("mp3-128", "bytes=4096-"))
        samples["ffmpeg"].append(ffmpeg_first_byte(source))
        step = index * 7919 % 40000  # anywhere in a chunk, alike for both
        samples["at 10 %"].append(server.first_byte("mp3-128", f"bytes={length // 10 + step}-"))
        samples["at 90 %"].append(server.first_byte("mp3-128", f"bytes={length * 9 // 10 - 40000 + step}-"))
        samples["header"].append(server.first_byte("mp3-128", "bytes=0-99"))
        samples["HEAD"].append(server.first_byte("mp3-128", "bytes=0-", "HEAD"))
    figures["first byte, ms (p50 of 50)"] = {name: round(statistics.median(values), 1) for name, values in samples.items()}
    figures["ratio to ffmpeg"] = round(statistics.median(samples["at 4096"]) / statistics.median(samples["ffmpeg"]), 3)
    figures["90 % to 10 %"] = round(statistics.median(samples["at 90 %"]) / statistics.median(samples["at 10 %"]), 2)
    figures["server RSS, MB"] = round(megabytes(server.process.pid, "status", "VmRSS"), 1)
    figures["worker PSS, MB"] = round(max(megabytes(pid, "smaps_rollup", "Pss") for pid in server.workers()), 1)
    server.end()
    return figures


def costs(source, ladder, kbits, encoder):
    rendition = f"{ladder}-{kbits}"
    rows = []
    for _ in range(ROUNDS):
        ours = timings(source, rendition, 1)
        both = timings(source, rendition, 2)
        floor = json.loads(run(FLOOR, source, ladder, kbits, "/dev/null").stdout)
        peer = cpu_of("ffmpeg", "-v", "error", "-threads", "1", "-i", source, *encoder, "-b:a", f"{kbits}k", "-y", "-f",
                      "mp3" if ladder == "mp3" else "ogg", "/dev/null")
        rows.append({
            "render CPU to floor": ours["render"]["cpu"] / floor["cpu"],
            "render CPU to ffmpeg": ours["render"]["cpu"] / peer,
            "ingest CPU to ffmpeg": ours["ingest"]["cpu"] / peer,
            "wall, 2 jobs to 1": both["render"]["wall"] / ours["render"]["wall"],
            "render CPU, s": ours["render"]["cpu"],
        })
    return {key: round(statistics.median(row[key] for row in rows), 3) for key in rows[0]}


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else make_music(folder)
        figures = {
            "serving": first_bytes(source, folder),
            "mp3-128": costs(source, "mp3", 128, ["-c:a", "libmp3lame", "-compression_level", "3"]),
            "opus-64": costs(source, "opus", 64, ["-c:a", "libopus", "-vbr", "off", "-compression_level", "10"]),
        }
        print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
