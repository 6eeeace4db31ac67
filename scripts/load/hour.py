"""An hour in the life of a bureau: 60 requests a second, reading and writing, and nothing may go wrong or grow.

    hour.py    LIUHEN_MINUTES (60), LIUHEN_RATE (60 a second), LIUHEN_SEED, LIUHEN_GROWTH (MiB, 8), LIUHEN_BIN

A demonstration is made and served; people of several roles look through lists, cases, documents and the law, open
evidence, record visits, open cases and save drafts. The run fails if

- any answer is not the one that was expected, a 5xx above all, or a connection breaks;
- fewer requests than 95 in 100 of those that were due got an answer in the time;
- memory grows: a line is laid by least squares through the resident memory of the server, sampled every five seconds,
  after a quarter of the time has warmed it; between the ends of that line lie more than LIUHEN_GROWTH MiB;
- open files grow by more than the connections that were opened;
- the server does not end cleanly when asked, or the ledger it leaves is not whole.
"""
import os
import random
import re
import secrets
import statistics
import sys
import tempfile
import threading
import time
import urllib.parse

from bureau import BUREAU, Failed, HIDDEN, Person, Server

MINUTES = float(os.environ.get("LIUHEN_MINUTES", "60"))
RATE = float(os.environ.get("LIUHEN_RATE", "60"))
SEED = int(os.environ.get("LIUHEN_SEED") or random.SystemRandom().randrange(1 << 32))
GROWTH = float(os.environ.get("LIUHEN_GROWTH", "8"))
PEOPLE = ["zhou", "zhou", "zhou", "zhou", "lin", "lin", "lin", "bai", "tang", "tang", "gu", "gu", "shen", "shen", "jiang", "admin"]
OFFICERS = {"zhou": "周一舟", "lin": "林小满", "bai": "白一禾"}
WORDS = ["统计", "清禾", "罐头", "纸品", "不真实", "执法检查", "星河", "没有这样的词", "Bench"]


class Course:
    """When each request is due, and what became of all of them."""

    def __init__(self):
        self.lock = threading.Lock()
        self.begun = None
        self.due = 0
        self.times = {}
        self.faults = []
        self.late = 0.0
        self.over = threading.Event()

    def next(self):
        """Waits for the next moment at which a request is due; ends the thread's work when the time is over."""
        if self.begun is None:
            return
        with self.lock:
            moment = self.begun + self.due / RATE
            self.due += 1
        wait = moment - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        self.late = max(self.late, -wait)
        if moment - self.begun > MINUTES * 60 or time.monotonic() - self.begun > MINUTES * 60 or self.over.is_set():
            raise Over()

    def answered(self, kind, seconds, answer, expected, what):
        with self.lock:
            if self.begun is not None:
                self.times.setdefault(kind, []).append(seconds)
            if answer.status not in expected:
                said = re.sub(r"<[^>]+>|\s+", " ", answer.text.partition("<main")[2] or answer.text)
                self.faults.append(f"{what} was answered {answer.status}: {' '.join(said.split())[:300]}")

    def failed(self, what):
        with self.lock:
            self.faults.append(what)


class Over(Exception):
    """The time is over."""


