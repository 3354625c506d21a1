"""What 10,000 listeners like, in one server: how long reading it takes, what it takes of memory and of others' first bytes, and how long a
list of suggestions takes by HTTP. The rows are written past the server: 300 likings a listener, of 100,000 recordings, the popular ones more.
The server is started until enough first bytes were measured while it reads, each time once more without anything to read.

Usage: taste_large.py PROGRAM LISTENERS RECORDINGS [ROUNDS]"""
import http.client
import json
import os
import random
import shutil
import sqlite3
import statistics
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from large_rows import identifier, order, words  # noqa: E402
from server import Server, account, song as noise  # noqa: E402
from subsonic_rest import Findings  # noqa: E402

program, listeners, recordings = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
rounds = int(sys.argv[4]) if len(sys.argv) > 4 else 200
generator = random.Random(11)
found = Findings()
check, equal, figures = found.check, found.equal, found.figures
folder = tempfile.mkdtemp(prefix="sweetspot-")
data = folder + "/data"
os.mkdir(data)
now = int(time.time() * 1000)
LIKINGS, OWN, NAMING = 300, 1000, 6
# Recordings that many own, and how many do.
POPULAR, OWNERS = 20, min(1000, listeners)
SAMPLES = 3000
quiet = {"SWEETSPOT_LIMITS_SCRUB": "0"}


def popular():
    """Few recordings have most listeners."""
    return int(recordings * generator.random() ** 2.5) + 1


def track(account, recording, title, artist, number):
    """A track's row; its Original is an encode of the recording."""
    key, digest = identifier(), recording.to_bytes(16, "big") + account.to_bytes(16, "big")
    return key, digest, (
        key, account, digest, title, artist[2], artist[0], order(title), order(artist[2]), now - number, artist[0], f"{artist[0]}{artist[2]}")


def fill(database, ada):
    database.execute("PRAGMA foreign_keys = OFF")
    database.executemany("INSERT INTO recording (id) VALUES (?)", [(1000 + number,) for number in range(1, recordings + 1)])
    database.executemany(
        "INSERT INTO account (id, name, taste, tasteAsked) VALUES (?, ?, ?, ?)",
        [(1000 + number, f"listener{number}", now, now) for number in range(listeners)])
    names = {number: (words(1, 3) + f" {number}", words(1, 2)) for number in range(1, recordings // 5 + 1)}
    owners = [(1000 + number, names.keys()) for number in range(NAMING)] + [(ada, generator.sample(sorted(names), OWN))]
    owners += [(1000 + number, [one for one in range(1, POPULAR + 1) if one in names]) for number in range(NAMING, OWNERS)]
    tastes = []
    for account, owned in owners:
        artists, rows, sounds = {}, [], []
        for number, recording in enumerate(owned):
            title, name = names[recording]
            artist = artists.setdefault(name, (identifier(), account, name))
            key, digest, row = track(account, recording, title, artist, number)
            rows.append(row)
            sounds.append((digest, 1000 + recording, bytes(256)))
            if account == ada:
                tastes.append((ada, key, 1.3, now, 1000 + recording))
        database.executemany("INSERT INTO artist (id, account, name, nameOrder) VALUES (?, ?, ?, ?)", [(*one, order(one[2])) for one in artists.values()])
        albums = {one[0]: identifier() for one in artists.values()}
        database.executemany(
            "INSERT INTO album (id, account, artistId, name, nameOrder, artistOrder, artist, artists) VALUES (?, ?, ?, '', '', ?, ?, ?)",
            [(albums[key], account, key, order(name), name, key + name) for key, _, name in artists.values()])
        database.executemany(
            """INSERT INTO track (id, account, sha256, title, artist, albumArtist, album, artistId, albumId, titleOrder, artistOrder, albumOrder,
            track, disc, year, genres, samples, sampleRate, channels, bitsPerSample, codec, container, bitrate, bytes, warnings, added, artists,
            albumOwner, tagged, measuresVersion, loudness, truePeak, loudnessRange)
            VALUES (?, ?, ?, ?, ?, '', '', ?, ?, ?, ?, '', 0, 0, 0, '[]', 10584000, 44100, 2, 16, 'flac', 'flac', 900, 4000, '[]', ?, ?, ?, 1, 1000,
            -14, -1, 8)""",
            [(*row[:6], albums[row[5]], row[6], row[7], row[8], row[10], row[9]) for row in rows])
        database.executemany("INSERT INTO sound (sha256, recording, milliseconds, features) VALUES (?, ?, 240000, ?)", sounds)
    figures["tracks"] = sum(len(owned) for _, owned in owners)
    for number in range(listeners):
        liked = {popular() for _ in range(LIKINGS)}
        tastes += [(1000 + number, f"{recording:022d}", generator.uniform(0.3, 8), now - generator.randrange(10**10), 1000 + recording)
                   for recording in sorted(liked)]
        if len(tastes) > 10**5:
            database.executemany("INSERT INTO taste (account, track, weight, at, recording) VALUES (?, ?, ?, ?, ?)", tastes)
            tastes = []
    database.executemany("INSERT INTO taste (account, track, weight, at, recording) VALUES (?, ?, ?, ?, ?)", tastes)


class Client:
    def __init__(self):
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)

    def get(self, path, headers=None):
        """The answer, and the ms to its first byte."""
        began = time.perf_counter()
        self.connection.request("GET", path, headers={"Authorization": f"Bearer {key}", **(headers or {})})
        answer = self.connection.getresponse()
        first = (time.perf_counter() - began) * 1000
        return answer.status, answer.read(), first


def p99(times):
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.99))]


