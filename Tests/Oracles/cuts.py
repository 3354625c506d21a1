"""Resumable uploads whose connections are cut at random bytes, while the server is killed now and then: every file has to arrive as it is,
and what was sent again after a cut is counted."""
import hashlib
import json
import os
import random
import shutil
import socket
import struct
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(__file__))
from server import Server, song  # noqa: E402

program, count = sys.argv[1], int(sys.argv[2])
generator = random.Random(60)
problems, figures = [], {"uploads": count, "cuts": 0, "kills": 0, "most sent again MiB": 0.0, "sent again MiB": 0.0}
folder = tempfile.mkdtemp(prefix="sweetspot-")
server = Server(program, folder + "/data")


def send(place, offset, body, end):
    """Sends body[offset:end] of a request that promises all the rest, and cuts the connection."""
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        # What waits in a large buffer of this machine would not have left a phone.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 256 << 10)
        head = (f"PATCH {place} HTTP/1.1\r\nHost: localhost\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: {offset}\r\n"
                f"Content-Type: application/offset+octet-stream\r\nContent-Length: {len(body) - offset}\r\n\r\n")
        try:
            connection.sendall(head.encode() + body[offset:end])
            if generator.random() < 0.5:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        except OSError:
            pass


def resume(place, offset, body):
    """Sends the rest; the place is the last connection's until the server knows its end."""
    while True:
        status, _, text = server.patch(place, offset, body[offset:])
        if status not in (409, 423):
            return status, text
        time.sleep(0.01)
        offset = server.offset(place)


try:
    for number in range(count):
        body = song(1_000_000 + number, generator.choice([300_000, 3_000_000, 12_000_000, 24_000_000]))
        status, headers, text = server.create(f"{number}.wav", len(body))
        if status != 201:
            problems.append(f"creation {status} {text[:100]}")
            break
        place, offset = headers["Location"], 0
        for _ in range(generator.randint(1, 3)):
            end = generator.randint(offset, len(body) - 1)
            send(place, offset, body, end)
            figures["cuts"] += 1
            if generator.random() < 0.2:
                server.kill()
                server = Server(program, folder + "/data")
                figures["kills"] += 1
            else:
                # The server learns of the cut when it does.
                while server.patch(place, server.offset(place), b"")[0] == 423:
                    time.sleep(0.005)
            reached = server.offset(place)
            if reached is None or not offset <= reached <= end:
                problems.append(f"{place}: {reached} after {offset} to {end}")
                break
            again = (end - reached) / (1 << 20)
            figures["most sent again MiB"] = max(figures["most sent again MiB"], round(again, 2))
            figures["sent again MiB"] += again
            offset = reached
        status, text = resume(place, offset, body)
        if status != 204:
            problems.append(f"PATCH {status} {text[:100]}")
            continue
        state = server.outcome(place)
        digest = hashlib.sha256(body).hexdigest()
        if state.get("state") != "stored" or server.stored(digest) != digest:
            problems.append(f"{place} of {len(body)} bytes: {json.dumps(state)}")
        elif generator.random() < 0.8:
            # Room for the rest.
            server.request("DELETE", "/api/v1/tracks/" + state["track"])
            os.unlink(f"{folder}/data/originals/{digest[:2]}/{digest[2:4]}/{digest}")
    figures["sent again MiB"] = round(figures["sent again MiB"], 2)
    if server.stop() != 0:
        problems.append("the server ended badly")
finally:
    shutil.rmtree(folder, ignore_errors=True)
print(json.dumps({"problems": problems[:20], "figures": figures}))
