"""A demonstration bureau under load: the server as a process, and people who are signed in at it.

Everything is loopback. Connections are kept and send at once (http.client sets TCP_NODELAY); each belongs to one thread.
"""
import http.client
import os
import pathlib
import re
import socket
import subprocess
import sys
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUREAU = "/b/qinghe"
HIDDEN = re.compile(r'name="([^"]+)" value="([^"]*)"')


class Failed(Exception):
    """A run that did not pass, in words."""


def program():
    """The program that is loaded: LIUHEN_BIN, or the release build."""
    path = pathlib.Path(os.environ.get("LIUHEN_BIN", ROOT / ".build/release")) / "liuhen"
    if not os.access(path, os.X_OK):
        sys.exit(f"{path} is not there: run swift build -c release --product liuhen, or say LIUHEN_BIN")
    return path


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A demonstration in a directory of its own, served until `stop`."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.port = free_port()
        self.log = self.directory / "server.log"
        subprocess.run(
            [program(), "demo", "--directory", self.directory / "demo", "--root", ROOT, "--prepare-only"], check=True,
            stdout=subprocess.DEVNULL, timeout=1800)
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [program(), "demo", "--directory", self.directory / "demo", "--root", ROOT, "--listen",
                 f"127.0.0.1:{self.port}"], stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        try:
            self.wait()
        except BaseException:
            self.kill()
            raise

    def wait(self):
        until = time.monotonic() + 120
        while time.monotonic() < until:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
                connection.request("GET", "/health")
                if connection.getresponse().status == 200:
                    return
            except ConnectionRefusedError:
                if self.process.poll() is not None:
                    break
            time.sleep(0.1)
        raise Failed(f"the server did not start: {self.log.read_text()[-2000:]}")

    def memory(self, field="VmRSS"):
        """MiB from /proc."""
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"^{field}:\s+(\d+) kB", text, re.M)[1]) / 1024

    def files(self):
        """Open files, sockets among them."""
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def processor(self):
        """Seconds that its threads have had a processor."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        """Asks it to end; whether it did so by itself and cleanly."""
        self.process.terminate()
        try:
            return self.process.wait(60) == 0
        except subprocess.TimeoutExpired:
            self.kill()
            return False

    def kill(self):
        self.process.kill()
        self.process.wait()

    def verify(self):
        """Whether the ledger it left behind is whole; and what the check said."""
        demo = self.directory / "demo"
        done = subprocess.run(
            [program(), "ledger", "verify", "--data", demo / "data", "--keys", demo / "keys", "--lock", demo / "lock",
             "--root", ROOT], capture_output=True, text=True, timeout=1800)
        return done.returncode == 0, done.stdout + done.stderr


class Answer:
    def __init__(self, answer, body):
        self.status = answer.status
        self.location = answer.getheader("Location") or ""
        self.cookie = (answer.getheader("Set-Cookie") or "").split(";")[0]
        self.body = body

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")


class Person:
    """One signed-in session on a connection of its own. `before` runs before each request, `after` with its answer."""

    def __init__(self, port, account, before=lambda: None, after=lambda *_: None):
        self.port = port
        self.account = account
        self.before, self.after = before, after
        self.connection = None
        self.cookie = None
        page = self.ask("GET", f"{BUREAU}/sign-in", "sign-in", (200,))
        self.cookie = page.cookie
        self.token = dict(HIDDEN.findall(page.text))["form-token"]
        self.cookie = self.ask(
            "POST", f"{BUREAU}/sign-in", "sign-in", (303,),
            form={"account": account, "secret": f"demo-{account}-2026"}).cookie
        page = self.ask("GET", f"{BUREAU}/account", "account", (200,))
        self.token = dict(HIDDEN.findall(page.text))["form-token"]

    def ask(self, method, path, kind, expected, form=None, fields=None):
        """One request. `kind` is what it is counted as; an answer of another status than `expected` is a fault."""
        self.before()
        headers = {"Accept": "text/html", **(fields or {})}
        if self.cookie:
            headers["Cookie"] = self.cookie
        body = None
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            pairs = list(form.items()) if isinstance(form, dict) else form
            body = urllib.parse.urlencode([("form-token", self.token), *pairs])
        begun = time.perf_counter()
        answer = self.send(method, path, body, headers)
        self.after(kind, time.perf_counter() - begun, answer, expected, f"{method} {path}")
        return answer

    def send(self, method, path, body, headers):
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        return Answer(answer, answer.read())
