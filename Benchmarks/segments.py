#!/usr/bin/env python3
"""Measures HLS segments: the first byte and all of a segment that nobody has asked for, and cached ones at a steady rate.

`Benchmarks/segments.py [FLAC]`, after `make build`. Two workers; segments in an order that no read-ahead foresees. Prints medians in
milliseconds, and the 99th percentile where it says so.
"""
import http.client
import json
import random
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

from figures import Server, make_music


def fetch(port, path):
    """Milliseconds to the first byte of the body, and to its last."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.connect()
    start = time.perf_counter()
    connection.request("GET", path)
    response = connection.getresponse()
    response.read(1)
    first = time.perf_counter()
    response.read()
    last = time.perf_counter()
    connection.close()
    assert response.status == 200, (path, response.status)
    return (first - start) * 1000, (last - start) * 1000


def segments(track, rung, port):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", f"/hls/{track}/{rung}/index.m3u8")
    playlist = connection.getresponse().read().decode()
    return [line for line in playlist.splitlines() if line and not line.startswith("#")]


def cold(port, track, rungs, rounds=3):
    """Every segment of every rung once, rung by rung in turn; the cache keeps nothing."""
    names = {rung: segments(track, rung, port) for rung in rungs}
    times = {rung: [] for rung in rungs}
    generator = random.Random(7)
    for _ in range(rounds):
        count = min(len(found) for found in names.values())
        # Backwards by threes: never the one behind the one before.
        for number in [n for start in range(3) for n in range(count - 1 - start, 0, -3)]:
            for rung in generator.sample(rungs, len(rungs)):
                times[rung].append(fetch(port, f"/hls/{track}/{rung}/{names[rung][number]}"))
                time.sleep(0.05)
    for rung in rungs:
        first, last = zip(*times[rung])
        print(f"{rung:8} cold: first byte p50 {statistics.median(first):6.1f}  whole segment p50 {statistics.median(last):6.1f}"
              f"  p90 {statistics.quantiles(last, n=10)[8]:6.1f} ms  ({len(first)} segments)")


def cached(port, track, rung, rate=500, seconds=10, threads=8):
    """Requests for cached segments at a steady rate over kept connections; every one is timed from when it was due."""
    names = [f"/hls/{track}/{rung}/{name}" for name in segments(track, rung, port)]
    for path in names:
        fetch(port, path)
    times, lock = [], threading.Lock()
    start = time.perf_counter() + 0.2

    def player(index):
        connection = http.client.HTTPConnection("127.0.0.1", port)
        mine = []
        for number in range(index, rate * seconds, threads):
            due = start + number / rate
            time.sleep(max(0, due - time.perf_counter()))
            connection.request("GET", names[number % len(names)])
            connection.getresponse().read()
            mine.append((time.perf_counter() - due) * 1000)
        with lock:
            times.extend(mine)

    players = [threading.Thread(target=player, args=(index,)) for index in range(threads)]
    for thread in players:
        thread.start()
    for thread in players:
        thread.join()
    print(f"{rung:8} cached, {rate} requests/s: p50 {statistics.median(times):.1f}  p99 {statistics.quantiles(times, n=100)[98]:.1f} ms")


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        music = folder / "music"
        music.mkdir()
        source = Path(sys.argv[1]) if len(sys.argv) > 1 else make_music(folder)
        (music / source.name).symlink_to(source.resolve())
        server = Server(music, folder / "cold")
        try:
            cold(server.port, server.track, ["aac-96", "opus-64", "flac"])
        finally:
            server.end()
        server = Server(music, folder / "cached", memory="256MiB")
        try:
            cached(server.port, server.track, "aac-96")
        finally:
            server.end()


main()
