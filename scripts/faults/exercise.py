"""What the fault tests share: the program under test, a prepared bureau, and the check of what is left of it."""
import atexit
import collections
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = os.path.realpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
# The program that is broken lies in LIUHEN_FAULTS, or it is the debug build, which every test makes.
PROGRAM = os.path.join(os.environ.get("LIUHEN_FAULTS") or os.path.join(ROOT, ".build", "debug"), "liuhen")


class Failed(Exception):
    """A test that did not pass, in words."""


def did_not_run(reason):
    """Ends the script: without complaint on a plain machine, as a failure where every judge was asked for."""
    print(f"did not run: {reason}")
    sys.exit(1 if os.environ.get("LIUHEN_JUDGES") == "1" else 0)


def require_program():
    if not os.access(PROGRAM, os.X_OK):
        sys.exit(f"{PROGRAM} is not there: run swift build first")


def seed_of(text):
    seed = int(text) if text else random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}", flush=True)
    return random.Random(seed)


def scratch(name):
    """A directory of this run, removed at its end."""
    path = tempfile.mkdtemp(prefix=f"liuhen-{name}-")
    atexit.register(shutil.rmtree, path, True)
    return path


def run(*command, timeout=60, **options):
    return subprocess.run(command, check=True, timeout=timeout, stdout=subprocess.DEVNULL, **options)


def exercise(directory, *options):
    return [PROGRAM, "exercise", "--directory", directory, "--root", ROOT, *options]


def prepare(directory):
    run(*exercise(directory, "--prepare"))


def check(directory, acknowledged, timeout=120):
    """Opens the place and looks for everything acknowledged. Returns (passed, what it said)."""
    command = [PROGRAM, "exercise-check", "--directory", directory, "--root", ROOT, "--acknowledged", acknowledged]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout)
    except subprocess.TimeoutExpired:
        return False, f"the check did not end within {timeout} s"
    lines = (done.stdout + done.stderr).strip().splitlines()
    said = " | ".join(line for line in lines if not line.startswith("entry ")) or "nothing"
    said = next((line for line in lines if line.startswith(("whole:", "错误："))), said)
    return done.returncode == 0, f"exit {done.returncode}: {said}"


def count(path):
    """How many lines of each kind were acknowledged."""
    counts = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            word = line.split(" ", 1)[0]
            counts[word] = counts.get(word, 0) + 1
    return counts


def whole_lines(source, target):
    """Copies what was said up to now; a line without its end was not said. Returns the number of lines."""
    with open(source, "rb") as file:
        data = file.read()
    data = data[: data.rfind(b"\n") + 1]
    with open(target, "wb") as file:
        file.write(data)
    return data.count(b"\n")


def halt(pid, has_ended):
    """SIGSTOP, and waits until no thread of the process runs or waits in a system call."""
    os.kill(pid, signal.SIGSTOP)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if has_ended():
            raise Failed("it ended by itself")
        states = []
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/stat", encoding="utf-8") as file:
                states.append(file.read().rsplit(")", 1)[1].split()[0])
        if all(state in "Tt" for state in states):
            return
        time.sleep(0.002)
    raise Failed("it did not stop within 20 s")


class Exerciser:
    """A running exercise, perhaps under strace."""

    def __init__(self, directory, *options, said, errors, wrap=()):
        self.process = subprocess.Popen([*wrap, *exercise(directory, *options)], stdout=said, stderr=errors)
        self.pid = self.process.pid if not wrap else None

    def has_ended(self):
        return self.process.poll() is not None

    def begun(self):
        """Something was acknowledged: the exercise itself is there, when strace has started it."""
        if self.pid is None:
            with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children", encoding="utf-8") as file:
                self.pid = int(file.read().split()[0])

    def stop(self):
        halt(self.pid, self.has_ended)

    def go_on(self):
        os.kill(self.pid, signal.SIGCONT)

    def kill(self):
        if not self.has_ended():
            # strace goes when what it traces is gone; the other way round the exercise would go on.
            os.kill(self.pid or self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=20)

    def words(self):
        with open(self.errors, encoding="utf-8", errors="replace") as file:
            return file.read()[-500:]


class ExerciseSubject:
    """`liuhen exercise` as what is broken."""

    longest_wait, longest_run, rounds = 0.8, 20, 4

    def __init__(self, random_, directory):
        self.random, self.errors, self.answers = random_, f"{directory}/errors", collections.Counter()

    def controls(self, _point, _without_sync):
        return {"without syncing commits": {"options": ("--no-sync",)}}

    def prepare(self, point):
        prepare(f"{point}/bureau")

    def freshen(self, _point):
        """Nobody has a session here."""

    def start(self, point, acknowledged, options=(), wrap=()):
        with open(acknowledged, "ab") as said, open(self.errors, "wb") as errors:
            running = Exerciser(f"{point}/bureau", "--writers", str(self.random.randint(1, 6)), "--seconds", "600",
                                *options, said=said, errors=errors, wrap=wrap)
        running.errors = self.errors
        return running

    def run(self, point, acknowledged, rounds, wrap):
        """One exercise from its beginning to its end. Returns how it ended, None where it hung."""
        with open(acknowledged, "ab") as said, open(self.errors, "wb") as errors:
            running = Exerciser(f"{point}/bureau", "--writers", "1", "--rounds", str(rounds), said=said, errors=errors,
                                wrap=wrap)
        try:
            # strace ends as the exercise did, by the same signal too.
            return running.process.wait(timeout=self.longest_run)
        except subprocess.TimeoutExpired:
            running.begun()
            running.kill()
            return None

    def words(self):
        with open(self.errors, encoding="utf-8", errors="replace") as file:
            return " ".join(file.read().split())[-200:] or "no words"

    def check(self, point, told):
        return check(f"{point}/bureau", told)
