"""Asks every endpoint of `/rest`, for an empty locker and a full one, in JSON and in XML. JSON is judged by OpenSubsonic's OpenAPI schemas,
XML by whether it says the same, field by field; both by what every answer keeps: ids, times, whole numbers.

Usage: subsonic.py PROGRAM    (needs the OpenAPI description: SWEETSPOT_OPENSUBSONIC, or ../shared/data/opensubsonic)"""
import hashlib
import io
import json
import os
import shutil
import sys
import tempfile
import time
import urllib.parse
import zipfile

import jsonschema

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import subsonic_music as music  # noqa: E402
from server import Server, account  # noqa: E402
from subsonic_rest import (  # noqa: E402
    FORM, NAMESPACE, Findings, Rest, Schemas, app_password, canonical_json, canonical_xml, data_folder, differences, faults, skip)

if data_folder() is None:
    skip("no OpenAPI description of OpenSubsonic (SWEETSPOT_OPENSUBSONIC)")
schemas = Schemas(data_folder())
program = sys.argv[1]
found = Findings()
check, equal = found.check, found.equal
folder = tempfile.mkdtemp(prefix="sweetspot-")
data = folder + "/data"
os.mkdir(data)
asked, validators = set(), {}

# Members of a song and an album that are there always, as the issue and the protocol's OpenSubsonic part have it.
SONG_ALWAYS = {
    "id", "isDir", "title", "album", "artist", "size", "contentType", "suffix", "duration", "bitRate", "type", "mediaType", "created", "isVideo",
    "path", "bitDepth", "samplingRate", "channelCount", "artists", "displayArtist", "albumArtists", "displayAlbumArtist", "genres",
    "replayGain", "musicBrainzId", "isrc", "sortName", "moods", "comment", "contributors", "displayComposer"}
ALBUM_ALWAYS = {
    "id", "name", "artist", "artistId", "songCount", "duration", "created", "artists", "displayArtist", "genres", "musicBrainzId", "sortName",
    "originalReleaseDate", "releaseDate", "releaseTypes", "recordLabels", "moods", "isCompilation", "discTitles"}
ARTIST_ALWAYS = {"id", "name", "albumCount", "musicBrainzId", "sortName", "roles"}
# What the catalogue cannot know it may leave out; what one of these objects has, all of its kind have.
ADDITIONS = {
    "song": {"bitDepth", "samplingRate", "channelCount", "mediaType", "bpm", "comment", "sortName", "musicBrainzId", "isrc", "genres",
             "artists", "displayArtist", "albumArtists", "displayAlbumArtist", "contributors", "displayComposer", "moods", "replayGain",
             "explicitStatus", "works", "movements", "groupings"},
    "album": {"recordLabels", "musicBrainzId", "genres", "artists", "displayArtist", "releaseTypes", "moods", "sortName", "version",
              "originalReleaseDate", "releaseDate", "isCompilation", "explicitStatus", "discTitles"},
    "artist": {"musicBrainzId", "sortName", "disambiguation", "roles"}}
additions = {"song": {}, "album": {}, "artist": {}}


def kind_of(value):
    """song, album (ID3) or artist (ID3): what an object of a list is."""
    if "isDir" in value:
        return "song" if value["isDir"] is False else None
    if "songCount" in value and "created" in value and "changed" not in value and "isDir" not in value:
        return "album"
    return "artist" if "albumCount" in value and "name" in value else None


def objects(value):
    if isinstance(value, dict):
        yield value
        for member in value.values():
            yield from objects(member)
    elif isinstance(value, list):
        for one in value:
            yield from objects(one)


def judge_objects(document):
    for value in objects(document):
        kind = kind_of(value)
        if kind is None:
            continue
        found.count(kind + " objects")
        always = {"song": SONG_ALWAYS, "album": ALBUM_ALWAYS, "artist": ARTIST_ALWAYS}[kind]
        missing = always - value.keys()
        check(not missing, f"{kind} {value.get('title', value.get('name'))!r:.40} lacks {sorted(missing)}")
        for name in ADDITIONS[kind]:
            additions[kind].setdefault(name, {True: None, False: None})[name in value] = found.where
        if kind == "song":
            check(value["type"] == "music" and value.get("mediaType") == "song", f"type {value.get('type')}, mediaType {value.get('mediaType')}")
            check(isinstance(value.get("replayGain"), dict), "replayGain is an object")
            check(value.get("userRating", 1) != 0, "userRating 0 is left out")


def validator(endpoint, status):
    if (endpoint, status) not in validators:
        responses = schemas.response(endpoint)
        validators[endpoint, status] = responses and (jsonschema.Draft4Validator(schemas.inlined(*responses[status])), responses[status])
    return validators[endpoint, status]


def judge_json(endpoint, answer):
    equal(answer.status, 200, "status")
    if not check(answer.kind == "application/json", f"wanted application/json, came {answer}"):
        return None
    document = answer.document
    if not check(document is not None, f"wanted an envelope, came {answer}"):
        return None
    check(answer.headers["Access-Control-Allow-Origin"] is not None, "no Access-Control-Allow-Origin")
    equal(document.get("type"), "sweetspot", "type")
    equal(document.get("openSubsonic"), True, "openSubsonic")
    check(isinstance(document.get("serverVersion"), str) and document["serverVersion"], "no serverVersion")
    equal(document.get("version"), "1.16.1", "version")
    if not check(document.get("status") in ("ok", "failed"), f"status {document.get('status')!r}"):
        return document
    judged = validator(endpoint, document["status"])
    if judged:
        for error in list(judged[0].iter_errors(document))[:5]:
            check(False, f"schema: {error.message[:240]} at {'/'.join(map(str, error.path))}")
        for name in schemas.unknown(document, *judged[1])[:5]:
            # The protocol's text or examples have these, and so do clients that were written by them.
            check(name.rsplit(".", 1)[-1] in ("email", "mediaType", "userRating", "coverArt", "name", "songCount"), f"no schema has {name}")
        found.count("documents judged by schema")
    for fault in faults(document)[:5]:
        check(False, fault)
    judge_objects(document)
    return document


def judge_xml(answer):
    equal(answer.status, 200, "status of XML")
    equal(answer.headers["Content-Type"], "text/xml; charset=utf-8", "type of XML")
    root = answer.tree
    check(root is not None, f"wanted an XML envelope, came {answer}")
    return root


def unordered(value, document):
    """Lists that are chosen by chance, in one order."""
    if isinstance(value, dict):
        return {key: unordered(member, document) for key, member in value.items()}
    if isinstance(value, list) and value and isinstance(value[0], dict) and "id" in value[0]:
        return sorted(value, key=lambda one: one["id"])
    return value


