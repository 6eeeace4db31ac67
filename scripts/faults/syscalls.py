#!/usr/bin/env python3
"""Breaks the system calls by which ledger and vault write, one in each run, and looks what is left.

What writes is `liuhen exercise` (--of exercise), or the served demonstration with a client outside (--of server). A
first run under strace lists the calls on files of the bureau (data, keys, lock file). Then each run breaks one of them: the n-th of its kind fails with EIO or ENOSPC, or the program is killed as it enters it. Afterwards the program is
started on what is there: everything acknowledged must be there and verify, and new facts must be taken.

strace counts calls for each thread. So places are (kind, n) such that some thread's n-th call of the kind is on a file
of the bureau; which call was broken is read from the log of the run.
"""
import argparse
import collections
import dataclasses
import os
import re
import shutil
import signal
import sys
import time

from exercise import ExerciseSubject, Failed, count, did_not_run, require_program, scratch, seed_of, whole_lines
from served import ServerSubject

# What changes files, and what makes changes durable. open is among them: it makes files.
KINDS = ("openat", "pwrite64", "write", "fsync", "fdatasync", "rename", "unlink", "mkdir", "rmdir", "ftruncate",
         "fallocate")
FAULTS = ("EIO", "ENOSPC", "KILL")
BEGUN = re.compile(r"^(\d+)\s+(\w+)\((.*)$")
HELP = "说明：留痕".encode()
# Where a session cannot be written down, whoever signed in reads on in one that lasts until the next start.
SESSIONS = re.compile(r"installation\.sqlite.*\(INJECTED\)")
# A call during which another thread's was written down.
RESUMED = re.compile(r"^(\d+)\s+<\.\.\. (\w+) resumed>")
# libdispatch looks at each of its threads every second, and ends the process where it cannot (EMFILE does it too): a death
# like any other, after which everything acknowledged has to be there.
WATCH = re.compile(r'^\d+\s+openat\([^,]+, "/proc/\d+/stat", .*\(INJECTED\)')


@dataclasses.dataclass
class Call:
    """One line of the log."""
    thread: str
    kind: str
    is_ours: bool
    broken: bool = False


