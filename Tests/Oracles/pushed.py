"""`sweetspot push` to a server of accounts, over a link that is cut again and again: everything has to arrive, and a second run sends nothing.

Usage: pushed.py PROGRAM SONGS SECONDS-BETWEEN-CUTS [push's options]"""
import asyncio
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
from server import Server, account, song  # noqa: E402

program, count, interval, options = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), sys.argv[4:]
problems, figures = [], {}


class Link:
    """A proxy that cuts all its connections every `interval` seconds; about 4 MB/s each way. It loses the first answer that says a playlist
    was made."""

    def __init__(self, port):
        self.upstream, self.cuts, self.sent, self.open = port, 0, 0, set()
        self.makes_playlist, self.lost = set(), 0
        ready = threading.Event()
        threading.Thread(target=lambda: asyncio.run(self.serve(ready)), daemon=True).start()
        ready.wait()

    async def serve(self, ready):
        server = await asyncio.start_server(self.connection, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        while True:
            await asyncio.sleep(interval)
            self.cuts += 1 if self.open else 0
            for writer in list(self.open):
                writer.transport.abort()

    async def connection(self, reader, writer):
        try:
            other_reader, other_writer = await asyncio.open_connection("127.0.0.1", self.upstream)
        except OSError:
            return writer.close()
        self.open |= {writer, other_writer}

        async def copy(source, target, counts):
            try:
                while data := await source.read(64 << 10):
                    if counts and data.startswith(b"POST /api/v1/playlists "):
                        self.makes_playlist.add(writer)
                    elif not counts and writer in self.makes_playlist and not self.lost:
                        self.lost += 1
                        break
                    target.write(data)
                    if counts:
                        self.sent += len(data)
                        await asyncio.sleep(len(data) / 4e6)
                    await target.drain()
            except OSError:
                pass
            for end in (writer, other_writer):
                end.close()
                self.open.discard(end)

        await asyncio.gather(copy(reader, other_writer, True), copy(other_reader, writer, False))


def push(link, *more):
    began, sent = time.time(), link.sent
    result = subprocess.run(
        [program, "push", music, "--server", f"http://127.0.0.1:{link.port}", "--key", key, *options, *more],
        capture_output=True, text=True, timeout=3000, env={**os.environ, "XDG_STATE_HOME": folder + "/state"})
    return result, time.time() - began, link.sent - sent


folder = tempfile.mkdtemp(prefix="sweetspot-")
data, music = folder + "/data", folder + "/music"
generator = random.Random(3)
try:
    hashes = {}
    for number in range(count):
        body = song(8_000_000 + number, generator.choice([60_000, 120_000, 400_000, 1_500_000]))
        place = f"{music}/album {number // 12}/song {number}.wav"
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "wb") as file:
            file.write(body)
        hashes[place] = hashlib.sha256(body).hexdigest()
    names = list(hashes)
    with open(music + "/Best of.m3u8", "w") as file:
        file.write("#EXTM3U\n" + "".join(f"{os.path.relpath(name, music)}\n" for name in names[:5][::-1]) + "not there.mp3\n")
    with open(music + "/smart.nsp", "w") as file:
        file.write('{"name": "Smart", // as Navidrome has comments\n "all": [{"contains": {"title": "SONG"}}], "limit": 3}')
    os.makedirs(data)
    key = account(program, data, "ada")
    server = Server(program, data, arguments=())
    link = Link(server.port)

    dry, _, sent = push(link, "--dry-run")
    if dry.returncode != 0 or not dry.stdout.startswith(f"{count} to send, 0 already there, 0 refused") or sent > 2000 * count:
        problems.append(f"a dry run: {dry.returncode} {dry.stdout} {dry.stderr[-300:]} {sent} bytes")
    first, seconds, sent = push(link)
    size = sum(os.path.getsize(name) for name in names)
    figures = {"songs": count, "MB": round(size / 1e6, 1), "seconds": round(seconds, 1), "cuts": link.cuts, "sent / size": round(sent / size, 3)}
    if first.returncode != 0 or not first.stdout.startswith(f"{count} sent, 0 already there, 0 refused"):
        problems.append(f"the first run: {first.returncode} {first.stdout} {first.stderr[-500:]}")
    rows = server.rows()
    if "--compact" in options:
        if len(rows) != count or not all(row[0] for row in server.query("SELECT isCompact FROM track")):
            problems.append(f"{len(rows)} compact tracks of {count}")
        figures["stored / size"] = round(sum(rows.values()) / size, 3)
    else:
        lost = [name for name in names if server.stored(hashes[name]) != hashes[name] or hashes[name] not in rows]
        if lost or len(rows) != count:
            problems.append(f"{len(rows)} tracks of {count}, lost {lost[:5]}")
    second, seconds, sent = push(link)
    figures |= {"second run s": round(seconds, 2), "second run kB": round(sent / 1e3, 1)}
    if second.returncode != 0 or not second.stdout.startswith(f"0 sent, {count} already there, 0 refused\n") or sent > 100 * count + 5000:
        problems.append(f"the second run: {second.returncode} {second.stdout} {second.stderr[-500:]} {sent} bytes")
    listed = server.request("GET", "/api/v1/playlists", {"Authorization": f"Bearer {key}"})[2]
    lists = json.loads(listed)["items"]
    if link.lost != 1:
        problems.append("no answer to a playlist was lost")
    if [(item["name"], item["tracks"], bool(item["rules"])) for item in lists] != [("Best of", 5, False), ("Smart", 3, True)]:
        problems.append(f"playlists: {lists}")
    else:
        tracks = json.loads(server.request("GET", f"/api/v1/playlists/{lists[0]['id']}/tracks", {"Authorization": f"Bearer {key}"})[2])
        titles = [item["title"] for item in tracks["items"]]
        if titles != [f"song {number}" for number in reversed(range(5))]:
            problems.append(f"the playlist's order: {titles}")
    with open(names[0], "ab") as file:
        file.write(b"\0\0\0\0")
    with open(music + "/no music.mp3", "w") as file:
        file.write("hello")
    for attempt in range(2):
        third, _, sent = push(link)
        expected = f"{1 - attempt} sent, {count - 1 + attempt} already there, 1 refused"
        if third.returncode != 1 or not third.stdout.startswith(expected) or "no music.mp3: refused" not in third.stderr:
            problems.append(f"run {3 + attempt}: {third.returncode} {third.stdout} {third.stderr[-300:]}")
    key = "sweetspot_wrong"
    wrong, _, _ = push(link)
    if wrong.returncode != 64 or "--key" not in wrong.stderr:
        problems.append(f"a wrong key: {wrong.returncode} {wrong.stderr[-300:]}")
    if server.stop() != 0:
        problems.append("the server ended badly")
finally:
    shutil.rmtree(folder, ignore_errors=True)
print(json.dumps({"problems": problems, "figures": figures}))