def both(rest, endpoint, parameters=(), code=None, chance=False, once=False, view=False):
    """One request in both formats; `code` is that of the error, None for ok, or several of which one comes."""
    asked.add(endpoint)
    found.where = f"{rest.name} {endpoint} {json.dumps(parameters)[:120]}"
    codes = code if isinstance(code, tuple) else (code,)
    answer = rest.ask(endpoint, parameters, view=view)
    document = judge_json(endpoint, answer)
    if document is None:
        return None
    check(answer.code in codes, f"wanted {'ok' if codes == (None,) else f'error {codes}'}, came {json.dumps(document)[:300]}")
    if answer.code is not None:
        check(document["error"].get("message"), "an error has a message")
    if once:
        return document
    root = judge_xml(rest.ask(endpoint, parameters, format=None if view else "xml"))
    if root is not None:
        one = document if not chance else unordered(document, document)
        made, read = canonical_json(one), canonical_xml(root)
        if chance:
            read = (read[0], {name: [(a, {n: sorted(l, key=lambda e: e[0].get("id", "")) for n, l in c.items()}) for a, c in elements]
                              for name, elements in read[1].items()})
        # Time passes between the two.
        for text in [text for text in differences(made, read) if "@positionMs" not in text][:5]:
            check(False, f"XML says something else: {text}")
        found.count("compared with XML")
    # The one with .view, by form, and by HEAD are the same.
    other = rest.ask(endpoint, parameters, view=not view)
    check(other.code == answer.code, f"with{'out' if view else ''} .view: {other}")
    form = rest.ask(endpoint, parameters, method="POST")
    check(form.code == answer.code, f"as a form: {form}")
    head = rest.ask(endpoint, parameters, method="HEAD")
    check(head.status == 200 and head.kind == answer.kind and head.body == b"", f"HEAD: {head}")
    jsonp = rest.ask(endpoint, [*(parameters.items() if isinstance(parameters, dict) else parameters), ("callback", "angular.callbacks._0")],
                     format="jsonp")
    check(jsonp.body.startswith(b"angular.callbacks._0(") and jsonp.body.rstrip(b"; \n").endswith(b")"), f"jsonp: {jsonp}")
    check(jsonp.kind in ("application/javascript", "text/javascript"), f"jsonp is {jsonp.kind}")
    return document


def inner(document, *path):
    """A member of a document that has to be there; {} where it is missing, which is told."""
    for name in path:
        if not check(isinstance(document, dict) and name in document, f"no {name} in {json.dumps(document)[:200]}"):
            return {}
        document = document[name]
    return document


NOWHERE = "nowhere0123456789abcde"
# Endpoints with a required parameter, and one of them: without it error 10.
REQUIRED = {
    "getMusicDirectory": "id", "getArtist": "id", "getAlbum": "id", "getSong": "id", "getArtistInfo": "id", "getArtistInfo2": "id",
    "getAlbumInfo": "id", "getAlbumInfo2": "id", "getSimilarSongs": "id", "getSimilarSongs2": "id", "getAlbumList": "type",
    "getAlbumList2": "type", "getSongsByGenre": "genre", "getPlaylist": "id", "updatePlaylist": "playlistId", "deletePlaylist": "id",
    "getLyricsBySongId": "id", "setRating": "id", "scrobble": "id", "createBookmark": "id", "deleteBookmark": "id", "createShare": "id",
    "updateShare": "id", "deleteShare": "id", "getUser": "username", "reportPlayback": "mediaId", "createPlaylist": "name"}
# Ids that no locker has are error 70.
UNKNOWN = {
    "getMusicDirectory": {}, "getArtist": {}, "getAlbum": {}, "getSong": {}, "getArtistInfo": {}, "getArtistInfo2": {}, "getAlbumInfo": {},
    "getAlbumInfo2": {}, "getSimilarSongs": {}, "getSimilarSongs2": {}, "getPlaylist": {}, "deletePlaylist": {}, "getLyricsBySongId": {},
    "setRating": {"rating": 3}, "scrobble": {}, "createBookmark": {"position": 1}, "createShare": {}, "updateShare": {},
    "deleteShare": {}, "star": {}, "unstar": {}}
BINARY = ["stream", "download", "getCoverArt", "hls.m3u8"]
ABSENT = {
    "createPodcastChannel": {"url": "http://example.org/feed"}, "deletePodcastChannel": {"id": "a"}, "deletePodcastEpisode": {"id": "a"},
    "downloadPodcastEpisode": {"id": "a"}, "getPodcastEpisode": {"id": "a"}, "refreshPodcasts": {},
    "createInternetRadioStation": {"streamUrl": "http://example.org/s", "name": "n"}, "updateInternetRadioStation": {
        "id": "a", "streamUrl": "http://example.org/s", "name": "n"}, "deleteInternetRadioStation": {"id": "a"},
    "jukeboxControl": {"action": "get"}, "addChatMessage": {"message": "m"}, "getVideoInfo": {"id": "a"}, "getCaptions": {"id": "a"}}
LISTS = ["random", "newest", "highest", "frequent", "recent", "alphabeticalByName", "alphabeticalByArtist", "starred", "byYear", "byGenre"]


def system(rest):
    both(rest, "ping")
    equal(inner(both(rest, "getLicense"), "license").get("valid"), True, "license.valid")
    extensions = {one["name"]: one["versions"] for one in inner(both(rest, "getOpenSubsonicExtensions"), "openSubsonicExtensions") or []}
    equal(extensions, {"formPost": [1], "apiKeyAuthentication": [1], "transcodeOffset": [1], "songLyrics": [1, 2], "indexBasedQueue": [1],
                       "transcoding": [1], "playbackReport": [1], "topSongsByArtistId": [1], "sonicSimilarity": [1]}, "extensions")
    open_to_all = rest.send("GET", "/rest/getOpenSubsonicExtensions?f=json&v=1.16.1&c=x")
    check(open_to_all.code is None, f"getOpenSubsonicExtensions without credentials: {open_to_all}")
    key = Rest(server.port, rest.name, rest.secret, auth="key")
    equal(inner(both(key, "tokenInfo"), "tokenInfo").get("username"), rest.name, "username")
    folders = inner(both(rest, "getMusicFolders"), "musicFolders", "musicFolder")
    check(len(folders) == 1 and isinstance(folders[0]["id"], int), f"folders {folders}")
    user = inner(both(rest, "getUser", {"username": rest.name}), "user")
    equal(user.get("username"), rest.name, "username")
    for role in ["stream", "download", "playlist", "coverArt"]:
        check(isinstance(user.get(role + "Role"), bool), f"no {role}Role")
    equal((user.get("streamRole"), user.get("downloadRole"), user.get("jukeboxRole"), user.get("podcastRole")), (True, True, False, False), "roles")
    both(rest, "getUser", {"username": rest.name.upper()})
    both(rest, "getScanStatus")
    both(rest, "startScan")
    both(rest, "getUsers", code=(None, 50))
    both(rest, "getUser", {"username": "nobodyatall"}, code=(50, 70))
    for endpoint, parameters in [("getPodcasts", {"includeEpisodes": "false"}), ("getNewestPodcasts", {}), ("getInternetRadioStations", {}),
                                 ("getChatMessages", {}), ("getVideos", {})]:
        document = both(rest, endpoint, parameters)
        name = {"getPodcasts": "podcasts", "getNewestPodcasts": "newestPodcasts", "getInternetRadioStations": "internetRadioStations",
                "getChatMessages": "chatMessages", "getVideos": "videos"}[endpoint]
        check(isinstance(inner(document, name), dict), f"{name} is kept though it is empty")
    for endpoint, parameters in ABSENT.items():
        both(rest, endpoint, parameters, code=(0, 50, 70) + ((None,) if endpoint == "refreshPodcasts" else ()))
    found.where = f"{rest.name} getAvatar"
    asked.add("getAvatar")
    avatar = rest.ask("getAvatar", {"username": rest.name})
    check(avatar.status == 200 and (avatar.kind.startswith("image/") or avatar.code in (70, 50, 0)), str(avatar))


