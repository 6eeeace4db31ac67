"""A demonstration bureau under load: the server as a process, and people who are signed in at it.

Everything is loopback. Connections are kept and send at once (http.client sets TCP_NODELAY); each belongs to one thread.
"""
import contextlib
import http.client
import os
import pathlib
import re
import signal
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


class NotStarted(Failed):
    """A server that never answered: how it ended, None where it did not."""

    def __init__(self, returncode, said):
        super().__init__(f"the server did not start: {said[-2000:]}")
        self.returncode = returncode


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
    """A demonstration in `directory`/demo, made where it is not there, served until `stop`.

    `log` is a file for what the server says, `wrap` a command to run it under, such as strace.
    """

    def __init__(self, directory, log=None, wrap=()):
        self.directory = pathlib.Path(directory)
        self.port = free_port()
        self.log = pathlib.Path(log) if log else self.directory / "server.log"
        demo = [program(), "demo", "--directory", self.directory / "demo", "--root", ROOT]
        subprocess.run([*demo, "--prepare-only"], check=True, stdout=subprocess.DEVNULL, timeout=1800)
        with open(self.log, "wb") as said:
            self.process = subprocess.Popen(
                [*wrap, *demo, "--listen", f"127.0.0.1:{self.port}"], stdout=said, stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL)
        self.wrapped, self.hung = bool(wrap), False
        try:
            self.wait()
        except BaseException:
            self.kill()
            raise

    @property
    def pid(self):
        """The server's own process, also where it runs under another."""
        if not self.wrapped:
            return self.process.pid
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return int(children[0]) if children else self.process.pid

    def wait(self):
        """Until it is ready to record; where it runs under something that breaks it, until it answers at all."""
        until = time.monotonic() + 120
        while time.monotonic() < until:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
                connection.request("GET", "/health")
                if connection.getresponse().status == 200 or self.wrapped:
                    return
            except (ConnectionError, http.client.HTTPException):
                if self.process.poll() is not None:
                    break
            time.sleep(0.1)
        raise NotStarted(self.process.poll(), self.log.read_text(errors="replace"))

    def memory(self, field="VmRSS"):
        """MiB from /proc."""
        text = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(rf"^{field}:\s+(\d+) kB", text, re.M)[1]) / 1024

    def files(self):
        """Open files, sockets among them."""
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def processor(self):
        """Seconds that its threads have had a processor."""
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        """Asks it to end; whether it did so by itself and cleanly. `hung` tells whether it had to be killed."""
        self.hung = False
        self.send(signal.SIGTERM)
        try:
            return self.process.wait(60) == 0
        except subprocess.TimeoutExpired:
            self.hung = True
            self.kill()
            return False

    def kill(self):
        # What it runs under goes when it is gone; the other way round it would go on.
        self.send(signal.SIGKILL)
        self.process.wait()

    def send(self, what):
        """Signals the server. What it runs under may outlive it by a moment: then there is nobody to signal."""
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, what)

    def ledger(self, verb):
        """Whether `liuhen ledger verify` or `rebuild` finds what it left behind whole; and what that said."""
        demo = self.directory / "demo"
        done = subprocess.run(
            [program(), "ledger", verb, "--data", demo / "data", "--keys", demo / "keys", "--lock", demo / "lock",
             "--root", ROOT], capture_output=True, text=True, timeout=1800)
        return done.returncode == 0, done.stdout + done.stderr

    def verify(self):
        return self.ledger("verify")


class Answer:
    def __init__(self, answer, body):
        self.status = answer.status
        self.location = answer.getheader("Location") or ""
        self.cookie = (answer.getheader("Set-Cookie") or "").split(";")[0]
        self.offset = answer.getheader("Upload-Offset") or ""
        # The whole length of what a part was asked of; 0 where nothing says it.
        self.whole = int((answer.getheader("Content-Range") or "/0").rpartition("/")[2])
        self.body = body

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")


class Person:
    """One signed-in session on a connection of its own. `before` runs before each request, `after` with its answer.

    With the `cookie` of a session that is open they need not sign in.
    """

    def __init__(self, port, account, before=lambda: None, after=lambda *_: None, cookie=None):
        self.port = port
        self.account = account
        self.before, self.after = before, after
        self.connection = None
        self.cookie = cookie
        if cookie is None:
            self.sign_in()
        page = self.ask("GET", f"{BUREAU}/account", "account", (200,))
        self.token = dict(HIDDEN.findall(page.text))["form-token"]

    def sign_in(self):
        page = self.ask("GET", f"{BUREAU}/sign-in", "sign-in", (200,))
        self.cookie = page.cookie
        self.token = dict(HIDDEN.findall(page.text))["form-token"]
        self.cookie = self.ask(
            "POST", f"{BUREAU}/sign-in", "sign-in", (303,),
            form={"account": self.account, "secret": f"demo-{self.account}-2026"}).cookie

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
