"""Drives clients that nobody here wrote against the server: py-sonic and py-opensonic call every method they have, mopidy with its Subsonic
backend lists, plays and seeks, mpv and VLC play and seek in streams, Sublime Music, Strawberry and Clementine play under Xvfb. A recorder
between client and server tells what each asked for. A client that is not installed is SKIPPED, and said so.

Usage: subsonic_clients.py PROGRAM [CLIENT ...]"""
import base64
import configparser
import http.client
import http.server
import inspect
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import subsonic_music as music  # noqa: E402
from server import Server, account  # noqa: E402
from subsonic_rest import Findings, Rest, app_password, token  # noqa: E402

program, chosen = sys.argv[1], set(sys.argv[2:])
found = Findings()
check, equal = found.check, found.equal
folder = tempfile.mkdtemp(prefix="sweetspot-")
data = folder + "/data"
os.mkdir(data)
pictures = os.environ.get("SWEETSPOT_PICTURES")


class Recorder(http.server.ThreadingHTTPServer):
    """Passes requests on, and keeps what they were: (method, endpoint, parameters, headers, status, bytes)."""
    daemon_threads = True

    def __init__(self, port):
        self.upstream, self.asked = port, []
        super().__init__(("127.0.0.1", 0), Passing)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self):
        return self.server_address[1]

    def of(self, endpoint):
        return [one for one in self.asked if one[1] == endpoint]

    def until(self, condition, seconds):
        end = time.time() + seconds
        while time.time() < end:
            if condition():
                return True
            time.sleep(0.1)
        return False

    def handle_error(self, request, client_address):
        # A player leaves when it has enough.
        pass