def memory(name):
    with open(f"/proc/{server.process.pid}/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(name + ":")) / 1024


def processor():
    """The ms of processor time of each thread of the server."""
    times = {}
    for thread in os.listdir(f"/proc/{server.process.pid}/task"):
        try:
            with open(f"/proc/{server.process.pid}/task/{thread}/schedstat") as file:
                times[thread] = int(file.read().split()[0]) / 1e6
        except FileNotFoundError:
            pass
    return times


def reader():
    """The thread that reads, which runs only while nothing else wants to: whether it rests, and its processor time in s."""
    for thread in os.listdir(f"/proc/{server.process.pid}/task"):
        try:
            with open(f"/proc/{server.process.pid}/task/{thread}/stat") as file:
                fields = file.read().rsplit(")", 1)[1].split()
        except FileNotFoundError:
            continue
        # Linux' SCHED_IDLE.
        if int(fields[38]) == 5:
            return fields[0] == "S", (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return False, 0


def first_bytes(client, path, while_true):
    """The ms to the first byte of a part that the cache has, one after the other, 4 ms apart."""
    times = []
    while while_true(len(times)):
        status, body, first = client.get(path, {"Range": "bytes=0-16383"})
        check(status == 206 and len(body) == 16384, f"{path}: {status}, {len(body)} bytes")
        times.append(first)
        time.sleep(0.004)
    return times


def has_read(client):
    """Whether suggestions come from listeners."""
    status, body, _ = client.get("/api/v1/recommendations?limit=20")
    return status == 200 and json.loads(body)["basis"] == "listeners"


try:
    key = account(program, data, "ada", "stream,library,upload,admin")
    server = Server(program, data, quiet, arguments=())
    ident = json.loads(server.request("POST", "/api/v1/tracks?name=a.wav", {"Authorization": f"Bearer {key}"}, noise(1, 60 * 44100))[2])["id"]
    server.request("PUT", "/api/v1/me/taste", {"Authorization": f"Bearer {key}"}, b'{"enabled": true}')
    ada = server.query("SELECT account FROM track")[0][0]
    figures["memory without, MB"] = round(memory("VmRSS"), 1)
    equal(server.stop(), 0, "status at the first end")
    began = time.time()
    with sqlite3.connect(data + "/catalogue.sqlite") as database:
        database.execute("PRAGMA synchronous = OFF")
        fill(database, ada)
        figures["likings"] = database.execute("SELECT count(*) FROM taste").fetchone()[0]
    database.close()
    figures["filled s"] = round(time.time() - began, 1)

    path, during, alone, reads, works = f"/stream/{ident}/mp3-128", [], [], [], []

    def opt(listening):
        """The listeners opt in or out, while no server runs."""
        with sqlite3.connect(data + "/catalogue.sqlite") as database:
            database.execute("UPDATE account SET taste = ? WHERE id >= 1000", (now if listening else None,))
        database.close()

    while len(during) < SAMPLES and len(reads) < 20:
        server = Server(program, data, quiet, arguments=())
        started, client, done = time.time(), Client(), threading.Event()

        def wait():
            rested = 0
            while rested < 5 and time.time() < started + 600:
                time.sleep(0.05)
                rested = rested + 1 if reader() > (True, 0) else 0
            reads.append(time.time() - started - 0.25)
            works.append(reader()[1])
            done.set()

        thread = threading.Thread(target=wait)
        thread.start()
        client.get(path)
        during += first_bytes(client, path, lambda _: not done.is_set())
        thread.join()
        check(has_read(client), "no suggestions come from listeners")
        equal(server.stop(), 0, "status at an end")
        # The same start without anything to read.
        opt(False)
        server = Server(program, data, quiet, arguments=())
        started, client = time.time(), Client()
        client.get(path)
        alone += first_bytes(client, path, lambda _: time.time() < started + reads[-1])
        equal(server.stop(), 0, "status at an end")
        opt(True)
    figures["read s"] = [round(one, 2) for one in reads]
    figures["read, processor s of its thread"] = [round(one, 2) for one in works]
    for name, times in (("while it is read", during), ("after a start without", alone)):
        figures[f"first byte p50 ms, {name}"] = round(statistics.median(times), 2)
        figures[f"first byte p99 ms, {name}"] = round(p99(times), 2)
    server = Server(program, data, quiet, arguments=())
    started, client = time.time(), Client()
    while not has_read(client) and time.time() < started + 600:
        time.sleep(1)
    figures["memory MB, read"] = round(memory("VmRSS"), 1)
    times, costs = [], []
    for _ in range(rounds):
        former = processor()
        began = time.perf_counter()
        status, body, _ = client.get("/api/v1/recommendations?limit=20")
        times.append((time.perf_counter() - began) * 1000)
        equal(status, 200, "recommendations")
        costs.append(sum(work - former.get(thread, 0) for thread, work in processor().items()))
    figures["suggestions, processor ms of the server, p50"] = round(statistics.median(costs), 1)
    figures["suggestions, processor ms of the server, p99"] = round(p99(costs), 1)
    items = json.loads(body)["items"]
    figures["suggestions of others' music"] = sum(item["track"] is None for item in items)
    check(all(item["reasons"] for item in items if item["track"] is None), "a suggestion without a reason")
    figures["suggestions p50 ms"], figures["suggestions p99 ms"] = round(statistics.median(times), 1), round(p99(times), 1)
    figures["memory MB"], figures["most memory MB"] = round(memory("VmRSS"), 1), round(memory("VmHWM"), 1)
    equal(server.stop(), 0, "status at its end")
finally:
    shutil.rmtree(folder, ignore_errors=True)
found.end()
