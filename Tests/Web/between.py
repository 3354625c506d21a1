"""A proxy between a browser and a server: it notes what was asked for and how much of it was sent, adds pages of a test's own, answers in
the server's place, and can be as narrow as a network, gone, or silent."""
import http.client
import http.server
import socket
import threading
import time

PIECE = 8192
HOP = {"connection", "keep-alive", "transfer-encoding", "upgrade", "proxy-connection", "te", "trailer"}


class Between:
    """`log` has one document for each request, in their order: method, path, status, range, sent (bytes of the body), asked and ended (seconds
    of the monotonic clock), whole (whether the body came to its end)."""

    def __init__(self, port, pages=None):
        self.upstream, self.pages, self.posted, self.log = port, pages or {}, {}, []
        # Given a path and the request's headers: None, or (status, headers, body) in the server's place.
        self.answer = lambda path, headers: None
        # Given a path: whether its request has to wait before the server hears of it.
        self.hold = lambda path: False
        # kbit/s to the browser, None for what the machine has; seconds before an answer begins.
        self.rate, self.latency = None, 0
        self.is_cut, self.cuts_at = False, None
        self.is_hung = False
        self.open = set()
        self.lock, self.free_at = threading.Lock(), 0.0
        between = self

        class Handler(_Handler):
            owner = between

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_port
        self.base = "http://127.0.0.1:%d" % self.port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def cut(self):
        """The network is gone: what is on its way ends, and nothing answers."""
        self.is_cut = True
        for one in list(self.open):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def cut_within(self, path, sent):
        """The network goes in the middle of a download: once that many bytes of a path with this text have been sent."""
        self.cuts_at = (path, sent)

    def hang(self):
        """The network is silent: nothing is answered, and nothing fails. What was under way stays silent for ever."""
        self.is_hung = True

    def hear_silence(self):
        while self.is_hung and not self.is_cut:
            time.sleep(0.02)
            if not self.is_hung:
                while not self.is_cut:
                    time.sleep(0.1)

    def mend(self):
        self.is_cut, self.cuts_at, self.is_hung = False, None, False

    def wait_for(self, size):
        """As long as `size` bytes take on this network; all connections share it."""
        if not self.rate:
            return
        with self.lock:
            start = max(time.monotonic(), self.free_at)
            self.free_at = start + size * 8 / (self.rate * 1000)
            end = self.free_at
        time.sleep(max(0, end - time.monotonic()))

    def close(self):
        self.cut()
        self.server.shutdown()
        self.server.server_close()


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Answers of two small writes would wait for acknowledgements.
    disable_nagle_algorithm = True
    owner = None

    def setup(self):
        super().setup()
        self.owner.open.add(self.connection)
        if self.owner.is_cut:
            self.connection.shutdown(socket.SHUT_RDWR)

    def finish(self):
        self.owner.open.discard(self.connection)
        try:
            super().finish()
        except OSError:
            pass

    def log_message(self, *_):
        pass

    def handle_one_request(self):
        try:
            super().handle_one_request()
        except (OSError, http.client.HTTPException):
            self.close_connection = True

    def serve(self):
        entry = {"method": self.command, "path": self.path, "range": self.headers["Range"], "status": 0, "sent": 0, "whole": False,
                 "asked": time.monotonic(), "ended": None, "headers": dict(self.headers)}
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        own = self.path.split("?")[0]
        if own in self.owner.pages and self.command == "GET":
            kind, data = self.owner.pages[own]
            return self.reply(200, {"Content-Type": kind, "Cache-Control": "no-store"}, data)
        if own.startswith("/probe/") and self.command == "POST":
            self.owner.posted[own] = body
            return self.reply(204, {}, b"")
        self.owner.log.append(entry)
        given = self.owner.answer(self.path, self.headers)
        if given is not None:
            entry.update(status=given[0], whole=True, ended=time.monotonic())
            return self.reply(*given)
        while self.owner.hold(self.path) and not self.owner.is_cut:
            time.sleep(0.02)
        time.sleep(self.owner.latency)
        self.owner.hear_silence()
        self.forward(entry, body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = serve

    def reply(self, status, headers, data):
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def forward(self, entry, body):
        inner = http.client.HTTPConnection("127.0.0.1", self.owner.upstream, timeout=600)
        try:
            headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
            inner.request(self.command, self.path, body or None, headers)
            answer = inner.getresponse()
            entry["status"] = answer.status
            self.send_response_only(answer.status)
            length = answer.headers["Content-Length"]
            for name, value in answer.headers.items():
                if name.lower() not in HOP:
                    self.send_header(name, value)
            has_body = self.command != "HEAD" and answer.status not in (204, 304)
            is_chunked = has_body and length is None
            if is_chunked:
                self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            while has_body:
                data = answer.read1(PIECE)
                if not data:
                    break
                self.owner.wait_for(len(data))
                self.owner.hear_silence()
                if self.owner.is_cut:
                    raise ConnectionResetError
                self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data) if is_chunked else data)
                entry["sent"] += len(data)
                if self.owner.cuts_at and self.owner.cuts_at[0] in self.path and entry["sent"] >= self.owner.cuts_at[1]:
                    self.owner.cut()
            if is_chunked:
                self.wfile.write(b"0\r\n\r\n")
            entry["whole"] = True
        finally:
            entry["ended"] = time.monotonic()
            inner.close()
