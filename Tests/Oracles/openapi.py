"""Asks a running server whether `/api/v1/openapi.json` is true: every route has its methods, answers have the shapes it says, errors are
problem documents, and nothing is open that it says needs credentials. Shapes are judged by jsonschema.

Usage: openapi.py PROGRAM"""
import json
import os
import shutil
import sys
import tempfile

import jsonschema
from mutagen.id3 import USLT
from mutagen.wave import WAVE

sys.path.insert(0, os.path.dirname(__file__))
from server import Server, account, song  # noqa: E402

program = sys.argv[1]
problems, figures = [], {"operations": 0, "answers": 0}
folder = tempfile.mkdtemp(prefix="sweetspot-")
data = folder + "/data"
os.mkdir(data)


def sung(file):
    """The same WAV file with lyrics."""
    path = folder + "/sung.wav"
    with open(path, "wb") as output:
        output.write(file)
    tagged = WAVE(path)
    tagged.add_tags()
    tagged.tags.add(USLT(encoding=3, lang="eng", text="la\nla"))
    tagged.save()
    with open(path, "rb") as output:
        return output.read()


def check(condition, text):
    if not condition:
        problems.append(text)


try:
    key = account(program, data, "ada", "stream,library,upload,admin")
    with open(folder + "/offers.yaml", "w") as feed:
        feed.write("offers:\n- {id: o-1, kind: film, title: T, url: 'https://a.example/', picture: p.png, date: 9999-12-31}\n")
    with open(folder + "/p.png", "wb") as picture:
        picture.write(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes([0, 0, 0, 3, 0, 0, 0, 2, 8, 2, 0, 0, 0]))
    server = Server(program, data, {"SWEETSPOT_OFFERS_FEED": folder + "/offers.yaml", "SWEETSPOT_UPGRADE_URL": "https://a.example/{plan}"}, arguments=())
    document = json.loads(server.request("GET", "/api/v1/openapi.json")[2])
    jsonschema.Draft202012Validator.check_schema({"$defs": document["components"]["schemas"]})
    check(document["openapi"].startswith("3.1"), "no OpenAPI 3.1")

    def ask(method, path, body=None, credentials=True, headers=None):
        raw = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        fields = {**({"Authorization": f"Bearer {key}"} if credentials else {}), **(headers or {})}
        if raw is not None:
            fields["Content-Length"] = str(len(raw))
        return server.request(method, path, fields, raw)

    def judge(path, method, status, headers, content):
        """The answer against what the document says of it."""
        operation = document["paths"][path][method]
        figures["answers"] += 1
        if str(status) not in operation["responses"]:
            return check(False, f"{method} {path}: {status} is not described: {content[:200]}")
        shapes = operation["responses"][str(status)].get("content", {})
        if not shapes:
            return check(content == b"", f"{method} {path}: {status} has a body")
        kind = headers["Content-Type"]
        check(kind in shapes, f"{method} {path}: {status} is {kind}")
        if kind.endswith("json") and kind in shapes:
            schema = {**shapes[kind]["schema"], "components": document["components"]}
            for error in jsonschema.Draft202012Validator(schema).iter_errors(json.loads(content)):
                check(False, f"{method} {path}: {status}: {error.message[:300]} at {list(error.path)}")

    body = sung(song(4_000_000, 40_000))
    uploaded = ask("POST", "/api/v1/tracks?name=a.wav", body)
    judge("/tracks", "post", *uploaded)
    track = json.loads(uploaded[2])
    patched = ask("PATCH", f"/api/v1/tracks/{track['id']}", {"title": "A", "artist": "B", "album": "C", "genres": ["G"], "year": 1999})
    judge("/tracks/{track}", "patch", *patched)
    track = json.loads(patched[2])
    gone = json.loads(ask("POST", "/api/v1/tracks?name=c.wav", song(4_000_002, 40_000))[2])["id"]
    ask("DELETE", f"/api/v1/tracks/{gone}")
    ask("POST", "/api/v1/tracks?name=b.wav", song(4_000_001, 40_000))
    playlist = ask("POST", "/api/v1/playlists", {"name": "P", "tracks": [track["id"]]})
    judge("/playlists", "post", *playlist)
    smart = ask("POST", "/api/v1/playlists", {"name": "S", "rules": {"any": [{"is": {"loved": False}}], "sort": "-title,random", "limit": 5}})
    judge("/playlists", "post", *smart)
    check(json.loads(smart[2])["tracks"] == 2, f"a smart playlist: {smart[2][:300]}")
    smart = json.loads(smart[2])["id"]
    for rules in ({"all": [{"is": {"xyz": 1}}]}, {"all": []}, {"all": [{"inPlaylist": {"id": smart}}], "limit": 10001}):
        refused = ask("POST", "/api/v1/playlists", {"name": "S", "rules": rules})
        check(refused[0] == 400, f"{rules}: {refused[0]}")
        judge("/playlists", "post", *refused)
    for body in ({"tracks": []}, {"rules": {"all": [{"inPlaylist": {"id": smart}}]}}, {"rules": {"all": [{"gt": {"year": 1}}]}, "name": "R"}):
        changed = ask("PATCH", f"/api/v1/playlists/{smart}", body)
        check(changed[0] == (409 if "tracks" in body else 200 if "name" in body else 400), f"{body}: {changed[0]}")
        judge("/playlists/{playlist}", "patch", *changed)
    made = ask("POST", "/api/v1/keys", {"label": "k", "scopes": ["stream"]})
    judge("/keys", "post", *made)
    upload = ask("POST", "/api/v1/uploads", headers={"Tus-Resumable": "1.0.0", "Upload-Length": "5"})
    judge("/uploads", "post", *upload)
    share = ask("POST", "/api/v1/shares", {"album": track["albumId"]})
    judge("/shares", "post", *share)
    link = json.loads(share[2])
    # Later it is dismissed.
    ask("PUT", "/api/v1/me/taste", {"enabled": True})
    offered = ask("GET", "/api/v1/offers")
    judge("/offers", "get", *offered)
    check(json.loads(offered[2])["offer"] is not None, "nothing is offered")
    password = ask("POST", "/api/v1/app-passwords", {"label": "phone"})
    judge("/app-passwords", "post", *password)
    server.request("POST", "/api/v1/session", {"Content-Type": "application/json"}, json.dumps({"name": "ada", "password": "correct horse"}).encode())
    session = json.loads(ask("GET", "/api/v1/sessions")[2])["items"][0]["id"]
    ids = {"offer": "o-1", "item": track["id"], "year": "2026", "share": link["id"], "token": link["url"].rsplit("/", 1)[1], "password": json.loads(password[2])["id"], "session": session, "track": track["id"], "album": track["albumId"], "artist": track["artistId"], "playlist": json.loads(playlist[2])["id"],
           "key": json.loads(made[2])["id"], "upload": upload[1]["Location"].rsplit("/", 1)[1]}
    bodies = {
        ("/tracks/{track}/ticket", "post"): {"rendition": "*"}, ("/history", "post"): {"track": track["id"]},
        ("/me/taste", "put"): {"enabled": True}, ("/me/offers", "put"): {"enabled": True},
        ("/history/import", "post"): b'{"listened_at": 1700000000, "track_metadata": {"track_name": "A", "artist_name": "B"}}',
        ("/queue", "put"): {"tracks": [track["id"]], "current": 0, "position": 1.5}, ("/known", "post"): {"sha256": [track["sha256"]]},
        ("/playlists/{playlist}", "patch"): {"name": "Q"}, ("/shares/{share}", "patch"): {"description": "d"}, ("/session", "post"): {"name": "ada", "password": "correct horse"},
    }
    queries = {"/search": "?q=abc", "/tracks": "?limit=1", "/radio": f"?seed=track:{track['id']}", "/path": f"?from={track['id']}&to={track['id']}"}

    def place(path, some=ids):
        for name, value in some.items():
            path = path.replace("{" + name + "}", value)
        return "/api/v1" + path

    # Reading last, when there is something of everything, and what deletes after it.
    order = {"post": 0, "put": 1, "patch": 2, "get": 3, "options": 4, "delete": 5}
    operations = sorted(((order[method], path, method) for path, item in document["paths"].items() for method in item if method != "parameters"),
                        key=lambda entry: (entry[0], entry[1] == "/me", -len(entry[1])))
    figures["operations"] = len(operations)
    nowhere = {name: "x" * 22 for name in ids}
    for _, path, method in operations:
        operation = document["paths"][path][method]
        public = "security" not in operation
        if not public:
            status, headers, content = ask(method.upper(), place(path), credentials=False)
            check(status == 401 and headers["WWW-Authenticate"] == "Bearer", f"{method} {path} without credentials: {status}")
            judge(path, method, status, headers, content)
        # A stream of events does not end, and no other's service is asked.
        if (path, method) in (("/uploads/{upload}", "post"), ("/events", "get")) or (path.startswith("/me/scrobbling/") and method == "put"):
            continue
        if "{" in path and method not in ("options",):
            send = bodies.get((path, method), {"rating": 1} if path.endswith("rating") else {"name": "x"} if method in ("patch", "put") else None)
            if path.startswith("/uploads"):
                send = b"" if method == "patch" else None
            fields = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"} if path.startswith("/uploads") else {}
            status, headers, content = ask(method.upper(), place(path, nowhere), send, headers=fields)
            check(status == 404, f"{method} {path} of what is not there: {status}")
            judge(path, method, status, headers, content)
        if (path, method) in (("/tracks", "post"), ("/playlists", "post"), ("/keys", "post"), ("/uploads", "post"), ("/shares", "post"), ("/app-passwords", "post"),
                              ("/tracks/{track}", "patch"), ("/me", "delete")):
            continue
        send, fields = bodies.get((path, method)), {}
        if path.endswith("rating"):
            send = {"rating": 4}
        if path.startswith("/uploads"):
            fields = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
            send = b"12" if method == "patch" else None
        for parameter in operation.get("parameters", []):
            check(parameter["schema"].get("type") == "string" or "maximum" in parameter["schema"] or parameter["name"] == "Upload-Offset",
                  f"{method} {path}: {parameter['name']} has no bounds")
        if path == "/session" and method == "delete":
            fields = {"X-Requested-With": "test"}
        known_ids = {**ids, "track": gone} if path.startswith("/deleted") else {**ids, "playlist": smart} if path.endswith("/frozen") else ids
        status, headers, content = ask(method.upper(), place(path, known_ids) + queries.get(path, ""), send, headers=fields)
        check(status == next(int(code) for code in operation["responses"] if code.startswith("2")), f"{method} {path}: {status} {content[:200]}")
        judge(path, method, status, headers, content)
        if any(parameter["name"] == "at" for parameter in operation.get("parameters", [])):
            placed = ask("GET", place(path) + "?at=0&limit=1")
            check(placed[0] == 200 and json.loads(placed[2])["total"] >= len(json.loads(placed[2])["items"]), f"{path}?at=0: {placed[0]}")
            judge(path, method, *placed)
        if any(parameter["name"] == "fields" for parameter in operation.get("parameters", [])):
            slim = ask("GET", place(path) + queries.get(path, "?q=abc") + "&fields=id,title")
            check(slim[0] == 200, f"{path}?fields: {slim[0]}")
            judge(path, method, *slim)
        if method == "get" and "304" in operation["responses"]:
            tag = headers["ETag"]
            known = ask("GET", place(path) + queries.get(path, ""), headers={"If-None-Match": tag, "Accept-Encoding": "gzip"})
            check(known[0] == 304 and known[1]["ETag"] == tag, f"{path} that is known: {known[0]}")
            judge(path, method, *known)
        if any(parameter["name"] == "limit" for parameter in operation.get("parameters", [])):
            bad = ask("GET", place(path) + "?limit=0&q=aa")
            check(bad[0] == 400, f"{path}?limit=0: {bad[0]}")
            judge(path, method, *bad)
        if "requestBody" in operation and "application/json" in operation["requestBody"]["content"] and "400" in operation["responses"]:
            bad = ask(method.upper(), place(path), b"[")
            check(bad[0] == 400, f"{method} {path} of no JSON: {bad[0]}")
            judge(path, method, *bad)
    for path, item in document["paths"].items():
        allowed = ask("TRACE", place(path))[1]["Allow"].split(", ")
        said = {method.upper() for method in item if method != "parameters"} | ({"HEAD"} if "get" in item else set())
        check(set(allowed) == said, f"{path} takes {allowed}, not {sorted(said)}")
    erased = ask("DELETE", "/api/v1/me", {"password": "correct horse"})
    judge("/me", "delete", *erased)
    check(erased[0] == 204, f"erased {erased[0]}")
    check(server.stop() == 0, "the server ended badly")
finally:
    shutil.rmtree(folder, ignore_errors=True)
print(json.dumps({"problems": problems[:20], "figures": figures}))