def errors(rest):
    for endpoint, name in REQUIRED.items():
        parameters = {"reportPlayback": {"mediaType": "song", "positionMs": 0, "state": "playing"}, "createBookmark": {"position": 1},
                      "setRating": {"rating": 3}}.get(endpoint, {})
        both(rest, endpoint, parameters, code=10, once=True)
    for endpoint, parameters in UNKNOWN.items():
        both(rest, endpoint, {"id": NOWHERE, **parameters}, code=70, once=True)
    both(rest, "updatePlaylist", {"playlistId": NOWHERE}, code=70, once=True)
    both(rest, "createPlaylist", {"name": "x", "songId": NOWHERE}, code=70, once=True)
    both(rest, "getAlbumList2", {"type": "byYear"}, code=10, once=True)
    both(rest, "getAlbumList2", {"type": "byGenre"}, code=10, once=True)
    both(rest, "getAlbumList2", {"type": "nonsense"}, code=(0, 10), once=True)
    both(rest, "getTopSongs", {}, code=10, once=True)
    both(rest, "getSonicSimilarTracks", {"id": NOWHERE}, code=70, once=True)
    both(rest, "findSonicPath", {"startSongId": NOWHERE, "endSongId": NOWHERE}, code=70, once=True)
    both(rest, "findSonicPath", {"startSongId": NOWHERE}, code=10, once=True)
    both(rest, "deleteBookmark", {"id": NOWHERE}, code=70, once=True)
    for endpoint in BINARY:
        for parameters, code in [({}, 10), ({"id": NOWHERE}, 70)]:
            asked.add(endpoint)
            for format, kind in [("json", "application/json"), ("xml", "text/xml"), (None, "text/xml")]:
                found.where = f"{rest.name} {endpoint} {parameters} f={format}"
                answer = rest.ask(endpoint, parameters, format=format)
                check(answer.status == 200 and answer.kind == kind and answer.code == code, f"wanted 200 {kind} with error {code}, came {answer}")
                head = rest.ask(endpoint, parameters, format=format, method="HEAD")
                check(head.status == 200 and head.kind == kind, f"HEAD: {head}")
    found.where = "no such endpoint"
    for path in ["/rest/nothing", "/rest/nothing.view", "/rest/", "/rest/a/b", "/rest/getAlbum/x"]:
        answer = rest.send("GET", f"{path}?{rest.query({})}")
        check(answer.is_envelope and answer.code in (0, 70) and answer.status in (200, 404), f"{path}: {answer}")


def lists(rest, songs, albums):
    """Every list, with how many are in it if all are."""
    for number, endpoint in [("", "getAlbumList"), ("2", "getAlbumList2")]:
        for kind in LISTS:
            more = {"byYear": {"fromYear": 1900, "toYear": 2100}, "byGenre": {"genre": "Electronic"}}.get(kind, {})
            document = both(rest, endpoint, {"type": kind, "size": 500, **more}, chance=kind == "random")
            listed = inner(document, "albumList" + number).get("album", [])
            if kind in ("random", "newest", "alphabeticalByName", "alphabeticalByArtist"):
                equal(len(listed), albums, "albums of " + kind)
            if number and kind in ("newest", "alphabeticalByName", "alphabeticalByArtist"):
                total = rest.ask(endpoint, {"type": kind, "size": 1}).headers["X-Total-Count"]
                check(total in (None, str(albums)), f"X-Total-Count of {kind} is {total}, not {albums}")
            if kind == "starred" and not songs:
                equal(listed, [], "starred of nothing")
        both(rest, endpoint, {"type": "newest", "size": 1, "musicFolderId": folder_of(rest)})
        document = both(rest, endpoint, {"type": "newest", "size": 10, "offset": 100000})
        check(inner(document, "albumList" + number).get("album", []) == [], "a page past the end is empty")
        for offset in (albums, albums + 500):
            document = both(rest, endpoint, {"type": "random", "size": 500, "offset": offset}, once=True)
            equal(inner(document, "albumList" + number).get("album", []), [], "random albums past the end")
        both(rest, endpoint, {"type": "newest", "size": 5000})
    document = both(rest, "getRandomSongs", {"size": 500}, chance=True)
    equal(len(inner(document, "randomSongs").get("song", [])), songs, "random songs")
    both(rest, "getRandomSongs", {"size": 3, "genre": "Electronic", "fromYear": 2000, "toYear": 2020}, once=True)
    document = both(rest, "getSongsByGenre", {"genre": "Electronic", "count": 500})
    equal(len(inner(document, "songsByGenre").get("song", [])), 2 if songs else 0, "songs of a genre")
    both(rest, "getNowPlaying")
    for name, endpoint in [("starred", "getStarred"), ("starred2", "getStarred2")]:
        check(isinstance(inner(both(rest, endpoint), name), dict), f"{name} is kept")
        both(rest, endpoint, {"musicFolderId": folder_of(rest)})
    for spelling in ["", '""', "''"]:
        for endpoint, key in [("search2", "searchResult2"), ("search3", "searchResult3")]:
            result = inner(both(rest, endpoint, {"query": spelling, "songCount": 500, "albumCount": 500, "artistCount": 500}), key)
            equal((len(result.get("song", [])), len(result.get("album", []))), (songs, albums), f"all of query={spelling!r}")
    result = inner(both(rest, "search3", {"songCount": 500, "albumCount": 500, "artistCount": 500}), "searchResult3")
    equal((len(result.get("song", [])), len(result.get("album", []))), (songs, albums), "all without a query")
    result = inner(both(rest, "search3", {"query": "", "songCount": 0, "albumCount": 0, "artistCount": 0}), "searchResult3")
    check(not any(result.get(kind) for kind in ("song", "album", "artist")), "a count of 0 is none of it")
    result = inner(both(rest, "search3", {"query": "zzzyyyxxx"}), "searchResult3")
    equal(result, {k: [] for k in result}, "a search for nothing that is there")
    both(rest, "search", {"any": "e", "count": 5})
    both(rest, "search", {"title": "Deep"})
    both(rest, "search", {"artist": "Ada", "album": "Numbers", "newerThan": 0})
    for parameters in ({"any": "e", "count": 500}, {"count": 500}):
        whole = inner(both(rest, "search", parameters, once=True), "searchResult")
        page = inner(both(rest, "search", {**parameters, "offset": 1, "count": 1.5}, once=True), "searchResult")
        equal((whole["totalHits"], page["totalHits"], page["match"]), (len(whole["match"]), len(whole["match"]), whole["match"][1:2]), "totalHits")
        later = inner(both(rest, "search", {**parameters, "newerThan": 4102444800000}, once=True), "searchResult")
        equal((later["totalHits"], later["match"]), (0, []), "hits newer than the future")
    both(rest, "getGenres")
    both(rest, "getTopSongs", {"artist": "Nobody at all"})
    both(rest, "getLyrics", {"artist": "Nobody", "title": "Nothing"})
    both(rest, "getLyrics")
    both(rest, "getBookmarks")
    both(rest, "getShares")
    both(rest, "getPlaylists")
    both(rest, "getPlaylists", {"username": rest.name})
    both(rest, "getPlayQueue")
    both(rest, "getPlayQueueByIndex")
    both(rest, "getIndexes")
    both(rest, "getArtists")
    both(rest, "getArtists", {"musicFolderId": folder_of(rest)})


