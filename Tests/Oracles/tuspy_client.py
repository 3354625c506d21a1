"""tuspy, an independent client of tus 1.0, against a running server: files in pieces, gone on with after an interruption, with checksums."""
import hashlib
import io
import json
import os
import sys
import time
import urllib.request

from tusclient import client, exceptions

sys.path.insert(0, os.path.dirname(__file__))
from server import song  # noqa: E402

base = sys.argv[1]
problems, figures = [], {"stored": 0, "interrupted": 0, "checksums": 0}
tus = client.TusClient(base + "/api/v1/uploads")


def get(path):
    with urllib.request.urlopen(base + path) as answer:
        return answer.read()


for number, (size, piece, checksum) in enumerate([
    (200_000, 1 << 30, False), (200_000, 7_001, False), (2_000_000, 300_000, True), (200_000, 99_999, True), (1_000_001, 1_000_000, False)
]):
    body = song(5_000_000 + number, size)
    options = {"chunk_size": piece, "metadata": {"filename": f"tuspy {number}.wav"}, "retries": 2, "upload_checksum": checksum}
    try:
        uploader = tus.uploader(file_stream=io.BytesIO(body), **options)
        uploader.upload(stop_at=min(len(body), piece * 2))
        if uploader.offset < len(body):
            # Another process would go on from the address alone.
            figures["interrupted"] += 1
            uploader = tus.uploader(file_stream=io.BytesIO(body), url=uploader.url, **options)
            uploader.upload()
        place = uploader.url.removeprefix(base)
        end = time.time() + 60
        while (state := json.loads(get(place)))["state"] not in ("stored", "refused") and time.time() < end:
            time.sleep(0.02)
        stored = get(f"/stream/{state['track']}/original") if state["track"] else b""
        if hashlib.sha256(stored).digest() != hashlib.sha256(body).digest():
            problems.append(f"{size} bytes in pieces of {piece}: {state}")
        figures["stored"] += 1
        figures["checksums"] += checksum
    except exceptions.TusCommunicationError as error:
        problems.append(f"{size} bytes in pieces of {piece}: {error} {getattr(error, 'status_code', '')}")
print(json.dumps({"problems": problems, "figures": figures}))
