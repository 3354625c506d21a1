"""Sends `/rest` what is malformed, forged, repeated and huge. Every answer is the envelope with HTTP 200 and the right code, or the bytes that
were asked for; none is a problem document, none costs a render, and none tells an unknown user from a wrong secret.

Usage: subsonic_hostile.py PROGRAM REQUESTS"""
import http.client
import json
import os
import random
import re
import shutil
import statistics
import string
import sys
import tempfile
import time
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import subsonic_music as music  # noqa: E402
from server import Server, account  # noqa: E402
from subsonic_rest import FORM, Findings, Rest, app_password, token  # noqa: E402

program, rounds = sys.argv[1], int(sys.argv[2])
found = Findings()
check, equal = found.check, found.equal
chance = random.Random(18)
folder = tempfile.mkdtemp(prefix="sweetspot-")
data = folder + "/data"
os.mkdir(data)

# What no one may find in a log.
secrets = []
CODES = {None, 0, 10, 20, 30, 40, 41, 42, 43, 44, 50, 60, 70}
BINARY = ("image/", "audio/", "application/vnd.apple.mpegurl")


def renders(server):
    """Chunks that were rendered since the start."""
    text = server.request("GET", "/metrics", {"Authorization": f"Bearer {key}"})[2].decode()
    return sum(float(line.split()[-1]) for line in text.split("\n") if line.startswith("sweetspot_chunk_render_seconds_count"))


def settled(server):
    """The number of renders when none is under way any more."""
    count, since = renders(server), time.time()
    while time.time() - since < 3:
        time.sleep(0.3)
        now = renders(server)
        if now == count:
            return count
        count = now
    return count


def sane(answer, what, bytes_too=False):
    """Whatever came in, what goes out is of the protocol."""
    found.count("requests")
    if answer.status in (206, 416) and bytes_too:
        return True
    # Whoever goes on guessing is told to wait, in the envelope all the same.
    is_throttled = answer.status == 429 and (answer.headers["Retry-After"] or "").isdigit() and answer.code in (40, 44)
    return check((answer.status == 200 or is_throttled) and answer.kind != "application/problem+json"
                 and (answer.is_envelope or answer.kind in ("application/javascript", "text/javascript") or (bytes_too and answer.kind.startswith(BINARY))),
                 f"{what}: {answer}") and check(answer.code in CODES or answer.code == -1, f"{what}: code {answer.code}")