def folder_of(rest):
    return rest.get("getMusicFolders")["musicFolders"]["musicFolder"][0]["id"]


def smart(rest, song):
    """A playlist of rules, which only the server's own API makes."""
    rules = {"all": [{"is": {"title": song["title"]}}], "sort": "random"}
    status, _, body = server.request("POST", "/api/v1/playlists", {"Authorization": f"Bearer {key}"}, json.dumps({"name": "Smart", "rules": rules}).encode())
    equal(status, 201, "status of a smart playlist")
    made = json.loads(body)
    one = inner(both(rest, "getPlaylist", {"id": made["id"]}), "playlist")
    equal((one.get("readonly"), one.get("songCount"), [entry["id"] for entry in one.get("entry", [])]), (True, 1, [song["id"]]), "a smart playlist")
    both(rest, "updatePlaylist", {"playlistId": made["id"], "songIdToAdd": song["id"]}, code=50, once=True)
    both(rest, "updatePlaylist", {"playlistId": made["id"], "songIndexToRemove": 0}, code=50, once=True)
    both(rest, "createPlaylist", {"playlistId": made["id"], "songId": song["id"]}, code=50, once=True)
    both(rest, "updatePlaylist", {"playlistId": made["id"], "name": "Smarter", "comment": "c"}, once=True)
    equal(inner(both(rest, "getPlaylist", {"id": made["id"]}), "playlist").get("name"), "Smarter", "its name")
    both(rest, "deletePlaylist", {"id": made["id"]}, once=True)


def pictures(rest, song, album, artist, playlist):
    for what, name in [("song", song["coverArt"]), ("song", song["id"]), ("album", album["id"]), ("album", album.get("coverArt")), ("artist", artist),
                       ("playlist", "pl-" + playlist), ("size", song["coverArt"])]:
        found.where = f"getCoverArt of {what} {name}"
        answer = rest.ask("getCoverArt", {"id": name, **({"size": 100} if what == "size" else {})})
        if check(answer.status == 200 and answer.kind.startswith("image/"), str(answer)):
            check(answer.headers["Access-Control-Allow-Origin"] is not None, "no CORS")
            check(what != "size" or answer.kind == "image/jpeg", f"a smaller one is {answer.kind}")
    for size in ("0", "-1", "x", "99999"):
        found.where = f"getCoverArt size={size}"
        answer = rest.ask("getCoverArt", {"id": song["coverArt"], "size": size})
        check(answer.status == 200 and (answer.kind.startswith("image/") or answer.code in (0, 10)), str(answer))


def archive(rest, what, one, files):
    """A download of several songs."""
    found.where = f"download of {what}"
    head, answer = (rest.ask("download", {"id": one}, method=method) for method in ("HEAD", "GET"))
    if not check(answer.status == 200 and answer.kind == "application/zip", str(answer)):
        return
    equal((answer.headers["Content-Length"], head.headers["Content-Length"]), (str(len(answer.body)),) * 2, "length")
    opened = zipfile.ZipFile(io.BytesIO(answer.body))
    equal(opened.testzip(), None, "the first file with a wrong sum")
    check(all(not name.startswith("/") and ".." not in name.split("/") for name in opened.namelist()), f"names {opened.namelist()}")
    equal(sorted(hashlib.sha256(opened.read(name)).hexdigest() for name in opened.namelist()), sorted(files), "originals")


