"""A proxy between a browser and a server on the loopback interface, as wide and as quick as a network is said to be. It keeps a log of what
was asked for."""
import asyncio
import threading
import time


class Narrow:
    """Listens on a free port; all connections share one rate of kbit/s towards the browser."""

    def __init__(self, port):
        self.upstream = port
        self.rate, self.delay = 1_000_000.0, 0.0
        self.log = []
        self.free_at = 0.0
        ready = threading.Event()
        threading.Thread(target=lambda: asyncio.run(self._serve(ready)), daemon=True).start()
        ready.wait()

    def be(self, rate, delay):
        self.rate, self.delay = rate, delay

    async def _serve(self, ready):
        server = await asyncio.start_server(self._connection, "127.0.0.1", 0, limit=1 << 20)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await server.serve_forever()

    async def _connection(self, reader, writer):
        """One connection; requests come one after another, and none has a body."""
        try:
            inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self.upstream, limit=1 << 20)
        except OSError:
            return writer.close()
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                method, path = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")[:2]
                entry = {"path": path, "asked": time.monotonic(), "rate": self.rate, "bytes": 0}
                self.log.append(entry)
                await asyncio.sleep(self.delay)
                inner_writer.write(head)
                answer = await inner_reader.readuntil(b"\r\n\r\n")
                fields = dict(line.lower().split(b": ", 1) for line in answer.split(b"\r\n")[1:] if b": " in line)
                entry["status"] = int(answer.split(b" ", 2)[1])
                left = 0 if method == "HEAD" or entry["status"] == 304 else int(fields.get(b"content-length", 0))
                await self._send(writer, answer)
                while left:
                    piece = await inner_reader.read(min(left, 4096))
                    if not piece:
                        return
                    left -= len(piece)
                    await self._send(writer, piece)
                    entry["bytes"] += len(piece)
                entry["arrived"] = time.monotonic()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            inner_writer.close()

    async def _send(self, writer, data):
        """Each piece takes the time its bits take, behind those of other connections; a change of rate tells from the next on."""
        start = max(time.monotonic(), self.free_at)
        self.free_at = start + len(data) * 8 / (self.rate * 1000)
        await asyncio.sleep(self.free_at - time.monotonic())
        writer.write(data)
        await writer.drain()
