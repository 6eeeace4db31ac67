"""What the measures that run a server share."""
import http.client
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("LIUHEN_BIN", ROOT / ".build/release"))
SCRATCH = pathlib.Path(os.environ["LIUHEN_BENCH"])
BASE = "/b/qinghe"


def say(figure, samples, baseline=None, note=""):
    line = {"figure": figure, "samples": samples}
    if baseline:
        line["baseline"] = baseline
    if note:
        line["note"] = note
    print(json.dumps(line, ensure_ascii=False), flush=True)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def prepare(directory):
    """Makes a demonstration in a directory."""
    subprocess.run(
        [BIN / "liuhen", "demo", "--directory", directory, "--root", ROOT, "--prepare-only"], check=True,
        stdout=subprocess.DEVNULL)


class Server:
    """A running demonstration; `started` is the time from its start to its first page."""

    def __init__(self, directory):
        self.port = free_port()
        begun = time.perf_counter()
        self.process = subprocess.Popen(
            [BIN / "liuhen", "demo", "--directory", directory, "--root", ROOT, "--listen", f"127.0.0.1:{self.port}"],
            stdout=subprocess.DEVNULL)
        while True:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
                connection.request("GET", BASE + "/sign-in")
                answer = connection.getresponse()
                page = answer.read()
                break
            except ConnectionRefusedError:
                if self.process.poll() is not None:
                    sys.exit(f"the server ended with {self.process.returncode}")
                time.sleep(0.002)
        self.started = time.perf_counter() - begun
        assert answer.status == 200 and b"</html>" in page, answer.status

    def memory(self, field):
        """MiB from /proc: VmRSS now, VmHWM the most there ever was."""
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"^{field}:\s+(\d+) kB", text, re.M)[1]) / 1024

    def children(self):
        path = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return path.read_text().split()

    def stop(self):
        self.process.terminate()
        self.process.wait(30)


def secret_of(account):
    return f"demo-{account}-2026"


def signed_in(port, account):
    """Cookie and form token of a session."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    token = re.compile(r'name="form-token" value="([^"]+)"')

    def ask(method, path, body=None, cookie=None):
        headers = {"Accept": "text/html"}
        if cookie:
            headers["Cookie"] = cookie
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer, answer.read().decode()

    answer, page = ask("GET", BASE + "/sign-in")
    visitor = answer.getheader("Set-Cookie").split(";")[0]
    form = urllib.parse.urlencode({"form-token": token.search(page)[1], "account": account, "secret": secret_of(account)})
    answer, _ = ask("POST", BASE + "/sign-in", form, visitor)
    assert answer.status == 303, answer.status
    cookie = answer.getheader("Set-Cookie").split(";")[0]
    _, page = ask("GET", BASE + "/cases", cookie=cookie)
    return cookie, token.search(page)[1]


def remove(path):
    shutil.rmtree(path, ignore_errors=True)
