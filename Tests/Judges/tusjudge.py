"""Uploads files as tuspy does, a tus client nobody here wrote: whole, in chunks with checksums, interrupted and resumed.

Usage: tusjudge.py URL   Prints one line for each upload: its address and the SHA-256 of what was sent.
"""

import hashlib
import io
import random
import sys

from tusclient import client

HEADERS = {"Authorization": "officer"}


def content(seed, size):
    """The same bytes for the same seed."""
    return random.Random(seed).randbytes(size)


def report(uploader, data):
    assert uploader.get_offset() == len(data), "the server's offset is not the size"
    print(uploader.url, hashlib.sha256(data).hexdigest())


def main(url):
    tus = client.TusClient(url, headers=HEADERS)

    # Nothing, a little, and a size that ends within a segment, each in one request.
    for size in (0, 1, 700001):
        data = content(size, size)
        uploader = tus.uploader(file_stream=io.BytesIO(data), metadata={"filename": "执法记录 %d.mp4" % size})
        uploader.upload()
        report(uploader, data)

    # In chunks that fit no border, each with its checksum.
    data = content(7, 1500000)
    uploader = tus.uploader(file_stream=io.BytesIO(data), chunk_size=99991, upload_checksum=True)
    uploader.upload()
    report(uploader, data)

    # Interrupted after some chunks; another client with nothing but the address goes on.
    data = content(8, 1200000)
    first = tus.uploader(file_stream=io.BytesIO(data), chunk_size=300000)
    first.upload(stop_at=600000)
    second = client.TusClient(url, headers=HEADERS).uploader(
        file_stream=io.BytesIO(data), chunk_size=250000, url=first.url)
    assert second.offset == 600000, "resumed at %d" % second.offset
    second.upload()
    report(second, data)


main(sys.argv[1])