class Life:
    """What one person does, one thing after the other, drawn by chance."""

    def __init__(self, person, course, chance, look_lock):
        self.person, self.course, self.chance, self.look_lock = person, course, chance, look_lock
        self.is_officer = person.account in OFFICERS
        self.cases = []
        self.current = None
        self.steps = 0
        self.pages = {}
        self.laws = []

    def read(self, path, kind, expected=(200,), fields=None):
        return self.person.ask("GET", BUREAU + path, kind, expected, fields=fields)

    def post(self, path, kind, form, expected=(303,)):
        return self.person.ask("POST", path, kind, expected, form=form)

    def act(self):
        if self.person.account == "admin":
            # The work list of who only administers is the list of the bureau's own tasks: answered by the way there.
            return self.read(self.chance.choice(
                ["", "/people", "/setup", "/settings", "/regulations", "/ledger", "/notices", "/account", "/calendars"]),
                "administration", (200, 303))
        actions = [
            (12, self.work_list), (20, self.case_list), (25, self.case_page), (10, self.registers), (6, self.obligation),
            (6, self.law), (4, self.public), (1, self.table), (3, self.look), (2, self.draft),
        ]
        if self.is_officer:
            actions += [(14, self.step), (3, self.step_form)]
        return self.chance.choices([action for _, action in actions], [weight for weight, _ in actions])[0]()

    # What people read.

    def work_list(self):
        self.read("", "work list")

    def case_list(self):
        query = {}
        if self.chance.random() < 0.5:
            query["q"] = self.chance.choice(WORDS)
        if self.chance.random() < 0.3:
            query["state"] = self.chance.choice(["open", "ended", "filed"])
        if self.chance.random() < 0.3:
            query["sort"] = self.chance.choice(["newest", "oldest", "lastChange", "title"])
        if self.chance.random() < 0.3:
            query["page"] = self.chance.choice("123")
        page = self.read("/cases?" + urllib.parse.urlencode(query), "case list")
        found = re.findall(rf'href="{BUREAU}/cases/([0-9a-f]{{32}})"', page.text)
        self.cases = (found + self.cases)[:50]

    def some_case(self):
        if not self.cases:
            self.case_list()
        return self.chance.choice(self.cases) if self.cases else None

    def case_page(self):
        case = self.some_case()
        if case:
            page = self.read(f"/cases/{case}", "case page").text
            self.pages = {case: page}

    def obligation(self):
        case, page = next(iter(self.pages.items()), (None, ""))
        links = sorted(set(re.findall(rf'href="({BUREAU}/cases/{case}/obligations/[^"]+)"', page)))
        if links:
            self.person.ask("GET", self.chance.choice(links).replace("&amp;", "&"), "obligation", (200,))

    def registers(self):
        self.read(self.chance.choice([
            "/documents", "/documents?" + urllib.parse.urlencode({"q": self.chance.choice(WORDS)}),
            "/documents?state=issued", "/leads", "/notices", "/account"]), "registers")

    def law(self):
        links = self.laws
        if not links:
            page = self.read("/regulations", "law").text
            links = self.laws = sorted(set(re.findall(rf'href="{BUREAU}(/regulations/[^"#?]+)', page)))
        elif self.chance.random() < 0.5:
            self.read("/regulations", "law")
        else:
            self.read(self.chance.choice(links), "law")

    def public(self):
        self.person.ask("GET", self.chance.choice(["/ledger/qinghe/checkpoint", "/health"]), "public", (200,))

    def table(self):
        self.read(self.chance.choice(["/tables/cases", "/tables/documents"]), "table")

    # What people record.

    def look(self):
        """Evidence, or a document: one entry at the beginning, one at the end, bytes in between."""
        for case, page in list(self.pages.items()):
            forms = re.findall(r'<form class="look"[^>]*action="([^"]+)">(.*?)</form>', page, re.S)
            if not forms:
                return
            action, inside = self.chance.choice(forms)
            # One look of one person at one thing is shared by their sessions: whoever ends it ends it for all.
            with self.look_lock:
                hidden = [(name, value) for name, value in HIDDEN.findall(inside) if name != "form-token"]
                answer = self.post(action, "look", hidden)
                if answer.status != 303:
                    return
                self.person.ask("GET", answer.location, "look", (200,))
                # The first answer says how long the thing is; a start behind its end would rightly be refused.
                length = 0
                for _ in range(self.chance.randrange(1, 4)):
                    start = self.chance.randrange(0, max(1, min(4096, length)))
                    length = self.person.ask(
                        "GET", answer.location + "/content", "bytes", (206,),
                        fields={"Range": f"bytes={start}-{start + self.chance.randrange(1, 65536)}"}).whole
                self.post(answer.location + "/end", "look", [])

    def open_case(self):
        page = self.read("/cases/new", "step form").text
        # Whoever records a visit handles the case: themselves, and one of the others.
        offered = re.findall(r'name="handlers" value="([0-9a-f]{32})"(?=(.{0,300}))', page, re.S)
        name = OFFICERS[self.person.account]
        handlers = [value for value, rest in sorted(offered, key=lambda pair: name not in pair[1].partition("<input")[0])]
        command = secrets.token_hex(16)
        answer = self.post(f"{BUREAU}/cases/new", "step", [
            ("command", command), ("title", f"Bench {command} 统计执法检查"), ("source", "plan"),
            *(("handlers", handler) for handler in handlers[:2]), ("subjectKind", "organisation"),
            ("subjectName", f"Firm {command}")])
        if answer.status == 303:
            self.current = {"id": command, "seq": 1, "officers": handlers[:2], "activity": None}

    def step(self):
        """A visit begins or ends; after forty steps the next case."""
        if self.current is None or self.current["seq"] > 40:
            return self.open_case()
        case = self.current
        command = secrets.token_hex(16)
        now = time.strftime("%Y-%m-%d %H:%M", time.gmtime(time.time() + 8 * 3600))
        form = [("command", command), ("seq", str(case["seq"]))]
        if case["activity"]:
            name, form = "activity-end", form + [("activity", case["activity"]), ("endAt", now)]
        else:
            name, form = "activity", form + [
                ("kind", "siteInspection"), *(("officers", officer) for officer in case["officers"]), ("startAt", now),
                ("place", "Office")]
        answer = self.post(f"{BUREAU}/cases/{case['id']}/steps/{name}", "step", form)
        if answer.status == 303:
            case["activity"] = None if case["activity"] else command
            case["seq"] += 1
        else:
            self.current = None

    def step_form(self):
        if self.current:
            self.read(f"/cases/{self.current['id']}/steps/activity", "step form")

    def draft(self):
        """A draft is begun, saved, saved again and shown as it would be printed."""
        if not self.current or not self.is_officer:
            return
        page = self.read(
            f"/cases/{self.current['id']}/documents/new?kind=site-inspection-record", "draft").text
        form = re.search(r'<form method="post" action="([^"]+)" data-draft', page)
        if not form:
            return self.course.failed("the page of a new draft has no form")
        for version in range(2):
            self.post(form[1], "draft", [
                ("version", str(version)), ("kind", "site-inspection-record"), ("action", "save")])
        self.person.ask("GET", form[1] + "/sheets/1", "preview", (200,))

    def run(self):
        try:
            while True:
                self.act()
        except Over:
            pass
        except Exception as error:  # pylint: disable=broad-except
            self.course.failed(f"{self.person.account}: {type(error).__name__}: {error}")
            self.course.over.set()


