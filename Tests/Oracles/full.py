"""A disk of 24 MB is filled by uploads until they are refused, and to its last byte by another program; nothing answers 500, everything
can be deleted through the API, and the space comes back.

Usage: full.py PROGRAM"""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(__file__))
from server import Server, account, song  # noqa: E402

program = sys.argv[1]
problems, figures = [], {}

# A mount namespace of its own, where there may be one: nobody else sees the disk, and it goes with this process.
if not os.environ.get("SWEETSPOT_OWN_MOUNTS"):
    unshare = ["unshare", "--mount"] + ([] if os.geteuid() == 0 else ["--map-root-user"])
    can = subprocess.run(unshare + ["mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, text=True)
    if can.returncode != 0:
        print(json.dumps({"problems": [], "figures": {"skipped": 1}}))
        print(f"no file system can be mounted: {can.stderr}", file=sys.stderr)
        sys.exit(0)
    os.environ["SWEETSPOT_OWN_MOUNTS"] = "1"
    os.execvp(unshare[0], unshare + [sys.executable, "-B"] + sys.argv)

folder = tempfile.mkdtemp(prefix="sweetspot-")
disk = folder + "/disk"
data = disk + "/data"
foreign = disk + "/foreign"


def check(condition, text):
    if not condition:
        problems.append(text)


def free():
    status = os.statvfs(disk)
    return status.f_bavail * status.f_frsize


def fill():
    """Another program takes every byte there is."""
    with open(foreign, "ab", buffering=0) as file:
        size = 1 << 16
        while size >= 1:
            try:
                file.write(b"\x55" * size)
            except OSError:
                size //= 2


def eventually(condition, patience=60):
    end = time.time() + patience
    while time.time() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def start():
    # What is deleted goes after a second, not after ten minutes.
    return Server(program, data, {"SWEETSPOT_LIMITS_GRACE": "1"}, arguments=())


os.mkdir(disk)
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "none", disk], check=True)
try:
    os.mkdir(data)
    key = account(program, data, "ada", "stream,library,upload,admin")
    server = start()

    def ask(method, path, body=None, headers=None):
        raw = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        fields = {"Authorization": f"Bearer {key}", **(headers or {})}
        if raw is not None:
            fields["Content-Length"] = str(len(raw))
        status, headers, content = server.request(method, path, fields, raw)
        if status >= 500 and status != 507:
            problems.append(f"{method} {path}: {status} {content[:200]}")
        if status == 507:
            check(json.loads(content)["type"] == "/problems/disk-full", f"{method} {path}: {content[:200]}")
        return status, headers, content

    def upload(number):
        return ask("POST", f"/api/v1/tracks?name={number}.wav", song(number, 1 << 20))

    def unfinished():
        return server.query("SELECT state, isResumable FROM upload WHERE state IN ('receiving', 'checking')")

    tus = {"Tus-Resumable": "1.0.0"}
    status, headers, _ = ask("POST", "/api/v1/uploads", headers={**tus, "Upload-Length": str(8 << 20)})
    check(status == 201, f"creation {status}")
    place = headers["Location"]

    def append(offset, body):
        return ask("PATCH", place, body, {**tus, "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"})

    status, _, content = upload(0)
    check(status == 201, f"the first upload: {status}")
    first = json.loads(content)["id"]
    tracks = [first]
    while len(tracks) < 40:
        status, _, content = upload(len(tracks))
        if status != 201:
            break
        tracks.append(json.loads(content)["id"])
    check(status == 507, f"the last upload: {status}")
    figures["tracks"] = len(tracks)
    figures["left kB"] = free() / 1000
    check(len(tracks) >= 12, f"only {len(tracks)} MB of 24 can be used")
    check(free() >= 1 << 20, f"uploads left {free()} bytes")
    for number in range(100, 110):
        check(upload(number)[0] == 507, "another upload")
    # While it comes: all that is there, and no more, is taken.
    check(append(0, bytes(8 << 20))[0] == 507, "more of a resumable upload")
    status, headers, _ = ask("HEAD", place, headers=tus)
    check(status == 200 and int(headers["Upload-Offset"]) < 8 << 20, f"its offset {headers['Upload-Offset']}")
    check(ask("POST", "/api/v1/uploads", headers={**tus, "Upload-Length": str(4 << 20)})[0] == 507, "another resumable upload")
    check(unfinished() == [("receiving", 1)], f"unfinished: {unfinished()}")

    def change(round):
        """Everything that changes something is done or refused."""
        answers = [
            ask("POST", "/api/v1/playlists", {"name": f"list {round}", "tracks": tracks * 20})[0],
            ask("PATCH", f"/api/v1/tracks/{first}", {"title": "T" * 900, "artist": f"{round}" * 400})[0],
            ask("POST", "/api/v1/history", {"track": first})[0],
            ask("PUT", "/api/v1/queue", {"tracks": tracks, "current": 0})[0],
            ask("PUT", f"/api/v1/tracks/{first}/rating", {"rating": 1 + round % 5})[0],
            ask("PUT", f"/api/v1/tracks/{first}/favourite")[0],
            ask("POST", "/api/v1/keys", {"label": "more"})[0],
            upload(200 + round)[0], append(0, b"x")[0],
        ]
        check(set(answers) <= {200, 201, 204, 409, 507}, f"changes: {answers}")
        return answers

    fill()
    figures["left kB by another"] = free() / 1000
    seen = []
    for round in range(12):
        fill()
        seen += change(round)
    check(507 in seen, "the disk is not full")
    figures["refused"] = seen.count(507)
    # Who would delete something can log in, and hears what is there.
    login = json.dumps({"name": "ada", "password": "correct horse"}).encode()
    status, _, content = server.request("POST", "/api/v1/session", {"Content-Length": str(len(login)), "Content-Type": "application/json"}, login)
    check(status == 204, f"a login: {status} {content[:200]}")
    for path in ("/api/v1/tracks", "/api/v1/me", f"/stream/{first}/mp3-64", f"/stream/{first}/original", "/healthz"):
        check(ask("GET", path)[0] == 200, f"GET {path}")

    # It dies, and starts again though nothing more can be written.
    server.kill()
    fill()
    server = start()
    figures["start on a full disk s"] = server.start
    check(ask("GET", f"/api/v1/tracks/{first}")[0] == 200, "a track after a start")
    check(not [row for row in unfinished() if row != ("receiving", 1)], f"unfinished after a start: {unfinished()}")
    fill()
    check(ask("DELETE", place, headers=tus)[0] == 204, "the removal of an upload")
    fill()
    for number, track in enumerate(tracks):
        status, _, content = ask("DELETE", f"/api/v1/tracks/{track}")
        check(status == 204, f"deletion {number}: {status} {content[:200]}")
    check(ask("DELETE", "/api/v1/history")[0] == 204, "the history's end")
    for item in json.loads(ask("GET", "/api/v1/playlists")[2])["items"]:
        check(ask("DELETE", f"/api/v1/playlists/{item['id']}")[0] == 204, "a playlist's end")
    check(eventually(lambda: free() > len(tracks) * 1_000_000), f"{free()} bytes are free after all is deleted")
    figures["free MB after"] = free() / 1e6
    check(upload(300)[0] == 201, "an upload after that")
    check(eventually(lambda: os.stat(data + "/catalogue.reserve").st_blocks * 512 >= 1 << 20), "the reserve is not whole again")
    check(not unfinished(), f"unfinished at the end: {unfinished()}")
    check(server.stop() == 0, "the end")
    # This process has read the catalogue too, so the log may still be there.
    log = data + "/catalogue.sqlite-wal"
    check(not os.path.exists(log) or os.stat(log).st_size == 0, "the log is not empty")
except Exception as error:  # noqa: BLE001
    problems.append(f"{type(error).__name__}: {error}")
    server.kill()
finally:
    log = open(data + ".log").read() if os.path.exists(data + ".log") else ""
    if problems:
        problems.append(log[-2000:])
    subprocess.run(["umount", "-l", disk])
    shutil.rmtree(folder, ignore_errors=True)
print(json.dumps({"problems": problems, "figures": figures}))
