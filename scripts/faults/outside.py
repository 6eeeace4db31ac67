"""Clients outside: people at a served demonstration, and programs of theirs, who write down each answer they get.

A line of the log is written before a request whose answer may be lost ("asked"), and after each answer ("case", "step",
and so on). What was acknowledged must be there after any fault; what was asked may be.
"""
import base64
import hashlib
import http.client
import json
import os
import random
import re
import sys
import threading
from datetime import datetime, timedelta, timezone

from exercise import PROGRAM, ROOT, Failed

os.environ.setdefault("LIUHEN_BIN", os.path.dirname(PROGRAM))
sys.path.insert(0, os.path.join(ROOT, "scripts", "load"))
# pylint: disable=wrong-import-position
from bureau import BUREAU, HIDDEN, Failed as LoadFailed, NotStarted, Person, Server

# Officers of the demonstration: each may handle cases.
OFFICERS = ("zhou", "lin", "bai")
# As the demonstration registers them: a paper names no other officers.
CERTIFICATES = {"zhou": "QH-T-0007", "lin": "QH-T-0011", "bai": "QH-T-0015"}
NAMES = {"zhou": "周一舟", "lin": "林小满", "bai": "白一禾"}
SCOPES = ("readCases", "readDocuments", "readRules", "recordCases", "recordDocuments")
# Files of one form (`ImportRecordings.limit`).
FILES_OF_A_FORM = 50
# Bytes from which on the vault writes past the page cache.
FILM = 16 << 20
LOST = (ConnectionError, http.client.HTTPException, TimeoutError)


class Unexpected(Exception):
    """An answer that was not the expected one."""

    def __init__(self, status, what, words):
        super().__init__(f"{what} was answered {status}: {words}")
        self.status, self.words = status, words


def content(seed, size):
    """Bytes that no two files share, known from two numbers."""
    return random.Random(seed).randbytes(size)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def local_now():
    """The bureau's minute."""
    return datetime.now(timezone(timedelta(hours=8))).replace(second=0, microsecond=0)


class Log:
    """What was acknowledged, one line each, in a file outside of what is broken."""

    def __init__(self, path):
        self.lock = threading.Lock()
        self.file = open(path, "a", encoding="utf-8")  # pylint: disable=consider-using-with

    def say(self, kind, **facts):
        with self.lock:
            self.file.write(f"{kind} {json.dumps(facts, ensure_ascii=False)}\n")
            self.file.flush()

    def close(self):
        with self.lock:
            self.file.close()


class Caller(Person):
    """A person with a session, and a program of theirs with a token."""

    def __init__(self, port, account, cookie=None, bearer=None):
        self.bearer = bearer
        super().__init__(port, account, after=self.judge, cookie=cookie)

    @staticmethod
    def judge(_kind, _seconds, answer, expected, what):
        if answer.status not in expected:
            said = re.sub(r"<[^>]+>|\s+", " ", answer.text.partition("<main")[2] or answer.text)
            raise Unexpected(answer.status, what, " ".join(said.split())[:300])

    def api(self, method, path, body=None, expected=(200, 201)):
        fields = {"Authorization": f"Bearer {self.bearer}", "Accept": "application/json, application/pdf",
                  "Idempotency-Key": os.urandom(16).hex()}
        if body is not None:
            body = json.dumps(body, ensure_ascii=False).encode()
            fields["Content-Type"] = "application/json"
        answer = self.send(method, f"/api/v1{BUREAU}{path}", body, fields)
        self.judge("", 0, answer, expected, f"{method} {path}")
        return answer

    def upload(self, method, path, fields=None, body=None, expected=(200, 201, 204)):
        answer = self.send(method, path, body, {
            "Cookie": self.cookie, "X-Liuhen-Form-Token": self.token, "Tus-Resumable": "1.0.0", **(fields or {})})
        self.judge("", 0, answer, expected, f"{method} {path}")
        return answer

    def make_token(self):
        page = self.ask("GET", f"{BUREAU}/account/tokens", "", (200,)).text
        made = self.ask("POST", f"{BUREAU}/account/tokens", "", (200,), form=[
            ("command", dict(HIDDEN.findall(page))["command"]), ("label", "outside"), ("days", "30"),
            *(("scopes", scope) for scope in SCOPES), ("secret", f"demo-{self.account}-2026")])
        self.bearer = re.search(r"<code>(liuhen-[0-9a-f]{32}-[0-9a-f]{64})</code>", made.text)[1]


