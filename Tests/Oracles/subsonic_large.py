"""A locker of 100,000 tracks as phones ask for it: each spelling of "everything" at its beginning, in the middle and at its end, every list of
albums at any offset, all of Symfonium's sync; pages are complete and without doubles while tracks are added. The rows are written past the
server.

Usage: subsonic_large.py PROGRAM TRACKS ROUNDS"""
import concurrent.futures
import http.client
import json
import os
import shutil
import sqlite3
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from large_rows import fill, generator  # noqa: E402
from server import Server, account, song as noise  # noqa: E402
from subsonic_rest import Findings, Rest, app_password  # noqa: E402

program, count, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
found = Findings()
check, equal, figures = found.check, found.equal, found.figures
figures["tracks"] = count
folder = tempfile.mkdtemp(prefix="sweetspot-")
data = folder + "/data"
os.mkdir(data)


def p99(times):
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.99))]


class Timed:
    """Requests of one client over one connection, with how long each took, in ms."""

    def __init__(self, rest):
        self.rest, self.port = rest, rest.port
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def get(self, endpoint, parameters):
        query = self.rest.query(parameters)
        began = time.perf_counter()
        self.connection.request("GET", f"/rest/{endpoint}.view?{query}")
        answer = self.connection.getresponse()
        body = answer.read()
        took = (time.perf_counter() - began) * 1000
        document = json.loads(body).get("subsonic-response", {}) if answer.status == 200 else {}
        if document.get("status") != "ok":
            check(False, f"{endpoint} {parameters}: {answer.status} {body[:200]}")
        return took, document


def songs(client, query, offset, size=500):
    parameters = {"songCount": size, "songOffset": offset, "albumCount": 0, "artistCount": 0}
    took, document = client.get("search3", parameters if query is None else {"query": query, **parameters})
    return took, [one["id"] for one in document.get("searchResult3", {}).get("song", [])]


def albums(client, kind, offset, size=500, **more):
    took, document = client.get("getAlbumList2", {"type": kind, "offset": offset, "size": size, **more})
    return took, [one["id"] for one in document.get("albumList2", {}).get("album", [])]


