"""What people would use instead, each behind the same three calls: start, a URL for a track, end."""
import http.client
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
from pathlib import Path

SUPYSONIC = ("supysonic==0.7.9", "waitress==3.0.2")
# As Navidrome and gonic call it, at our encoder effort.
ENCODER = ("-c:a", "libmp3lame", "-b:a", "128k", "-compression_level", "3", "-f", "mp3", "-")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def tree(pid):
    """A process and all below it."""
    pids = [int(pid)]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            pids += tree(child)
    return pids


def pss(pids):
    """Megabytes, what is shared being shared out."""
    total = 0
    for pid in pids:
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        total += int(next(line for line in text.splitlines() if line.startswith("Pss:")).split()[1])
    return total / 1024


def cpu(pids):
    """Processor seconds, with those of children that have ended."""
    ticks = 0
    for pid in pids:
        try:
            ticks += sum(map(int, Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:15]))
        except OSError:
            continue
    return ticks / os.sysconf("SC_CLK_TCK")


def wait_for(port, seconds=20):
    for _ in range(seconds * 20):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(f"nobody listens on {port}")


class FFmpegPerRequest:
    """`ffmpeg` per request behind a small HTTP server, which knows no length and no range."""
    name = "ffmpeg per request"

    def __init__(self, folder, tracks):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_HEAD(self):
                self.send_response(200)
                self.send_header("Content-Type", "audio/mpeg")
                self.end_headers()

            def do_GET(self):
                path = tracks[int(urllib.parse.urlparse(self.path).path.strip("/"))]
                start = urllib.parse.parse_qs(urllib.parse.urlparse(self.path).query).get("start", ["0"])[0]
                process = subprocess.Popen(
                    ["ffmpeg", "-v", "error", "-threads", "1", "-ss", start, "-i", path, *ENCODER], stdout=subprocess.PIPE)
                self.send_response(200)
                self.send_header("Content-Type", "audio/mpeg")
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                try:
                    while piece := process.stdout.read1(1 << 16):
                        self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
                    self.wfile.write(b"0\r\n\r\n")
                except OSError:
                    pass
                finally:
                    process.kill()
                    process.wait()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.port = self.server.server_port

    def url(self, track, seconds=0):
        return f"/{track}?start={seconds}"

    def pids(self):
        """The encoders alone: the wrapper is this program."""
        return [pid for pid in tree(os.getpid())[1:] if "ffmpeg" in Path(f"/proc/{pid}/comm").read_text()]

    def end(self):
        self.server.shutdown()
        self.server.server_close()


class Supysonic:
    """supysonic of PyPI, in a virtual environment of its own, with ffmpeg as its transcoder."""
    name = "supysonic + ffmpeg"

    def __init__(self, folder, tracks):
        environment = folder / "supysonic"
        subprocess.run(["/usr/bin/python3", "-m", "venv", environment], check=True)
        subprocess.run([environment / "bin/pip", "install", "--quiet", "--disable-pip-version-check", *SUPYSONIC], check=True)
        home = folder / "home"
        music = folder / "supysonic-music"
        music.mkdir()
        for track in tracks:
            os.link(track, music / track.name)
        home.mkdir()
        (home / "supysonic.conf").write_text(
            f"[base]\ndatabase_uri = sqlite:///{home}/supysonic.db\n[webapp]\ncache_dir = {home}/cache\nlog_file = {home}/log\n"
            "[transcoding]\ntranscoder_flac_mp3 = ffmpeg -v error -threads 1 -i %srcpath -c:a libmp3lame -b:a %outratek"
            " -compression_level 3 -f mp3 -\n")

        def cli(*arguments):
            subprocess.run([environment / "bin/supysonic-cli", *arguments], cwd=home, check=True, capture_output=True)

        cli("user", "add", "listener", "-p", "listener")
        cli("folder", "add", "music", str(music))
        cli("folder", "scan", "-f", "music")
        self.port = free_port()
        self.process = subprocess.Popen(
            [environment / "bin/supysonic-server", "-S", "waitress", "-h", "127.0.0.1", "-p", str(self.port), "--threads", "32"], cwd=home,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(self.port)
        self.query = "u=listener&p=listener&c=bench&v=1.8.0&f=json"
        songs = {}
        for _ in range(20):
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/rest/getRandomSongs.view?size=500&{self.query}") as reply:
                for song in json.load(reply)["subsonic-response"]["randomSongs"]["song"]:
                    songs[Path(song["path"]).name] = song["id"]
        self.songs = [songs[track.name] for track in tracks]

    def url(self, track, seconds=0):
        return f"/rest/stream.view?id={self.songs[track]}&maxBitRate=128&format=mp3&{self.query}"

    def pids(self):
        return tree(self.process.pid)

    def end(self):
        self.process.terminate()
        self.process.wait(20)


class Nginx:
    """One worker of nginx, serving the finished file."""
    name = "nginx, finished file"

    def __init__(self, folder, file, core=None):
        self.port = free_port()
        root = folder / "www"
        root.mkdir()
        shutil.copy(file, root / "f.mp3")
        (folder / "nginx.conf").write_text(
            f"worker_processes 1; daemon off; user root; pid {folder}/nginx.pid; error_log {folder}/nginx.log;\n"
            f"events {{}}\nhttp {{ access_log off; sendfile on; keepalive_requests 100000000; types {{ audio/mpeg mp3; }}\n"
            f"server {{ listen 127.0.0.1:{self.port}; root {root}; }} }}\n")
        command = ["nginx", "-c", str(folder / "nginx.conf")]
        self.process = subprocess.Popen(command if core is None else ["taskset", "-c", str(core), *command])
        wait_for(self.port)

    def url(self, track=0, seconds=0):
        return "/f.mp3"

    def pids(self):
        return tree(self.process.pid)

    def end(self):
        self.process.terminate()
        self.process.wait(20)


def first_byte(port, url, beyond=0, headers=None):
    """Milliseconds until the byte behind `beyond` of the body, and the status."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.connect()
    start = time.perf_counter()
    connection.request("GET", url, headers=headers or {})
    response = connection.getresponse()
    left = beyond + 1
    while left > 0 and (piece := response.read1(min(left, 1 << 16))):
        left -= len(piece)
    milliseconds = (time.perf_counter() - start) * 1000
    connection.close()
    return milliseconds, response.status


def whole(port, url, method="GET"):
    """Seconds, bytes and the length that was announced, if any."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    start = time.perf_counter()
    connection.request(method, url)
    response = connection.getresponse()
    announced = response.getheader("Content-Length")
    size = 0
    while piece := response.read(1 << 16):
        size += len(piece)
    seconds = time.perf_counter() - start
    connection.close()
    return seconds, size, announced