class Life:
    """What one officer does, one thing after the other. Every answer is written down when it is here."""

    def __init__(self, caller, people, chance, log):
        self.caller, self.people, self.chance, self.log = caller, people, chance, log
        own = people[caller.account]
        self.officers = [own, *(person for person in people.values() if person != own)][:2]
        self.rounds = 0

    def round(self):
        """A case with its visit, a document, evidence, and a look at it."""
        number, self.rounds = self.rounds, self.rounds + 1
        case = self.open_case()
        seq = self.visit(case)
        self.draft(case, seq, is_fixed=number % 3 == 1)
        uploads = [self.send_tus(parts=self.chance.randrange(1, 4)), self.send_put()]
        if number % 5 == 0:
            uploads.append(self.send_tus(parts=self.chance.randrange(2, 4), least=FILM))
        self.send_tus(parts=2, is_whole=False)
        if number % 4 == 3:
            # Evidence that waits for its sender to say what it is.
            return
        self.register(case, uploads)
        self.look(case)

    def open_case(self):
        case = os.urandom(16).hex()
        title = f"停电试验 {case}"
        self.caller.ask("POST", f"{BUREAU}/cases/new", "", (303,), form=[
            ("command", case), ("title", title), ("source", "plan"), *(("handlers", one) for one in self.officers),
            ("subjectKind", "organisation"), ("subjectName", f"虚构单位 {case[:8]}")])
        self.log.say("case", case=case, account=self.caller.account, title=title)
        return case

    def visit(self, case):
        """Begins by the page's form, ends by the API, which tells the position in the log."""
        command, place = os.urandom(16).hex(), f"虚构路 {os.urandom(4).hex()} 号"
        self.caller.ask("POST", f"{BUREAU}/cases/{case}/steps/activity", "", (303,), form=[
            ("command", command), ("seq", "1"), ("kind", "siteInspection"),
            *(("officers", one) for one in self.officers), ("startAt", local_now().strftime("%Y-%m-%d %H:%M")),
            ("place", place)])
        self.log.say("step", case=case, account=self.caller.account, seq=2, position=None, value=place)
        summary = f"涉嫌 {os.urandom(8).hex()}"
        answer = json.loads(self.caller.api("POST", f"/cases/{case}/steps/finding", {
            "expectedSeq": 2, "outcome": "suspected", "summary": summary}).text)
        self.log.say("step", case=case, account=self.caller.account, seq=answer["seq"],
                     position=answer["positions"][-1], value=summary)
        return answer["seq"]

    def draft(self, case, seq, is_fixed):
        document = os.urandom(16).hex()
        for version in range(2):
            now = local_now().isoformat(timespec="seconds")
            values = {"subjectName": f"虚构单位 {case[:8]}", "place": "虚构路 1 号", "startAt": now, "endAt": now,
                      "officers": [{"person": one, "name": NAMES[account], "certificate": CERTIFICATES[account]}
                                   for one in self.officers
                                   for account in [next(key for key, value in self.people.items() if value == one)]],
                      "certShown": "已出示", "recorder": "试验员", "findings": f"第{version + 1}稿 {os.urandom(8).hex()}"}
            self.caller.api("PUT", f"/cases/{case}/drafts/{document}", {
                "version": version, "kind": "site-inspection-record", "values": values})
            self.log.say("draft", case=case, account=self.caller.account, document=document, version=version + 1,
                         findings=values["findings"])
        if not is_fixed:
            return
        self.log.say("asked", what=document)
        answer = json.loads(self.caller.api("POST", f"/cases/{case}/drafts/{document}/fixing", {
            "expectedSeq": seq}).text)
        self.log.say("step", case=case, account=self.caller.account, seq=answer["seq"],
                     position=answer["positions"][-1], value=None)
        printed = self.caller.api("GET", pdf(case, document)).body
        self.log.say("document", case=case, account=self.caller.account, document=document, sha256=sha256(printed))

    def send_tus(self, parts, is_whole=True, least=0):
        seed, size = self.chance.randrange(1 << 48), least + self.chance.randrange(parts, 300_000)
        data = content(seed, size)
        name = base64.b64encode("现场.bin".encode()).decode()
        made = self.caller.upload("POST", f"{BUREAU}/uploads", {
            "Upload-Length": str(size), "Upload-Metadata": f"filename {name}"})
        upload = made.location.rpartition("/")[2]
        self.log.say("upload", id=upload, account=self.caller.account, seed=seed, size=size, offset=0)
        ends = sorted(self.chance.sample(range(1, size), parts - 1)) + ([size] if is_whole else [])
        begin = 0
        for end in ends:
            digest = base64.b64encode(hashlib.sha256(data[begin:end]).digest()).decode()
            answer = self.caller.upload("PATCH", made.location, {
                "Upload-Offset": str(begin), "Content-Type": "application/offset+octet-stream",
                "Upload-Checksum": f"sha256 {digest}"}, data[begin:end])
            if answer.offset != str(end):
                raise Failed(f"upload {upload} says offset {answer.offset} after the bytes up to {end}")
            self.log.say("upload", id=upload, account=self.caller.account, seed=seed, size=size, offset=end)
            begin = end
        return upload, sha256(data)

    def send_put(self):
        seed, size = self.chance.randrange(1 << 48), self.chance.randrange(1, 300_000)
        data = content(seed, size)
        upload = self.caller.upload("PUT", f"{BUREAU}/files/photo.bin", body=data).location.rpartition("/")[2]
        self.log.say("upload", id=upload, account=self.caller.account, seed=seed, size=size, offset=size)
        return upload, sha256(data)

    def register(self, case, uploads):
        """Says of all these files what they are, in as many forms as they need."""
        for begin in range(0, len(uploads), FILES_OF_A_FORM):
            self.register_together(case, uploads[begin:begin + FILES_OF_A_FORM])

    def register_together(self, case, uploads):
        entries = json.loads(self.caller.api("GET", f"/cases/{case}").text)["entries"]
        for upload, _ in uploads:
            self.log.say("asked", what=upload)
        self.caller.ask("POST", f"{BUREAU}/cases/{case}/recordings/new", "", (303,), form=[
            ("command", os.urandom(16).hex()), ("seq", str(entries)), *(("upload", upload) for upload, _ in uploads),
            ("class", "party"), ("device", "recorder"), ("activity", "kind-other"), ("note", "停电试验")])
        for upload, digest in uploads:
            self.log.say("object", case=case, account=self.caller.account, id=upload, sha256=digest)

    def look(self, case):
        for action, hidden in looks(self.caller, case)[:1]:
            begun = self.caller.ask("POST", action, "", (303,), form=hidden)
            self.log.say("look", id=begun.location.rpartition("/")[2])
            self.caller.ask("GET", begun.location + "/content", "", (200,))
            self.caller.ask("POST", begun.location + "/end", "", (303,), form=[])


def people(caller):
    """The threads of the officers, from the form of a new case."""
    page = caller.ask("GET", f"{BUREAU}/cases/new", "", (200,)).text
    found = {}
    for value, rest in re.findall(r'name="handlers" value="([0-9a-f]{32})"(?=(.{0,300}))', page, re.S):
        found.update((account, value) for account, name in NAMES.items() if name in rest.partition("<input")[0])
    if set(found) != set(OFFICERS):
        raise Failed(f"the demonstration has not the officers that were expected: {found}")
    return found


def pdf(case, document):
    return f"/cases/{case}/documents/{document}/pdf?rendition=fixed&purpose=handling"


def looks(caller, case):
    """What can be looked at from the page of a case: the form's address and its hidden fields."""
    page = caller.ask("GET", f"{BUREAU}/cases/{case}", "", (200,)).text
    forms = re.findall(r'<form class="look"[^>]*action="([^"]+)">(.*?)</form>', page, re.S)
    return [(action, [pair for pair in HIDDEN.findall(inside) if pair[0] != "form-token"]) for action, inside in forms]