def full(rest, documents):
    files = music.tracks()
    songs = {}
    for song in rest.get("search3", {"query": "", "songCount": 500, "albumCount": 0, "artistCount": 0})["searchResult3"]["song"]:
        songs[song["title"]] = song
    check(len(songs) == len(files), f"{len(songs)} titles of {len(files)}")
    etude = songs["\u00c9tude \u2116 1"]
    song = inner(both(rest, "getSong", {"id": etude["id"]}), "song")
    check(isinstance(song, dict), "song is one object")
    for name, wanted in {
            "track": 1, "discNumber": 1, "year": 2001, "genre": "Classical", "genres": [{"name": "Classical"}, {"name": "Noise & Co"}], "duration": music.SECONDS,
            "contentType": "audio/flac", "suffix": "flac", "samplingRate": 44100, "channelCount": 2, "bitDepth": 16, "sortName": "Etude 01",
            "album": "Numbers & <Signs>", "isVideo": False, "size": os.path.getsize(folder + "/01 etude.flac")}.items():
        equal(song.get(name), wanted, name)
    # The same tags in FLAC and in ID3.
    for title in ("\u00c9tude \u2116 1", "Third"):
        for name, wanted in {"musicBrainzId": music.MBID["recording"], "isrc": ["GBAYE0601498"], "displayComposer": "Clara Schumann", "bpm": 121,
                             "comment": "A comment with \"quotes\" & <tags>", "moods": ["Happy", "Calm"]}.items():
            equal(songs[title].get(name), wanted, f"{name} of {title}")
            found.count("tags that are known", songs[title].get(name) == wanted)
    # What the catalogue does not keep of a file's tags is empty, and never something else.
    check(song.get("explicitStatus") in ("explicit", ""), f"explicitStatus is {song.get('explicitStatus')!r}")
    check([one["name"] for one in song.get("artists", [])] == ["Ada Lovelace", "Grace Hopper"], f"artists {song.get('artists')}")
    check([one["name"] for one in song.get("albumArtists", [])] == ["Ada Lovelace"], f"albumArtists {song.get('albumArtists')}")
    check(not song.get("contributors") or any(one["artist"]["name"] == "Clara Schumann" for one in song["contributors"]), f"{song.get('contributors')}")
    gain = song.get("replayGain", {})
    check(abs(gain.get("trackGain", 0) + 6.5) < 0.01 or "trackGain" in gain, f"replayGain {gain}")
    check(song.get("played") is None and song.get("playCount", 0) == 0, "nothing is played")
    bare = inner(both(rest, "getSong", {"id": documents["untitled noise.wav"]["id"]}), "song")
    check("coverArt" not in bare or isinstance(bare["coverArt"], str), "coverArt of none")
    for name, wanted in {"genres": [], "moods": [], "isrc": [], "comment": "", "musicBrainzId": "", "bitDepth": 16}.items():
        equal(bare.get(name), wanted, name + " of a file without tags")
    equal(bare.get("title"), "untitled noise", "title of a file without tags")
    for title in music.ODD:
        check(title in songs, f"no song {title!r:.60}")
        if title in songs:
            both(rest, "getSong", {"id": songs[title]["id"]})
    huge = songs.get("Huge numbers")
    if check(huge is not None, "no song of huge numbers"):
        both(rest, "getSong", {"id": huge["id"]})
    albums = {}
    for album in rest.get("getAlbumList2", {"type": "alphabeticalByName", "size": 500})["albumList2"]["album"]:
        albums.setdefault(album["name"], album)
    album = inner(both(rest, "getAlbum", {"id": albums["Numbers & <Signs>"]["id"]}), "album")
    equal([one["title"] for one in album.get("song", [])], ["\u00c9tude \u2116 1", "Deep", "Third"], "songs by disc and number")
    for name, wanted in {"songCount": 3, "duration": sum(one["duration"] for one in album.get("song", [])), "year": 2001, "artist": "Ada Lovelace",
                         "musicBrainzId": music.MBID["release"], "sortName": "Numbers and Signs", "isCompilation": False}.items():
        equal(album.get(name), wanted, name)
    for name, wanted in [("releaseDate", {"year": 2001, "month": 2, "day": 3}), ("originalReleaseDate", {"year": 1999, "month": 12, "day": 31})]:
        check(album.get(name) in (wanted, {}, {"year": wanted["year"]}), f"{name} {album.get(name)}")
    equal(album.get("discTitles"), [{"disc": 1, "title": "Disc the First"}, {"disc": 2, "title": "Zweite"}], "titles of discs")
    mixed = inner(both(rest, "getAlbum", {"id": albums["Mixed"]["id"]}), "album")
    equal((mixed.get("isCompilation"), mixed.get("songCount"), len(mixed.get("song", []))), (True, 3, 3), "compilation")
    both(rest, "getAlbum", {"id": albums["Single"]["id"]})
    hashes = [hashlib.sha256(rest.ask("download", {"id": one["id"]}).body).hexdigest() for one in album.get("song", [])]
    archive(rest, "an album", album["id"], hashes)
    check(len([one for one in albums]) >= 8, f"albums {list(albums)}")
    artists = {one["name"]: one for index in rest.get("getArtists")["artists"]["index"] for one in index["artist"]}
    artist = inner(both(rest, "getArtist", {"id": artists["Ada Lovelace"]["id"]}), "artist")
    equal((artist.get("albumCount"), len(artist.get("album", []))), (1, 1), "albums of an artist")
    indexes = rest.get("getArtists")["artists"]
    letters = {one["name"]: index["name"] for index in indexes["index"] for one in index["artist"]}
    check("The" in indexes.get("ignoredArticles", "").split() or "The The" not in letters or letters["The The"] == "T", f"articles {indexes.get('ignoredArticles')}")
    check(letters.get("2Pac", "#") == "#" or "2Pac" not in letters, f"2Pac under {letters.get('2Pac')}")
    for one in artists.values():
        document = rest.get("getArtist", {"id": one["id"]})["artist"]
        found.where = f"getArtist {one['name']}"
        equal(len(document.get("album", [])), one["albumCount"], "albumCount, the number of albums")
    # The tree of folders: artist, album, song.
    place = inner(both(rest, "getIndexes"), "indexes")
    check(place.get("lastModified", 0) > 10**12, "lastModified in ms")
    directory = place["index"][0]["artist"][0]["id"]
    child = inner(both(rest, "getMusicDirectory", {"id": directory}), "directory").get("child", [])
    check(child and child[0]["isDir"] is True and child[0].get("parent") == directory, f"children of a directory {child[:1]}")
    leaf = inner(both(rest, "getMusicDirectory", {"id": child[0]["id"]}), "directory").get("child", [])
    check(leaf and leaf[0]["isDir"] is False and leaf[0].get("parent") == child[0]["id"], f"songs of a directory {leaf[:1]}")
    both(rest, "getMusicDirectory", {"id": album["id"]})
    known = both(rest, "getIndexes", {"ifModifiedSince": place["lastModified"]})
    check(not inner(known, "indexes").get("index"), "nothing has changed since lastModified")
    check(inner(both(rest, "getIndexes", {"ifModifiedSince": 1}), "indexes").get("index"), "all has changed since 1970")
    for endpoint, name, one in [("getArtistInfo", "artistInfo", artist["id"]), ("getArtistInfo2", "artistInfo2", artist["id"]),
                                ("getAlbumInfo", "albumInfo", album["id"]), ("getAlbumInfo2", "albumInfo", album["id"]),
                                ("getSimilarSongs", "similarSongs", artist["id"]), ("getSimilarSongs", "similarSongs", song["id"]),
                                ("getSimilarSongs", "similarSongs", album["id"]), ("getSimilarSongs2", "similarSongs2", artist["id"])]:
        chance = endpoint.startswith("getSimilar")
        information = inner(both(rest, endpoint, {"id": one, "count": 5}, chance=chance, once=chance), name)
        check(isinstance(information, dict), f"{name} is an object")
        for image in () if chance else ("smallImageUrl", "mediumImageUrl", "largeImageUrl"):
            link = urllib.parse.urlsplit(information.get(image, ""))
            if check(link.scheme == "http" and link.netloc and link.query, f"{image} is {information.get(image)!r}"):
                status, headers, body = server.request("GET", f"{link.path}?{link.query}")
                check(status == 200 and headers["Content-Type"].startswith("image/") and body, f"{image}: {status}")
    both(rest, "getSonicSimilarTracks", {"id": song["id"], "count": 5})
    path = both(rest, "findSonicPath", {"startSongId": song["id"], "endSongId": song["id"]}) or {}
    equal([(one["entry"]["id"], one["similarity"]) for one in path.get("sonicMatch", [])], [(song["id"], 1)], "the way from a song to itself")
    both(rest, "getTopSongs", {"artist": "Ada Lovelace", "count": 2})
    both(rest, "getTopSongs", {"id": artist["id"]})
    both(rest, "getTopSongs", {"id": artist["id"], "artist": "Nobody at all"})
    genres = {one["value"]: (one["songCount"], one["albumCount"]) for one in inner(both(rest, "getGenres"), "genres").get("genre", [])}
    equal(genres.get("Noise & Co"), (3, 1), "songs and albums of a genre")
    lyrics = inner(both(rest, "getLyricsBySongId", {"id": etude["id"]}), "lyricsList").get("structuredLyrics", [])
    if check(len(lyrics) == 1 and lyrics[0]["synced"] is True, f"lyrics {lyrics}"):
        equal([(line.get("start"), line["value"]) for line in lyrics[0]["line"]],
              [(1000, "First line"), (2500, "Second & <line>"), (4000, ""), (5000, "Last")], "lines")
    sheets = inner(both(rest, "getLyricsBySongId", {"id": etude["id"], "enhanced": "true"}), "lyricsList").get("structuredLyrics", [])
    for line in sheets[0].get("cueLine", []) if sheets else []:
        check(len({"end" in one for one in line["cue"]}) == 1, f"of a line's words all have an end, or none: {line}")
    plain = inner(both(rest, "getLyricsBySongId", {"id": songs["Third"]["id"]}), "lyricsList").get("structuredLyrics", [])
    check(len(plain) == 1 and plain[0]["synced"] is False and all("start" not in line for line in plain[0]["line"]), f"plain lyrics {plain}")
    equal(inner(both(rest, "getLyricsBySongId", {"id": songs["Deep"]["id"]}), "lyricsList").get("structuredLyrics", []), [], "lyrics of none")
    equal(inner(both(rest, "getLyrics", {"artist": "The \u00c9dith Trio", "title": "La Vie"}), "lyrics").get("value", "").split(), ["la", "la"], "lyrics")
    # One of several artists, and a title that is sorted as another, which is found as it is shown.
    sung = inner(both(rest, "getLyrics", {"artist": "grace hopper", "title": "\u00c9tude \u2116 1"}), "lyrics")
    equal(sung.get("value", "").split("\n")[0], "First line", "lyrics by one of several artists")
    sung = inner(both(rest, "getLyrics", {"title": "\u00c9tude \u2116 1"}), "lyrics")
    equal((sung.get("title"), sung.get("value", "").split("\n")[0]), ("\u00c9tude \u2116 1", "First line"), "lyrics of a title with a sort title")
    equal(inner(both(rest, "getLyrics", {"title": "Etude 01"}), "lyrics").get("value"), "", "lyrics by a sort title")
    return songs, albums, artists, album, artist


