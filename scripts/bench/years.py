"""Three years of a bureau: generator, check, rebuild, lists under load, the query for what is due.

At another scale than 100,000 cases the times that grow with it are laid out for four million entries, and the note says
so; pages and queries are shown as they are.
"""
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import time

from common import BIN, ROOT, SCRATCH, free_port, say

CASES = int(os.environ.get("LIUHEN_CASES", "10000"))
SECONDS = int(os.environ.get("LIUHEN_LOAD_SECONDS", "10"))
ROUNDS = int(os.environ.get("LIUHEN_BENCH_ROUNDS", "5"))
WHOLE = 4_000_000
place = pathlib.Path(os.environ.get("LIUHEN_YEARS", SCRATCH / "years"))
data = ["--data", place / "data", "--keys", place / "keys", "--lock", place / "lock", "--root", ROOT]


def told(text):
    print(f"years: {text}", file=sys.stderr, flush=True)


def laid_out(figure, seconds, entries, what):
    """Minutes for four million entries, from the rate that was measured."""
    whole = seconds * WHOLE / entries / 60
    note = f"{entries} entries in {seconds:.0f} s, {entries / seconds:.0f}/s"
    say(figure, [whole], note=note if entries >= WHOLE * 0.9 else f"{note}; laid out for {WHOLE} entries: {what}")


def timed(*command):
    begun = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, f"{command[1:3]}: {(done.stdout + done.stderr)[-2000:]}"
    return time.perf_counter() - begun


def entries():
    with sqlite3.connect(f"file:{place}/data/bureaus/qinghe/ledger.sqlite?mode=ro", uri=True) as database:
        return database.execute("SELECT count(*) FROM entry").fetchone()[0]


def shape():
    """What stands in it, in one line."""
    with sqlite3.connect(f"file:{place}/data/bureaus/qinghe/ledger.sqlite?mode=ro", uri=True) as database:
        def one(sql):
            return database.execute(sql).fetchone()[0]

        cases = one("SELECT count(*) FROM case_file")
        middle = f"ORDER BY 1 LIMIT 1 OFFSET {cases // 2}"
        linked = "SELECT count(*) FROM entry WHERE type = 'recording.linked'"
        waiting = "SELECT count(*) FROM obligation WHERE state = 'open'"
        left = f"{waiting} AND case_thread IN (SELECT thread FROM case_file WHERE state = 'filed')"
        return (
            f"{cases} cases, {one('SELECT count(*) FROM entry')} entries, median "
            f"{one(f'SELECT entries FROM case_file {middle}')} in a case's own thread, the largest "
            f"{one('SELECT max(entries) FROM case_file')}; median "
            f"{one(f'SELECT count(*) FROM document GROUP BY case_thread {middle}')} documents; "
            f"{one(f'{linked} GROUP BY thread {middle}')} recordings; "
            f"{100 * one('''SELECT count(*) FROM case_file WHERE state = 'open' ''') / cases:.1f} % open; "
            f"{one('SELECT count(DISTINCT name) FROM subject')} names of parties; "
            f"{one(waiting)} open obligations, {one(left)} of them in filed cases")


class Server:
    def __init__(self):
        self.port = free_port()
        self.process = subprocess.Popen(
            [BIN / "liuhen", "serve", *data, "--listen", f"127.0.0.1:{self.port}"], stdout=subprocess.DEVNULL)
        import http.client
        for _ in range(600):
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
                connection.request("GET", "/health")
                if connection.getresponse().status == 200:
                    return
            except ConnectionRefusedError:
                assert self.process.poll() is None, "the server ended"
            time.sleep(0.1)
        raise AssertionError("the server did not start")

    def memory(self):
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"^VmHWM:\s+(\d+) kB", text, re.M)[1]) / 1024

    def stop(self):
        self.process.terminate()
        self.process.wait(60)


made = None
if not (place / "ready").exists():
    place.parent.mkdir(parents=True, exist_ok=True)
    begun = time.perf_counter()
    subprocess.run(
        [BIN / "liuhen-bench", "generate", "--directory", place, "--root", ROOT, "--cases", str(CASES)], check=True)
    made = time.perf_counter() - begun
count = entries()
told(shape())
if made:
    laid_out("years-made", made, count, "the rate falls a little as indices grow")
    laid_out(
        "years-verified", timed(BIN / "liuhen", "ledger", "verify", *data), count, "the check reads one entry after another")
laid_out(
    "years-rebuilt", timed(BIN / "liuhen", "ledger", "rebuild", *data), count, "it goes thread by thread")
subprocess.run(
    [BIN / "liuhen-bench", "years-search", "--directory", place, "--cases", str(CASES)], check=True)

server = Server()
try:
    subprocess.run(
        [BIN / "liuhen-bench", "load", "--port", str(server.port), "--cases", str(CASES), "--seconds", str(SECONDS),
         "--rounds", str(ROUNDS), "--pid", str(server.process.pid)], check=True)
    say("years-memory", [server.memory()], note="high water of the server over all of it")
finally:
    server.stop()