def malformed_parameters(rest, song, album):
    """(endpoint, parameters) of what no client means, each of which is error 10 or 0, or harmless."""
    bad_numbers = ["", "x", "-1", "1.5", "1e3", "+5", " 5", "5 ", "0x10", "99999999999999999999", "-99999999999999999999", "\u0665", "NaN", "5\x00"]
    for value in bad_numbers:
        yield "stream", {"id": song, "maxBitRate": value, "format": "mp3"}
        yield "stream", {"id": song, "timeOffset": value, "format": "mp3"}
        yield "hls.m3u8", {"id": song, "bitRate": value}
        yield "getCoverArt", {"id": song, "size": value}
        for name in ("size", "offset"):
            yield "getAlbumList2", {"type": "newest", name: value}
        for name in ("songCount", "songOffset", "albumCount", "artistOffset", "musicFolderId"):
            yield "search3", {"query": "", name: value}
        yield "getAlbumList2", {"type": "byYear", "fromYear": value, "toYear": "2000"}
        yield "setRating", {"id": song, "rating": value}
        yield "scrobble", {"id": song, "time": value}
        yield "createBookmark", {"id": song, "position": value}
        yield "savePlayQueueByIndex", {"id": song, "currentIndex": value}
        yield "savePlayQueue", {"id": song, "current": song, "position": value}
        yield "createShare", {"id": song, "expires": value}
        yield "getIndexes", {"ifModifiedSince": value}
        yield "reportPlayback", {"mediaId": song, "mediaType": "song", "positionMs": value, "state": "playing"}
        yield "getRandomSongs", {"size": value, "fromYear": value}
        yield "getTopSongs", {"artist": "x", "count": value}
        yield "getSimilarSongs2", {"id": album, "count": value}
        yield "updatePlaylist", {"playlistId": album, "songIndexToRemove": value}
        yield "getChatMessages", {"since": value}
        yield "jukeboxControl", {"action": value, "index": value, "gain": value}
    for value in ["", "x", "../../etc/passwd", "a" * 60000, "%00", "'; DROP TABLE track; --", "\u0000", "al-" + album, song + "x", song[:-1], song.swapcase(), "\U0001f3b5" * 100]:
        for endpoint in ("stream", "download", "hls.m3u8", "getCoverArt", "getSong", "getAlbum", "getArtist", "getMusicDirectory", "getPlaylist", "getLyricsBySongId",
                         "getSimilarSongs", "getAlbumInfo2", "deletePlaylist", "deleteShare", "star", "scrobble", "createBookmark", "getVideoInfo", "getCaptions"):
            yield endpoint, {"id": value, "position": 1}
        yield "getUser", {"username": value}
        yield "getAvatar", {"username": value}
        yield "getAlbumList2", {"type": value}
        yield "getSongsByGenre", {"genre": value}
        yield "createPlaylist", {"name": value, "songId": value or "x"}
        yield "createUser", {"username": value, "password": value, "email": value}
        yield "changePassword", {"username": value, "password": value}
        yield "getTranscodeStream", {"mediaId": song, "mediaType": "song", "transcodeParams": value}
    for endpoint in ("ping", "getArtists", "search3", "getSong", "stream", "createPlaylist"):
        yield endpoint, [("id", song)] * 3000 + [("format", "mp3"), ("format", "opus")]
        yield endpoint, [("id", "nothing"), ("id", song)]
        yield endpoint, [("x" * 10000, "y" * 50000)]
        yield endpoint, [("", ""), ("&", "="), ("id[]", song), ("f", "xml"), ("f", "json")]


RENDERS = {("stream", "mp3"), ("stream", "opus")}


def malformed(rest, server, song, album):
    before = settled(server)
    for endpoint, parameters in malformed_parameters(rest, song, album):
        found.where = f"{endpoint} {json.dumps(parameters)[:90]}"
        for format in ("json", "xml"):
            # What is well formed for all that may be rendered: a HEAD of it is not.
            method = "HEAD" if endpoint == "stream" and "id" in dict(parameters) and dict(parameters)["id"] == song else "GET"
            answer = rest.ask(endpoint, parameters, format=format, method=method)
            if endpoint == "getTranscodeStream":
                # The protocol has plain statuses here.
                check(answer.status in (200, 400, 404, 410) and answer.kind != "application/problem+json", str(answer))
                continue
            if method == "HEAD":
                check(answer.status == 200, f"HEAD: {answer}")
                continue
            sane(answer, f"f={format}", bytes_too=True)
    found.where = "renders of what is malformed"
    equal(settled(server) - before, 0, "renders")
    # Numbers that are none of a stream are refused before a render, or mean nothing: never something else.
    for name in ("maxBitRate", "timeOffset"):
        for value in ("x", "-1", "1.5e", "99999999999999999999", "5\x00"):
            found.where = f"stream {name}={value!r}"
            answer = rest.ask("stream", {"id": song, "format": "mp3", name: value})
            check(answer.code in (0, 10) or answer.kind == "audio/mpeg", str(answer))


def raw(port, request):
    """Bytes as they are, to a connection of their own."""
    import socket
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while True:
            part = connection.recv(65536)
            if not part:
                return answer
            answer += part


