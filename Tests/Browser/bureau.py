"""Walks the first hour of a new bureau in a real browser: from the administrator's one-time secret to an inspection.

Usage: bureau.py BASE OUT ONE_TIME_SECRET_FILE

BASE is the address of a server with one bureau that `liuhen init` has just made, with the account `admin`. OUT receives
pictures, desktop and phone. Everything that people type here is plainly fictional.
"""

import pathlib
import re
import sys

from accessibility import violations
from playwright.sync_api import expect, sync_playwright

base = sys.argv[1].rstrip("/")
out = pathlib.Path(sys.argv[2])
once = pathlib.Path(sys.argv[3]).read_text().strip()
out.mkdir(parents=True, exist_ok=True)
problems = []
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


class Person:
    """One person in a browser of their own."""

    def __init__(self, browser, account, secret, scripts=True):
        self.account = account
        self.secret = secret
        self.context = browser.new_context(
            viewport=DESKTOP, accept_downloads=True, locale="zh-CN", java_script_enabled=scripts
        )
        self.page = self.context.new_page()
        self.page.on(
            "console",
            lambda m: problems.append(f"{account}: {m.text}") if m.type == "error" and "status of 422" not in m.text else None,
        )
        self.page.on("pageerror", lambda e: problems.append(f"{account}: {e}"))
        self.page.goto(base + "/")
        self.sign_in(secret)

    def sign_in(self, secret):
        self.page.fill("[name=account]", self.account)
        self.page.fill("[name=secret]", secret)
        self.page.get_by_role("button", name="登录").click()
        self.page.wait_for_load_state()

    def choose_secret(self, new):
        """The way out of a one-time secret: nothing else is open before it."""
        expect(self.page.locator("main")).to_contain_text("请先设置自己的密码")
        self.page.fill("[name=current]", self.secret)
        self.page.fill("[name=new]", new)
        self.page.fill("[name=again]", new)
        self.page.get_by_role("button", name="修改密码").click()
        expect(self.page.locator("main")).to_contain_text("密码已经修改")
        self.secret = new

    def go(self, address):
        self.page.goto(base + address if address.startswith("/") else address)

    def shot(self, name):
        """Both sizes; a page that is wider than the phone is a fault."""
        self.page.screenshot(path=str(out / f"desktop-{name}.png"), full_page=True)
        if self.scripts:
            problems.extend(violations(self.page, name))
        self.page.set_viewport_size(PHONE)
        self.page.screenshot(path=str(out / f"phone-{name}.png"), full_page=True)
        width = self.page.evaluate("document.documentElement.scrollWidth") if self.scripts else 0
        assert width <= PHONE["width"], f"{name} is {width} wide on a phone"
        self.page.set_viewport_size(DESKTOP)

    scripts = True

    def press(self, label, refused=False):
        self.page.locator("main").get_by_role("button", name=label, exact=True).click()
        self.page.wait_for_load_state()
        alert = self.page.locator("main [role=alert]")
        if alert.count() and not refused:
            self.shot("refused-unexpectedly")
            raise AssertionError(f"{self.account} {self.page.url}: {alert.first.inner_text()}")
        assert alert.count() or not refused, f"{label} was not refused"

    def fill(self, **values):
        for name, value in values.items():
            self.page.locator(f"main [name='{name}']").first.fill(value)

    def tick(self, name, *words):
        for word in words:
            self.page.locator(f"main [name='{name}'][value='{word}']").check()

    def confirm(self):
        self.page.locator("main [name=secret]").fill(self.secret)


def register(admin, name, section, roles, account, certificate=""):
    admin.go("/b/xin/people/new")
    admin.fill(name=name, section=section, account=account)
    if certificate:
        admin.fill(certificateKind="统计执法证", certificateNumber=certificate, certificateUntil="2030-12-31")
    admin.tick("roles", *roles)
    admin.confirm()
    admin.press("登记")
    return admin.page.locator("code.secret").inner_text()


ROSTER = """姓名,科室,证件名称,证件号码,有效期至,职责,登录名
甲小川,检查科,统计执法证,示证2026001,2030-12-31,执法人员,jia
乙小禾,检查科,统计执法证,示证2026002,2030/12/31,执法人员,yi
丙知秋,检查科,,,,承办机构负责人,bing
丁方砚,法规科,,,,法制审查人员,ding
己念,办公室,,,,档案管理人员、本部门负责人,ji
"""


