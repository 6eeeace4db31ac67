"""Sends a page's own forms without a browser, for what a walk stands on and does not walk itself.

A form is read as the page draws it, with what is filled in already; what has to be filled and is not, and is not given, is
filled with its own label. Nothing is sent that the page does not ask for.
"""

import datetime
import html
import html.parser
import re
import time

import requests


class Form:
    """One form of a page: its address and its fields in order."""

    def __init__(self, action):
        self.action = action
        self.method = "get"
        self.is_look = False
        self.fields = []
        self.buttons = []


class _Reader(html.parser.HTMLParser):
    """Forms of the page's main part, with the words that label each field."""

    def __init__(self):
        super().__init__()
        self.forms = []
        self.form = None
        self.label = ""
        self.words = None
        self.area = None
        self.select = None
        self.is_main = False

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "main":
            self.is_main = True
        elif tag == "form" and self.is_main:
            self.form = Form(given.get("action", ""))
            self.form.method = given.get("method", "get")
            self.form.is_look = given.get("class") == "look" or self.form.action.endswith("/looks")
            self.forms.append(self.form)
        elif tag in ("legend", "label") and self.form is not None and given.get("class") != "pick":
            self.label, self.words = "", tag
        elif self.form is None or "name" not in given and tag not in ("button", "option"):
            return
        elif tag == "textarea":
            self.area = [given["name"], "textarea", "", True, self.label]
            self.form.fields.append(self.area)
        elif tag == "select":
            self.select = [given["name"], "select", "", True, self.label]
            self.form.fields.append(self.select)
        elif tag == "option":
            if self.select is not None and "selected" in given:
                self.select[2] = given.get("value", "")
        elif tag == "input":
            kind = given.get("type", "text")
            on = kind not in ("radio", "checkbox") or "checked" in given
            self.form.fields.append([given["name"], kind, given.get("value", "on" if kind == "checkbox" else ""), on, self.label])
        elif tag == "button":
            self.form.buttons.append([given.get("name"), given.get("value"), ""])
            self.words = "button"

    def handle_endtag(self, tag):
        if tag == "main":
            self.is_main = False
        elif tag == "form":
            self.form = None
        elif tag == "textarea":
            self.area = None
        elif tag == "select":
            self.select = None
        if tag == self.words:
            self.words = None

    def handle_data(self, data):
        if self.area is not None:
            self.area[2] = (self.area[2] + data).removeprefix("\n") if not self.area[2] else self.area[2] + data
        elif self.words == "button":
            self.form.buttons[-1][2] += data.strip()
        elif self.words:
            self.label += data


def forms(page):
    reader = _Reader()
    reader.feed(page)
    return reader.forms