def logins(server, port, secret):
    """Wrong and unknown credentials in every form: the same code, the same body, and about the same time; nothing is let in."""
    unknown = Rest(port, "nobodyhere", secret)
    salt = "abcdef"
    t = token(secret, salt)
    wrong = "x" * len(secret)
    base = {"v": "1.16.1", "c": "x", "f": "json"}
    cases = [
        ("nothing", {}, (10,)), ("no secret", {"u": "ada"}, (10, 40, 42)), ("no user", {"t": t, "s": salt}, (10, 40)), ("no salt", {"u": "ada", "t": t}, (10, 40)),
        ("no token", {"u": "ada", "s": salt}, (10, 40)), ("wrong p", {"u": "ada", "p": wrong}, (40,)), ("empty p", {"u": "ada", "p": ""}, (10, 40)),
        ("p of another case", {"u": "ada", "p": secret.swapcase()}, (40,)), ("p with more", {"u": "ada", "p": secret + " "}, (40,)),
        ("enc of no hex", {"u": "ada", "p": "enc:zz"}, (40, 10)), ("enc of odd digits", {"u": "ada", "p": "enc:" + secret.encode().hex()[:-1]}, (40, 10)),
        ("enc of nothing", {"u": "ada", "p": "enc:"}, (40, 10)), ("enc of no UTF-8", {"u": "ada", "p": "enc:ff00ff"}, (40, 10)),
        ("enc of wrong", {"u": "ada", "p": "enc:" + wrong.encode().hex()}, (40,)), ("token of another salt", {"u": "ada", "t": t, "s": "abcdeg"}, (40,)),
        ("token of no hex", {"u": "ada", "t": "z" * 32, "s": salt}, (40,)), ("short token", {"u": "ada", "t": t[:31], "s": salt}, (40,)), ("long token", {"u": "ada", "t": t + "0", "s": salt}, (40,)),
        ("empty token", {"u": "ada", "t": "", "s": salt}, (40, 10)), ("empty salt and token of nothing", {"u": "ada", "t": token("", ""), "s": ""}, (40, 10)),
        ("token of the login password", {"u": "ada", "t": token("correct horse", salt), "s": salt}, (40,)), ("login password", {"u": "ada", "p": "correct horse"}, (40,)),
        ("wrong key", {"apiKey": wrong}, (44,)), ("empty key", {"apiKey": ""}, (44, 10)), ("huge key", {"apiKey": "k" * 60000}, (44,)),
        ("key and u", {"apiKey": secret, "u": "ada"}, (43,)), ("key and p", {"apiKey": secret, "p": secret}, (43,)), ("key and t", {"apiKey": secret, "t": t, "s": salt}, (43,)),
        ("p and t", {"u": "ada", "p": secret, "t": t, "s": salt}, (None, 43)), ("wrong p and right t", {"u": "ada", "p": wrong, "t": t, "s": salt}, (None, 40, 43)),
        ("right p and wrong t", {"u": "ada", "p": secret, "t": "0" * 32, "s": salt}, (40, 43)),
        ("unknown user", {"u": "nobodyhere", "t": t, "s": salt}, (40,)), ("huge user", {"u": "u" * 60000, "p": secret}, (40,)), ("user with NUL", {"u": "ada\0", "p": secret}, (40, 10)),
        ("user with spaces", {"u": " ada ", "p": secret}, (40,)), ("another's secret", {"u": "bob", "p": secret}, (40,))]
    for name, parameters, codes in cases:
        for endpoint in ("ping", "stream", "getCoverArt", "getUser"):
            found.where = f"login: {name} at {endpoint}"
            query = urllib.parse.urlencode({**base, **parameters, **({"id": "x"} if endpoint in ("stream", "getCoverArt") else {})})
            answer = unknown.send("GET", f"/rest/{endpoint}?{query}")
            sane(answer, name)
            expected = codes if endpoint == "ping" else tuple(code for code in codes if code is not None) + ((None, 70, 10) if None in codes else ())
            check(answer.code in expected, f"wanted {codes}, came {answer}")
            # A secret must not be where an answer can be kept.
            check(secret.encode() not in answer.body, "the secret in an answer")
    found.where = "login: unknown and wrong"
    # Each attempt comes from an address of its own, so that none is throttled for its address; both names are guessed at as often.
    # What a busy machine delays, it delays once: a name that takes longer does so each time.
    for attempt in range(3):
        alike, times = 0, {"unknown": [], "wrong": []}
        for number in range(120):
            told = {}
            for kind, user in (("unknown", "cye"), ("wrong", "cyd")) if number % 2 else (("wrong", "cyd"), ("unknown", "cye")):
                parameters = {"u": user, "t": "%032x" % chance.getrandbits(128), "s": salt} if number % 4 < 2 else {"u": user, "p": wrong}
                began = time.perf_counter()
                answer = unknown.send("GET", "/rest/ping?" + urllib.parse.urlencode({**base, **parameters}), {
                    "X-Forwarded-For": f"203.{number}.{len(kind)}.{7 + attempt}"})
                times[kind].append(time.perf_counter() - began)
                told[kind] = (answer.status, answer.body, answer.kind)
                check(answer.code == 40, f"{kind}: {answer}")
            alike += told["unknown"] == told["wrong"]
        equal(alike, 120, "answers that are the same for unknown users and wrong secrets")
        medians = {kind: statistics.median(some) * 1000 for kind, some in times.items()}
        is_close = max(medians.values()) < 1.6 * min(medians.values()) + 0.3
        if is_close:
            break
    found.figures["unknown ms"], found.figures["wrong ms"] = round(medians["unknown"], 3), round(medians["wrong"], 3)
    check(is_close, f"times differ: {medians} ms")
    # Whoever is right is let in whatever the failures of others.
    right = Rest(port, "ada", secret)
    for auth in ("token", "clear", "enc", "key"):
        for _ in range(5):
            answer = right.ask("ping", auth=auth)
            check(answer.code is None, f"right by {auth} after the wrong ones: {answer}")
    accepted = 0
    for _ in range(max(200, rounds // 2)):
        kind = chance.randrange(4)
        one = list(secret if kind % 2 else t)
        place = chance.randrange(len(one))
        other = chance.choice(string.ascii_letters + string.digits) if kind % 2 else chance.choice("0123456789abcdef")
        if chance.random() < 0.2:
            del one[place]
        elif one[place] == other:
            continue
        else:
            one[place] = other
        text = "".join(one)
        parameters = ({"u": "ada", "t": text, "s": salt}, {"u": "ada", "p": text}, {"u": "ada", "t": text, "s": salt}, {"apiKey": text})[kind]
        answer = unknown.send("GET", "/rest/ping?" + urllib.parse.urlencode({**base, **parameters}))
        found.count("mutated credentials")
        accepted += answer.code not in (40, 44)  # Neither is any other answer one to a wrong secret.
    equal(accepted, 0, "mutated credentials accepted")
    unknown.close()
    right.close()


def bodies(rest, port, song):
    found.where = "form of 1 MB"
    query = rest.query({"id": song})
    answer = rest.send("POST", "/rest/getSong", {"Content-Type": FORM}, (query + "&pad=" + "x" * 1_000_000).encode())
    check(answer.status == 200 and answer.code is None, str(answer))
    for name in ("id", "query", "u", "apiKey", "callback", "c", "v", "f"):
        found.where = f"form with 100 kB of {name}"
        answer = rest.send("POST", "/rest/search3", {"Content-Type": FORM}, (rest.query({}) + f"&{name}=" + "x" * 100_000).encode())
        sane(answer, "answer")
    found.where = "form of 64 MB"
    try:
        answer = rest.send("POST", "/rest/getSong", {"Content-Type": FORM}, query.encode() + b"&pad=" + b"x" * 64_000_000)
        check(answer.status in (200, 413) and answer.code is not None, str(answer))
    except (OSError, http.client.HTTPException):
        # A server may end the connection while it is sent too much.
        rest.close()
    for kind, body in [("multipart/form-data; boundary=x", b"--x\r\n\r\n--x--"), ("application/json", b"{}"), (None, b"id=1"), (FORM, b"%zz=%&&&=&=%"), (FORM, b"\xff\xfe\x00"),
                       (FORM, b"&" * 100000), (FORM, b"=" * 100000), (FORM, b"a=1&" * 100000)]:
        found.where = f"POST of {kind} {body[:20]!r}"
        answer = rest.send("POST", "/rest/ping?" + rest.query({}), {"Content-Type": kind} if kind else {}, body)
        sane(answer, "answer")
        found.where += " without credentials"
        answer = rest.send("POST", "/rest/ping?f=json", {"Content-Type": kind} if kind else {}, body)
        sane(answer, "answer")
        check(answer.code in (10, 40, 0), str(answer))
    found.where = "other methods"
    for method in ("PUT", "DELETE", "PATCH", "TRACE"):
        answer = rest.send(method, "/rest/ping?" + rest.query({}))
        check(answer.kind != "application/problem+json" and (answer.status == 405 or answer.is_envelope), f"{method}: {answer}")
    found.where = "query that is none"
    for query in ("", "?", "?&&&", "?=", "?%", "?%zz", "?f=json&u=%ff%fe", "?f=json&u[]=a", "?f=json;u=a", "?f=yaml", "?f=JSON", "?f=", "?f=json&f=xml", "?callback=x", "?f=jsonp", "?" + "a=1&" * 15000):
        answer = rest.send("GET", "/rest/ping.view" + query)
        sane(answer, query[:30])
    for path in ("/rest", "/rest/", "/rest//ping", "/rest/ping.view.view", "/rest/PING", "/rest/ping%2eview", "/rest/%70ing", "/rest/../api/v1/me", "/rest/ping/", "/rest/.view", "/rest/" + "x" * 5000):
        answer = rest.send("GET", f"{path}?{rest.query({})}")
        check(answer.status in (200, 404) and (answer.is_envelope or not path.startswith("/rest/") or ".." in path), f"{path[:40]}: {answer}")
        check(answer.kind != "application/problem+json" or ".." in path or path == "/rest", f"{path[:40]} is a problem document: {answer}")


def callbacks(rest):
    for callback in ["", "alert(1)", "a;b", "<script>", "a b", "a\nb", "a'b", 'a"b', "x" * 60000, "..", ".a", "a.", "1a", "a-b", "\u2028", "a/**/b", "a\u00e9", "eval", "a[0]", "a=b", "%"]:
        found.where = f"callback {callback!r:.30}"
        answer = rest.ask("ping", {"callback": callback}, format="jsonp")
        if answer.kind in ("application/javascript", "text/javascript"):
            check(re.fullmatch(rb"(?:/\*\*/)?[A-Za-z_$][\w$]*(?:(?:\.[A-Za-z_$][\w$]*)|\[\d+\])*\(.*\);?\s*", answer.body, re.DOTALL), f"it is called: {answer}")
        else:
            sane(answer, "answer")
            check(answer.code in (0, 10), str(answer))
        check(answer.headers["X-Content-Type-Options"] == "nosniff", "no nosniff")


def mutated(rest, server, song, album, artist):
    """Requests with something wrong in them, by chance."""
    seeds = [("ping", {}), ("getSong", {"id": song}), ("getAlbum", {"id": album}), ("getArtist", {"id": artist}), ("search3", {"query": "e", "songCount": 5, "songOffset": 2}),
             ("getAlbumList2", {"type": "byYear", "fromYear": 1990, "toYear": 2010, "size": 3}), ("getRandomSongs", {"size": 2}), ("getIndexes", {"ifModifiedSince": 5}),
             ("getMusicDirectory", {"id": album}), ("star", {"id": song}), ("unstar", {"id": song}), ("setRating", {"id": song, "rating": 3}),
             ("scrobble", {"id": song, "time": 1700000000000, "submission": "true"}), ("createPlaylist", {"name": "m", "songId": "no"}), ("savePlayQueue", {"id": song, "current": song, "position": 5}),
             ("createBookmark", {"id": song, "position": 7}), ("getLyricsBySongId", {"id": song, "enhanced": "true"}), ("getCoverArt", {"id": "x", "size": 50}),
             ("getUser", {"username": "ada"}), ("reportPlayback", {"mediaId": song, "mediaType": "song", "positionMs": 5, "state": "playing"}), ("getTopSongs", {"artist": "x", "count": 3}),
             ("getSongsByGenre", {"genre": "Pop", "count": 5}), ("stream", {"id": "none", "format": "mp3", "maxBitRate": 128, "timeOffset": 3}), ("download", {"id": "none"}),
             ("hls.m3u8", {"id": "none", "bitRate": 128}), ("updatePlaylist", {"playlistId": "none", "songIndexToRemove": 3}), ("createShare", {"id": "none", "expires": 5})]
    junk = ["", "\0", "%", "%00", "&", "=", "'", '"', "<", "]]>", "\u202e", "\ud83c".encode("utf-8", "surrogatepass").decode("latin-1"), "9" * 30, "-", "null", "true", " " * 40, "\n", "\r\nX: y", "x" * 3000]
    before, refused = settled(server), 0
    for number in range(rounds):
        endpoint, parameters = chance.choice(seeds)
        query = rest.query(parameters, format=chance.choice(["json", "json", "xml", "jsonp", "yaml", None]), auth=chance.choice(["token", "clear", "enc", "key", "token"]))
        kind = chance.randrange(8)
        pairs = query.split("&")
        place = chance.randrange(len(pairs))
        if kind == 0:
            del pairs[place]
        elif kind == 1:
            pairs[place] = pairs[place].split("=")[0] + "=" + urllib.parse.quote(chance.choice(junk))
        elif kind == 2:
            pairs.insert(place, pairs[chance.randrange(len(pairs))])
        elif kind == 3:
            pairs[place] = urllib.parse.quote(chance.choice(junk)) + "=" + pairs[place].split("=")[-1]
        elif kind == 4:
            chance.shuffle(pairs)
        query = "&".join(pairs)
        if kind == 5 and query:
            letters = list(query)
            for _ in range(3):
                letters[chance.randrange(len(letters))] = chance.choice(string.ascii_letters + "%&=+;/?")
            query = "".join(letters)
        elif kind == 6:
            query = query[:chance.randrange(len(query) + 1)]
        path = f"/rest/{endpoint}{chance.choice(['', '.view'])}"
        found.where = f"mutant {number} {endpoint}"
        if chance.random() < 0.3:
            answer = rest.send("POST", path, {"Content-Type": FORM}, query.encode("latin-1", "replace"))
        else:
            answer = rest.send("GET", f"{path}?{query}")
        if not sane(answer, query[:300], bytes_too=True):
            continue
        refused += answer.code not in (None, -1)
    found.where = "mutants"
    found.figures["refused"] = refused
    check(refused > rounds // 10, f"{refused} of {rounds} were refused")
    equal(settled(server) - before, 0, "renders of mutants")


try:
    key = account(program, data, "ada", "stream,library,upload,admin")
    account(program, data, "bob")
    account(program, data, "cyd")
    secret, other, third = (app_password(program, data, name) for name in ("ada", "bob", "cyd"))
    secrets += [secret, other, third, "correct horse", key]
    server = Server(program, data, {"SWEETSPOT_PROXY_TRUSTED": "127.0.0.1"}, arguments=())
    rest = Rest(server.port, "ada", secret)
    documents = music.upload(server, key, music.make(folder, {"02 deep.flac", "03 second disc.mp3", "the.flac"}))
    song = documents["03 second disc.mp3"]["id"]
    listed = rest.get("getSong", {"id": documents["02 deep.flac"]["id"]})["song"]
    album, artist = listed["albumId"], listed["artistId"]
    logins(server, server.port, secret)
    callbacks(rest)
    bodies(rest, server.port, song)
    malformed(rest, server, documents["the.flac"]["id"], album)
    mutated(rest, server, song, album, artist)
    found.where = "afterwards"
    check(rest.ask("ping").code is None and rest.ask("stream", {"id": song}).status == 200, "the server answers")
    rest.close()
    equal(server.stop(), 0, "status at its end")
    with open(data + ".log", errors="replace") as file:
        log = file.read()
    for number, one in enumerate(secrets):
        check(one not in log and one.encode().hex() not in log and urllib.parse.quote(one) not in log, f"secret {number} is in the log")
    check(not re.search(r"[?&](t|s|p|apiKey)=", log), "credentials in the log")
    failed = [line for line in log.split("\n") if "login failed" in line]
    check(len(failed) >= 8 and all("/rest" in line and "address=" in line for line in failed), f"{len(failed)} failed logins in the log: {failed[:1]}")
    check(not any(name in line for line in failed for name in ("nobodyhere", "cye", "cyd", "ada")), "the name of a failed login is in the log")
    found.figures["failed logins in the log"] = len(failed)
finally:
    shutil.rmtree(folder, ignore_errors=True)
found.end()
