"""One signed-in person in a browser of their own, for walks over a running demonstration.

Everything a person touches is counted: a link, a button, a box, a field before it is typed into; a choice from a list is two, to
open it and to choose. What was typed is remembered by the words that asked for it, so that a walk can tell what a person was
made to type twice.
"""

import pathlib
import re

from accessibility import violations
from playwright.sync_api import expect

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
# Of all browsers: a machine on which others compile answers late, and lateness is no fault.
PATIENCE = 20_000
# What the browser's console calls an error, too: a refusal on purpose, and being asked to sign in a moment later.
EXPECTED = re.compile(r"status of (4\d\d|503)")


class Person:
    """Signs in, drives forms by the names of their fields, and judges each page it takes a picture of."""

    def __init__(self, browser, base, account, out, problems, phone=False):
        self.size = PHONE if phone else DESKTOP
        self.taps = 0
        self.typed = []
        self.twice = []
        self.base = base.rstrip("/")
        self.account = account
        self.secret = f"demo-{account}-2026"
        self.out = pathlib.Path(out)
        self.problems = problems
        self.context = browser.new_context(viewport=self.size, has_touch=phone, accept_downloads=True, locale="zh-CN")
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.page.on(
            "console",
            lambda m: problems.append(f"{account}: {m.text}") if m.type == "error" and not EXPECTED.search(m.text) else None,
        )
        self.page.on("pageerror", lambda e: problems.append(f"{account}: {e}"))
        self.sign_in()

    def sign_in(self):
        """Again after a while where others are signing in: the server hashes few secrets at once, and says so."""
        for _ in range(20):
            self.page.goto(self.base + "/b/qinghe/sign-in")
            self.page.fill("[name=account]", self.account)
            self.page.fill("[name=secret]", self.secret)
            self.page.get_by_role("button", name="登录").click()
            self.taps += 3
            self.page.wait_for_load_state()
            if not self.main.get_by_text("正在登录的人较多").count():
                break
            self.page.wait_for_timeout(1000)
        expect(self.page.locator("nav.main-nav")).to_be_visible(timeout=PATIENCE)

    @property
    def main(self):
        return self.page.locator("main")

    def go(self, address):
        """Opens a page; whoever was away for days signs in again."""
        where = self.base + address if address.startswith("/") else address
        self.page.goto(where)
        if "/sign-in" in self.page.url:
            self.sign_in()
            self.page.goto(where)

    def here(self):
        return re.sub(r"[?#].*", "", self.page.url)[len(self.base):]

    def says(self, *texts):
        for text in texts:
            expect(self.main).to_contain_text(text, timeout=PATIENCE)

    def says_not(self, *texts):
        for text in texts:
            expect(self.main).not_to_contain_text(text)

    def touch(self, control):
        """One tap, and what it leads to."""
        self.taps += 1
        control.click()
        self.page.wait_for_load_state()

    def follow(self, label, within="main"):
        """A link of the page, as a reader finds it."""
        self.touch(self.page.locator(within).get_by_role("link", name=label, exact=isinstance(label, str)).first)

    def fill(self, values, is_copied=False):
        """Fills fields by name: text, radio, boxes, choice, whatever stands under the name. What is copied from a paper in
        hand is no second asking for what was typed before."""
        asked = self.asked()
        for name, value in values.items():
            control = self.main.locator(f"[name='{name}']").first
            kind = control.get_attribute("type")
            if kind in ("radio", "checkbox"):
                for one in value if isinstance(value, list) else [value]:
                    self.check(self.main.locator(f"[name='{name}'][value='{one}']"))
            elif control.evaluate("e => e.tagName") == "SELECT":
                self.taps += 2
                control.select_option(value)
            else:
                self.taps += 1
                control.fill(value)
                if kind != "password" and not is_copied:
                    self.remember(asked.get(name, name), value)

    def known(self, values):
        """What stands in the fields already, so that nobody types it."""
        for name, value in values.items():
            expect(self.main.locator(f"[name='{name}']").first).to_have_value(value)

    def check(self, box):
        """A box or a point that is not chosen yet; what is chosen already needs no tap."""
        if not box.is_checked():
            self.taps += 1
            box.check()

    def owes(self, *demands):
        """What the case page counts as still to be done."""
        for demand in demands:
            expect(self.main.locator("aside .ob:visible", has_text=demand).first).to_be_visible()

    def met(self, *demands):
        """What the case page counts as done, folded away."""
        for demand in demands:
            expect(self.main.locator("aside details .ob", has_text=demand).first).to_contain_text("已履行")
            expect(self.main.locator("aside .ob:visible", has_text=demand)).to_have_count(0)

    def asked(self):
        """The words with which the page asks for what is typed, by the names of its fields."""
        told = self.main.locator("input[name], textarea[name]").evaluate_all(
            "all => all.map(one => [one.name, one.labels && one.labels.length ? one.labels[0].innerText : one.name])")
        return {name: "".join(label.split("（")[0].split()) for name, label in told}

    def remember(self, label, value):
        """What was typed, or told by the system itself. Whoever has to type it once more was asked for the same thing again; a
        word of one letter says nothing, and “nothing” is said in one word of everything."""
        first = next((words for words, known in self.typed if known == value), None)
        if first and len(value) > 1 and value != "没有":
            self.twice.append((first, label))
        else:
            self.typed.append((label, value))

    def typed_as(self, label):
        """What was typed, or told, under these words."""
        return next(value for words, value in self.typed if words == label)

    def upload(self, control, name, content):
        """A picture that the phone takes: where to take it from, and the taking."""
        self.taps += 2
        self.main.locator(control).first.set_input_files({"name": name, "mimeType": "image/png", "buffer": content})

    def look(self, label):
        """Opens a file of the page, and ends the look."""
        self.touch(self.main.locator("form.look button", has_text=label).first)
        self.press("结束查看")

    def choose(self, name, label):
        """Checks what stands under a name by the words beside it, as a reader finds it."""
        self.check(self.main.locator("label", has=self.page.locator(f"[name='{name}']"), has_text=label).first.locator("input"))

    def press(self, label, refused=None):
        """Sends the page's form. What the server refuses is the failure of the walk, with its own words."""
        # A page of the same address may answer: what is read before it came is the page that was sent.
        with self.page.expect_navigation():
            self.touch(self.main.get_by_role("button", name=label, exact=True))
        alert = self.main.locator("[role=alert], section.errors")
        if refused:
            said = " ".join(" ".join(alert.all_inner_texts()).split())
            assert refused in said, f"{self.account} {self.page.url}: refused with “{said or 'nothing'}”, not “{refused}”"
        elif alert.count():
            self.shot("refused")
            raise AssertionError(f"{self.account} {self.page.url}: {' '.join(alert.first.inner_text().split())}")

    def shot(self, name):
        """The whole page, desktop and phone, each judged by axe; nothing may stick out sideways."""
        for size, suffix in ((DESKTOP, ""), (PHONE, "-phone")):
            self.page.set_viewport_size(size)
            self.problems.extend(violations(self.page, name + suffix))
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            if wide > size["width"]:
                self.problems.append(f"{name}{suffix} is {wide} wide on a window of {size['width']}")
            self.page.screenshot(path=str(self.out / f"{name}{suffix}.png"), full_page=True)
        self.page.set_viewport_size(self.size)