def people(admin):
    admin.go("/b/xin/people/new")
    admin.shot("person-form")
    admin.fill(name="戊怀远", account="Wu Director")
    admin.tick("roles", "agencyHead")
    admin.confirm()
    admin.press("登记", refused=True)
    expect(admin.page.locator("main [name=name]")).to_have_value("戊怀远")
    head = register(admin, "戊怀远", "局领导", ["agencyHead"], "wu")
    admin.shot("slip")
    admin.go("/b/xin/people/import")
    admin.shot("import")
    broken = ROSTER.replace("2030/12/31", "二〇三〇年").replace("示证2026002", "1.30E+17").replace(",ding", ",wu")
    admin.page.set_input_files("main [name=file]", {"name": "a.csv", "mimeType": "text/csv", "buffer": broken.encode("gb18030")})
    admin.press("上传并核对", refused=True)
    for text in ("第 3 行“有效期至”", "科学计数", "第 5 行“登录名”：这个登录名已有人使用"):
        expect(admin.page.locator("main")).to_contain_text(text)
    admin.shot("import-problems")
    admin.page.set_input_files("main [name=file]", {"name": "a.csv", "mimeType": "text/csv", "buffer": ROSTER.encode("gb18030")})
    admin.press("上传并核对")
    expect(admin.page.locator("main")).to_contain_text("请核对 5 人")
    admin.shot("import-preview")
    admin.confirm()
    admin.press("登记这 5 人")
    admin.shot("slips")
    slips = admin.page.locator(".slip")
    secrets = {}
    for index in range(slips.count()):
        codes = slips.nth(index).locator("code")
        secrets[codes.nth(0).inner_text()] = codes.nth(1).inner_text()
    secrets["wu"] = head
    assert set(secrets) == {"jia", "yi", "bing", "ding", "ji", "wu"}, secrets
    admin.go("/b/xin/people?sort=certificate")
    admin.shot("people")
    return secrets


def settings(admin):
    admin.go("/b/xin/settings")
    admin.fill(superior="示例市统计局（虚构）")
    admin.page.get_by_text("的起始号").click()
    admin.page.locator("main [name^='firstNumber/penalty-decision/']").fill("38")
    admin.confirm()
    admin.press("保存设置")
    expect(admin.page.locator("main")).to_contain_text("38号")
    admin.shot("settings")


def regulations(admin, head):
    admin.go("/b/xin/regulations")
    admin.shot("regulations")
    # At the first sign-in nothing is proposed yet; the head finds what to confirm under 制度.
    head.page.get_by_role("link", name="制度", exact=True).click()
    head.shot("regulations-head")
    while head.page.get_by_role("link", name="确认施行").count():
        head.page.get_by_role("link", name="确认施行").first.click()
        # Parent law names its own approvers: only the bureau's own text leaves a choice.
        if head.page.locator("main [name=approver]").count():
            head.tick("approver", "agencyHead")
            head.tick("custodian", "custodian")
        head.fill(reason="新统党组〔2026〕1号（示例）")
        head.shot("regulation-confirm")
        head.confirm()
        head.press("确认施行")


def vouch(head, name):
    head.go("/b/xin/seconds")
    head.page.locator("main li", has_text=f"{name}的账号").get_by_role("link", name="去核实").click()
    head.shot("vouching-newcomer")
    head.tick("seen", "yes")
    head.confirm()
    head.press("核实无误")
    expect(head.page.locator("main")).not_to_contain_text(name)


def approver(admin, head, officer):
    """Who approves is prepared by the administrator and waits for the head; then everybody is told."""
    admin.go("/b/xin/settings")
    admin.page.select_option("main [name='office.start-approver']", "handlingUnit") if admin.page.locator(
        "main select[name='office.start-approver']").count() else admin.tick("office.start-approver", "handlingUnit")
    admin.confirm()
    admin.press("保存设置", refused=True)
    admin.fill(reason="新统党组〔2026〕3号（示例）")
    admin.confirm()
    admin.press("保存设置")
    expect(admin.page.locator("main")).to_contain_text("等第二人（行政机关负责人）确认后生效")
    admin.shot("setting-waits")
    head.go("/b/xin/seconds")
    head.page.locator("main li", has_text="程序启动审批的批准人").get_by_role("link", name="去确认").click()
    head.shot("setting-confirm")
    head.tick("decision", "confirm")
    head.confirm()
    head.press("提交决定")
    officer.go("/b/xin/notices")
    expect(officer.page.locator("main")).to_contain_text("机关设置或者放假安排有变化")
    officer.shot("setting-notice")
    officer.press("知道了，进入工作台")