def line(points):
    """Slope and mean of the line of least squares through points."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    middle, height = statistics.fmean(xs), statistics.fmean(ys)
    spread = sum((x - middle) ** 2 for x in xs)
    return (sum((x - middle) * (y - height) for x, y in points) / spread if spread else 0.0), height


def milliseconds(times, share):
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] * 1000


def run(directory):
    server = Server(directory)
    course = Course()
    samples = []
    try:
        locks = {}
        people = [Person(server.port, account, course.next, course.answered) for account in PEOPLE]
        lives = [
            Life(person, course, random.Random(SEED + index), locks.setdefault(person.account, threading.Lock()))
            for index, person in enumerate(people)]
        threads = [threading.Thread(target=life.run, daemon=True) for life in lives]
        files = server.files()
        course.begun = time.monotonic()
        processor = server.processor()
        for thread in threads:
            thread.start()
        told = 0
        while any(thread.is_alive() for thread in threads):
            passed = time.monotonic() - course.begun
            # Twice the longest wait for an answer: a server that hangs ends the run as a failure.
            if passed > MINUTES * 60 + 240:
                course.failed("requests without an answer were left")
                break
            if server.process.poll() is not None:
                course.failed(f"the server ended with {server.process.returncode}")
                break
            samples.append((passed, server.memory()))
            if passed // 300 > told:
                told = passed // 300
                count = sum(len(times) for times in course.times.values())
                print(f"  {passed / 60:.0f} min: {count} answers, {samples[-1][1]:.1f} MiB, "
                      f"{server.files()} files, {len(course.faults)} faults", flush=True)
            time.sleep(5 if MINUTES > 2 else 0.5)
        passed = min(time.monotonic() - course.begun, MINUTES * 60)
        processor = server.processor() - processor if server.process.poll() is None else 0.0
        left = server.files() if server.process.poll() is None else 0
    finally:
        clean = server.process.poll() is None and server.stop()
    whole, said = server.verify()
    return judge(course, samples, passed, processor, (files, left, len(PEOPLE)), clean, whole, said, server)


def judge(course, samples, passed, processor, files, clean, whole, said, server):
    faults = list(course.faults)
    count = sum(len(times) for times in course.times.values())
    print(f"\n  {'':16}{'answers':>9}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'most':>9}")
    for kind, times in sorted(course.times.items(), key=lambda pair: -len(pair[1])):
        print(f"  {kind:16}{len(times):9}" + "".join(f"{milliseconds(times, share):9.1f}" for share in (.5, .95, .99, 1)))
    print(f"{count} answers in {passed / 60:.1f} min: {count / passed:.1f}/s (asked {RATE:g}/s), "
          f"latest by {course.late:.2f} s; the server had {processor / passed:.2f} of a processor")
    if count < 0.95 * RATE * passed:
        faults.append(f"only {count / passed:.1f} answers/s of {RATE:g}/s")

    warm = [(x, y) for x, y in samples if x >= passed / 4]
    slope, mean = line(warm) if len(warm) > 2 else (0.0, 0.0)
    span = warm[-1][0] - warm[0][0] if warm else 0.0
    halves = [line(part)[0] * 3600 if len(part) > 2 else 0.0 for part in (warm[:len(warm) // 2], warm[len(warm) // 2:])]
    print(f"memory: {samples[0][1]:.1f} MiB at the start, {mean:.1f} MiB in the mean after a quarter of the time, "
          f"{samples[-1][1]:.1f} MiB at the end, {max(y for _, y in samples):.1f} MiB at most")
    print(f"slope after the warming quarter, by least squares over {len(warm)} samples: {slope * 3600:+.2f} MiB/h "
          f"({slope * span:+.2f} MiB over {span / 60:.1f} min; at most {GROWTH:g} allowed); "
          f"halves {halves[0]:+.2f} and {halves[1]:+.2f} MiB/h")
    if slope * span > GROWTH:
        faults.append(f"memory grew by {slope * span:.1f} MiB")
    print(f"open files: {files[0]} at the start, {files[1]} at the end")
    if files[1] > files[0] + files[2] + 32:
        faults.append(f"{files[1] - files[0]} more open files")
    if not clean:
        faults.append("the server did not end cleanly when asked")
    if not whole:
        faults.append(f"the ledger is not whole: {said[-1000:]}")
    else:
        print("the ledger left behind is whole")
    wrong = [text for text in server.log.read_text(errors="replace").splitlines()
             if re.match(r"^\S+ (error|critical) ", text)]
    if wrong:
        faults.append(f"the server reported {len(wrong)} errors, the first: {wrong[0][:300]}")
    for fault in faults[:20]:
        print(f"fault: {fault}", file=sys.stderr)
    if faults:
        print(f"hour: FAILED with {len(faults)} faults (LIUHEN_SEED={SEED})", file=sys.stderr)
        return 1
    print(f"hour: passed, no 5xx, nothing unexpected, memory flat (LIUHEN_SEED={SEED})")
    return 0


if __name__ == "__main__":
    print(f"hour: {MINUTES:g} min at {RATE:g} requests/s, seed {SEED}", flush=True)
    with tempfile.TemporaryDirectory(prefix="liuhen-hour-") as scratch:
        try:
            sys.exit(run(scratch))
        except Failed as failure:
            sys.exit(f"hour: {failure}")