def words(page):
    """What a page says, tags and spaces aside."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page.split("<main", 1)[-1].split("</main", 1)[0])).split())


class Refused(AssertionError):
    """A form that was not taken."""


class Desk:
    """A person with a session, sending forms."""

    def __init__(self, base, account):
        self.base = base.rstrip("/")
        self.account = account
        self.secret = f"demo-{account}-2026"
        self.session = requests.Session()
        self.sign_in()

    def sign_in(self):
        """Again after a while where others are signing in: the server hashes few secrets at once, and says so."""
        for _ in range(20):
            page = self.session.get(f"{self.base}/b/qinghe/sign-in")
            sent = self.session.post(f"{self.base}/b/qinghe/sign-in", data={
                "form-token": self.token(page), "account": self.account, "secret": self.secret})
            if sent.status_code != 503:
                break
            time.sleep(1)
        if "main-nav" not in sent.text:
            raise Refused(f"{self.account} cannot sign in: {sent.status_code} {words(sent.text)[:300]}")

    def now(self):
        """By the server's clock: the time that a form for what just happened is drawn with."""
        page = self.get("/b/qinghe/leads/new/complaint").text
        return datetime.datetime.strptime(
            re.search(r'name="receivedAt"[^>]* value="([^"]*)"', page)[1], "%Y-%m-%dT%H:%M")

    @staticmethod
    def token(page):
        """What a page gives its own scripts to prove where they come from."""
        return html.unescape(re.search(r'name="form-token" value="([^"]*)"', page.text)[1])

    def get(self, address):
        where = self.base + address if address.startswith("/") else address
        answer = self.session.get(where)
        if "/sign-in" in answer.url or answer.status_code == 401:
            self.session.cookies.clear()
            self.sign_in()
            answer = self.session.get(where)
        return answer

    def here(self, answer):
        """Where an answer led, without the base."""
        return re.sub(r"[?#].*", "", answer.url)[len(self.base):]

    def person(self, name, address):
        """How a form names one of the people it offers."""
        page = self.get(address).text
        return re.search(rf'value="([0-9a-f]{{32}})"[^>]*>(?:\s|<[^>]*>)*{name}', page)[1]

    def send(self, address, values=None, button=None, files=None, nth=None):
        """Fills the form of a page and sends it; returns where that led, without the base."""
        page = self.get(address)
        return self.answer(page, values, button, files, address)

    def answer(self, page, values=None, button=None, files=None, address=""):
        values = dict(values or {})
        # Looking at a paper is a form, too, and is asked for by its button alone.
        found = [one for one in forms(page.text) if one.method == "post" and (button or not one.is_look)]
        if button:
            found = [one for one in found if any(button == label for _, _, label in one.buttons)]
        if not found:
            raise Refused(f"{self.account} {page.url}: no form with {button}: {words(page.text)[:600]}")
        form = found[0]
        data = self.filled(form, values)
        pressed = next((one for one in form.buttons if not button or one[2] == button), [None, None, ""])
        if pressed[0]:
            data.append((pressed[0], pressed[1] or ""))
        where = self.base + html.unescape(form.action) if form.action.startswith("/") else page.url
        # A form carries its own command: sent again it is recorded once.
        for _ in range(10):
            sent = self.session.post(where, data=data, files=files)
            if "服务器正忙，请过几秒钟再试" not in sent.text:
                break
            time.sleep(2)
        if 'role="alert"' in sent.text.split("<main", 1)[-1] or sent.status_code >= 400:
            raise Refused(f"{self.account} {address} {sent.status_code}: {words(sent.text)[:700]}")
        return sent

    def filled(self, form, values):
        """Pairs as a browser would send them, what is missing filled in."""
        names = list(dict.fromkeys(field[0] for field in form.fields))
        data = []
        for name in names:
            fields = [field for field in form.fields if field[0] == name]
            kind, label = fields[0][1], fields[0][4]
            # What another answer asks for is left out with it.
            optional = "可不填" in label or name in ("acceptsGaps", "authority", "relation")
            if name in values:
                given = values.pop(name)
                data += [(name, one) for one in (given if isinstance(given, list) else [given])]
            elif kind in ("radio", "checkbox"):
                chosen = [field[2] for field in fields if field[3]]
                needed = not chosen and not optional and (kind == "radio" or len(fields) == 1 or "." not in name)
                if needed and kind == "radio":
                    chosen = [fields[0][2]]
                elif needed and name not in ("circumstances", "sealed"):
                    chosen = [fields[0][2]]
                data += [(name, one) for one in chosen]
            elif kind == "password":
                data.append((name, self.secret))
            elif kind == "file":
                continue
            elif kind == "datetime-local" and not fields[0][2] and not optional:
                data.append((name, self.now().strftime("%Y-%m-%dT%H:%M")))
            elif kind == "date" and not fields[0][2] and not optional:
                data.append((name, self.now().strftime("%Y-%m-%d")))
            elif fields[0][2] or optional or kind in ("hidden", "select", "datetime-local", "date", "search") or "." in name:
                data += [(name, field[2]) for field in fields]
            else:
                data.append((name, (label.split("（")[0].strip() or "内容") + "（演练）。"))
        # What the page asks only after an earlier answer, such as the further rows of a table.
        for name, given in values.items():
            data += [(name, one) for one in (given if isinstance(given, list) else [given])]
        return data

    def step(self, case, name, values=None, about="", files=None):
        return self.send(f"{case}/steps/{name}{about}", values, files=files)

    def write(self, case, kind, values=None, about=""):
        """Drafts and fixes a paper; returns its address."""
        checked = self.send(f"{case}/documents/new?kind={kind}{about}", values, button="核对与定稿")
        fixed = self.answer(checked, {}, button="定稿", address=f"{case} {kind}")
        # A page that is shown to be checked again was not fixed.
        if "/drafts/" in fixed.url:
            raise Refused(f"{self.account} {case} {kind}: {words(fixed.text)[:700]}")
        return re.sub(r"[?#].*", "", fixed.url)[len(self.base):]

    def sign(self, document, slot, values=None, manner=None, scan=None):
        way = f"?manner={manner}" if manner else ""
        return self.send(f"{document}/slots/{slot}{way}", values, files={"scan": scan} if scan else None)

    def issue(self, case, document):
        return self.step(case, "issue", {}, f"?document={document.split('/')[-1]}")