def mixed_reports(rest, song, second):
    """Each play once, whatever comes between its reports, and whichever other way it is told."""
    def count(one):
        return rest.get("getSong", {"id": one["id"]})["song"].get("playCount", 0)

    def report(one, position, state, **more):
        both(rest, "reportPlayback", {"mediaId": one["id"], "mediaType": "song", "positionMs": position, "state": state, **more}, once=True)
    known = [count(song), count(second)]
    half = song["duration"] * 500 + 1000.5
    for position in (half, half + 1000, half + 2000):
        report(song, position, "playing")
        report(second, position, "playing", playbackRate="")
    report(song, song["duration"] * 1000, "stopped")
    equal([count(song), count(second)], [known[0] + 1, known[1] + 1], "plays of two whose reports are mixed")
    both(rest, "scrobble", {"id": second["id"], "time": f"{time.time_ns() // 10**6}.0"}, once=True)
    both(rest, "scrobble", {"id": song["id"]}, once=True)
    equal([count(song), count(second)], [known[0] + 1, known[1] + 1], "plays that are submitted too")
    report(song, 0, "starting")
    playing = inner(both(rest, "getNowPlaying"), "nowPlaying").get("entry", [])
    equal([(one["id"], one.get("state"), one.get("positionMs")) for one in playing], [(song["id"], "starting", 0)], "what begins")
    report(song, 1, "stopped")
    report(second, 1, "stopped")


