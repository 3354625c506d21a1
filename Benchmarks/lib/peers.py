"""What people would use instead, and we ourselves, each behind the same calls.

`start` and `seek` give a URL, request fields and the count of body bytes in front of the sound that is waited for: one with ranges is
asked for a range, one with a start time for that, any other is read up to there. `pids` are the processes that serve.
"""
import http.server
import json
import os
import shutil
import socket
import subprocess
import threading
import time
import urllib.parse
import urllib.request

from .commands import make_python
from .measures import tree
from .sweetspot import Server

# Seconds of a track, bytes of it a second as MP3 of 128 kbit/s, and how far in a seek goes.
SECONDS = 160
RATE = 16_000
FAR = 0.9
SUPYSONIC = ("supysonic==0.7.9", "waitress==3.0.2")
# As Navidrome and gonic call it, at our encoder effort.
ENCODER = ("-c:a", "libmp3lame", "-b:a", "128k", "-compression_level", "5", "-f", "mp3")


class Sweetspot(Server):
    """Our server, which keeps nothing: every request renders."""
    name = "sweetspot"

    def __init__(self, music, data):
        super().__init__(music, data)
        items = json.loads(self.request("/api/v1/tracks?limit=500&sort=title")[2])["items"]
        streams = [next(rung for rung in item["renditions"] if rung["name"] == "mp3-128") for item in items]
        self.urls = [stream["url"].split("?")[0] for stream in streams]
        self.length = streams[0]["bytes"]

    def url(self, track):
        return self.urls[track]

    def whole(self, track):
        """A download: without it what lies far ahead is sent at the pace of listening."""
        return self.url(track) + "?download=1"

    def start(self, track):
        return self.url(track), {"Range": "bytes=4096-"}, 0

    def seek(self, track):
        return self.url(track), {"Range": f"bytes={int(self.length * FAR)}-"}, 0

    def pids(self):
        return tree(self.process.pid)

    def forget(self):
        """Nothing was kept."""


class FFmpegPerRequest:
    """`ffmpeg` per request behind a small HTTP server, which knows no length and no range."""
    name = "ffmpeg per request"

    def __init__(self, tracks):
        peer = self
        self.encoders = set()
        self.ended = 0.0

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def begin(self):
                self.send_response(200)
                self.send_header("Content-Type", "audio/mpeg")
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()

            def do_HEAD(self):
                self.begin()

            def do_GET(self):
                url = urllib.parse.urlparse(self.path)
                start = urllib.parse.parse_qs(url.query).get("start", ["0"])[0]
                process = subprocess.Popen(
                    ["ffmpeg", "-v", "error", "-threads", "1", "-ss", start, "-i", tracks[int(url.path.strip("/"))], *ENCODER, "-"],
                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
                peer.encoders.add(process.pid)
                try:
                    self.begin()
                    while piece := process.stdout.read1(1 << 16):
                        self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
                    self.wfile.write(b"0\r\n\r\n")
                except OSError:
                    self.close_connection = True
                finally:
                    peer.end_encoder(process)

            def log_message(self, *_):
                pass

        self.lock = threading.Lock()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.port = self.server.server_port

    def end_encoder(self, process):
        process.kill()
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
        process.stdout.close()
        with self.lock:
            self.encoders.discard(process.pid)
            self.ended += usage.ru_utime + usage.ru_stime

    def url(self, track):
        return f"/{track}"

    whole = url

    def start(self, track):
        return self.url(track), {}, 4096

    def seek(self, track):
        return f"/{track}?start={SECONDS * FAR:g}", {}, 0

    def pids(self):
        """The encoders alone: the HTTP server is this program."""
        return list(self.encoders)

    def forget(self):
        """Nothing was kept."""

    def end(self):
        self.server.shutdown()
        self.server.server_close()


class Supysonic:
    """supysonic of PyPI in a virtual environment of its own, with ffmpeg as its transcoder; no start times, no length."""
    name = "supysonic + ffmpeg"

    def __init__(self, folder, tracks):
        programs = self.install()
        home, music = folder / "supysonic", folder / "supysonic-music"
        for made in (home, music):
            made.mkdir()
        for track in tracks:
            os.link(track, music / track.name)
        self.kept = home / "cache/transcodes"
        (home / "supysonic.conf").write_text(
            f"[base]\ndatabase_uri = sqlite:///{home}/supysonic.db\n[webapp]\ncache_dir = {home}/cache\nlog_file = {home}/log\n"
            f"[transcoding]\ntranscoder_flac_mp3 = ffmpeg -v error -threads 1 -i %srcpath {' '.join(ENCODER)} -\n")
        for arguments in (("user", "add", "listener", "-p", "listener"), ("folder", "add", "music", str(music)),
                          ("folder", "scan", "-f", "music")):
            subprocess.run([programs / "supysonic-cli", *arguments], cwd=home, check=True, capture_output=True)
        self.port = free_port()
        self.process = subprocess.Popen(
            [programs / "supysonic-server", "-S", "waitress", "-h", "127.0.0.1", "-p", str(self.port), "--threads", "32"], cwd=home,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(self.port)
        self.query = "u=listener&p=listener&c=bench&v=1.8.0&f=json"
        listing = f"http://127.0.0.1:{self.port}/rest/search2.view?query=Track&songCount=500&{self.query}"
        with urllib.request.urlopen(listing, timeout=20) as reply:
            songs = {song["title"]: song["id"] for song in json.load(reply)["subsonic-response"]["searchResult2"]["song"]}
        self.songs = [songs[f"Track {number}"] for number in range(len(tracks))]

    @staticmethod
    def install():
        """Where its programs are; made once."""
        return make_python("supysonic", SUPYSONIC, seconds=120) / "bin"

    def url(self, track):
        return f"/rest/stream.view?id={self.songs[track]}&maxBitRate=128&format=mp3&{self.query}"

    whole = url

    def start(self, track):
        return self.url(track), {}, 4096

    def seek(self, track):
        return self.url(track), {}, int(SECONDS * RATE * FAR)

    def pids(self):
        return tree(self.process.pid)

    def forget(self):
        """What it kept of whole transcodes would make the next one warm."""
        for file in self.kept.glob("*.mp3"):
            file.unlink()

    def end(self):
        self.process.terminate()
        self.process.wait(20)


class Nginx:
    """One worker of nginx on one core, serving the finished file."""

    def __init__(self, folder, file, core):
        self.port = free_port()
        root = folder / "www"
        root.mkdir()
        shutil.copy(file, root / "finished.mp3")
        user = "user root; " if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(
            f"worker_processes 1; daemon off; {user}pid {folder}/nginx.pid; error_log {folder}/nginx.log;\n"
            f"events {{}}\nhttp {{ access_log off; sendfile on; tcp_nopush off; keepalive_requests 100000000; types {{ audio/mpeg mp3; }}\n"
            f"server {{ listen 127.0.0.1:{self.port}; root {root}; }} }}\n")
        self.process = subprocess.Popen(["taskset", "-c", str(core), "nginx", "-c", str(folder / "nginx.conf")])
        wait_for(self.port)

    def pids(self):
        return tree(self.process.pid)

    def end(self):
        self.process.terminate()
        self.process.wait(20)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, seconds=20):
    for _ in range(seconds * 20):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(f"nobody listens on {port}")
