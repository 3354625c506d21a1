"""Cached ranges of a finished stream against nginx with the finished file: wrk on one core, one server thread on the other.

Ours once open to all, once behind a ticket in the URL. `busy` is the share of its core that a server used: if it is well below
100 %, wrk or another program was the limit, and the processor time a request is the ratio to believe.
"""
import json
import os
import re
import statistics
import subprocess

from .measures import cpu, fetch
from .peers import Nginx
from .sweetspot import Server

ROUNDS = 5
SECONDS = 5
# Bytes of a range, and what its first byte is a multiple of.
RANGES = {"64 KiB": (65_536, 1), "64 KiB, aligned": (65_536, 65_536), "4 KiB": (4096, 1)}
SCRIPT = """
local size, step, length = tonumber(os.getenv("SIZE")), tonumber(os.getenv("STEP")), tonumber(os.getenv("LENGTH"))
local requests, at = {}, 0
init = function()
  math.randomseed(7)
  for index = 1, 4096 do
    local first = step * math.random(0, math.floor((length - size) / step))
    requests[index] = wrk.format("GET", os.getenv("TARGET"), {["Range"] = "bytes=" .. first .. "-" .. (first + size - 1)})
  end
end
request = function()
  at = at % 4096 + 1
  return requests[at]
end
"""


def load(script, server, pids, url, length, size, step):
    """Requests a second, microseconds of the server's processor time a request, and the share of its core it used."""
    before = cpu(pids)
    output = subprocess.run(
        ["taskset", "-c", "1", "wrk", "-t1", "-c16", f"-d{SECONDS}s", "-s", script, f"http://127.0.0.1:{server.port}"], check=True,
        capture_output=True, text=True, timeout=SECONDS + 30,
        env=dict(os.environ, SIZE=str(size), STEP=str(step), LENGTH=str(length), TARGET=url)).stdout
    used = cpu(pids) - before
    assert "Non-2xx" not in output and "Socket errors" not in output, output
    requests, seconds = re.search(r"(\d+) requests in ([\d.]+)s", output).groups()
    return int(requests) / float(seconds), 1e6 * used / int(requests), used / float(seconds)


def cached(folder, music):
    """Figures and ratios to nginx by kind of range; medians of rounds that alternate, ratios between neighbours."""
    servers = {}
    try:
        urls = {}
        for name, token in (("sweetspot", None), ("sweetspot, ticket", "benchmarks")):
            server = servers[name] = Server(
                music, folder / f"cached-{len(servers)}", "256MiB", ["taskset", "-c", "0"], {"NIO_SINGLETON_GROUP_LOOP_COUNT": "1"}, token)
            urls[name] = server.renditions["mp3-128"]["url"]
            if token:
                given = server.request(f"/api/v1/tracks/{server.track}/ticket", "POST", None, b'{"rendition":"*"}')[2]
                urls[name] += "&ticket=" + json.loads(given)["ticket"]
            body = fetch(server, urls[name] + "&download=1")[2]
        (folder / "finished.mp3").write_bytes(body)
        servers["nginx"] = Nginx(folder, folder / "finished.mp3", core=0)
        urls["nginx"] = "/finished.mp3"
        for name, server in servers.items():
            for first in (0, 2048, 100_000, len(body) - 65_536):
                status, _, part, _ = fetch(server, urls[name], Range=f"bytes={first}-{first + 65_535}")
                assert status == 206 and part == body[first:first + 65_536], f"{name} serves other bytes from {first}"
        pids = {name: server.pids() if name == "nginx" else [server.process.pid] for name, server in servers.items()}
        script = folder / "ranges.lua"
        script.write_text(SCRIPT)
        figures = {}
        for kind, (size, step) in RANGES.items():
            rounds = [{name: load(script, servers[name], pids[name], urls[name], len(body), size, step)
                       for name in (list(servers) if number % 2 == 0 else list(servers)[::-1])} for number in range(ROUNDS)]
            figures[kind] = {name: figure(name, rounds) for name in servers}
        return figures
    finally:
        for server in servers.values():
            server.end()


def figure(name, rounds):
    rate, microseconds, busy = (statistics.median(row[name][column] for row in rounds) for column in range(3))
    return {"requests/s": round(rate), "us": round(microseconds, 1), "busy": round(busy, 2),
            "requests/s to nginx": round(statistics.median(row[name][0] / row["nginx"][0] for row in rounds), 3),
            "cpu to nginx": round(statistics.median(row[name][1] / row["nginx"][1] for row in rounds), 3)}


def table(figures):
    lines = ["| cached ranges, one server thread | requests/s | to nginx | server CPU a request, us | to nginx | busy, % |",
             "|---|---|---|---|---|---|"]
    for kind, servers in figures.items():
        for name, row in servers.items():
            lines.append(f"| {kind}: {name} | {row['requests/s']:,} | {row['requests/s to nginx']:.2f} | {row['us']} |"
                         f" {row['cpu to nginx']:.2f} | {row['busy']:.0%} |")
    return "\n".join(lines)
