"""Sixteen clients upload while the server and all it started are killed at random instants, and started again: what was acknowledged has to
be there as it was sent, every row has to have its bytes, and nothing half done may be left.

With a shim (unsynced.c) a crash also takes back everything that was written and not synced."""
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(__file__))
from server import Server, song  # noqa: E402

program, rounds, shim = sys.argv[1], int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else None
generator = random.Random(6)
problems, figures = [], {"acknowledged": 0, "rounds": rounds, "slowest start s": 0.0, "resumed": 0, "taken back": 0}
lock = threading.Lock()
acknowledged = {}  # hash -> how
unfinished = {}    # place -> (bytes, hash, last offset that was revealed)
checking = {}      # place -> hash, of uploads that are complete
number = 0


def problem(text):
    with lock:
        problems.append(text)


def next_song():
    global number
    with lock:
        number += 1
        seed = number
        size = generator.choice([20_000, 20_000, 200_000, 2_000_000])
    return f"song%20{seed}.wav", song(seed, size)


def upload_whole(server):
    name, body = next_song()
    status, _, text = server.post(name, body)
    if status in (200, 201):
        with lock:
            acknowledged[hashlib.sha256(body).hexdigest()] = "POST"
    elif status != 503:
        problem(f"POST {status}: {text[:200]}")


def upload_in_parts(server):
    with lock:
        place, known = unfinished.popitem() if unfinished else (None, None)
    if place:
        body, digest, revealed = known
        offset = server.offset(place)
        if offset is None or offset < revealed:
            problem(f"an upload that was at {revealed} is at {offset}")
            return
        with lock:
            figures["resumed"] += 1
    else:
        name, body = next_song()
        digest, offset = hashlib.sha256(body).hexdigest(), 0
        status, headers, text = server.create(name, len(body))
        if status != 201:
            return problem(f"creation {status}: {text[:200]}")
        place = headers["Location"]
    revealed = offset
    try:
        while offset < len(body):
            end = min(len(body), offset + generator.randint(1, 1 + len(body) // 2))
            status, headers, text = server.patch(place, offset, body[offset:end])
            if status == 423:  # the last connection's end is not known yet
                time.sleep(0.01)
                continue
            if status != 204:
                return problem(f"PATCH {status}: {text[:200]}")
            offset = revealed = int(headers["Upload-Offset"])
    finally:
        with lock:
            if offset == len(body):
                acknowledged[digest] = "tus"
                checking[place] = digest
            else:
                unfinished[place] = (body, digest, revealed)


def client(server, ends):
    # A server that is killed answers nobody: whatever that looks like, the client gives up.
    while not ends.is_set():
        try:
            (upload_whole if generator.random() < 0.5 else upload_in_parts)(server)
        except Exception:
            return


def check(server):
    """What the last crash left."""
    figures["slowest start s"] = max(figures["slowest start s"], server.start)
    for place, digest in list(checking.items()):
        state = server.outcome(place)
        if state.get("state") != "stored":
            problem(f"an upload that was complete is {json.dumps(state)}")
        del checking[place]
    # One-shot uploads that were being checked are checked now.
    end = time.time() + 60
    while True:
        receiving = {name + ".upload" for name in server.receiving()}
        left = [name for name in os.listdir(server.data + "/incoming") if name not in receiving]
        if not left or problems or time.time() > end:
            break
        time.sleep(0.02)
    if left:
        problem(f"left in incoming/: {left}")
    rows = server.rows()
    for digest, how in acknowledged.items():
        if digest not in rows:
            problem(f"lost: {how} {digest}")
    for digest in rows:
        if digest not in verified:
            if server.stored(digest) != digest:
                problem(f"a row without its bytes: {digest}")
            verified.add(digest)


folder = tempfile.mkdtemp(prefix="sweetspot-")
data = folder + "/data"
journal = folder + "/journal"
environment = {}
if shim:
    os.mkdir(journal)
    os.mkdir(data)
    environment = {"LD_PRELOAD": shim, "UNSYNCED_ROOT": os.path.realpath(data), "UNSYNCED_JOURNAL": journal}
verified = set()
try:
    for turn in range(rounds):
        server = Server(program, data, environment)
        check(server)
        known = len(acknowledged)
        ends = threading.Event()
        clients = [threading.Thread(target=client, args=(server, ends)) for _ in range(16)]
        for thread in clients:
            thread.start()
        # Each second time not before something is acknowledged, however long that takes on a busy machine.
        end = time.time() + 60
        while turn % 2 and len(acknowledged) == known and time.time() < end:
            time.sleep(0.005)
        time.sleep(generator.uniform(0.02, 1.2))
        server.kill()
        ends.set()
        for thread in clients:
            thread.join(90)
        if shim:
            report = subprocess.run([sys.executable, "-B", os.path.dirname(__file__) + "/unsynced.py", journal], check=True, stdout=subprocess.PIPE)
            figures["taken back"] += json.loads(report.stdout)["undone"]
            # The disk is another after it: all is read again.
            verified.clear()
        if problems:
            break
    server = Server(program, data)
    verified.clear()
    check(server)
    if server.stop() != 0:
        problem("the last server ended badly: " + open(data + ".log").read()[-500:])
finally:
    figures["acknowledged"] = len(acknowledged)
    shutil.rmtree(folder, ignore_errors=True)
print(json.dumps({"problems": problems[:20], "figures": figures}))