class Syscalls:
    def __init__(self, random, directory, subject):
        self.random, self.directory, self.subject = random, directory, subject
        self.pristine, self.bureau = f"{directory}/pristine", f"{directory}/bureau"
        self.said, self.told, self.log = (f"{directory}/{name}" for name in ("said", "told", "strace"))
        os.makedirs(self.pristine)
        subject.prepare(self.pristine)

    def run(self, rounds, *inject):
        """One run under strace. Returns how it ended, None where it hung; its calls are in the log."""
        self.subject.freshen(self.pristine)
        shutil.rmtree(self.bureau, ignore_errors=True)
        shutil.copytree(self.pristine, self.bureau)
        open(self.said, "wb").close()
        # --seccomp-bpf is faster, and swallows signals that are to be injected.
        faster = [] if any("signal=" in option for option in inject) else ["--seccomp-bpf"]
        return self.subject.run(self.bureau, self.said, rounds, (
            "strace", "-f", *faster, "-qqq", "-y", "-s", "0", "-o", self.log, "-e", f"trace={','.join(KINDS)}", *inject))

    def calls(self):
        """The calls of the last run, in the order in which they began: thread, kind, on a file of the bureau, broken."""
        calls, last = [], {}
        with open(self.log, encoding="utf-8", errors="replace") as file:
            for line in file:
                begun, resumed = BEGUN.match(line), RESUMED.match(line)
                if begun and begun[2] in KINDS:
                    last[begun[1]] = call = Call(begun[1], begun[2], self.bureau in begun[3])
                    calls.append(call)
                if (begun or resumed) and "(INJECTED)" in line:
                    last[(begun or resumed)[1]].broken = True
        return calls

    def places(self, rounds, every):
        """Every (kind, n) that can be broken; unless `every`, of those that foreign files share only a few."""
        if self.run(rounds) != 0:
            raise Failed("it failed without a fault: " + self.subject.words())
        seen, ours = collections.Counter(), collections.Counter()
        places, others = {}, set()
        for call in self.calls():
            seen[call.thread, call.kind] += 1
            if call.is_ours:
                ours[call.kind] += 1
                places[call.kind, seen[call.thread, call.kind]] = None
            else:
                others.add((call.kind, seen[call.thread, call.kind]))
        print("calls on files of the bureau in one run: "
              + ", ".join(f"{ours[kind]} {kind}" for kind in KINDS if ours[kind]))
        # Where another thread's n-th call is on a foreign file, the fault would mostly hit that: the program's own files
        # at its start. Of such places a few are taken, and only for kinds that have no others.
        pure = [place for place in places if place not in others]
        kinds = {kind for kind, _ in pure}
        mixed = [place for place in places if place[0] not in kinds]
        chosen = list(places) if every else pure + self.random.sample(mixed, min(4, len(mixed)))
        # What is not broken is said: a place that another thread's call on a foreign file shares.
        there, taken = (collections.Counter(kind for kind, _ in some) for some in (places, chosen))
        print("places: " + ", ".join(f"{taken[kind]}/{there[kind]} {kind}" for kind in KINDS if there[kind]))
        return chosen

    def reached(self, kind, n, fault, ended):
        """Where the fault hit."""
        calls = [call for call in self.calls() if call.kind == kind]
        if fault == "KILL":
            # A killed call has no end in the log: it is the n-th and last of its thread.
            threads = {call.thread: [other.is_ours for other in calls if other.thread == call.thread] for call in calls}
            hit = [ours[-1] for ours in threads.values() if len(ours) == n] if ended == -9 else []
        else:
            hit = [call.is_ours for call in calls if call.broken]
        return "bureau" if any(hit) else "elsewhere" if hit else "not reached"

    def broke(self, what):
        """Whether a line of the log is one of these."""
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return any(what.search(line) for line in file)

    def forget_sessions(self):
        """Takes the sessions out of what was acknowledged: one of them may have been kept in memory."""
        with open(self.told, "rb") as file:
            lines = [line for line in file if not line.startswith(b"session ")]
        with open(self.told, "wb") as file:
            file.writelines(lines)

    def broken(self, rounds, kind, n, fault):
        """Breaks one call. Returns (what was reached, what is wrong or None, how the program took it)."""
        what = "signal=KILL" if fault == "KILL" else f"error={fault}"
        try:
            ended = self.run(rounds, "-e", f"inject={kind}:{what}:when={n}")
        except Failed as failure:
            return self.reached(kind, n, fault, None), str(failure), "answered wrongly"
        reached = self.reached(kind, n, fault, ended)
        lines = whole_lines(self.said, self.told)
        # The runtime finds the arguments of the program by /proc/self/maps: where that cannot be opened there are none, and
        # the program shows its help and has acknowledged nothing.
        with open(self.told, "rb") as file:
            if reached == "elsewhere" and ended == 0 and file.read().startswith(HELP):
                open(self.told, "wb").close()
                lines = 0
        took = "hung" if ended is None else f"ended {ended}"
        if ended is None:
            return reached, f"did not end within {self.subject.longest_run} s", took
        if ended == -signal.SIGILL and self.broke(WATCH):
            took = "ended by libdispatch"
        # 127: the loader could not open a library, and the program never began.
        elif ended not in (0, 1, -9, 127):
            return reached, f"ended with {ended}: {self.subject.words()}", took
        if ended == 1:
            took = "refused: " + self.subject.words()
        if self.broke(SESSIONS):
            self.forget_sessions()
        passed, said = self.subject.check(self.bureau, self.told)
        return reached, None if passed else f"{lines} acknowledged, {said}", took


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--of", choices=["exercise", "server"], default="exercise", help="what is broken")
    parser.add_argument("--runs", type=int, default=0, help="how many calls to break; 0 breaks every one")
    parser.add_argument("--rounds", type=int, default=0, help="how much is done in each run")
    parser.add_argument("--seed", default=os.environ.get("LIUHEN_SEED"))
    parser.add_argument("--seconds", type=int, default=0, help="start no further run after so long")
    parser.add_argument("--share", default="1/1", help="of every one, only each so manieth: 1/2 and 2/2 run side by side")
    parser.add_argument("--least", type=int, default=1, help="but so many, however slow the machine is")
    options = parser.parse_args()
    require_program()
    if not shutil.which("strace"):
        did_not_run("system calls are broken with strace, which is not installed")
    random = seed_of(options.seed)
    # A trap is a death, not a story: the backtracer would be traced as well, and outlive what it looks at.
    os.environ["SWIFT_BACKTRACE"] = "enable=no"
    directory = scratch("syscalls")
    subject = (ServerSubject if options.of == "server" else ExerciseSubject)(random, directory)
    test = Syscalls(random, directory, subject)
    rounds = options.rounds or subject.rounds
    begun = time.monotonic()
    share, shares = (int(number) for number in options.share.split("/"))
    cases = [(kind, n, fault) for kind, n in test.places(rounds, not options.runs) if n % shares == share % shares
             for fault in FAULTS]
    random.shuffle(cases)
    whole = collections.Counter((kind, fault) for kind, _, fault in cases)
    if options.runs and options.runs < len(cases):
        cases = spread(cases, options.runs)
    reached, failures, done, refusals = collections.Counter(), [], 0, collections.Counter()
    total = collections.Counter()
    broken = collections.Counter()
    for kind, n, fault in cases:
        if options.seconds and done >= options.least and time.monotonic() - begun > options.seconds:
            print(f"time is up after {done} of {len(cases)} calls")
            break
        done += 1
        broken[kind, fault] += 1
        where, wrong, took = test.broken(rounds, kind, n, fault)
        reached[kind, fault, where] += 1
        total.update(count(test.told))
        if took.startswith("refused"):
            refusals[took] += 1
        if wrong:
            failures.append((kind, n, fault))
            print(f"{kind} {n} {fault} ({where}, {took}): {wrong}", flush=True)
    for kind in KINDS:
        row = [f"{fault} " + "/".join(f"{reached[kind, fault, where]} {where}" for where in
                                      ("bureau", "elsewhere", "not reached") if reached[kind, fault, where])
               for fault in FAULTS if any(key[:2] == (kind, fault) for key in reached)]
        if row:
            print(f"  {kind}: " + ", ".join(row))
    print("broken of those there are: " + ", ".join(
        f"{kind} " + " ".join(f"{fault} {broken[kind, fault]}/{whole[kind, fault]}" for fault in FAULTS)
        for kind in KINDS if any(key[0] == kind for key in whole)))
    # A kind of which no place at all was broken is a kind that nothing was learnt of.
    untouched = [f"{kind} {fault}" for kind, fault in whole if not broken[kind, fault]]
    if untouched and not options.seconds and (not options.runs or options.runs >= len(whole)):
        failures.append("kinds left out")
        print("never broken: " + ", ".join(sorted(untouched)))
    if not options.runs and not options.seconds and done < sum(whole.values()):
        failures.append("calls left out")
        print(f"{sum(whole.values()) - done} calls were left out, though every one was asked for")
    hits = sum(amount for (_, _, where), amount in reached.items() if where == "bureau")
    print(f"{done} calls broken ({hits} on files of the bureau), {len(failures)} failed; looked for "
          + ", ".join(f"{amount} {kind}" for kind, amount in sorted(total.items()))
          + f"; {time.monotonic() - begun:.0f} s")
    for words, amount in [*refusals.most_common(6), *subject.answers.most_common(12)]:
        print(f"  {amount} times {words[:200]}")
    if hits * 2 < done:
        failures.append("most faults hit nothing")
        print("fewer than half of the faults hit a file of the bureau: the list of calls is not what runs")
    sys.exit(1 if failures else 0)


def spread(cases, number):
    """As many of every kind and fault as go into `number`, in the shuffled order."""
    groups = collections.OrderedDict()
    for case in cases:
        groups.setdefault((case[0], case[2]), []).append(case)
    chosen = []
    while len(chosen) < number:
        for group in groups.values():
            if group and len(chosen) < number:
                chosen.append(group.pop())
    return chosen


if __name__ == "__main__":
    try:
        main()
    except Failed as failure:
        sys.exit(f"system calls: {failure}")
