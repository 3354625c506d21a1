"""Reads from strace in which order a server makes an upload durable and acknowledges it."""
import hashlib
import json
import os
import re
import shutil
import signal
import sys
import tempfile

sys.path.insert(0, os.path.dirname(__file__))
from server import Server, song  # noqa: E402

program = sys.argv[1]
folder = os.path.realpath(tempfile.mkdtemp(prefix="sweetspot-"))
data, trace = folder + "/data", folder + "/trace"
problems, figures = [], {}


def first(pattern, after, name):
    """The number of the first line after `after` that is like `pattern`."""
    for number in range(after + 1, len(lines)):
        if re.search(pattern, lines[number]):
            return number
    problems.append(f"{name}: not there after line {after}: {lines[after].strip()[:200]}")
    raise LookupError(name)


try:
    wrapper = folder + "/sweetspot"
    with open(wrapper, "w") as file:
        calls = "trace=mkdir,mkdirat,rename,renameat,renameat2,link,linkat,unlink,fsync,fdatasync,pwrite64,write,writev,sendmsg"
        file.write(f'#!/bin/sh\nexport SWEETSPOT_CODEC="{os.path.dirname(os.path.abspath(program))}/sweetspot-codec"\n'
                   f'exec /usr/bin/strace -f -y -s 64 -e {calls} -o {trace} {os.path.abspath(program)} "$@"\n')
    os.chmod(wrapper, 0o755)
    server = Server(wrapper, data)
    bodies = [song(1, 20_000), song(2, 20_000)]
    status, _, text = server.post("a.wav", bodies[0])
    if status != 201:
        problems.append(f"POST {status} {text[:200]}")
    place = server.create("b.wav", len(bodies[1]))[1]["Location"]
    for offset, end in [(0, 5_000), (5_000, len(bodies[1]))]:
        server.patch(place, offset, bodies[1][offset:end])
    server.outcome(place)
    with open(f"/proc/{server.process.pid}/task/{server.process.pid}/children") as file:
        os.kill(int(file.read().split()[0]), signal.SIGTERM)
    server.process.wait(60)
    # A call that another thread interrupts is told in two parts: it counts from its end.
    lines, begun = [], {}
    with open(trace) as file:
        for line in file:
            thread, call = line.split(" ", 1)
            if "<unfinished ...>" in call:
                begun[thread] = call.split("<unfinished ...>")[0].strip()
            elif " resumed>" in call:
                lines.append(begun.pop(thread, "") + call.split(" resumed>", 1)[1])
            else:
                lines.append(call.strip())
    lines = [re.sub(r"\)\s+= ", ") = ", line) for line in lines]

    def stored(body, since, upload):
        """From the sync of the upload's bytes to the transaction that makes it known."""
        digest = hashlib.sha256(body).hexdigest()
        home = f"{data}/originals/{digest[:2]}/{digest[2:4]}"
        synced = first(rf"fsync\(\d+<{upload}>\) = 0", since, "the upload's bytes are synced")
        announced = synced
        for what in ("the upload's state", "the announcement of its files"):
            announced = first(r"pwrite64\(\d+<[^>]*catalogue.sqlite-wal>", announced, what + " is written")
            announced = first(r"(fsync|fdatasync)\(\d+<[^>]*catalogue.sqlite-wal>\) = 0", announced, what + " is synced")
        made = first(rf'mkdir\("{re.escape(home)}"', announced, "its folder is made")
        first(rf"fsync\(\d+<{re.escape(os.path.dirname(home))}>\) = 0", made, "the folder's folder is synced")
        linked = first(rf'link\("[^"]*", "{home}/{digest}"\) = 0', made, "the Original gets its name, replacing nothing")
        mapped = first(rf'rename\("[^"]*", "{home}/{digest}.map"\) = 0', linked, "its map gets its name")
        folder_synced = first(rf"fsync\(\d+<{re.escape(home)}>\) = 0", mapped, "the folder is synced")
        row = first(r"pwrite64\(\d+<[^>]*catalogue.sqlite-wal>", folder_synced, "the row is written")
        return first(r"(fsync|fdatasync)\(\d+<[^>]*catalogue.sqlite-wal>\) = 0", row, "the row is synced")

    upload = re.escape(data) + r"/incoming/\w+\.upload"
    written = first(rf'write\(\d+<{upload}>', -1, "the POST's bytes are written")
    synced = first(rf"fsync\(\d+<{upload}>\) = 0", written, "the POST's bytes are synced")
    known = stored(bodies[0], synced - 1, upload)
    answered = first(r"HTTP/1.1 201 ", 0, "the POST is answered")
    if answered < known:
        problems.append(f"201 in line {answered}, before the row was on the disk in line {known}")
    created = first(r"HTTP/1.1 201 ", answered, "the creation is answered")
    piece = first(rf'write\(\d+<{upload}>', created, "the first PATCH is written")
    synced = first(rf"fsync\(\d+<{upload}>\) = 0", piece, "the first PATCH is synced")
    noted = first(r"(fsync|fdatasync)\(\d+<[^>]*catalogue.sqlite-wal>\) = 0", synced, "its offset is synced")
    revealed = first(r"HTTP/1.1 204 ", created, "the first PATCH is answered")
    if revealed < noted:
        problems.append(f"204 in line {revealed}, before the offset was on the disk in line {noted}")
    stored(bodies[1], revealed, upload)
    figures = {"calls": len(lines)}
except LookupError:
    pass
finally:
    if "--keep" not in sys.argv:
        shutil.rmtree(folder, ignore_errors=True)
print(json.dumps({"problems": problems, "figures": figures}))