class Passing(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def handle_request(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        upstream = http.client.HTTPConnection("127.0.0.1", self.server.upstream, timeout=60)
        upstream.request(self.command, self.path, body or None, {name: value for name, value in self.headers.items() if name.lower() != "connection"})
        answer = upstream.getresponse()
        url = urllib.parse.urlsplit(self.path)
        parameters = urllib.parse.parse_qs(url.query + "&" + body.decode("latin-1"))
        entry = [self.command, url.path.split("/")[-1].removesuffix(".view"), parameters, dict(self.headers), answer.status, 0]
        self.server.asked.append(entry)
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("connection", "transfer-encoding", "date", "server"):
                self.send_header(name, value)
        if answer.headers["Content-Length"] is None and self.command != "HEAD":
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        while self.command != "HEAD" and (part := answer.read(65536)):
            entry[5] += len(part)
            self.wfile.write(part)
        upstream.close()

    do_GET = do_POST = do_HEAD = do_OPTIONS = handle_request


def skipped(name, reason):
    print(f"SKIPPED {name}: {reason}", file=sys.stderr, flush=True)
    found.count(f"SKIPPED {name}")


def plays(one):
    return rest.get("getSong", {"id": one})["song"].get("playCount", 0)


def spare(song, *names):
    """A song's own members of these names."""
    return [song[name] for name in names]


def py_sonic():
    try:
        import libsonic
    except ImportError:
        return skipped("py-sonic", "no module libsonic: pip install py-sonic==1.2.0")
    for legacy in (False, True):
        found.where = f"py-sonic {'p' if legacy else 't and s'}"
        one = libsonic.Connection("http://127.0.0.1", "ada", secret, recorder.port, legacyAuth=legacy, appName="py-sonic")
        check(one.ping(), "ping")
    made = one.createPlaylist(name="py-sonic", songIds=[etude, third])["playlist"]
    share = None
    # A lambda for each method it has; what comes of it.
    calls = {
        "getLicense": lambda: one.getLicense()["license"]["valid"] is True, "getScanStatus": lambda: "scanning" in one.getScanStatus()["scanStatus"],
        "startScan": lambda: one.startScan(), "getMusicFolders": lambda: len(one.getMusicFolders()["musicFolders"]["musicFolder"]) == 1,
        "getNowPlaying": lambda: "nowPlaying" in one.getNowPlaying(), "getIndexes": lambda: one.getIndexes()["indexes"]["index"],
        "getMusicDirectory": lambda: one.getMusicDirectory(album["id"])["directory"]["child"], "search": lambda: one.search(any="e"),
        "search2": lambda: one.search2("Lovelace")["searchResult2"]["song"], "search3": lambda: len(one.search3("", songCount=500)["searchResult3"]["song"]) == count,
        "getPlaylists": lambda: one.getPlaylists()["playlists"]["playlist"], "getPlaylist": lambda: len(one.getPlaylist(made["id"])["playlist"]["entry"]) == 2,
        "scrobble": lambda: (before := plays(third), one.scrobble(third, listenTime=1600000000), plays(third) == before + 1)[-1],
        "getUser": lambda: one.getUser("ada")["user"]["streamRole"] is True, "getChatMessages": lambda: "chatMessages" in one.getChatMessages(),
        "getAlbumList": lambda: one.getAlbumList("newest", size=500)["albumList"]["album"], "getAlbumList2": lambda: one.getAlbumList2("byYear", fromYear=1900, toYear=2030)["albumList2"]["album"],
        "getRandomSongs": lambda: len(one.getRandomSongs(5)["randomSongs"]["song"]) == 5, "getLyrics": lambda: one.getLyrics("The \u00c9dith Trio", "La Vie")["lyrics"]["value"],
        "getPodcasts": lambda: "podcasts" in one.getPodcasts(), "getShares": lambda: "shares" in one.getShares(), "setRating": lambda: one.setRating(etude, 4),
        "getArtists": lambda: one.getArtists()["artists"]["index"], "getArtist": lambda: one.getArtist(artist["id"])["artist"]["album"],
        "getAlbum": lambda: one.getAlbum(album["id"])["album"]["song"], "getSong": lambda: one.getSong(etude)["song"]["id"] == etude, "getVideos": lambda: "videos" in one.getVideos(),
        "getStarred": lambda: "starred" in one.getStarred(), "getStarred2": lambda: "starred2" in one.getStarred2(),
        "updatePlaylist": lambda: (one.updatePlaylist(made["id"], name="py", songIdsToAdd=[etude], songIndexesToRemove=[0]), [e["id"] for e in one.getPlaylist(made["id"])["playlist"]["entry"]] == [third, etude])[-1],
        "star": lambda: (one.star([etude], [album["id"]], [artist["id"]]), len(one.getStarred2()["starred2"]["album"]) == 1)[-1],
        "unstar": lambda: (one.unstar([etude], [album["id"]], [artist["id"]]), not one.getStarred2()["starred2"].get("album"))[-1],
        "getGenres": lambda: one.getGenres()["genres"]["genre"], "getSongsByGenre": lambda: len(one.getSongsByGenre("Electronic")["songsByGenre"]["song"]) == 2,
        "hls": lambda: one.hls(etude, 128).startswith(b"#EXTM3U"), "getInternetRadioStations": lambda: "internetRadioStations" in one.getInternetRadioStations(),
        "createBookmark": lambda: one.createBookmark(etude, 5000, "c"), "getBookmarks": lambda: one.getBookmarks()["bookmarks"]["bookmark"][0]["entry"]["id"] == etude, "deleteBookmark": lambda: one.deleteBookmark(etude),
        "getArtistInfo": lambda: "artistInfo" in one.getArtistInfo(artist["id"]), "getArtistInfo2": lambda: "artistInfo2" in one.getArtistInfo2(artist["id"]),
        "getSimilarSongs": lambda: "similarSongs" in one.getSimilarSongs(etude), "getSimilarSongs2": lambda: "similarSongs2" in one.getSimilarSongs2(artist["id"]),
        "savePlayQueue": lambda: one.savePlayQueue([etude, third], etude, 7000), "getPlayQueue": lambda: one.getPlayQueue()["playQueue"]["position"] == 7000,
        "getTopSongs": lambda: "topSongs" in one.getTopSongs("Ada Lovelace"), "getNewestPodcasts": lambda: "newestPodcasts" in one.getNewestPodcasts(),
        "getAlbumInfo": lambda: "albumInfo" in one.getAlbumInfo(album["id"]), "getAlbumInfo2": lambda: "albumInfo" in one.getAlbumInfo2(album["id"]),
        "download": lambda: one.download(third).read() == third_bytes, "stream": lambda: one.stream(third).read() == third_bytes,
        "getCoverArt": lambda: one.getCoverArt(album["coverArt"], 64).read()[:3] == b"\xff\xd8\xff", "createShare": lambda: one.createShare([etude], "d")["shares"]["share"][0]["url"],
        "updateShare": lambda: one.updateShare(one.getShares()["shares"]["share"][0]["id"], "e"), "deleteShare": lambda: one.deleteShare(one.getShares()["shares"]["share"][0]["id"]),
        "deletePlaylist": lambda: one.deletePlaylist(made["id"]), "ping": one.ping, "createPlaylist": lambda: made["songCount"] == 2}
    del share
    # What this server has not: the client's own error, of the code in the envelope.
    absent = {"refreshPodcasts": (), "createPodcastChannel": ("http://example.org/",), "deletePodcastChannel": ("x",), "deletePodcastEpisode": ("x",), "downloadPodcastEpisode": ("x",),
              "createInternetRadioStation": ("http://example.org/", "n"), "updateInternetRadioStation": ("x", "http://example.org/", "n"), "deleteInternetRadioStation": ("x",),
              "jukeboxControl": ("status",), "addChatMessage": ("m",), "getVideoInfo": ("1",), "getCaptions": ("1",), "deleteUser": ("nobodyelse",), "getUsers": (),
              "createUser": ("eve", "p" * 12, "e@example.org"), "updateUser": ("nobodyelse",), "changePassword": ("nobodyelse", "p" * 12), "getAvatar": ("ada",)}
    # These are of other servers' own paths, or set a member of the client.
    own = {"scanMediaFolders", "cleanupDatabase"}
    for name, call in calls.items():
        found.where = f"py-sonic {name}"
        before = len(recorder.asked)
        try:
            check(call(), "it does not get what it needs")
        except Exception as error:
            check(False, f"{type(error).__name__}: {error}")
        check(len(recorder.asked) > before or name == "createPlaylist", "nothing was asked")
        found.count("py-sonic's methods")
    for name, arguments in absent.items():
        found.where = f"py-sonic {name}"
        try:
            getattr(one, name)(*arguments)
        except libsonic.errors.SonicError:
            pass
        except Exception as error:
            check(False, f"{type(error).__name__}: {error}")
        found.count("py-sonic's methods")
    methods = {name for name, _ in inspect.getmembers(libsonic.Connection, inspect.isfunction) if not name.startswith(("_", "set"))} | {"setRating"}
    found.where = "py-sonic"
    equal(sorted(methods - calls.keys() - absent.keys() - own), [], "methods not called")
    found.where = "py-sonic stream"
    check(all(status == 200 for _, name, _, _, status, _ in recorder.asked if name != "scanMediaFolders"), "every answer has HTTP 200")
    # A minute is given at once: what is longer is paced.
    whole = one.stream(third, maxBitRate=64, tformat="mp3", estimateContentLength=True)
    body = whole.read()
    equal(whole.headers["Content-Length"], str(len(body)), "length of mp3")
    later = one.stream(third, maxBitRate=64, tformat="mp3", timeOffset=52).read()
    check(0.1 < len(later) / len(body) < 0.2, f"timeOffset=52 of 60 gives {len(later)} of {len(body)} bytes")


def py_opensonic():
    try:
        import asyncio
        import libopensonic
    except ImportError:
        return skipped("py-opensonic", "no module libopensonic: pip install py-opensonic==10.4.1")
    del asyncio
    ways = {"t and s": {"username": "ada", "password": secret}, "enc": {"username": "ada", "password": secret, "legacy_auth": True}, "apiKey": {"api_key": secret}}
    for way, credentials in ways.items():
        for use_get in (False, True):
            found.where = f"py-opensonic {way} {'GET' if use_get else 'POST'}"
            one = libopensonic.Connection("http://127.0.0.1", port=recorder.port, use_get=use_get, **credentials)
            try:
                check(one.ping(), "ping")
                check(len(one.get_album(album["id"]).song) == 3, "songs of an album")
            except Exception as error:
                check(False, f"{type(error).__name__}: {error}")
            one.cleanup()
    one = libopensonic.Connection("http://127.0.0.1", "ada", secret, recorder.port)

    def read(answer):
        import asyncio
        return asyncio.run_coroutine_threadsafe(answer.read(), one._loop).result(60)
    try:
        check(one.create_playlist(name="py-opensonic", song_ids=[etude, third]), "create_playlist")
        made = next(each for each in one.get_playlists() if each.name == "py-opensonic")
        calls = {
            "get_license": lambda: one.get_license(), "get_open_subsonic_extensions": lambda: {e.name for e in one.get_open_subsonic_extensions()} >= {"formPost", "transcodeOffset"},
            "get_scan_status": lambda: one.get_scan_status() is not None, "start_scan": lambda: one.start_scan() is not None, "get_now_playing": lambda: one.get_now_playing() is not None, "get_indexes": lambda: one.get_indexes().index, "get_music_directory": lambda: one.get_music_directory(album["id"]).child,
            "search2": lambda: one.search2("Lovelace").song, "search3": lambda: len(one.search3("", song_count=500).song) == count,
            "get_playlists": lambda: one.get_playlists(), "get_playlist": lambda: len(one.get_playlist(made.id).entry) == 2,
            "scrobble": lambda: (before := plays(third), one.scrobble(third), plays(third) == before + 1)[-1], "get_user": lambda: one.get_user("ada").stream_role,
            "get_chat_messages": lambda: one.get_chat_messages() == [], "get_album_list": lambda: one.get_album_list("newest", size=500), "get_album_list2": lambda: one.get_album_list2("random", size=500),
            "get_random_songs": lambda: len(one.get_random_songs(5)) == 5, "get_lyrics": lambda: one.get_lyrics("The \u00c9dith Trio", "La Vie").value,
            "get_lyrics_by_song_id": lambda: [line.start for line in one.get_lyrics_by_song_id(etude)[0].line] == [1000, 2500, 4000, 5000],
            "get_podcasts": lambda: one.get_podcasts() == [], "get_newest_podcasts": lambda: one.get_newest_podcasts() == [], "get_shares": lambda: one.get_shares() is not None,
            "set_rating": lambda: one.set_rating(etude, 3), "get_artists": lambda: one.get_artists().index, "get_artist": lambda: one.get_artist(artist["id"]).album,
            "get_album": lambda: len(one.get_album(album["id"]).song) == 3, "get_song": lambda: one.get_song(etude).id == etude and one.get_song(etude).bit_depth == 16,
            "get_videos": lambda: one.get_videos() is not None, "star": lambda: one.star([etude], [album["id"]], [artist["id"]]), "get_starred": lambda: one.get_starred().song,
            "get_starred2": lambda: one.get_starred2().album, "unstar": lambda: one.unstar([etude], [album["id"]], [artist["id"]]), "get_genres": lambda: one.get_genres(),
            "update_playlist": lambda: one.update_playlist(made.id, name="py2", song_ids_to_add=[etude]), "get_songs_by_genre": lambda: len(one.get_songs_by_genre("Electronic")) == 2,
            "get_internet_radio_stations": lambda: one.get_internet_radio_stations() == [], "create_bookmark": lambda: one.create_bookmark(etude, 5000), "get_bookmarks": lambda: one.get_bookmarks()[0].entry.id == etude,
            "delete_bookmark": lambda: one.delete_bookmark(etude), "get_artist_info": lambda: one.get_artist_info(artist["id"]) is not None, "get_artist_info2": lambda: one.get_artist_info2(artist["id"]) is not None,
            "get_album_info": lambda: one.get_album_info(album["id"]) is not None, "get_album_info2": lambda: one.get_album_info2(album["id"]) is not None, "get_similar_songs": lambda: one.get_similar_songs(etude) is not None,
            "get_similar_songs2": lambda: one.get_similar_songs2(artist["id"]) is not None, "get_top_songs": lambda: one.get_top_songs("Ada Lovelace") is not None,
            "save_play_queue": lambda: one.save_play_queue([etude, third], etude, 7000), "get_play_queue": lambda: one.get_play_queue().position == 7000,
            "save_play_queue_by_index": lambda: one.save_play_queue_by_index([etude, third, etude], 2, 9000), "get_play_queue_by_index": lambda: one.get_play_queue_by_index().current_index == 2,
            "report_playback": lambda: one.report_playback(etude, "song", 30000, "playing"), "get_cover_art": lambda: read(one.get_cover_art(album["coverArt"], 64))[:3] == b"\xff\xd8\xff",
            "download": lambda: read(one.download(third)) == third_bytes, "stream": lambda: read(one.stream(third)) == third_bytes,
            "get_sonic_similar_tracks": lambda: all(0 <= match.similarity <= 1 for match in one.get_sonic_similar_tracks(etude)),
            "find_sonic_path": lambda: one.find_sonic_path(etude, third) is not None, "create_share": lambda: one.create_share([etude], "d"), "delete_share": lambda: one.delete_share(one.get_shares()[0].id),
            "delete_playlist": lambda: one.delete_playlist(made.id), "ping": one.ping, "create_playlist": lambda: made.song_count == 2, "hls": lambda: one.hls(etude, 128) is not None}
        keyed = {"token_info": lambda: key_client.token_info().username == "ada"}
        key_client = libopensonic.Connection("http://127.0.0.1", port=recorder.port, api_key=secret)
        absent = {"refresh_podcasts": (), "create_podcast_channel": ("http://example.org/",), "delete_podcast_channel": ("x",), "delete_podcast_episode": ("x",), "download_podcast_episode": ("x",),
                  "get_podcast_episode": ("x",), "create_internet_radio_station": ("http://example.org/", "n"), "update_internet_radio_station": ("x", "http://example.org/", "n"), "delete_internet_radio_station": ("x",),
                  "jukebox_control": ("status",), "add_chat_message": ("m",), "get_video_info": ("1",), "get_captions": ("1",), "delete_user": ("nobodyelse",), "get_users": (),
                  "create_user": ("eve", "p" * 12, "e@example.org"), "update_user": ("nobodyelse",), "change_password": ("nobodyelse", "p" * 12), "get_avatar": ("ada",)}
        for name, call in {**calls, **keyed}.items():
            found.where = f"py-opensonic {name}"
            try:
                check(call(), "it does not get what it needs")
            except Exception as error:
                check(False, f"{type(error).__name__}: {error}")
            found.count("py-opensonic's methods")
        for name, arguments in absent.items():
            found.where = f"py-opensonic {name}"
            try:
                getattr(one, name)(*arguments)
            except libopensonic.errors.SonicError:
                pass
            except Exception as error:
                check(False, f"{type(error).__name__}: {error}")
            found.count("py-opensonic's methods")
        found.where = "py-opensonic get_transcode_decision"
        try:
            decision = one.get_transcode_decision(etude, "song", {"name": "x", "platform": "y", "maxTranscodingAudioBitrate": 128000, "directPlayProfiles": [
                {"containers": ["mp3"], "audioCodecs": ["mp3"], "protocols": ["http"]}], "transcodingProfiles": [{"container": "mp3", "audioCodec": "mp3", "protocol": "http"}]})
            check(decision.can_transcode and not decision.can_direct_play, f"decision {decision}")
            body = read(one.get_transcode_stream(etude, "song", decision.transcode_params, 60))
            check(len(body) > 500_000, f"{len(body)} bytes from 60 s")
        except Exception as error:
            check(False, f"{type(error).__name__}: {error}")
        # get_music_folders of 10.4.1 takes the object around the list for the list, of any server; its update_share fails before it
        # asks, by a number where its own encoder wants text.
        own = {"cleanup", "get_music_folders", "update_share"}
        methods = {name for name, _ in inspect.getmembers(libopensonic.AsyncConnection, inspect.iscoroutinefunction) if not name.startswith("_")} - own
        found.where = "py-opensonic"
        equal(sorted(methods - calls.keys() - keyed.keys() - absent.keys() - {"get_transcode_decision", "get_transcode_stream"}), [], "methods not called")
        found.where = "py-opensonic stream with timeOffset"
        whole, later = read(one.stream(third, 64, "mp3")), read(one.stream(third, 64, "mp3", time_offset=52, estimate_length=True))
        check(0.1 < len(later) / len(whole) < 0.2, f"timeOffset=52 of 60 gives {len(later)} of {len(whole)} bytes")
        key_client.cleanup()
    finally:
        one.cleanup()


class Process:
    """A program that is ended, with all it started."""

    def __init__(self, command, environment=None, log="log"):
        self.log = open(f"{folder}/{log}", "ab")
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log, start_new_session=True, preexec_fn=lambda: os.nice(10),
                                        env={**os.environ, "HOME": folder, "XDG_CONFIG_HOME": folder + "/config", "XDG_DATA_HOME": folder + "/share",
                                             "XDG_CACHE_HOME": folder + "/cache", "XDG_RUNTIME_DIR": folder + "/run", **(environment or {})})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(10)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            pass
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        self.log.close()


def free_port():
    import socket
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def mopidy():
    for module in ("mopidy", "mopidy_subidy"):
        if subprocess.run([sys.executable, "-c", f"import {module}, gi"], capture_output=True).returncode != 0:
            return skipped("mopidy", f"no module {module} for {sys.executable}: apt install mopidy, pip install Mopidy-Subidy==1.1.0")
    port, recorder.asked[:] = free_port(), []
    with open(folder + "/mopidy.conf", "w") as file:
        file.write(f"""[core]\ncache_dir={folder}/m1\nconfig_dir={folder}/m2\ndata_dir={folder}/m3\n[http]\nenabled=true\nhostname=127.0.0.1\nport={port}\nzeroconf=\ncsrf_protection=false
[audio]\noutput=fakesink sync=true\nmixer=none\n[subidy]\nurl=http://127.0.0.1:{recorder.port}\nusername=ada\npassword={secret}\n[file]\nenabled=false\n[stream]\nenabled=true\n[softwaremixer]\nenabled=false\n""")

    def call(method, **parameters):
        request = urllib.request.Request(f"http://127.0.0.1:{port}/mopidy/rpc", json.dumps({"jsonrpc": "2.0", "id": 1, "method": "core." + method, "params": parameters}).encode(),
                                         {"Content-Type": "application/json"})
        answer = json.load(urllib.request.urlopen(request, timeout=60))
        if "error" in answer:
            raise RuntimeError(str(answer["error"])[:300])
        return answer["result"]

    def ready():
        try:
            return call("playback.get_state") == "stopped"
        except OSError:
            return False
    with Process([sys.executable, "-m", "mopidy", "--config", folder + "/mopidy.conf"], log="mopidy.log"):
        found.where = "mopidy"
        if not check(recorder.until(ready, 60), "it does not start: " + open(folder + "/mopidy.log").read()[-500:]):
            return
        roots = call("library.browse", uri=None)
        check(any(one["uri"].startswith("subidy:") for one in roots), f"roots {roots}")
        artists = call("library.browse", uri="subidy:vdir:artists")
        ada = next((one for one in artists if one["name"] == "Ada Lovelace"), None)
        if not check(ada is not None, f"artists {artists}"):
            return
        albums = call("library.browse", uri=ada["uri"])
        check(any(one["name"].endswith("Numbers & <Signs>") for one in albums), f"albums {albums}")
        songs = call("library.browse", uri=albums[0]["uri"])
        check(len(songs) == 3, f"songs {songs}")
        check(call("library.browse", uri="subidy:vdir:rootdirs"), "no directories")
        result = call("library.search", query={"any": ["Lovelace"]})
        check(any(one.get("tracks") for one in result), f"search {str(result)[:200]}")
        lists = call("playlists.as_list")
        check(any(one["name"] == "Two" for one in lists), f"playlists {lists}")
        call("tracklist.add", uris=[f"subidy:song:{etude}"])
        call("playback.play")
        check(recorder.until(lambda: call("playback.get_time_position") > 1500, 30), f"it does not play: {call('playback.get_state')}")
        requests = len(recorder.of("stream"))
        check(call("playback.seek", time_position=60000), "it does not seek")
        check(recorder.until(lambda: call("playback.get_time_position") > 60500, 20), f"after a seek to 60 s it is at {call('playback.get_time_position')} ms")
        check(len(recorder.of("stream")) > requests and any("Range" in one[3] and one[4] == 206 for one in recorder.of("stream")), f"it seeks by Range: {[(one[3].get('Range'), one[4]) for one in recorder.of('stream')]}")
        call("playback.stop")
        equal([one for one in recorder.asked if one[4] not in (200, 206)], [], "answers of another status")
        found.count("clients that played")


def url_of(song, port=None, **parameters):
    salt = "abcdef"
    return f"http://127.0.0.1:{port or recorder.port}/rest/stream.view?" + urllib.parse.urlencode({
        "u": "ada", "t": token(secret, salt), "s": salt, "v": "1.16.1", "c": "player", "id": song, **parameters})


# The original, every rung that is one file, and wishes that are none's name.
RUNGS = [{}, *({"format": "mp3", "maxBitRate": rate} for rate in (48, 64, 96, 128, 160, 192, 256, 320)),
         *({"format": "opus", "maxBitRate": rate} for rate in (24, 32, 48, 64, 96, 128, 160)),
         {"format": "aac", "maxBitRate": 128}, {"format": "flac"}, {"maxBitRate": 64}]


def mpv():
    if shutil.which("mpv") is None:
        return skipped("mpv", "not installed: apt install mpv")
    for parameters in RUNGS:
        found.where = f"mpv {parameters}"
        # Speed 100 as fast as it comes: the clock of a null output does not wait.
        told = subprocess.run(["mpv", "--no-config", "--ao=null", "--untimed", "--vo=null", "--no-video", "--start=60", "--length=3", "--term-status-msg=AT ${=time-pos} OF ${=duration}",
                               "--msg-level=all=error,statusline=status", url_of(etude, **parameters)], capture_output=True, text=True, timeout=120)
        places = [tuple(map(float, match)) for match in re.findall(r"AT ([\d.]+) OF ([\d.]+)", told.stdout + told.stderr)]
        if check(told.returncode == 0 and places, f"status {told.returncode}: {(told.stdout + told.stderr)[-300:]}"):
            check(abs(places[-1][1] - music.SECONDS) < 0.1, f"a length of {places[-1][1]} s")
            check(any(59.5 < at < 63.5 for at, _ in places), f"sought to 60 s it is at {places[:3]}")
            found.count("streams sought in by mpv")
    found.count("clients that played")


def vlc():
    if shutil.which("cvlc") is None:
        return skipped("VLC", "not installed: apt install vlc-bin vlc-plugin-base")
    for parameters in RUNGS:
        found.where = f"VLC {parameters}"
        port = free_port()
        # VLC does not run as root.
        command = ["cvlc", "--no-video", "--aout", "adummy", "--extraintf", "rc", "--rc-host", f"127.0.0.1:{port}", "--no-rc-fake-tty", url_of(etude, **parameters)]
        if os.geteuid() == 0:
            command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *command]
        os.chmod(folder, 0o755)
        with Process(command, {"HOME": "/tmp", "XDG_CONFIG_HOME": "/tmp", "XDG_DATA_HOME": "/tmp", "XDG_CACHE_HOME": "/tmp"}, log="vlc.log"):
            import socket

            def say(text):
                try:
                    with socket.create_connection(("127.0.0.1", port), timeout=5) as one:
                        one.sendall((text + "\n").encode())
                        one.settimeout(0.7)
                        heard = b""
                        try:
                            while part := one.recv(4096):
                                heard += part
                        except TimeoutError:
                            pass
                        return [int(line) for line in re.findall(r"^(?:> )*(\d+)\s*$", heard.decode(errors="replace"), re.MULTILINE)]
                except OSError:
                    return []
            playing = recorder.until(lambda: (say("get_time") or [0])[-1] > 0, 25)
            length = (say("get_length") or [0])[-1]
            say("seek 60")
            sought = recorder.until(lambda: (say("get_time") or [0])[-1] >= 60, 10)
            at = (say("get_time") or [0])[-1]
        check(playing and length in (music.SECONDS - 1, music.SECONDS), f"plays {playing}, a length of {length} s: " + open(folder + "/vlc.log").read()[-200:])
        check(sought and at < 75, f"sought to 60 s it is at {at}")
        found.count("streams sought in by VLC")
    found.count("clients that played")


