"""The sweetspot that `make build` made, or that SWEETSPOT_PROGRAM names: a server, and the timings of a transcode."""
import http.client
import json
import os
import signal
import subprocess
import time
from pathlib import Path

from .commands import ROOT

PROGRAM = Path(os.environ.get("SWEETSPOT_PROGRAM", ROOT / ".build/release/sweetspot"))


def timings(source, rendition, jobs, *more):
    output = subprocess.run(
        [PROGRAM, "transcode", source, "--rendition", rendition, "--jobs", str(jobs), "--timings", "--output", "/dev/null", *more],
        check=True, capture_output=True).stderr
    return json.loads(output)


class Server:
    """A server with a cold cache: nothing is kept, so every request renders. Open to all, or to who has `token`."""

    def __init__(self, music, data, memory="0", command=(), environment=None, token=None, program=PROGRAM):
        self.credentials = {"Authorization": f"Bearer {token}"} if token else {}
        access = ["--token", token] if token else ["--open"]
        environment = dict(os.environ, SWEETSPOT_CACHE_MEMORY=memory, SWEETSPOT_CACHE_DISK="0", LOG_LEVEL="error", **(environment or {}))
        self.process = subprocess.Popen(
            [*command, program, "serve", *access, "--port", "0", "--data", data, "--music", music],
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