def ledger(admin):
    admin.go("/b/xin/ledger")
    admin.fill(place="示例市统计局法规科")
    with admin.page.expect_download() as download:
        admin.page.get_by_role("button", name="下载最新检查点").click()
    path = out / "checkpoint.txt"
    download.value.save_as(str(path))
    admin.go("/b/xin/ledger")
    admin.page.set_input_files("main [name=checkpoint]", str(path))
    admin.press("核对")
    expect(admin.page.locator("main")).to_contain_text("没有改过，也没有少")
    admin.shot("ledger")
    changed = bytearray(path.read_bytes())
    changed[-10] ^= 1
    admin.page.set_input_files("main [name=checkpoint]", {"name": "c.txt", "mimeType": "text/plain", "buffer": bytes(changed)})
    admin.press("核对")
    expect(admin.page.locator("main")).to_contain_text("这不是本记录链的检查点")


def accounts(admin, ding):
    """Roles, a reset and a closing, with what each does to the person's own browser."""
    admin.go("/b/xin/people")
    admin.page.get_by_role("link", name="丁方砚").click()
    admin.page.get_by_role("link", name="更改职责").click()
    admin.tick("roles", "unitHead")
    admin.fill(reason="新统党组〔2026〕2号（示例）")
    admin.shot("roles")
    admin.confirm()
    admin.press("更改职责")
    admin.page.get_by_role("link", name="重置密码").click()
    admin.fill(reason="本人忘记密码（示例）")
    admin.confirm()
    admin.press("重置密码")
    secret = admin.page.locator("code.secret").inner_text()
    ding.go("/b/xin/")
    expect(ding.page.get_by_role("button", name="登录")).to_be_visible()
    ding.secret = secret
    ding.sign_in(secret)
    ding.choose_secret("amber-lantern-77")
    admin.page.get_by_role("link", name="返回丁方砚").click()
    expect(admin.page.locator("main")).to_contain_text("本人确认账号")
    admin.shot("person")
    admin.page.get_by_role("link", name="停用账号").click()
    admin.shot("close")
    admin.fill(reason="调离（示例）")
    if admin.page.locator("main [name=handedOver]").count():
        admin.tick("handedOver", "yes")
    admin.confirm()
    admin.press("停用账号")
    expect(admin.page.locator("main")).to_contain_text("账号已停用")
    ding.go("/b/xin/")
    expect(ding.page.get_by_role("button", name="登录")).to_be_visible()


def inspection(officer):
    officer.go("/b/xin/setup")
    expect(officer.page.locator("main")).to_contain_text("可以办理的是：系统管理员")
    officer.go("/b/xin/cases/new")
    officer.fill(title="新禾县青萍印务所统计执法检查（演练）", subjectName="新禾县青萍印务所（虚构）")
    officer.tick("source", "plan")
    officer.page.get_by_label("乙小禾").check()
    officer.press("开始检查")
    expect(officer.page.locator("main h1")).to_contain_text("新禾县青萍印务所")
    case = re.sub(r"[?#].*", "", officer.page.url)
    officer.go(f"{case}/steps/activity")
    officer.fill(place="新禾县示例街 9 号", persons="言有信（虚构）")
    officer.press("登记")
    return case


def main():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        admin = Person(browser, "admin", once)
        admin.choose_secret("quiet-meadow-4711")
        admin.go("/b/xin/")
        expect(admin.page.locator("main")).to_contain_text("先办")
        admin.shot("setup-first")
        settings(admin)
        secrets = people(admin)
        head = Person(browser, "wu", secrets["wu"])
        head.choose_secret("amber-lantern-75")
        # Whoever uses their slip only when the head has confirmed the first text has to see the head.
        officer = Person(browser, "jia", secrets["jia"])
        officer.choose_secret("amber-lantern-74")
        officer.shot("account")
        ding = Person(browser, "ding", secrets["ding"])
        ding.choose_secret("amber-lantern-76")
        regulations(admin, head)
        late = Person(browser, "yi", secrets["yi"])
        late.choose_secret("amber-lantern-78")
        expect(late.page.locator("main")).to_contain_text("账号等待第二人核实")
        vouch(head, "乙小禾")
        approver(admin, head, officer)
        ledger(admin)
        case = inspection(officer)
        accounts(admin, ding)
        admin.go("/b/xin/setup")
        admin.shot("setup-last")
        admin.go(case)
        expect(admin.page.locator("main")).to_contain_text("您没有办理这件事的权限")
        browser.close()
    unexpected = [text for text in problems if "status of 403" not in text]
    assert not unexpected, "\n".join(unexpected)
    print("walked from init to a first inspection")


main()
