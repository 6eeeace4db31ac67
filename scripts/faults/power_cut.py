#!/usr/bin/env python3
"""Cuts the power of a bureau at seeded moments and looks whether everything acknowledged is there.

Data, keys and lock file lie on ext4 in an image that is mounted through a loop device. A program writes there, and what
was acknowledged is written down outside: by `liuhen exercise` itself, as fast as ledger and vault can (--of exercise),
or by people and programs at the served demonstration, over HTTP (--of server). At each point it is stopped, and the image
is copied: what the file system still held in memory is not in the copy, as after a power cut. The copy is mounted (ext4
replays its journal), the program started on it, and everything acknowledged up to the stop must be there and verify.

That the cut is one is proven in the same run: the same points without syncing the ledger's commits, and once more
without any sync, must lose something.
"""
import argparse
import os
import subprocess
import sys
import time

from disk import Disk, copy, own_mounts
from exercise import ExerciseSubject, Failed, count, did_not_run, require_program, scratch, seed_of, whole_lines
from served import ServerSubject

POINTS_PER_ROUND = 5
NO_SYNC = ("strace", "-f", "--seccomp-bpf", "-qqq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync",
           "-e", "inject=fsync,fdatasync:retval=0")


class PowerCut:
    def __init__(self, random, directory, subject):
        self.random, self.directory, self.subject = random, directory, subject
        self.pristine = Disk(f"{directory}/pristine.img", f"{directory}/pristine")
        self.disk = Disk(f"{directory}/disk.img", f"{directory}/disk")
        self.copy = Disk(f"{directory}/copy.img", f"{directory}/copy")
        self.acknowledged, self.told = f"{directory}/acknowledged", f"{directory}/told"
        self.last, self.copies = {}, 0

    def prepare(self):
        self.pristine.make()
        self.pristine.mount()
        try:
            self.subject.prepare(self.pristine.point)
        finally:
            self.pristine.unmount()

    def points(self, number, **options):
        """Yields (passed, words) for each point."""
        done = 0
        while done < number:
            self.pristine.mount()
            try:
                self.subject.freshen(self.pristine.point)
            finally:
                self.pristine.unmount()
            copy(self.pristine.image, self.disk.image)
            self.disk.mount()
            running = None
            try:
                open(self.acknowledged, "wb").close()
                running = self.subject.start(self.disk.point, self.acknowledged, **options)
                self.wait_for_start(running)
                for _ in range(min(POINTS_PER_ROUND, number - done)):
                    time.sleep(self.random.uniform(0.02, self.subject.longest_wait))
                    done += 1
                    yield self.point(running)
                    running.go_on()
            finally:
                if running:
                    running.kill()
                self.disk.unmount()

    def wait_for_start(self, running):
        deadline = time.monotonic() + 240  # Under strace, on a busy machine.
        while os.path.getsize(self.acknowledged) == 0:
            if running.has_ended() or time.monotonic() > deadline:
                raise Failed(f"nothing was acknowledged: {running.words()}")
            time.sleep(0.01)
        running.begun()

    def point(self, running):
        running.stop()
        lines = whole_lines(self.acknowledged, self.told)
        self.copies += self.disk.cut(self.copy.image)
        self.copy.mount()
        try:
            passed, said = self.subject.check(self.copy.point, self.told)
        finally:
            self.copy.unmount()
        self.last = count(self.told)
        return passed, f"{lines} acknowledged, {said}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--of", choices=["exercise", "server"], default="exercise", help="what is broken")
    parser.add_argument("--points", type=int, default=100)
    parser.add_argument("--control", type=int, default=10, help="points at most for each run that must lose something")
    parser.add_argument("--seed", default=os.environ.get("LIUHEN_SEED"))
    options = parser.parse_args()
    require_program()
    own_mounts()
    random = seed_of(options.seed)
    directory = scratch("power-cut")
    subject = (ServerSubject if options.of == "server" else ExerciseSubject)(random, directory)
    test = PowerCut(random, directory, subject)
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
    controls = {"without any sync": {"wrap": NO_SYNC}, **subject.controls(test.disk.point, NO_SYNC)}
    for name, extra in controls.items():
        lost = None
        for number, (passed, said) in enumerate(test.points(options.control, **extra), 1):
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