class Screen:
    """An X server without a screen."""

    def __enter__(self):
        self.number = next(number for number in range(90, 200) if not os.path.exists(f"/tmp/.X11-unix/X{number}"))
        self.process = Process(["Xvfb", f":{self.number}", "-screen", "0", "1440x900x24", "-nolisten", "tcp"], log="xvfb.log").__enter__()
        recorder.until(lambda: os.path.exists(f"/tmp/.X11-unix/X{self.number}"), 20)
        return {"DISPLAY": f":{self.number}", "LIBGL_ALWAYS_SOFTWARE": "1", "QT_QPA_PLATFORM": "xcb", "GTK_USE_PORTAL": "0", "NO_AT_BRIDGE": "1"}

    def __exit__(self, *_):
        self.process.__exit__()


def picture_of(display, name):
    """A screenshot, where one is wanted."""
    if pictures and shutil.which("ffmpeg"):
        subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "x11grab", "-video_size", "1440x900", "-i", display["DISPLAY"], "-frames:v", "1", f"{pictures}/{name}.png"], capture_output=True, timeout=30)


# A sound card that takes sound as fast as one that is heard.
SOUND = "pulseaudio -n --daemonize=no --disallow-exit --exit-idle-time=-1 -L module-native-protocol-unix -L 'module-null-sink sink_name=null' 2>/dev/null & sleep 3"