def page_times(client):
    """Every spelling, anywhere."""
    for spelling in ("", '""', "''", None):
        firsts, spread = {}, {}
        for offset in (0, count // 2, count - 1000):
            times = []
            for _ in range(rounds):
                took, page = songs(client, spelling, offset)
                times.append(took)
                equal(len(page), 500, f"songs at {offset} of query={spelling!r}")
                firsts.setdefault(offset, page)
                check(firsts[offset] == page, f"query={spelling!r} at {offset}: another order the second time")
            spread[offset] = p99(times)
            figures[f"p99 ms search3 query={spelling!r} at {offset}"] = round(spread[offset], 1)
        ends = [sorted(songs(client, spelling, offset)[0] for _ in range(7))[3] for offset in (0, count - 500)]
        figures[f"last page by first, query={spelling!r}"] = round(ends[1] / ends[0], 2)
        check(ends[1] <= ends[0] * 1.3 + 2, f"query={spelling!r}: the last page takes {ends[1]:.1f} ms, the first {ends[0]:.1f}")
        check(max(spread.values()) < 40, f"query={spelling!r}: p99 {max(spread.values()):.1f} ms, wanted under 40")


def symfonium(client):
    """Its whole sync: songs, albums and artists one kind at a time, 500 a page, until a page is short."""
    began, times, seen = time.perf_counter(), [], {}
    for kind in ("artist", "album", "song"):
        offset, ids = 0, []
        while True:
            counts = {f"{one}Count": 500 if one == kind else 0 for one in ("artist", "album", "song")}
            took, document = client.get("search3", {"query": '""', **counts, f"{kind}Offset": offset})
            page = [one["id"] for one in document.get("searchResult3", {}).get(kind, [])]
            times.append(took)
            ids += page
            offset += 500
            if len(page) < 500:
                break
        seen[kind] = ids
        equal(len(set(ids)), len(ids), f"doubles among {len(ids)} of kind {kind}: different ones")
    figures["Symfonium's sync s"], figures["Symfonium's pages"] = round(time.perf_counter() - began, 2), len(times)
    figures["Symfonium's sync p99 ms"] = round(p99(times), 1)
    equal(len(seen["song"]), total("track"), "songs")
    equal(len(seen["album"]), total("album"), "albums")
    check(figures["Symfonium's sync s"] < 6, f"the sync takes {time.perf_counter() - began:.2f} s, wanted under 6")
    return seen


def total(table):
    return server.query(f"SELECT count(*) FROM {table} WHERE account = 1")[0][0]


def lists(client, known):
    genre = client.get("getGenres", {})[1]["genres"]["genre"][0]["value"]
    every = total("album")
    for kind in ("random", "newest", "highest", "frequent", "recent", "alphabeticalByName", "alphabeticalByArtist", "starred", "byYear", "byGenre"):
        more = {"byYear": {"fromYear": 1960, "toYear": 2026}, "byGenre": {"genre": genre}}.get(kind, {})
        times, first = [], None
        for number in range(rounds):
            offset = (0, every // 2, max(0, every - 500), generator.randrange(every))[number % 4]
            took, page = albums(client, kind, offset, **more)
            times.append(took)
            equal(len(set(page)), len(page), f"{kind} at {offset}: different albums")
            if kind in ("newest", "alphabeticalByName", "alphabeticalByArtist"):
                equal(len(page), min(500, every - offset), f"{kind} at {offset}: albums")
        figures[f"p99 ms getAlbumList2 {kind}"] = round(p99(times), 1)
        check(p99(times) < 20, f"getAlbumList2 {kind}: p99 {p99(times):.1f} ms, wanted under 20")
    for kind in ("alphabeticalByName", "byYear"):
        ids = []
        for offset in range(0, every + 500, 500):
            ids += albums(client, kind, offset, **({"fromYear": 0, "toYear": 9999} if kind == "byYear" else {}))[1]
        check(len(ids) == len(set(ids)) == every, f"{kind}: {len(set(ids))} different of {len(ids)}, {every} albums")
    for endpoint in ("getArtists", "getIndexes", "getGenres", "getStarred2", "getScanStatus"):
        times = [client.get(endpoint, {})[0] for _ in range(max(5, rounds // 4))]
        figures[f"p99 ms {endpoint}"] = round(p99(times), 1)
    modified = client.get("getIndexes", {})[1]["indexes"]["lastModified"]
    times = []
    for _ in range(rounds):
        took, document = client.get("getIndexes", {"ifModifiedSince": modified})
        times.append(took)
        check(not document["indexes"].get("index"), "getIndexes since lastModified is not empty")
    figures["p99 ms getIndexes not modified"] = round(p99(times), 1)
    check(p99(times) < 20, f"getIndexes that has not changed: {p99(times):.1f} ms")
    for query, key in (("night", "search3"), ("lo", "search3"), ("the", "search2")):
        times = [client.get(key, {"query": query, "songCount": 50})[0] for _ in range(rounds)]
        figures[f"p99 ms {key} {query}"] = round(p99(times), 1)


def amperfy(known):
    """Ten pages of albums at once, and one getAlbum for each of many albums."""
    clients = [Timed(Rest(server.port, "ada", secret)) for _ in range(10)]
    began = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        pages = list(pool.map(lambda number: albums(clients[number], "alphabeticalByName", number * 500), range(10)))
    figures["Amperfy's ten pages at once s"] = round(time.perf_counter() - began, 3)
    ids = [one for _, page in pages for one in page]
    equal(len(set(ids)), len(ids), "albums of ten pages at once: different ones")
    times = []
    for one in known["album"][:10000]:
        took, document = clients[0].get("getAlbum", {"id": one})
        times.append(took)
        if document.get("album", {}).get("songCount") != len(document.get("album", {}).get("song", [])):
            check(False, f"album {one} has not its songs")
    figures["albums got"], figures["p99 ms getAlbum"] = len(times), round(p99(times), 1)
    check(p99(times) < 15, f"getAlbum: p99 {p99(times):.1f} ms, wanted under 15")


def while_added(client, known):
    """What was there before is on the pages once, whatever arrives meanwhile."""
    stop, added = threading.Event(), []

    def add():
        while not stop.is_set():
            status, _, _ = server.request("POST", f"/api/v1/tracks?name={len(added)}.wav", {"Authorization": f"Bearer {key}"},
                                          noise(10**6 + len(added), 4000))
            added.append(status)
    thread = threading.Thread(target=add)
    thread.start()
    try:
        seen, offset = [], 0
        while True:
            page = songs(client, '""', offset)[1]
            seen += page
            offset += 500
            if len(page) < 500:
                break
    finally:
        stop.set()
        thread.join()
    figures["tracks added meanwhile"] = len(added)
    before = set(known["song"])
    check(added and all(status == 201 for status in added), f"added {added[:5]}")
    equal(len(before & set(seen)), len(before), "songs that were there before, on the pages")
    equal(len(seen), len(set(seen)), "songs on the pages, without doubles")
    first = client.get("getIndexes", {})[1]["indexes"]["lastModified"]
    server.request("POST", "/api/v1/tracks?name=last.wav", {"Authorization": f"Bearer {key}"}, noise(5, 4000))
    later = client.get("getIndexes", {"ifModifiedSince": first})[1]["indexes"]
    check(later["lastModified"] > first and later.get("index"), f"lastModified {later['lastModified']} after {first}")


try:
    quiet = {"SWEETSPOT_LIMITS_SCRUB": "0"}  # There are no files to find whole.
    key = account(program, data, "ada", "stream,library,upload,admin")
    secret = app_password(program, data, "ada")
    server = Server(program, data, quiet, arguments=())
    server.request("GET", "/healthz")
    server.stop()
    database = sqlite3.connect(data + "/catalogue.sqlite")
    database.execute("PRAGMA synchronous = OFF")
    began = time.time()
    with database:
        fill(database, 1, count, max(2, count // 50), 10**12)
        # So that the plan has room for more.
        database.execute("UPDATE track SET bytes = 4000")
    database.close()
    figures["filled s"] = round(time.time() - began, 1)
    server = Server(program, data, quiet, arguments=())
    figures["start s"] = round(server.start, 3)
    client = Timed(Rest(server.port, "ada", secret))
    songs(client, "", 0)
    page_times(client)
    known = symfonium(client)
    lists(client, known)
    amperfy(known)
    while_added(client, known)
    with open(f"/proc/{server.process.pid}/status") as file:
        figures["memory MB"] = round(next(int(line.split()[1]) for line in file if line.startswith("VmRSS")) / 1024, 1)
    equal(server.stop(), 0, "status at its end")
finally:
    shutil.rmtree(folder, ignore_errors=True)
found.end()
