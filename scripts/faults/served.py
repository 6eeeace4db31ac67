"""The served demonstration as what is broken, with clients outside at work in it."""
import collections
import os
import random
import signal
import threading
import time

from afterwards import check
from exercise import Failed, halt
from outside import LOST, OFFICERS, Caller, Life, Log, NotStarted, Server, Unexpected, people


# Seconds after which the server closes a connection on which nothing came (`ConnectionLimits.firstRequestSeconds`).
PATIENCE = 20
# Seconds without use after which sessions are used again; they end after half an hour (`SessionLifetime.standard`).
IDLE = 900


class Bureau:
    """The demonstration that is broken again and again, with the sessions and tokens given out at its making."""

    def __init__(self):
        self.known = {}
        self.people = {}
        self.used = 0.0

    def prepare(self, directory, log):
        server = Server(directory, log=log)
        try:
            for account in OFFICERS:
                caller = Caller(server.port, account)
                caller.make_token()
                self.known[account] = {"cookie": caller.cookie, "bearer": caller.bearer}
            self.people = people(caller)
        finally:
            clean = server.stop()
        if not clean:
            raise Failed("the demonstration did not end cleanly after its making")
        self.used = time.monotonic()

    def freshen(self, directory, log):
        """Uses the sessions again, unbroken: one that nobody uses for half an hour has ended, and runs take hours."""
        if time.monotonic() - self.used < IDLE:
            return
        server = Server(directory, log=log)
        try:
            for account in OFFICERS:
                self.caller(server.port, account)
        finally:
            clean = server.stop()
        if not clean:
            raise Failed("the demonstration did not end cleanly after its sessions were used again")
        self.used = time.monotonic()

    def caller(self, port, account):
        return Caller(port, account, **self.known[account])


class Served:
    """A running demonstration with its clients outside."""

    def __init__(self, bureau, directory, log, acknowledged, chance, wrap=(), writers=3, rounds=None):
        self.failures, self.unexpected = [], collections.Counter()
        self.over = threading.Event()
        # While it is stopped the server reads nothing; on a slow machine longer than it lets a connection sit. Whoever was
        # about to ask connects again, as browsers do.
        self.longest_stop, self.stopped_at = 0.0, None
        self.bureau, self.rounds = bureau, rounds
        self.told = Log(acknowledged)
        self.server = Server(directory, log=log, wrap=wrap)
        self.threads = [
            threading.Thread(target=self.live, args=(OFFICERS[number % len(OFFICERS)], random.Random(chance.random())),
                             daemon=True) for number in range(writers)]
        for thread in self.threads:
            thread.start()

    def live(self, account, chance):
        done = 0
        try:
            caller = self.bureau.caller(self.server.port, account)
            life = Life(caller, self.bureau.people, chance, self.told)
            while not self.over.is_set() and (self.rounds is None or done < self.rounds):
                if done % 4 == 0:
                    # As people do in the morning: such a session must last too.
                    fresh = Caller(self.server.port, account)
                    self.told.say("session", account=account, cookie=fresh.cookie)
                try:
                    life.round()
                except Unexpected as error:
                    self.unexpected[f"{error.status} {error.words}"] += 1
                    if self.rounds is None:
                        raise
                except LOST:
                    if self.longest_stop < PATIENCE or self.over.is_set():
                        raise
                    caller.connection = None
                done += 1
        except Exception as error:  # pylint: disable=broad-except
            if not self.over.is_set():
                self.failures.append((error, f"{account}: {type(error).__name__}: {error}"))

    def has_ended(self):
        return self.server.process.poll() is not None

    def begun(self):
        pass

    def stop(self):
        if self.failures:
            raise Failed(f"while nothing was broken yet: {self.failures[0][1]}")
        halt(self.server.pid, self.has_ended)
        self.stopped_at = time.monotonic()

    def go_on(self):
        self.longest_stop = max(self.longest_stop, time.monotonic() - self.stopped_at)
        os.kill(self.server.pid, signal.SIGCONT)

    def wait(self, seconds):
        """Until all rounds are done, or the server has ended under them."""
        until = time.monotonic() + seconds
        for thread in self.threads:
            thread.join(max(0, until - time.monotonic()))
        return not any(thread.is_alive() for thread in self.threads)

    def words(self):
        return f"{self.failures[:1] or ''} {self.server.log.read_text(errors='replace')[-500:]}"

    def kill(self):
        self.over.set()
        self.server.kill()
        self.wait(20)
        self.told.close()


class ServerSubject:
    """The server as what is broken."""

    longest_wait, longest_run, rounds = 1.5, 90, 2

    def __init__(self, random_, directory):
        self.random, self.directory, self.bureau = random_, directory, Bureau()
        self.said, self.answers = "", collections.Counter()

    def controls(self, point, without_sync):
        """Sessions, uploads and entries are synced by different hands: one of them at a time is held."""
        controls = {}
        files = {"the ledger": "bureaus/qinghe/ledger.sqlite", "sessions and drafts": "installation.sqlite"}
        for name, path in files.items():
            file = f"{point}/demo/data/{path}"
            controls[f"without syncing {name}"] = {"wrap": (*without_sync, "-P", file, "-P", f"{file}-wal")}
        return controls

    def prepare(self, point):
        self.bureau.prepare(point, f"{self.directory}/prepare.log")

    def freshen(self, point):
        self.bureau.freshen(point, f"{self.directory}/prepare.log")

    def start(self, point, acknowledged, wrap=(), **options):
        log = f"{self.directory}/server.log"
        return Served(self.bureau, point, log, acknowledged, self.random, wrap=wrap, **options)

    def run(self, point, acknowledged, rounds, wrap):
        """One server with one client that does so many rounds, asked to end after them. Returns how it ended."""
        try:
            running = self.start(point, acknowledged, wrap=wrap, writers=1, rounds=rounds)
        except NotStarted as error:
            # Refused in words, or killed.
            self.said = str(error)
            return error.returncode
        try:
            is_done = running.wait(self.longest_run)
            running.server.stop()
            self.said = running.words()
            self.answers += running.unexpected
            wrong = [words for error, words in running.failures if not isinstance(error, LOST)]
            # Whatever breaks, people are told in words what it is: the page of an unknown fault tells nothing.
            wrong += [words for words in running.unexpected if words.startswith("500 ")]
            if wrong:
                raise Failed(wrong[0])
            return running.server.process.returncode if is_done and not running.server.hung else None
        finally:
            running.kill()

    def words(self):
        return " ".join(self.said.split())[-200:] or "no words"

    def check(self, point, told):
        return check(self.bureau, point, told, f"{self.directory}/check.log")
