"""What processes cost and how fast they answer: from /proc, and over HTTP on loopback."""
import http.client
import os
import socket
import time
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def tree(pid):
    """A process and all below it."""
    pids = [int(pid)]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:
            continue
        for child in children:
            pids += tree(child)
    return pids


def pss(pids):
    """Megabytes, what is shared being shared out."""
    total = 0
    for pid in pids:
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        total += int(next(line for line in text.splitlines() if line.startswith("Pss:")).split()[1])
    return total / 1024


def cpu(pids):
    """Processor seconds, with those of children that have ended."""
    ticks = 0
    for pid in pids:
        try:
            ticks += sum(map(int, Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:15]))
        except OSError:
            continue
    return ticks / TICKS


def spent(server):
    """Processor seconds of a server, with those of encoders that have ended."""
    return cpu(server.pids()) + getattr(server, "ended", 0.0)


def machine_cpu():
    """Processor seconds of the whole machine since it started, and what its host took from it."""
    fields = [int(field) for field in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / TICKS


def own_cpu():
    """Processor seconds of this program and of all it started that have ended."""
    return sum(os.times()[:4])


def settle(server, seconds=10):
    """Waits until a server has nothing left to do of what it was asked before."""
    deadline = time.monotonic() + seconds
    before = None
    while time.monotonic() < deadline and before != (before := spent(server)):
        time.sleep(0.06)


def connect(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.connect()
    return connection


def first_byte(server, url, fields, before):
    """Milliseconds until the byte of the body that `before` others precede."""
    connection = connect(server)
    start = time.perf_counter()
    connection.request("GET", url, headers=fields)
    response = connection.getresponse()
    assert response.status in (200, 206), response.status
    left = before + 1
    while left > 0:
        piece = response.read1(min(left, 1 << 16))
        assert piece, "the body ends early"
        left -= len(piece)
    milliseconds = (time.perf_counter() - start) * 1000
    connection.close()
    return milliseconds


def fetch(server, url, method="GET", most=None, **fields):
    """Status, seconds, at most so much of the body, and the length that was announced, if any."""
    connection = connect(server)
    start = time.perf_counter()
    connection.request(method, url, headers=fields)
    response = connection.getresponse()
    body = response.read(most)
    seconds = time.perf_counter() - start
    connection.close()
    return response.status, seconds, body, response.getheader("Content-Length")


def listen(server, url):
    """A connection whose listener heard the beginning and takes no more, with the little room of a phone far away."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.sock = socket.socket()
    connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
    connection.sock.connect(("127.0.0.1", server.port))
    connection.request("GET", url)
    connection.getresponse().read(4096)
    return connection
