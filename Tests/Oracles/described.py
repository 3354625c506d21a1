"""Runs schemathesis against a server: whatever it sends, there is no 5xx and no answer outside `/api/v1/openapi.json`.

Usage: described.py PROGRAM open|key SECONDS SEED"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(__file__))
from server import Server, account, song  # noqa: E402

here = os.path.dirname(os.path.abspath(__file__))
program, access, seconds, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
problems, figures = [], {}
folder = tempfile.mkdtemp(prefix="sweetspot-")
data = folder + "/data"
os.mkdir(data)


def request(method, path, body=None, headers=None):
    raw = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    fields = {**({"Authorization": f"Bearer {key}"} if key else {}), **({"Content-Length": str(len(raw))} if raw is not None else {}), **(headers or {})}
    status, _, content = server.request(method, "/api/v1" + path, fields, raw)
    if status >= 300:
        raise SystemExit(f"{method} {path}: {status} {content[:300]}")
    return json.loads(content) if content else None


key = account(program, data, "ada", "stream,library,upload,admin") if access == "key" else None
server = Server(program, data, arguments=("--open",) if access == "open" else ())
try:
    # Something of everything, so that answers are judged that are not 404.
    ids = {name: [] for name in ("track", "album", "artist", "playlist", "upload", "key")}
    for number in range(4):
        track = request("POST", f"/tracks?name={number}.wav", song(5_000_000 + number, 20_000))
        track = request("PATCH", f"/tracks/{track['id']}", {"title": f"T{number}", "artist": f"A{number}", "album": f"B{number % 2}", "genres": ["G"]})
        ids["track"].append(track["id"])
        ids["album"].append(track["albumId"])
        ids["artist"].append(track["artistId"])
        ids["playlist"].append(request("POST", "/playlists", {"name": f"P{number}", "tracks": ids["track"]})["id"])
        request("POST", "/history", {"track": track["id"]})
        place = server.request("POST", "/api/v1/uploads", {"Tus-Resumable": "1.0.0", "Upload-Length": "5", **({"Authorization": f"Bearer {key}"} if key else {})})
        ids["upload"].append(place[1]["Location"].rsplit("/", 1)[1])
        if key:
            ids["key"].append(request("POST", "/keys", {"label": str(number), "scopes": ["stream"]})["id"])
    own = {item["id"] for item in request("GET", "/keys")["items"]} - set(ids["key"]) if key else set()

    cursors = {path: request("GET", path + "?limit=1")["next"] for path in ("/tracks", "/albums", "/artists", "/playlists", "/history")}

    # A short run: a little of every operation. A long one: bounds and what is beyond them, then more, then what follows from what.
    depth = ["--phases", "fuzzing", "--max-examples", "3"] if seconds < 60 else []
    command = [
        sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()", "--config-file", here + "/described.toml", "run",
        f"http://127.0.0.1:{server.port}/api/v1/openapi.json", *depth, "--seed", seed, "--max-time", str(seconds), "--continue-on-failure", "--no-color",
        "--generation-database", "none", "--request-timeout", "60", "--report", "json", "--report-json-path", folder + "/report.json",
    ] + (["--header", f"Authorization: Bearer {key}"] if key else [])
    environment = {
        **os.environ, "PYTHONPATH": here, "SCHEMATHESIS_HOOKS": "described_hooks", "PYTHONDONTWRITEBYTECODE": "1",
        "DESCRIBED_IDS": json.dumps(ids), "DESCRIBED_OWN": json.dumps(sorted(own)),
        "DESCRIBED_CURSORS": json.dumps(cursors)}
    run = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=folder, timeout=seconds + 300)
    if os.environ.get("DESCRIBED_LOG"):
        with open(os.environ["DESCRIBED_LOG"], "w") as file:
            file.write(run.stdout + run.stderr)
    cases = re.search(r"(\d+) generated", run.stdout)
    figures["cases"] = int(cases.group(1)) if cases else 0
    tested = re.search(r"Tested: (\d+)", run.stdout)
    figures["operations"] = int(tested.group(1)) if tested else 0
    if run.returncode != 0:
        # Of each failure: the operation, what is wrong, and how to send it again.
        start = max(run.stdout.find("= ERRORS ="), 0) or max(run.stdout.find("= FAILURES ="), 0)
        end = run.stdout.find("= SUMMARY =")
        parts = re.split(r"\n_{3,} (.+?) _{3,}\n", run.stdout[start:end])
        for operation, text in zip(parts[1::2], parts[2::2]):
            problems.append(f"{operation}: {text.strip()[:1500]}")
        problems = problems or [(run.stdout + run.stderr)[-2000:]]
    if server.stop() != 0:
        problems.append("the server ended badly")
    with open(data + ".log") as file:
        problems += [line.strip() for line in file if "request failed" in line or "Fatal" in line][:5]
finally:
    if server.process.poll() is None:
        server.kill()
    shutil.rmtree(folder, ignore_errors=True)
print(json.dumps({"problems": problems[:20], "figures": figures}))