def click(display, x, y):
    subprocess.run(["xdotool", "mousemove", str(x), str(y), "click", "1"], env={**os.environ, **display}, check=True, timeout=30)
    time.sleep(3)


def needs(*tools):
    return next((tool for tool in tools if shutil.which(tool) is None), None)


def sublime_music():
    if missing := needs("sublime-music", "Xvfb", "dbus-run-session"):
        return skipped("Sublime Music", f"{missing} is not installed: apt install sublime-music xvfb dbus")
    recorder.asked[:] = []
    os.makedirs(folder + "/config/sublime-music", exist_ok=True)
    os.makedirs(folder + "/run", mode=0o700, exist_ok=True)
    with open(folder + "/config/sublime-music/config.json", "w") as file:
        json.dump({"version": 5, "cache_location": folder + "/sublime", "providers": {"one": {
            "id": "one", "name": "one", "ground_truth_adapter_type": "SubsonicAdapter", "ground_truth_adapter_config": {
                "server_address": f"http://127.0.0.1:{recorder.port}", "username": "ada", "password": ["plaintext", secret], "verify_cert": True, "sync_enabled": True, "salt_auth": True},
            "caching_adapter_type": "FilesystemAdapter", "caching_adapter_config": {}}}, "current_provider_id": "one", "song_play_notification": False, "player_config": {
                "Local Playback": {"Replay Gain": "Disabled"}, "Chromecast": {"Serve Local Files to Chromecasts on the LAN": False, "LAN Server Port Number": 6969}}}, file)
    script = f"""import sys, time, gi
from gi.repository import Gio, GLib
bus = Gio.bus_get_sync(Gio.BusType.SESSION)
def call(interface, method, arguments=None):
    return bus.call_sync("org.mpris.MediaPlayer2.sublimemusic", "/org/mpris/MediaPlayer2", interface, method, arguments, None, 0, 20000, None)
for _ in range(120):
    try:
        lists = call("org.mpris.MediaPlayer2.Playlists", "GetPlaylists", GLib.Variant("(uusb)", (0, 50, "Alphabetical", False))).unpack()[0]
        if lists:
            break
    except GLib.Error as error:
        print(error, file=sys.stderr)
    time.sleep(0.5)
print("PLAYLISTS", lists, flush=True)
one = [place for place, name, *_ in lists if name == "Two"][0]
call("org.mpris.MediaPlayer2.Playlists", "ActivatePlaylist", GLib.Variant("(o)", (one,)))
time.sleep(20)
"""
    with open(folder + "/mpris.py", "w") as file:
        file.write(script)
    before = plays(etude)
    with Screen() as display, Process(["dbus-run-session", "--", "sh", "-c", f"mpv --version >/dev/null; sublime-music & /usr/bin/python3 {folder}/mpris.py; kill %1"],
                                      {**display, "PYTHONUNBUFFERED": "1", "AO": "null", "SDL_AUDIODRIVER": "dummy"}, log="sublime.log"):
        found.where = "Sublime Music"
        check(recorder.until(lambda: recorder.of("getPlaylists") and recorder.of("getAlbumList2"), 60), f"it does not sync by itself: {sorted({one[1] for one in recorder.asked})}")
        check(recorder.until(lambda: recorder.of("stream"), 60), "it does not stream what MPRIS asks it to play: " + open(folder + "/sublime.log").read()[-600:])
        check(recorder.until(lambda: recorder.of("scrobble"), 25), "it does not scrobble")
        picture_of(display, "sublime-music")
    check(plays(etude) > before or plays(third) > 0, "no play was counted")
    equal([one[:2] + one[4:] for one in recorder.asked if one[4] not in (200, 206)], [], "answers of another status")
    found.figures["requests of Sublime Music"] = len(recorder.asked)
    found.count("clients that played")


