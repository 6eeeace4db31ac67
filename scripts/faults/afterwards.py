"""What is left of a demonstration, compared with what its clients outside were told."""
import collections
import json
import os
import random
import sqlite3
import subprocess
import time

from exercise import Failed
from outside import BUREAU, LOST, OFFICERS, Caller, Life, LoadFailed, Log, Server, Unexpected, content, looks, pdf, sha256


def check(bureau, directory, told, log):
    """Starts the server on what is left and looks for everything acknowledged. Returns (passed, what it found)."""
    try:
        return True, Afterwards(bureau, directory, told, log).run()
    except (Failed, LoadFailed, Unexpected, *LOST, subprocess.SubprocessError) as error:
        return False, f"{type(error).__name__}: {' '.join(str(error).split())[:600]}"


class Afterwards:
    """What is left of a demonstration, compared with what its clients were told."""

    def __init__(self, bureau, directory, told, log):
        self.bureau, self.directory, self.log = bureau, directory, log
        self.said = collections.defaultdict(list)
        with open(told, encoding="utf-8") as file:
            for line in file:
                kind, _, facts = line.partition(" ")
                self.said[kind].append(json.loads(facts))
        self.asked = {one["what"] for one in self.said["asked"]}
        self.callers, self.timelines, self.taken = {}, {}, {}

    def run(self):
        self.server = Server(self.directory, log=self.log)
        try:
            for account in OFFICERS:
                self.callers[account] = self.bureau.caller(self.server.port, account)
            self.sessions()
            self.cases()
            self.drafts()
            self.documents()
            self.uploads()
            self.objects()
            self.goes_on()
            self.callers.clear()
            if not self.server.stop():
                raise Failed("the server did not end cleanly when asked")
        finally:
            self.server.kill()
        # After the server, so that what it did with the remains is judged too.
        self.looks()
        for verb in ("verify", "rebuild"):
            whole, words = self.server.ledger(verb)
            if not whole:
                raise Failed(f"ledger {verb}: {words[-500:]}")
        counts = ", ".join(f"{len(self.said[kind])} {kind}s" for kind in sorted(self.said)
                           if self.said[kind] and kind != "asked")
        return f"whole: {counts or 'nothing'} as acknowledged"

    def sessions(self):
        for one in self.said["session"]:
            Caller(self.server.port, one["account"], cookie=one["cookie"])

    def timeline(self, case, account):
        if case not in self.timelines:
            items, cursor = [], ""
            while cursor is not None:
                page = json.loads(self.callers[account].api("GET", f"/cases/{case}/timeline{cursor}").text)
                items += page["items"]
                cursor = f"?cursor={page['next']}" if page.get("next") else None
            self.timelines[case] = {item["seq"]: item for item in items}
        return self.timelines[case]

    def cases(self):
        for one in self.said["case"]:
            opened = self.timeline(one["case"], one["account"]).get(1)
            if not opened or opened["fields"].get("title") != one["title"]:
                raise Failed(f"case {one['case']} is acknowledged and not there")
        for one in self.said["step"]:
            item = self.timeline(one["case"], one["account"]).get(one["seq"])
            if not item:
                raise Failed(f"entry {one['seq']} of case {one['case']} is acknowledged and not there")
            if one["position"] not in (None, item["position"]):
                raise Failed(f"entry {one['seq']} of case {one['case']} was {one['position']}, is {item['position']}")
            if one["value"] is not None and one["value"] not in item["fields"].values():
                raise Failed(f"entry {one['seq']} of case {one['case']} is another: {item['fields']}")

    def drafts(self):
        last = {one["document"]: one for one in self.said["draft"]}
        for one in last.values():
            if one["document"] in self.asked:
                continue  # Fixed, or about to be: see documents().
            path = f"/cases/{one['case']}/drafts/{one['document']}"
            draft = json.loads(self.callers[one["account"]].api("GET", path).text)
            version = draft["version"]
            if version < one["version"] or (
                    version == one["version"] and draft["values"].get("findings") != one["findings"]):
                raise Failed(f"draft {one['document']} was acknowledged in version {one['version']}, is {version}")
        for document in self.asked & set(last):
            one = last[document]
            caller = self.callers[one["account"]]
            places = [f"/cases/{one['case']}/{where}/{document}" for where in ("drafts", "documents")]
            if all(caller.api("GET", place, expected=(200, 404)).status == 404 for place in places):
                raise Failed(f"document {document} was a draft, was to be fixed, and is neither")

    def documents(self):
        for one in self.said["document"]:
            printed = self.callers[one["account"]].api("GET", pdf(one["case"], one["document"])).body
            if sha256(printed) != one["sha256"]:
                raise Failed(f"document {one['document']} is printed otherwise than it was")

    def uploads(self):
        """Each stands where it was said to stand; the rest is sent, and all is registered in a case of its own."""
        last = {one["id"]: one for one in self.said["upload"]}
        known = {one["id"] for one in self.said["object"]}
        waiting = collections.defaultdict(list)
        for upload, one in last.items():
            if upload in known:
                continue
            caller = self.callers[one["account"]]
            answer = caller.upload("HEAD", f"{BUREAU}/uploads/{upload}", expected=(200, 404))
            if answer.status == 404:
                if upload in self.asked:
                    continue  # Registered, and nobody heard of it; the record of the upload is gone then.
                raise Failed(f"upload {upload} is gone, acknowledged up to {one['offset']}")
            offset = int(answer.offset)
            if not one["offset"] <= offset <= one["size"]:
                raise Failed(f"upload {upload} stands at {offset}, acknowledged up to {one['offset']}")
            data = content(one["seed"], one["size"])
            if offset < one["size"]:
                caller.upload("PATCH", f"{BUREAU}/uploads/{upload}", {
                    "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}, data[offset:])
            # Asked to be registered and still there: registered without its record removed, or never registered.
            if upload not in self.asked:
                waiting[one["account"]].append((upload, sha256(data)))
        for account, uploads in waiting.items():
            life = self.life(account)
            case = life.open_case()
            life.register(case, uploads)
            self.taken.setdefault((case, account), {}).update(uploads)

    def life(self, account):
        return Life(self.callers[account], self.bureau.people, random.Random(0), Log(os.devnull))

    def objects(self):
        """The bytes of every registered file, as they are played."""
        for one in self.said["object"]:
            self.taken.setdefault((one["case"], one["account"]), {})[one["id"]] = one["sha256"]
        for (case, account), expected in self.taken.items():
            caller = self.callers[account]
            found = {dict(hidden)["object"]: (action, hidden) for action, hidden in looks(caller, case)}
            for upload, digest in expected.items():
                if upload not in found:
                    raise Failed(f"file {upload} is acknowledged and not in its case {case}")
                action, hidden = found[upload]
                begun = caller.ask("POST", action, "", (303,), form=hidden)
                body = caller.ask("GET", begun.location + "/content", "", (200,)).body
                caller.ask("POST", begun.location + "/end", "", (303,), form=[])
                if sha256(body) != digest:
                    raise Failed(f"file {upload} of case {case} has other bytes than were sent")

    def goes_on(self):
        """The newest case takes its next step, new ones are opened and worked on."""
        for one in self.said["case"][-1:]:
            caller = self.callers[one["account"]]
            entries = json.loads(caller.api("GET", f"/cases/{one['case']}").text)["entries"]
            now = int(time.time()) // 60 * 60_000
            caller.api("POST", f"/cases/{one['case']}/steps/activity", {
                "expectedSeq": entries, "kind": "siteInspection", "place": "虚构路 2 号", "startAt": now,
                "officers": self.life(one["account"]).officers})
        life = self.life(OFFICERS[0])
        life.rounds = 1  # The round in which a document is fixed.
        life.round()

    def looks(self):
        """Looks stand in the threads of what was looked at, which no page lists: they are read from the ledger itself."""
        path = os.path.join(self.directory, "demo", "data", "bureaus", "qinghe", "ledger.sqlite")
        with sqlite3.connect(path) as ledger:
            rows = ledger.execute("SELECT skeleton FROM entry WHERE type = 'access.opened'").fetchall()
        ledger.close()
        there = {json.loads(row)["plain"]["session"] for (row,) in rows}
        for one in self.said["look"]:
            if one["id"] not in there:
                raise Failed(f"look {one['id']} was acknowledged and is not recorded")
