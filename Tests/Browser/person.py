"""One signed-in person in a browser of their own, for walks over a running demonstration."""

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

    def __init__(self, browser, base, account, out, problems):
        self.base = base.rstrip("/")
        self.account = account
        self.secret = f"demo-{account}-2026"
        self.out = pathlib.Path(out)
        self.problems = problems
        self.context = browser.new_context(viewport=DESKTOP, accept_downloads=True, locale="zh-CN")
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

    def fill(self, values):
        """Fills fields by name: text, radio, boxes, choice, whatever stands under the name."""
        for name, value in values.items():
            control = self.main.locator(f"[name='{name}']").first
            kind = control.get_attribute("type")
            if kind in ("radio", "checkbox"):
                for one in value if isinstance(value, list) else [value]:
                    self.main.locator(f"[name='{name}'][value='{one}']").check()
            elif control.evaluate("e => e.tagName") == "SELECT":
                control.select_option(value)
            else:
                control.fill(value)

    def choose(self, name, label):
        """Checks what stands under a name by the words beside it, as a reader finds it."""
        self.main.locator("label", has=self.page.locator(f"[name='{name}']"), has_text=label).first.locator("input").check()

    def press(self, label, refused=None):
        """Sends the page's form. What the server refuses is the failure of the walk, with its own words."""
        self.main.get_by_role("button", name=label, exact=True).click()
        self.page.wait_for_load_state()
        alert = self.main.locator("[role=alert]")
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
        self.page.set_viewport_size(DESKTOP)
