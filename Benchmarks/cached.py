#!/usr/bin/env python3
"""Cached ranges of a finished stream against nginx with the finished file: wrk on one core, one server thread on the other.

Usage: Benchmarks/cached.py       after `make build`
"""
import json
import os
import re
import statistics
import subprocess
import tempfile
from pathlib import Path

from figures import Server, make_music
from peers import Nginx, cpu, whole

ROUNDS = 5
SECONDS = 4
LUA = """
local size, length, path = tonumber(os.getenv("SIZE")), tonumber(os.getenv("LENGTH")), os.getenv("TARGET")
math.randomseed(7)
request = function()
  local first = math.random(2048, length - size - 1)
  return wrk.format("GET", path, {["Range"] = "bytes=" .. first .. "-" .. (first + size - 1)})
end
"""


def load(script, server, pids, url, length, size):
    """Requests a second, and microseconds of the server's processor time a request."""
    environment = dict(os.environ, SIZE=str(size), LENGTH=str(length), TARGET=url)
    before = cpu(pids)
    output = subprocess.run(
        ["taskset", "-c", "1", "wrk", "-t1", "-c16", f"-d{SECONDS}s", "-s", script, f"http://127.0.0.1:{server.port}"],
        check=True, capture_output=True, text=True, env=environment).stdout
    used = cpu(pids) - before
    assert "Non-2xx" not in output, output
    requests = int(re.search(r"(\d+) requests in", output)[1])
    return float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1]), 1e6 * used / requests


def cached(folder, music):
    """Ratios to nginx by size of range; medians of rounds that alternate."""
    ours = Server(music, folder / "cached-data", memory="256MiB", command=["taskset", "-c", "0"],
                  environment={"NIO_SINGLETON_GROUP_LOOP_COUNT": "1"})
    script = folder / "ranges.lua"
    script.write_text(LUA)
    url = ours.renditions["mp3-128"]["url"]
    body = ours.request(url + "&download=1")[2]
    file = folder / "finished.mp3"
    file.write_bytes(body)
    nginx = Nginx(folder, file, core=0)
    try:
        for first in (2048, 100_000, len(body) - 10):
            mine, theirs = (server.request(path, Range=f"bytes={first}-{first + 65535}")[2]
                            for server, path in ((ours, url), (nginx_client(nginx), nginx.url())))
            assert mine == theirs, "the two serve different bytes"
        figures = {}
        for size in (65_536, 4096):
            rows = {"ours": [], "nginx": []}
            for number in range(ROUNDS):
                pairs = [("ours", ours, [ours.process.pid], url), ("nginx", nginx, nginx.pids(), nginx.url())]
                for name, server, pids, path in pairs if number % 2 == 0 else pairs[::-1]:
                    rows[name].append(load(script, server, pids, path, len(body), size))
            medians = {name: [statistics.median(column) for column in zip(*row)] for name, row in rows.items()}
            figures[f"{size >> 10} KiB"] = {
                "requests": round(medians["ours"][0] / medians["nginx"][0], 2),
                "cpu": round(medians["ours"][1] / medians["nginx"][1], 2),
                "ours, requests/s": round(medians["ours"][0]), "nginx, requests/s": round(medians["nginx"][0]),
                "ours, us": round(medians["ours"][1], 1), "nginx, us": round(medians["nginx"][1], 1)}
        return figures
    finally:
        ours.end()
        nginx.end()


def nginx_client(nginx):
    """nginx with the call that figures' Server has."""
    client = object.__new__(Server)
    client.port = nginx.port
    return client


def main():
    with tempfile.TemporaryDirectory() as name:
        music = Path(name) / "music"
        music.mkdir()
        make_music(music)
        print(json.dumps(cached(Path(name), music), indent=2))


if __name__ == "__main__":
    main()
