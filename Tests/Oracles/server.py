"""A `sweetspot serve` that can die at any moment, and the steps of a client that uploads to it. Nothing of the server's own code is used."""
import base64
import hashlib
import http.client
import json
import os
import random
import signal
import sqlite3
import struct
import subprocess
import time


def song(seed, size):
    """A WAV file of noise, of about `size` bytes; its own for every seed."""
    noise = random.Random(seed).randbytes(size & ~3)
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(noise), b"WAVE", b"fmt ", 16, 1, 2, 44100, 176400, 4, 16, b"data", len(noise))
    return head + noise


def account(program, data, name, scopes="stream,library,upload"):
    """Makes an account, whose password is `correct horse`, and gives a key of it."""
    subprocess.run([program, "account", "add", name, "--data", data], input="correct horse\n" * 2, text=True, check=True)
    made = subprocess.run([program, "account", "key", name, "--scopes", scopes, "--data", data], capture_output=True, text=True, check=True)
    return made.stdout.split("\n")[-2]


class Server:
    def __init__(self, program, data, environment=None, arguments=("--open",)):
        self.data, self.began = data, time.time()
        self.log = open(data + ".log", "a")
        self.process = subprocess.Popen(
            [program, "serve", "--port", "0", "--data", data, *arguments], stdout=subprocess.PIPE, stderr=self.log,
            # Other tests run beside, and have deadlines.
            start_new_session=True, preexec_fn=lambda: os.nice(10), env={**os.environ, **(environment or {})})
        line = self.process.stdout.readline().decode().strip()
        if not line.startswith("http://"):
            raise SystemExit(f"serve said {line!r}: " + open(data + ".log").read()[-2000:])
        self.port = int(line.rsplit(":", 1)[1])
        self.start = time.time() - self.began

    def kill(self):
        """Ends it and all it started, now."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.log.close()

    def stop(self):
        self.process.terminate()
        status = self.process.wait(60)
        self.log.close()
        return status

    def request(self, method, path, headers=None, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def post(self, name, body):
        return self.request("POST", f"/api/v1/tracks?name={name}", {"Content-Length": str(len(body))}, body)

    def create(self, name, length):
        encoded = base64.b64encode(name.encode()).decode()
        return self.request("POST", "/api/v1/uploads", {
            "Tus-Resumable": "1.0.0", "Upload-Length": str(length), "Upload-Metadata": f"filename {encoded}"})

    def offset(self, place):
        status, headers, _ = self.request("HEAD", place, {"Tus-Resumable": "1.0.0"})
        return int(headers["Upload-Offset"]) if status == 200 else None

    def patch(self, place, offset, body):
        return self.request("PATCH", place, {
            "Tus-Resumable": "1.0.0", "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}, body)

    def state(self, place):
        return json.loads(self.request("GET", place)[2])

    def outcome(self, place, patience=120):
        """What came of a whole upload."""
        end = time.time() + patience
        while time.time() < end:
            state = self.state(place)
            if state.get("state") not in ("receiving", "checking"):
                return state
            time.sleep(0.02)
        return state

    def query(self, statement):
        with sqlite3.connect(f"file:{self.data}/catalogue.sqlite?mode=ro", uri=True, timeout=30) as database:
            return database.execute(statement).fetchall()

    def rows(self):
        """The hash and the size of every track's Original, as the catalogue has them."""
        return {bytes(row[0]).hex(): row[1] for row in self.query("SELECT sha256, bytes FROM track")}

    def receiving(self):
        """The ids of the uploads that wait for more."""
        return [row[0] for row in self.query("SELECT id FROM upload WHERE state = 'receiving' AND isResumable")]

    def stored(self, name):
        """The hash of the bytes that are stored under `name`; None where there are none."""
        try:
            with open(f"{self.data}/originals/{name[:2]}/{name[2:4]}/{name}", "rb") as file:
                return hashlib.sha256(file.read()).hexdigest()
        except OSError:
            return None