def annotate(rest, song, second, album, artist):
    """What changes, and what is read after it."""
    for endpoint in ("star", "unstar", "star"):
        both(rest, endpoint, [("id", song["id"]), ("id", second["id"]), ("albumId", album["id"]), ("artistId", artist["id"])])
    for endpoint, name in [("getStarred", "starred"), ("getStarred2", "starred2")]:
        starred = inner(both(rest, endpoint), name)
        equal([len(starred.get(kind, [])) for kind in ("artist", "album", "song")], [1, 1, 2], name)
        check(all("starred" in one for kind in ("artist", "album", "song") for one in starred.get(kind, [])), "starred has its time")
    equal(len(inner(both(rest, "getAlbumList2", {"type": "starred"}), "albumList2").get("album", [])), 1, "starred albums")
    for one in (song["id"], album["id"], artist["id"]):
        both(rest, "setRating", {"id": one, "rating": 4})
    equal(inner(both(rest, "getSong", {"id": song["id"]}), "song").get("userRating"), 4, "userRating")
    equal(inner(both(rest, "getAlbum", {"id": album["id"]}), "album").get("userRating"), 4, "userRating of an album")
    both(rest, "setRating", {"id": song["id"], "rating": 0})
    check("userRating" not in inner(both(rest, "getSong", {"id": song["id"]}), "song"), "rating 0 removes it")
    for rating in (6, -1, "x"):
        both(rest, "setRating", {"id": song["id"], "rating": rating}, code=(0, 10), once=True)
    both(rest, "scrobble", {"id": song["id"], "submission": "false"})
    check(inner(both(rest, "getSong", {"id": song["id"]}), "song").get("playCount", 0) == 0, "submission=false is no play")
    playing = inner(both(rest, "getNowPlaying"), "nowPlaying").get("entry", [])
    check(len(playing) == 1 and playing[0]["id"] == song["id"] and playing[0]["username"] == rest.name, f"now playing {playing}")
    both(rest, "scrobble", [("id", song["id"]), ("id", second["id"]), ("time", 1700000000000), ("time", 1700000300000)], once=True)
    played = inner(both(rest, "getSong", {"id": song["id"]}), "song")
    equal((played.get("playCount"), played.get("played", "")[:19]), (1, "2023-11-14T22:13:20"), "a play with its time")
    both(rest, "scrobble", [("id", song["id"]), ("time", 1700000000000), ("submission", "True")], once=True)
    equal(inner(both(rest, "getSong", {"id": song["id"]}), "song").get("playCount"), 1, "the same play told again")
    both(rest, "reportPlayback", {"mediaId": song["id"], "mediaType": "song", "positionMs": 30000, "state": "playing", "playbackRate": 1.5})
    playing = inner(both(rest, "getNowPlaying"), "nowPlaying").get("entry", [])
    check(playing and playing[0].get("state") == "playing" and playing[0].get("positionMs", 0) >= 30000 and playing[0].get("playbackRate") == 1.5,
          f"now playing {json.dumps(playing)[:300]}")
    for bad in [{"state": "dancing"}, {"positionMs": "x"}, {"mediaType": "cake"}]:
        both(rest, "reportPlayback", {"mediaId": song["id"], "mediaType": "song", "positionMs": 1, "state": "playing", **bad}, code=10, once=True)
    both(rest, "reportPlayback", {"mediaId": song["id"], "mediaType": "song", "positionMs": 31000, "state": "stopped"}, once=True)
    mixed_reports(rest, song, second)
    for kind in ("frequent", "recent", "highest"):
        listed = inner(both(rest, "getAlbumList2", {"type": kind}), "albumList2").get("album", [])
        check(listed and listed[0]["id"] == album["id"], f"{kind} does not begin with the album: {[one['name'] for one in listed]}")
    both(rest, "createBookmark", {"id": song["id"], "position": 61234, "comment": "Here & <there>"})
    marks = inner(both(rest, "getBookmarks"), "bookmarks").get("bookmark", [])
    if check(len(marks) == 1, f"bookmarks {marks}"):
        check(isinstance(marks[0]["entry"], dict) and marks[0]["entry"]["id"] == song["id"], "entry is one object")
        equal((marks[0]["position"], marks[0].get("comment"), marks[0]["username"]), (61234, "Here & <there>", rest.name), "bookmark")
    equal(inner(both(rest, "getSong", {"id": song["id"]}), "song").get("bookmarkPosition"), 61234, "bookmarkPosition in ms")
    for _ in range(2):
        both(rest, "deleteBookmark", {"id": song["id"]}, once=True)
    equal(inner(both(rest, "getBookmarks"), "bookmarks").get("bookmark", []), [], "bookmarks")
    made = inner(both(rest, "createPlaylist", [("name", "P & <one>"), ("songId", song["id"]), ("songId", second["id"]), ("songId", song["id"])], once=True),
                 "playlist")
    equal([one["id"] for one in made.get("entry", [])], [song["id"], second["id"], song["id"]], "entries")
    both(rest, "updatePlaylist", [("playlistId", made["id"]), ("name", "Q"), ("comment", "C & <c>"), ("public", "true"), ("songIdToAdd", second["id"]),
                                  ("songIndexToRemove", 0)], once=True)
    playlist = inner(both(rest, "getPlaylist", {"id": made["id"]}), "playlist")
    equal([one["id"] for one in playlist.get("entry", [])], [second["id"], song["id"], second["id"]], "entries")
    equal((playlist.get("name"), playlist.get("songCount"), playlist.get("owner")), ("Q", 3, rest.name), "playlist")
    both(rest, "updatePlaylist", {"playlistId": made["id"], "songIndexToRemove": 9}, code=(None, 0, 10, 70), once=True)
    replaced = inner(both(rest, "createPlaylist", {"playlistId": made["id"], "songId": second["id"]}, once=True), "playlist")
    equal(([one["id"] for one in replaced.get("entry", [])], replaced.get("id"), replaced.get("name")), ([second["id"]], made["id"], "Q"), "replaced")
    archive(rest, "a playlist", made["id"], [hashlib.sha256(rest.ask("download", {"id": second["id"]}).body).hexdigest()])
    empty = inner(both(rest, "createPlaylist", {"name": "Empty"}, once=True), "playlist")
    equal(inner(both(rest, "getPlaylist", {"id": empty["id"]}), "playlist").get("songCount"), 0, "songs of an empty playlist")
    equal(len(inner(both(rest, "getPlaylists"), "playlists").get("playlist", [])), 2, "playlists")
    both(rest, "deletePlaylist", {"id": empty["id"]}, once=True)
    smart(rest, song)
    both(rest, "savePlayQueue", [("id", song["id"]), ("id", second["id"]), ("current", second["id"]), ("position", 1500)])
    queue = inner(both(rest, "getPlayQueue"), "playQueue")
    equal(([one["id"] for one in queue.get("entry", [])], queue.get("current"), queue.get("position"), queue.get("changedBy"), queue.get("username")),
          ([song["id"], second["id"]], second["id"], 1500, rest.client, rest.name), "queue")
    both(rest, "savePlayQueueByIndex", [("id", song["id"]), ("id", second["id"]), ("id", song["id"]), ("currentIndex", 2), ("position", 2500)])
    queue = inner(both(rest, "getPlayQueueByIndex"), "playQueueByIndex")
    equal((len(queue.get("entry", [])), queue.get("currentIndex"), queue.get("position")), (3, 2, 2500), "queue by index")
    both(rest, "savePlayQueueByIndex", [("id", song["id"]), ("currentIndex", 1)], code=10, once=True)
    both(rest, "savePlayQueueByIndex", [("id", song["id"]), ("currentIndex", -1)], code=10, once=True)
    both(rest, "savePlayQueue", [("id", song["id"]), ("current", NOWHERE)], code=(0, 10, 70), once=True)
    # A song that is gone does not cost the queue, nor its place.
    both(rest, "savePlayQueue", [("id", song["id"]), ("id", NOWHERE), ("id", second["id"]), ("current", NOWHERE), ("position", 61234.5)], once=True)
    queue = inner(both(rest, "getPlayQueue"), "playQueue")
    equal(([one["id"] for one in queue.get("entry", [])], queue.get("current")), ([song["id"], second["id"]], song["id"]), "queue without one song")
    equal(inner(both(rest, "getPlayQueueByIndex"), "playQueueByIndex").get("currentIndex"), 0, "currentIndex where none is known")
    both(rest, "savePlayQueue", [("id", song["id"])], code=10, once=True)
    both(rest, "savePlayQueue", once=True)
    equal(inner(both(rest, "getPlayQueue"), "playQueue").get("entry", []) if "playQueue" in rest.get("getPlayQueue") else [], [], "cleared queue")
    share = inner(both(rest, "createShare", [("id", song["id"]), ("description", "D & <d>"), ("expires", 4102444800000)], once=True), "shares").get("share", [])
    if check(len(share) == 1, f"shares {share}"):
        check(share[0]["url"].startswith("http"), f"url {share[0]['url']}")
        both(rest, "updateShare", {"id": share[0]["id"], "description": "E"}, once=True)
        listed = inner(both(rest, "getShares"), "shares").get("share", [])
        check(len(listed) == 1 and listed[0].get("description") == "E" and listed[0]["entry"][0]["id"] == song["id"], f"shares {listed}")
        both(rest, "deleteShare", {"id": share[0]["id"]}, once=True)
    both(rest, "createShare", {"id": album["id"]}, once=True)
    both(rest, "createShare", {"id": made["id"]}, once=True)
    return made["id"]


CLIENT = {"name": "oracle", "platform": "test", "maxAudioBitrate": 0, "maxTranscodingAudioBitrate": 128000,
          "directPlayProfiles": [{"containers": ["mp3"], "audioCodecs": ["mp3"], "protocols": ["http"], "maxAudioChannels": 2}],
          "transcodingProfiles": [{"container": "mp3", "audioCodec": "mp3", "protocol": "http", "maxAudioChannels": 2}], "codecProfiles": []}


