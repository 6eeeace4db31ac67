"""The demonstration on which procedures are walked: its people, in browsers and sending forms, and its clock.

The server runs under faketime and reads the time from a file: a month passes when the file says so, the same days in every
run, whatever day the machine has.
"""

import datetime
import html
import io
import pathlib
import re
import time

from forms import Desk
from person import Person
from PIL import Image, ImageDraw




def looks(page):
    """What a page lets be looked at: address, hidden fields, and the words around."""
    found = []
    for one in re.finditer(r'<form class="look"[^>]*action="([^"]*)"[^>]*>(.*?)</form>', page, re.DOTALL):
        hidden = [(name, html.unescape(value)) for name, value in re.findall(r'name="([^"]*)" value="([^"]*)"', one[2])]
        found.append((html.unescape(one[1]), hidden, page[max(0, one.start() - 600):one.end()]))
    return found


class Stage:
    """Who takes part, and when."""

    def __init__(self, browser, base, out, clock):
        self.browser = browser
        self.base = base.rstrip("/")
        self.out = pathlib.Path(out)
        self.clock = pathlib.Path(clock)
        self.problems = []
        self._persons = {}
        self._desks = {}

    def person(self, account, phone=False):
        """In a browser, on a desk or on a phone."""
        if (account, phone) not in self._persons:
            self._persons[account, phone] = Person(self.browser, self.base, account, self.out, self.problems, phone)
        return self._persons[account, phone]

    def desk(self, account):
        """Sending forms without one."""
        if account not in self._desks:
            self._desks[account] = Desk(self.base, account)
        return self._desks[account]

    def now(self):
        """By the server's clock."""
        return self.desk("zhou").now()

    def local(self, minutes=0, days=0):
        """As a field of date and time takes it."""
        return (self.now() + datetime.timedelta(minutes=minutes, days=days)).strftime("%Y-%m-%dT%H:%M")

    def day(self, days=0):
        return (self.now() + datetime.timedelta(days=days)).strftime("%Y-%m-%d")

    def wait(self, days):
        """Lets days pass from now. The clock goes on from what its file says whenever the file is written, so that what it said
        before does not matter, however long the walks took since."""
        end = self.now() + datetime.timedelta(days=days)
        self.clock.write_text(end.strftime("@%Y-%m-%d %H:%M:%S\n"))
        for _ in range(120):
            if self.now() >= end:
                return
            time.sleep(0.5)
        raise AssertionError(f"the server's clock stays at {self.now()}")

    @staticmethod
    def picture(words="scan"):
        """A photograph of a sheet, as a form takes it."""
        sheet = Image.new("RGB", (620, 877), "white")
        pen = ImageDraw.Draw(sheet)
        pen.text((60, 60), words, fill="black")
        for line in range(12):
            pen.rectangle((60, 120 + line * 40, 560, 124 + line * 40), fill="black")
        held = io.BytesIO()
        sheet.save(held, "PNG")
        return held.getvalue()

    def paper(self, account, document, slot, signer, **more):
        """Somebody from outside signs the printed sheet, and its scan comes in."""
        if slot in ("party", "recipient"):
            more.setdefault("capacity", "representative")
        return self.desk(account).sign(
            document, slot, {"signer": signer, "place": "检查科档案柜", **more}, manner="paper",
            scan=("sheet.png", self.picture(f"{slot} {document[-8:]}"), "image/png"))

    def officer_on_paper(self, account, document, slot):
        """An officer signs the printed sheet and enters it in their own session."""
        return self.desk(account).sign(
            document, slot, {"place": "检查科档案柜"}, manner="paper",
            scan=("sheet.png", self.picture(f"{slot} {document[-8:]}"), "image/png"))

    def link(self, account, case, note, activity="kind-other", device="phone"):
        """Takes a picture into the case as its file; the forms of later steps offer it."""
        return self.desk(account).send(
            f"{case}/recordings/new", {"note": note, "class": "party", "device": device, "activity": activity},
            files={"file": (f"{note}.png", self.picture(note + self.local()), "image/png")})

    def look(self, account, case, label):
        """Opens a file of the case, reads it, and ends the look, as who confirms a service has to."""
        desk = self.desk(account)
        page = desk.get(case)
        # The one that stands nearest behind the words: what is listed next has them within reach too.
        form = min(
            (one for one in looks(page.text) if label in one[2]), key=lambda one: len(one[2]) - one[2].rindex(label))
        shown = desk.session.post(self.base + form[0], data=form[1])
        assert desk.session.get(f"{shown.url}/content").status_code == 200, shown.url
        return desk.answer(shown, button="结束查看", address=shown.url)
