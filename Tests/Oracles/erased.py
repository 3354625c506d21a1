"""What an account exports is all it has, and of one that is deleted nothing is left, while another's is untouched.

Usage: erased.py PROGRAM"""
import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile

sys.path.insert(0, os.path.dirname(__file__))
from server import Server, account, song  # noqa: E402

program = sys.argv[1]
problems, figures = [], {}
folder = tempfile.mkdtemp(prefix="sweetspot-")
data = folder + "/data"


def check(condition, text):
    if not condition:
        problems.append(text)


try:
    os.mkdir(data)
    keys = {name: account(program, data, name, "stream,library,upload,admin") for name in ("ada", "eve")}
    server = Server(program, data, arguments=())

    def ask(name, method, path, body=None):
        raw = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {keys[name]}", **({"Content-Length": str(len(raw))} if raw is not None else {})}
        status, headers, content = server.request(method, path, headers, raw)
        return status, headers, content

    bodies = {number: song(9_000_000 + number, 40_000) for number in range(6)}
    tracks = {}
    for number, body in bodies.items():
        status, _, content = ask("ada", "POST", f"/api/v1/tracks?name=s{number}.wav", body)
        check(status == 201, f"upload {status}")
        tracks[number] = json.loads(content)["id"]
        # Two with one name, and one that no file system takes.
        title = ["Same", "same", 'A/B\\C:"*?<>|', "..", "é" * 200, "x"][number]
        ask("ada", "PATCH", f"/api/v1/tracks/{tracks[number]}", {"title": title, "artist": "Wir" if number else "", "album": "Werk/1"})
    shared = json.loads(ask("eve", "POST", "/api/v1/tracks?name=eve.wav", bodies[0])[2])["id"]
    order = [tracks[3], tracks[0], tracks[3]]
    ask("ada", "POST", "/api/v1/playlists", {"name": "List/one", "tracks": order})
    ask("ada", "PUT", "/api/v1/me/taste", {"enabled": True})
    for at in ("2026-01-02T03:04:05Z", "2026-01-03T03:04:05Z"):
        ask("ada", "POST", "/api/v1/history", {"track": tracks[2], "at": at})
    ask("ada", "PUT", "/api/v1/queue", {"tracks": order, "current": 1})
    ask("ada", "PUT", f"/api/v1/tracks/{tracks[1]}/favourite")
    # One upload that is not finished.
    status, headers, _ = server.request("POST", "/api/v1/uploads", {
        "Authorization": f"Bearer {keys['ada']}", "Tus-Resumable": "1.0.0", "Upload-Length": "5000"})
    check(status == 201, f"creation {status}")

    status, headers, content = ask("ada", "GET", "/api/v1/me/export")
    check(status == 200 and headers["Content-Type"] == "application/zip" and ".zip" in headers["Content-Disposition"], f"export {status}")
    figures["export kB"] = len(content) / 1000
    archive = zipfile.ZipFile(io.BytesIO(content))
    check(archive.testzip() is None, "a file of the export is damaged")
    names = archive.namelist()
    check(len(set(name.lower() for name in names)) == len(names), f"two files of one name: {names}")
    check(not any(".." in name.split("/") or name.startswith("/") for name in names), f"a name leads elsewhere: {names}")
    music = {name: hashlib.sha256(archive.read(name)).hexdigest() for name in names if name.startswith("music/")}
    check(sorted(music.values()) == sorted(hashlib.sha256(body).hexdigest() for body in bodies.values()), "the music is not all there")
    listed = json.loads(archive.read("tracks.json"))
    check([item["id"] for item in listed] == list(tracks.values()), "tracks.json")
    check([item["favourite"] is not None for item in listed] == [number == 1 for number in range(6)], "favourites")
    history = json.loads(archive.read("history.json"))
    check(all(play["source"] == "player" and play["heard"] is None for play in history), f"sources {history}")
    weights = {row["track"]: row["weight"] for row in json.loads(archive.read("taste.json"))}
    check(set(weights) == set(tracks.values()) and weights[tracks[1]] > 2 and json.loads(archive.read("skips.json")) == [], f"taste {weights}")
    check([(play["at"], play["track"]) for play in history] == [("2026-01-03T03:04:05.000Z", tracks[2]), ("2026-01-02T03:04:05.000Z", tracks[2])], f"history {history}")
    lists = [name for name in names if name.startswith("playlists/")]
    entries = [line for line in archive.read(lists[0]).decode().split("\n") if line and not line.startswith("#")] if len(lists) == 1 else []
    by_hash = {hashlib.sha256(bodies[number]).hexdigest(): tracks[number] for number in bodies}
    check([by_hash.get(music.get(entry.removeprefix("../"))) for entry in entries] == order, f"playlist {lists} {entries}")
    check(json.loads(archive.read("account.json"))["name"] == "ada", "account.json")
    for tool in (["unzip", "-tqq"], ["bsdtar", "-tf"]):
        if shutil.which(tool[0]):
            with open(folder + "/export.zip", "wb") as file:
                file.write(content)
            check(subprocess.run([*tool, folder + "/export.zip"], capture_output=True).returncode == 0, f"{tool[0]} does not read it")
    empty = json.loads(zipfile.ZipFile(io.BytesIO(ask("eve", "GET", "/api/v1/me/export")[2])).read("history.json"))
    check(empty == [], "eve's history")

    # What was made of a song goes with it.
    check(len(ask("ada", "GET", f"/stream/{tracks[4]}/mp3-64?download=1")[2]) > 0, "no stream")
    check(len(ask("eve", "GET", f"/stream/{shared}/mp3-64?download=1")[2]) > 0, "no stream")

    def chunks():
        return {name for _, _, names in os.walk(data + "/cache") for name in names if name != "lock"}

    end = time.time() + 20
    while len(chunks()) < 2 and time.time() < end:
        time.sleep(0.05)
    check(len(chunks()) == 2, f"chunks before: {chunks()}")
    check(ask("ada", "DELETE", "/api/v1/me", {"password": "wrong horse"})[0] == 401, "a wrong password erases")
    check(ask("ada", "DELETE", "/api/v1/me", {"password": "correct horse"})[0] == 204, "the account is not erased")
    check(ask("ada", "GET", "/api/v1/me")[0] == 401, "a key of nobody is good")
    check(ask("eve", "GET", f"/stream/{shared}/original")[2] == bodies[0], "another's song is not what it was")
    stored = [name for _, _, names in os.walk(data + "/originals") for name in names if "." not in name]
    check(stored == [hashlib.sha256(bodies[0]).hexdigest()], f"originals: {stored}")
    check(os.listdir(data + "/incoming") == [], "an unfinished upload is left")
    end = time.time() + 20
    while len(chunks()) > 1 and time.time() < end:
        time.sleep(0.05)
    check(len(chunks()) == 1, f"chunks after: {chunks()}")
    check(server.stop() == 0, "the server ended badly")
    database = sqlite3.connect(data + "/catalogue.sqlite")
    ada = {row[0] for row in database.execute("SELECT id FROM account WHERE name = 'ada'")}
    check(not ada, "the account's row is there")
    eve = database.execute("SELECT id FROM account WHERE name = 'eve'").fetchone()[0]
    for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'").fetchall():
        columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
        if "account" in columns:
            left = database.execute(f"SELECT count(*) FROM {table} WHERE account <> ?", (eve,)).fetchone()[0]
            check(left == 0, f"{left} rows of {table}")
    for table in ("playlistTrack", "trackGenre", "lyrics", "released"):
        check(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0, f"rows of {table}")
    owners = {row[0][1:] for row in database.execute("SELECT owner FROM searchEntry")}
    check(owners <= {str(eve)}, f"search entries of {owners}")
finally:
    shutil.rmtree(folder, ignore_errors=True)
print(json.dumps({"problems": problems, "figures": figures}))
