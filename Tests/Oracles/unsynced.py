"""Takes back what unsynced.c noted and nobody synced: a power cut in which the disk kept not a byte, a size or a name more than it had to.

Usage: unsynced.py JOURNAL. The journal is empty after it."""
import json
import os
import shutil
import struct
import sys

journal = sys.argv[1]
with open(journal + "/records", "rb") as file:
    content = file.read()
records, place = [], 0
while place + 48 <= len(content):
    kind, inode, a, b, nx, ny = struct.unpack_from("6Q", content, place)
    place += 48
    if place + nx + ny > len(content):
        break  # killed while it noted that
    records.append((chr(kind), inode, a, b, content[place:place + nx], content[place + nx:place + nx + ny]))
    place += nx + ny

synced, undone = set(), 0


def restore(path, inode):
    """Gives the file its name back."""
    kept = f"{journal}/{inode}"
    if os.path.exists(kept) and not os.path.lexists(path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.link(kept, path)


def remove(path, inode):
    if os.path.lexists(path) and os.lstat(path).st_ino == inode:
        os.unlink(path)


for kind, inode, a, b, x, y in reversed(records):
    if kind == "S":
        synced.add(inode)
        continue
    if (inode if kind == "W" else a) in synced:
        continue
    undone += 1
    path = x.decode() if kind != "W" else ""
    if kind == "W":
        kept = f"{journal}/{inode}"
        if os.path.exists(kept):
            with open(kept, "r+b") as file:
                file.seek(a)
                file.write(x)
                file.truncate(b)
    elif kind in "CL":
        remove(path, inode)
    elif kind == "M":
        # Whatever is in it went with it.
        shutil.rmtree(path, ignore_errors=True)
    elif kind == "U":
        restore(path, inode)
    elif kind == "R":
        target = y.decode()
        remove(target, inode)
        restore(path, inode)
        if b:
            restore(target, b)
shutil.rmtree(journal)
os.mkdir(journal)
print(json.dumps({"undone": undone}))
