"""A locker of many tracks beside many lockers of a few: how long every list and search takes, how soon the server starts, what memory that
takes. The rows are written past the server, which knows nothing of it.

Usage: large.py PROGRAM TRACKS LOCKERS ROUNDS"""
import gzip
import http.client
import json
import os
import shutil
import sqlite3
import sys
import tempfile
import time
import urllib.parse

sys.path.insert(0, os.path.dirname(__file__))
from large_rows import fill, generator, phrase, signs, words  # noqa: E402
from server import Server  # noqa: E402

program, count, lockers, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
problems, figures = [], {"tracks": count, "lockers": lockers}


def memory(process):
    with open(f"/proc/{process}/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS")) / 1024


folder = tempfile.mkdtemp(prefix="sweetspot-")
data = folder + "/data"
try:
    quiet = {"SWEETSPOT_LIMITS_SCRUB": "0"}  # There are no files to find whole.
    server = Server(program, data, quiet)
    server.request("GET", "/api/v1/tracks")
    time.sleep(1)
    empty = memory(server.process.pid)
    server.stop()
    database = sqlite3.connect(data + "/catalogue.sqlite")
    database.execute("PRAGMA synchronous = OFF")
    began = time.time()
    with database:
        artist, album, genre = fill(database, 1, count, max(2, count // 50), 10**12)
        for locker in range(lockers):
            database.execute("INSERT INTO account (id, name) VALUES (?, ?)", (locker + 2, f"locker {locker}"))
            fill(database, locker + 2, 24, 3, 2 * 10**12)
        database.execute("INSERT INTO playlist (id, account, name, nameOrder, created, changed) VALUES (?, 1, 'All', 'all', 0, 0)", ("p" * 22,))
        database.execute(
            """INSERT INTO playlistTrack (playlist, position, track) SELECT ?, row_number() OVER (ORDER BY added) - 1, id FROM track
            WHERE account = 1 LIMIT 10000""", ("p" * 22,))
    database.close()
    figures["filled s"] = round(time.time() - began, 1)
    server = Server(program, data, quiet)
    figures["start s"] = round(server.start, 3)
    connection = http.client.HTTPConnection("127.0.0.1", server.port)

    def get(path, headers={}):
        began = time.perf_counter()
        connection.request("GET", "/api/v1" + path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        took = (time.perf_counter() - began) * 1000
        if answer.headers["Content-Encoding"] == "gzip":
            body = gzip.decompress(body)
        if answer.status != 200:
            problems.append(f"{path}: {answer.status} {body[:200]}")
        return took, json.loads(body)

    lists = [f"/tracks?sort={sort}" for sort in ["added", "-added", "title", "artist", "album", "played", "-played", "-plays"]]
    lists += [f"/tracks?album={album}", f"/tracks?artist={artist}", f"/tracks?genre={urllib.parse.quote(genre)}", "/tracks?favourite=true"]
    lists += [f"/albums?sort={sort}" for sort in ["name", "artist", "year", "-added", "-played"]] + [f"/albums?artist={artist}", f"/albums?appearsOn={artist}", "/albums?favourite=true"]
    lists += ["/artists?limit=100", "/artists?favourite=true", "/genres?limit=100", "/playlists?limit=100", f"/playlists/{'p' * 22}/tracks?limit=100", "/history?limit=100"]
    slowest = {}
    get(lists[0])

    def note(path, times):
        name = path.split("=")[0] + ("=" + path.split("=")[1] if "sort" in path else "")
        slowest[name] = sorted(times)[int(len(times) * 0.99)]

    for path in lists:
        times, after = [], None
        for _ in range(rounds):
            took, page = get(path + (f"&after={after}" if after else ""))
            times.append(took)
            # From page to page, and from the end to the beginning.
            after = page["next"]
        note(path, times)
    # From any place, and compressed.
    placed = [path for path in lists if not path.startswith(("/playlists?", "/history"))]
    fields = "fields=id,title,artists,albumId,album,duration,art,track,disc,favourite,rating"
    for path in placed:
        total = get(path + "&at=0")[1]["total"]
        times = []
        for _ in range(rounds):
            place = generator.randrange(total + 1)
            took, page = get(f"{path}&at={place}&{fields}", {"Accept-Encoding": "gzip"})
            times.append(took)
            if page["total"] != total or len(page["items"]) != min(100, total - place):
                problems.append(f"{path} at {place}: {len(page['items'])} of {page['total']}")
        note("at " + path, times)
    whole = [get(lists[2] + f"&limit=500&at={generator.randrange(count)}", {"Accept-Encoding": "gzip"})[0] for _ in range(rounds)]
    figures["p99 ms 500 whole tracks in gzip"] = round(sorted(whole)[int(len(whole) * 0.99)], 1)
    for path in ["/tracks?sort=random", "/albums?sort=random", "/letters/tracks?sort=title", "/letters/tracks?sort=artist", "/letters/albums?sort=name", "/letters/artists"]:
        note(path, [get(path + ("&" + fields if path.startswith("/tracks") else ""))[0] for _ in range(rounds)])
    times = {}
    for _ in range(rounds * 4):
        text = words(1, 2)
        if text[0] not in signs:
            text = text[:generator.choice([2, 2, 3, 4, 8, 20])]
        times.setdefault(len(text), []).append(get("/search?q=" + urllib.parse.quote(text))[0])
    ones = []
    for sign in signs:
        ones += [get("/search?q=" + urllib.parse.quote(sign + more))[0] for more in ["", phrase(1, 1), " " + phrase(1, 2)]]
    slowest["search of signs"] = sorted(ones)[int(len(ones) * 0.99)]
    every = sorted(time for some in times.values() for time in some)
    slowest["search"] = every[int(len(every) * 0.99)]
    slowest["search of two letters"] = sorted(times[2])[int(len(times[2]) * 0.99)]
    worst = max(slowest, key=slowest.get)
    figures |= {"p99 ms " + name: round(value, 1) for name, value in slowest.items()}
    figures["worst p99 ms"] = round(slowest[worst], 1)
    figures["memory MB"], figures["grown MB"] = round(memory(server.process.pid), 1), round(memory(server.process.pid) - empty, 1)
    connection.close()
    if server.stop() != 0:
        problems.append("the server ended badly")
finally:
    shutil.rmtree(folder, ignore_errors=True)
print(json.dumps({"problems": problems[:10], "figures": figures}))