def strawberry():
    if missing := needs("strawberry", "Xvfb", "dbus-run-session", "pulseaudio", "xdotool"):
        return skipped("Strawberry", f"{missing} is not installed: apt install strawberry xvfb dbus pulseaudio xdotool")
    recorder.asked[:] = []
    settings = configparser.RawConfigParser()
    settings.optionxform = str
    settings["General"] = {}
    settings["MainWindow"] = {"showsidebar": "true", "do_not_show_sponsor_message": "true"}
    settings["Behaviour"] = {"showtrayicon": "false", "startupbehaviour": "1"}
    settings["Backend"] = {"output": "pulsesink", "engine": "gstreamer"}
    settings["Scrobbler"] = {"enabled": "true", "scrobble_button": "true"}
    settings["Subsonic"] = {"enabled": "true", "url": f"http://127.0.0.1:{recorder.port}", "username": "ada", "password": base64.b64encode(secret.encode()).decode(), "http2": "false",
                            "verifycertificate": "false", "downloadalbumcovers": "true", "serversidescrobbling": "true", "authmethod": "1"}
    os.makedirs(folder + "/config/strawberry", exist_ok=True)
    os.makedirs(folder + "/run", mode=0o700, exist_ok=True)
    with open(folder + "/config/strawberry/strawberry.conf", "w") as file:
        settings.write(file, space_around_delimiters=False)
    with Screen() as display, Process(["dbus-run-session", "--", "sh", "-c", f"{SOUND}; strawberry --load subsonic:{third} --play"], display, log="strawberry.log"):
        found.where = "Strawberry"
        check(recorder.until(lambda: any(one[5] >= len(third_bytes) for one in recorder.of("stream")), 90), f"it does not stream: {[one[:2] + one[4:] for one in recorder.asked]} " + open(folder + "/strawberry.log").read()[-500:])
        time.sleep(3)
        # It lists a library when it is told to, in its own window: its tab, and the text in the middle of that.
        click(display, 41, 612)
        click(display, 165, 215)
        check(recorder.until(lambda: len(recorder.of("getAlbum")) >= 10, 60), f"it does not list: {sorted({one[1] for one in recorder.asked})}")
        check(recorder.until(lambda: recorder.of("getCoverArt"), 30), "it asks for no covers")
        picture_of(display, "strawberry")
        # It tells what plays. A play it does not submit for a song that was loaded by its id, however long it plays.
        check(recorder.until(lambda: recorder.of("scrobble"), 20), "it does not tell what plays")
    equal([one[:2] + one[4:] for one in recorder.asked if one[4] not in (200, 206)], [], "answers of another status")
    found.figures["requests of Strawberry"] = len(recorder.asked)
    found.count("clients that played")