def decisions(rest, flac, mp3):
    asked.update(["getTranscodeDecision", "getTranscodeStream"])
    for name, song, direct in [("flac", flac, False), ("mp3", mp3, True)]:
        found.where = f"getTranscodeDecision {name}"
        answer = rest.send("POST", "/rest/getTranscodeDecision?" + rest.query({"mediaId": song["id"], "mediaType": "song"}),
                           {"Content-Type": "application/json"}, json.dumps(CLIENT).encode())
        document = judge_json("getTranscodeDecision", answer)
        if not check(answer.code is None and document is not None, str(answer)):
            continue
        decision = inner(document, "transcodeDecision")
        equal((decision.get("canDirectPlay"), decision.get("canTranscode", False) or direct), (direct, True), "decision")
        if not direct:
            check(decision.get("transcodeReason") and decision.get("transcodeStream", {}).get("codec") == "mp3", json.dumps(decision)[:300])
            check(decision.get("transcodeStream", {}).get("audioBitrate", 10**9) <= 128000, "over maxTranscodingAudioBitrate")
            parameters = {"mediaId": song["id"], "mediaType": "song", "transcodeParams": decision.get("transcodeParams", "")}
            stream = rest.in_pieces("getTranscodeStream", parameters, check)
            check(stream.status == 200 and stream.kind == "audio/mpeg" and stream.headers["Content-Length"], str(stream)[:200])
            later = rest.ask("getTranscodeStream", {**parameters, "offset": 60})
            check(0.25 < len(later.body) / max(1, len(stream.body)) < 0.5, f"offset=60 gives {len(later.body)} of {len(stream.body)} bytes")
            stale = rest.ask("getTranscodeStream", {**parameters, "transcodeParams": "nonsense"})
            check(stale.status in (400, 404, 410), f"nonsense as transcodeParams: {stale}")
    found.where = "getTranscodeDecision of a form that is JSON"
    for kind in ({"Content-Type": FORM}, {}):
        answer = rest.send("POST", "/rest/getTranscodeDecision.view?" + rest.query({"mediaId": flac["id"], "mediaType": "song"}), kind,
                           json.dumps({**CLIENT, "codecProfiles": [{"type": "AudioCodec", "name": "flac", "limitations": [
                               {"name": "audioWarmth", "comparison": "Near", "values": ["1"], "required": False}]}]}).encode())
        check(answer.code is None, str(answer))
    for body in (b"", b"[", b"{}", b'{"name": 1}', b'{"name":"x","platform":"y","directPlayProfiles":"z"}'):
        found.where = f"getTranscodeDecision with {body!r}"
        answer = rest.send("POST", "/rest/getTranscodeDecision?" + rest.query({"mediaId": flac["id"], "mediaType": "song"}),
                           {"Content-Type": "application/json"}, body)
        check(answer.status == 200 and answer.code in (0, 10), str(answer))


def users(rest):
    """Accounts are the operator's: no account makes, changes or shows another (Decisions/SubsonicUsers.md)."""
    equal([one["username"] for one in inner(both(rest, "getUsers"), "users").get("user", [])], [rest.name], "users")
    for endpoint, parameters in [
            ("createUser", {"username": "eve", "password": "correct horse 2", "email": "e@example.org"}),
            ("updateUser", {"username": "bob", "email": "b@example.org"}), ("deleteUser", {"username": "eve"}),
            ("changePassword", {"username": "bob", "password": "another horse"})]:
        both(rest, endpoint, parameters, code=50, once=True)
    both(rest, "getUser", {"username": "bob" if rest.name == "ada" else "ada"}, code=50, once=True)


try:
    key = account(program, data, "ada", "stream,library,upload,admin")
    account(program, data, "bob")
    secrets = {name: app_password(program, data, name) for name in ("ada", "bob")}
    server = Server(program, data, arguments=())
    bob, ada = Rest(server.port, "bob", secrets["bob"]), Rest(server.port, "ada", secrets["ada"])
    # Of nothing.
    system(bob)
    lists(bob, 0, 0)
    errors(bob)
    check(inner(both(bob, "getArtists"), "artists").get("index") == [], "index of no artists is []")
    equal(inner(both(bob, "getIndexes", {"ifModifiedSince": 0}), "indexes").get("index"), [], "index for a client that has none")
    # Of everything.
    documents = music.upload(server, key, music.make(folder))
    songs, albums, artists, album, artist = full(ada, documents)
    etude, third = songs["\u00c9tude \u2116 1"], songs["Third"]
    count = len(ada.get("getAlbumList2", {"type": "newest", "size": 500})["albumList2"]["album"])
    lists(ada, len(documents), count)
    playlist = annotate(ada, etude, third, album, artist)
    pictures(ada, etude, album, artist["id"], playlist)
    lists(ada, len(documents), count)
    errors(ada)
    decisions(ada, etude, third)
    for endpoint in ("getSong", "getLyricsBySongId", "setRating", "star", "scrobble", "stream", "download"):
        found.where = f"bob {endpoint} of ada's song"
        answer = bob.ask(endpoint, {"id": etude["id"], **({"rating": 3} if endpoint == "setRating" else {})})
        equal(answer.code, 70, "error of another account's id")
    for endpoint, one in [("getAlbum", album["id"]), ("getArtist", artist["id"]), ("getPlaylist", playlist), ("deletePlaylist", playlist)]:
        found.where = f"bob {endpoint} of ada's"
        equal(bob.ask(endpoint, {"id": one}).code, 70, "error of another account's id")
    users(ada)
    users(bob)
    for kind, names in additions.items():
        for name, places in names.items():
            found.where = f"every {kind}"
            check(not (places[True] and places[False]), f"{name} is in {places[True]} and not in {places[False]}")
    found.where = "endpoints"
    missing = {path[len("/rest/"):] for path in schemas.paths} - asked
    check(not missing, f"not asked: {sorted(missing)}")
    found.figures["endpoints"] = len(asked)
    found.where = "a server's address with a slash at its end"
    answer = ada.send("GET", "//rest/ping.view?" + ada.query({}))
    check(answer.code is None and answer.headers["Access-Control-Allow-Origin"], str(answer))
    found.where = "numbers as JavaScript prints them"
    for offset in ("3.3333333333333335", "4."):
        answer = ada.ask("stream", {"id": third["id"], "format": "mp3", "timeOffset": offset, "maxBitRate": "128.0"}, method="HEAD")
        check(answer.status == 200 and answer.kind == "audio/mpeg", f"timeOffset={offset}: {answer}")
    answer = ada.ask("download", {"id": third["id"]}, method="HEAD")
    check((answer.headers["Content-Disposition"] or "").startswith("attachment;"), f"download: {answer.headers['Content-Disposition']}")
    found.where = "CORS"
    answer = ada.send("OPTIONS", "/rest/stream.view", {"Origin": "https://phone.example", "Access-Control-Request-Method": "GET",
                                                       "Access-Control-Request-Headers": "range"})
    check(answer.status in (200, 204) and answer.headers["Access-Control-Allow-Origin"] in ("*", "https://phone.example"), f"OPTIONS: {answer}")
    ada.close()
    bob.close()
    found.where = "server"
    equal(server.stop(), 0, "status at its end")
finally:
    shutil.rmtree(folder, ignore_errors=True)
found.end()
