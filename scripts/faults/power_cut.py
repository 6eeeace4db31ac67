#!/usr/bin/env python3
"""Cuts the power of a bureau at seeded moments and looks whether everything acknowledged is there.

Data, keys and lock file lie on ext4 in an image that is mounted through a loop device. A program writes there and says
outside what was acknowledged. At each point it is stopped, and the image is copied: what the file system still held in
memory is not in the copy, as after a power cut. The copy is mounted (ext4 replays its journal), the program started on
it, and everything acknowledged up to the stop must be there and verify.

That the cut is one is proven in the same run: the same points without syncing the ledger's commits, and once more
without any sync, must lose something.

A copy takes some milliseconds, in which the kernel may write to the image. So the loop device's counters are compared:
if a block was written while copying, the copy is no moment in time and is made again.
"""
import argparse
import os
import subprocess
import sys
import time

from exercise import Exerciser, Failed, check, count, did_not_run, prepare, require_program, run, scratch, seed_of, \
    whole_lines

SIZE = 4 << 30  # The vault keeps 2 GiB free; the image is sparse.
POINTS_PER_ROUND = 5


class Disk:
    """An ext4 file system in a file."""

    def __init__(self, image, point):
        self.image, self.point = image, point
        os.makedirs(point, exist_ok=True)

    def make(self):
        with open(self.image, "wb") as file:
            file.truncate(SIZE)
        # Nothing left to do in the background: each write to the image is then one that the test caused.
        run("mkfs.ext4", "-q", "-F", "-N", "65536", "-m", "0", "-J", "size=16",
            "-E", "lazy_itable_init=0,lazy_journal_init=0", self.image)

    def mount(self):
        run("mount", "-o", "loop,noatime", self.image, self.point)

    def unmount(self):
        for _ in range(50):
            if subprocess.run(["umount", self.point], stderr=subprocess.DEVNULL, check=False).returncode == 0:
                return
            time.sleep(0.1)
        raise Failed(f"{self.point} cannot be unmounted")

    def written(self):
        """Blocks of writes that reached the loop device, and whether any is under way."""
        device = subprocess.run(["findmnt", "-n", "-o", "SOURCE", self.point], capture_output=True, text=True,
                                check=True).stdout.strip()
        with open(f"/sys/block/{os.path.basename(device)}/stat", encoding="utf-8") as file:
            fields = file.read().split()
        return (fields[4], fields[6]), fields[8] == "0"

    def cut(self, target):
        """Copies the image as it is at one moment. Returns how many copies had to be made."""
        for attempt in range(1, 201):
            before, quiet = self.written()
            if not quiet:
                time.sleep(0.002)
                continue
            copy(self.image, target)
            if self.written() == (before, True):
                return attempt
        raise Failed("the image never stood still")


def copy(source, target):
    run("cp", "--sparse=always", "--reflink=auto", source, target)


class PowerCut:
    def __init__(self, random, directory):
        self.random, self.directory = random, directory
        self.pristine = Disk(f"{directory}/pristine.img", f"{directory}/pristine")
        self.disk = Disk(f"{directory}/disk.img", f"{directory}/disk")
        self.copy = Disk(f"{directory}/copy.img", f"{directory}/copy")
        self.acknowledged, self.told = f"{directory}/acknowledged", f"{directory}/told"
        self.counts, self.copies = {}, 0

    def prepare(self):
        self.pristine.make()
        self.pristine.mount()
        prepare(f"{self.pristine.point}/bureau")
        self.pristine.unmount()

    def points(self, number, *options, wrap=()):
        """Yields (passed, words) for each point."""
        done = 0
        while done < number:
            copy(self.pristine.image, self.disk.image)
            self.disk.mount()
            with open(self.acknowledged, "wb") as said, open(f"{self.directory}/errors", "wb") as errors:
                running = Exerciser(f"{self.disk.point}/bureau", "--writers", str(self.random.randint(1, 6)),
                                    "--seconds", "600", *options, said=said, errors=errors, wrap=wrap)
            try:
                self.wait_for_start(running)
                for _ in range(min(POINTS_PER_ROUND, number - done)):
                    time.sleep(self.random.uniform(0.02, 0.8))
                    done += 1
                    yield self.point(running)
                    running.go_on()
            finally:
                running.kill()
                self.disk.unmount()

    def wait_for_start(self, running):
        deadline = time.monotonic() + 60
        while os.path.getsize(self.acknowledged) == 0:
            if running.has_ended() or time.monotonic() > deadline:
                with open(f"{self.directory}/errors", encoding="utf-8") as file:
                    raise Failed(f"the exercise did not begin: {file.read()[-500:]}")
            time.sleep(0.01)
        running.find()

    def point(self, running):
        running.stop()
        lines = whole_lines(self.acknowledged, self.told)
        self.copies += self.disk.cut(self.copy.image)
        self.copy.mount()
        try:
            passed, said = check(f"{self.copy.point}/bureau", self.told)
        finally:
            self.copy.unmount()
        self.last = count(self.told)
        return passed, f"{lines} acknowledged, {said}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--points", type=int, default=100)
    parser.add_argument("--control", type=int, default=10, help="points at most for each run that must lose something")
    parser.add_argument("--seed", default=os.environ.get("LIUHEN_SEED"))
    options = parser.parse_args()
    require_program()
    if os.geteuid() != 0:
        did_not_run("power cuts need root, to mount an image")
    if not os.path.exists("/dev/loop-control"):
        did_not_run("power cuts need loop devices")
    if os.environ.get("LIUHEN_OWN_MOUNTS") != "1":
        # Mounts of this run are seen by nobody else, and go with it however it ends.
        os.environ["LIUHEN_OWN_MOUNTS"] = "1"
        os.execvp("unshare", ["unshare", "-m", "--propagation", "private", sys.executable, *sys.argv])
    random = seed_of(options.seed)
    test = PowerCut(random, scratch("power-cut"))
    try:
        test.prepare()
    except subprocess.CalledProcessError as error:
        did_not_run(f"an image cannot be made and mounted ({error})")
    begun = time.monotonic()
    failures, total = [], {}
    for number, (passed, said) in enumerate(test.points(options.points), 1):
        if not passed:
            failures.append(number)
        print(f"point {number}: {said}", flush=True)
        for kind, amount in test.last.items():
            total[kind] = total.get(kind, 0) + amount
    told = ", ".join(f"{amount} {kind}" for kind, amount in sorted(total.items()))
    print(f"{options.points} points, {len(failures)} failed; looked for {told}; {test.copies} copies; "
          f"{time.monotonic() - begun:.0f} s")
    controls = {
        "without syncing commits": (("--no-sync",), ()),
        "without any sync": ((), ("strace", "-f", "--seccomp-bpf", "-qqq", "-o", "/dev/null",
                                  "-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:retval=0")),
    }
    for name, (extra, wrap) in controls.items():
        lost = None
        for number, (passed, said) in enumerate(test.points(options.control, *extra, wrap=wrap), 1):
            if not passed:
                lost = f"{name}: lost at point {number}, as it must ({said})"
                break
        print(lost or f"{name}: nothing was lost in {options.control} points: this test would not notice", flush=True)
        if not lost:
            failures.append(name)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    try:
        main()
    except Failed as failure:
        sys.exit(f"power cut: {failure}")