def clementine():
    if missing := needs("clementine", "Xvfb", "dbus-run-session"):
        return skipped("Clementine", f"{missing} is not installed: apt install clementine xvfb dbus")
    recorder.asked[:] = []
    os.makedirs(folder + "/config/Clementine", exist_ok=True)
    os.makedirs(folder + "/run", mode=0o700, exist_ok=True)
    with open(folder + "/config/Clementine/Clementine.conf", "w") as file:
        file.write(f"[Subsonic]\nserver=http://127.0.0.1:{recorder.port}\nusername=ada\npassword={secret}\nusesslv3=false\n\n[GstEngine]\nsink=fakesink\n")
    with Screen() as display, Process(["dbus-run-session", "--", "sh", "-c", f"clementine & sleep 12; clementine --load 'subsonic://?id={third}'; sleep 1; clementine --play; wait"],
                                      display, log="clementine.log"):
        found.where = "Clementine"
        check(recorder.until(lambda: recorder.of("ping"), 60), "it does not log in: " + open(folder + "/clementine.log").read()[-500:])
        check(recorder.until(lambda: any(one[5] > 0 for one in recorder.of("stream")), 40), f"it does not stream: {[one[:2] + one[4:] for one in recorder.asked]}")
        time.sleep(3)
        picture_of(display, "clementine")
    equal([one[:2] + one[4:] for one in recorder.asked if one[4] not in (200, 206)], [], "answers of another status")
    found.figures["requests of Clementine"] = len(recorder.asked)
    found.count("clients that played")


