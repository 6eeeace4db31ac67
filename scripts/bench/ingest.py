"""Ingest through HTTP beside `cat > f && sync f; openssl dgst -sha256`, one round of each after the other.

The sender costs as little as it can: curl for the PUT, sendfile for the PATCHes. What arrives is checked by its SHA-256
once, and removed after each round, so that the disk never fills.
"""
import base64
import os
import re
import socket
import subprocess
import time

from common import BASE, SCRATCH, Server, prepare, say, signed_in

ROUNDS = int(os.environ.get("LIUHEN_BENCH_ROUNDS", "5"))
SIZE = int(os.environ.get("LIUHEN_BENCH_MIB", "2048")) << 20
MIB = 1 << 20
source = SCRATCH / "source"
place = SCRATCH / "demo"


def make_source():
    """Bytes that do not repeat, quickly: zeros under AES in counter mode."""
    with open(source, "wb") as target:
        zeros = subprocess.Popen(["head", "-c", str(SIZE), "/dev/zero"], stdout=subprocess.PIPE)
        subprocess.run(
            ["openssl", "enc", "-aes-256-ctr", "-K", "07" * 32, "-iv", "00" * 16], stdin=zeros.stdout, stdout=target,
            check=True)
        zeros.wait()
    os.sync()


def digest():
    said = subprocess.run(["openssl", "dgst", "-sha256", source], check=True, capture_output=True, text=True).stdout
    return said.split("= ")[1].strip()


def baseline():
    copy = SCRATCH / "copy"
    begun = time.perf_counter()
    subprocess.run(
        ["sh", "-c", 'cat "$1" > "$2" && sync "$2" && openssl dgst -sha256 "$1" > /dev/null', "sh", source, copy],
        check=True)
    spent = time.perf_counter() - begun
    copy.unlink()
    return SIZE / spent / 1e6


def put(server, cookie, token):
    """One PUT by curl with its default fields; the answer tells the digest of what is stored."""
    begun = time.perf_counter()
    said = subprocess.run(
        ["curl", "-sS", "-i", "-T", source, "-H", f"Cookie: {cookie}", "-H", f"X-Liuhen-Form-Token: {token}",
         f"http://127.0.0.1:{server.port}{BASE}/files/bench.mp4"], check=True, capture_output=True, text=True).stdout
    spent = time.perf_counter() - begun
    assert "HTTP/1.1 201" in said, said
    stored = re.search(r"repr-digest: sha-256=:([^:]+):", said, re.I)[1]
    return SIZE / spent / 1e6, base64.b64decode(stored).hex()


class Tus:
    """A tus client on one connection."""

    def __init__(self, server, cookie, token):
        self.socket = socket.create_connection(("127.0.0.1", server.port))
        # Else the last bytes of each PATCH wait for an acknowledgement that the other side holds back.
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.common = (
            f"Host: 127.0.0.1:{server.port}\r\nCookie: {cookie}\r\nX-Liuhen-Form-Token: {token}\r\n"
            "Tus-Resumable: 1.0.0\r\n")

    def ask(self, method, path, fields, body=None):
        head = f"{method} {path} HTTP/1.1\r\n{self.common}{fields}\r\n".encode()
        self.socket.sendall(head)
        if body:
            file, offset, count = body
            sent = 0
            while sent < count:
                sent += os.sendfile(self.socket.fileno(), file.fileno(), offset + sent, count - sent)
        answer = b""
        while b"\r\n\r\n" not in answer:
            piece = self.socket.recv(65536)
            assert piece, "the server closed the connection"
            answer += piece
        return answer.decode()

    def upload(self, size):
        begun = time.perf_counter()
        made = self.ask("POST", BASE + "/uploads", f"Upload-Length: {SIZE}\r\nContent-Length: 0\r\n")
        assert "HTTP/1.1 201" in made, made
        path = re.search(r"^location: (\S+)", made, re.I | re.M)[1]
        with open(source, "rb") as file:
            for offset in range(0, SIZE, size):
                count = min(size, SIZE - offset)
                answer = self.ask(
                    "PATCH", path,
                    f"Upload-Offset: {offset}\r\nContent-Type: application/offset+octet-stream\r\n"
                    f"Content-Length: {count}\r\n", (file, offset, count))
                assert "HTTP/1.1 204" in answer, answer
        return SIZE / (time.perf_counter() - begun) / 1e6


def forget():
    """Removes what the vault holds, behind the server's back: only its room matters here."""
    vault = place / "data/bureaus/qinghe/vault"
    for path in vault.rglob("*"):
        if path.is_file() and path.stat().st_size >= SIZE // 2:
            path.unlink()


make_source()
expected = digest()
prepare(place)
server = Server(place)
rates = {"ingest-put": [], "ingest-tus-64": [], "ingest-tus-8": []}
base = {name: [] for name in rates}
try:
    cookie, token = signed_in(server.port, "zhou")
    for _ in range(ROUNDS):
        for name in rates:
            base[name].append(baseline())
            if name == "ingest-put":
                rate, stored = put(server, cookie, token)
                assert stored == expected, "what is stored is not what was sent"
            else:
                rate = Tus(server, cookie, token).upload((64 if name == "ingest-tus-64" else 8) * MIB)
            rates[name].append(rate)
            forget()
    note = f"{SIZE >> 20} MiB; baseline: cat, sync, openssl dgst -sha256"
    for name, values in rates.items():
        say(name, values, base[name], note)
    say("ingest-memory", [server.memory("VmHWM")], note=f"after {3 * ROUNDS} ingests")
finally:
    server.stop()