CLIENTS = {"py-sonic": py_sonic, "py-opensonic": py_opensonic, "mopidy": mopidy, "mpv": mpv, "vlc": vlc, "sublime-music": sublime_music, "strawberry": strawberry, "clementine": clementine}

try:
    key = account(program, data, "ada", "stream,library,upload,admin")
    secret = app_password(program, data, "ada")
    server = Server(program, data, arguments=())
    rest = Rest(server.port, "ada", secret)
    documents = music.upload(server, key, music.make(folder))
    count = len(documents)
    etude, third = documents["01 etude.flac"]["id"], documents["03 second disc.mp3"]["id"]
    with open(folder + "/03 second disc.mp3", "rb") as file:
        third_bytes = file.read()
    album = next(one for one in rest.get("getAlbumList2", {"type": "newest", "size": 500})["albumList2"]["album"] if one["name"] == "Numbers & <Signs>")
    artist = next(one for index in rest.get("getArtists")["artists"]["index"] for one in index["artist"] if one["name"] == "Ada Lovelace")
    rest.get("createPlaylist", [("name", "Two"), ("songId", etude), ("songId", third)])
    recorder = Recorder(server.port)
    for name, drive in CLIENTS.items():
        if chosen and name not in chosen:
            continue
        found.where = name
        before = len(found.problems)
        try:
            drive()
            found.count("clients")
        except Exception as error:
            check(False, f"{type(error).__name__}: {error}")
        print(f"{'ok  ' if len(found.problems) == before else 'FAIL'} {name}", file=sys.stderr, flush=True)
    rest.close()
    recorder.shutdown()
    found.where = "server"
    equal(server.stop(), 0, "status at its end")
finally:
    shutil.rmtree(folder, ignore_errors=True)
found.end()
