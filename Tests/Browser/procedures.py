"""Walks leads and procedures in a real browser: complaint to case, summary procedure, steps by part of the procedure, a
request to copy with its downloads.

Usage: procedures.py BASE OUT

BASE is the address of a running demonstration. OUT receives pictures, desktop and phone. All names are fictional.
"""

import hashlib
import pathlib
import re
import sys

from accessibility import violations
from playwright.sync_api import expect, sync_playwright

base = sys.argv[1].rstrip("/")
out = pathlib.Path(sys.argv[2])
out.mkdir(parents=True, exist_ok=True)
problems = []
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


class Person:
    """One signed-in person in a browser of their own."""

    def __init__(self, browser, account, phone=False):
        self.account = account
        self.secret = f"demo-{account}-2026"
        self.context = browser.new_context(viewport=PHONE if phone else DESKTOP, has_touch=phone, locale="zh-CN")
        self.page = self.context.new_page()
        self.page.on(
            "console",
            lambda m: problems.append(f"{account}: {m.text}") if m.type == "error" and "status of 4" not in m.text else None,
        )
        self.page.on("pageerror", lambda e: problems.append(f"{account}: {e}"))
        self.page.goto(base + "/")
        self.page.fill("[name=account]", account)
        self.page.fill("[name=secret]", self.secret)
        self.page.get_by_role("button", name="登录").click()
        expect(self.page.locator("nav.main-nav")).to_be_visible()

    def go(self, url):
        self.page.goto(base + url if url.startswith("/") else url)

    def here(self):
        return re.sub(r"[?#].*", "", self.page.url)[len(base):]

    def shot(self, name):
        """Whole page, desktop and phone, judged by axe; nothing may stick out sideways on a phone."""
        self.page.screenshot(path=str(out / f"{name}.png"), full_page=True)
        problems.extend(violations(self.page, name))
        size = self.page.viewport_size
        self.page.set_viewport_size(PHONE)
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE["width"], f"{name} is {wide} wide on a phone"
        self.page.screenshot(path=str(out / f"{name}-phone.png"), full_page=True)
        self.page.set_viewport_size(size)

    def fill(self, values):
        for name, value in values.items():
            control = self.page.locator(f"main [name='{name}']").first
            if control.get_attribute("type") in ("radio", "checkbox"):
                for one in value if isinstance(value, list) else [value]:
                    self.page.locator(f"main [name='{name}'][value='{one}']").check()
            else:
                control.fill(value)

    def press(self, label, refused=None):
        self.page.locator("main").get_by_role("button", name=label, exact=True).click()
        self.page.wait_for_load_state()
        alert = self.page.locator("main [role=alert]")
        if refused:
            expect(alert.first).to_contain_text(refused)
        elif alert.count():
            self.shot("refused")
            raise AssertionError(f"{self.account} {self.page.url}: {alert.first.inner_text()}")

    def step(self, place, name, label, values, refused=None):
        self.go(f"{place}/steps/{name}")
        self.fill(values)
        self.press(label, refused)


def boxes(person, name, count):
    """Ticks the first boxes of a name."""
    for index in range(count):
        person.page.locator(f"main [name='{name}']").nth(index).check()


def complaint(officer, unit):
    """A telephone report with a name: kept apart, accepted, to be pursued, and a case from it."""
    officer.go("/b/qinghe/leads")
    officer.shot("leads-empty")
    officer.page.get_by_role("link", name="登记投诉举报").click()
    officer.shot("lead-form")
    officer.press("登记", refused="来源渠道")
    officer.shot("lead-form-refused")
    officer.fill({
        "channel": "telephone", "isRealName": "yes", "complainant": "黎某（演示），电话略", "content": "反映该厂虚报工业总产值。",
        "target": "清禾县星河纸品厂（演示）",
    })
    officer.press("登记")
    lead = officer.here()
    expect(officer.page.locator("main")).not_to_contain_text("黎某")
    officer.shot("lead-veiled")
    officer.press("登记并查看内容")
    expect(officer.page.locator("main")).to_contain_text("黎某")
    officer.shot("lead-open")
    officer.step(lead, "accept", "登记", {"outcome": "accepted"})
    officer.step(lead, "verify", "登记", {"result": "confirmed", "findings": "初步核实，报表与台账不一致。"})
    unit.step(lead, "review", "登记", {"result": "pursue", "reason": "涉嫌提供不真实的统计资料。"})
    unit.shot("lead-reviewed")
    officer.go(lead)
    expect(officer.page.locator("main")).to_contain_text("启动执法程序")
    officer.page.get_by_role("link", name="去启动").click()
    officer.fill({"title": "清禾县星河纸品厂举报核查"})
    boxes(officer, "handlers", 2)
    officer.press("开始检查")
    case = officer.here()
    officer.go(lead)
    expect(officer.page.locator("main")).to_contain_text("清禾县星河纸品厂举报核查")
    officer.step(lead, "answer", "登记", {"method": "telephone", "content": "已立案核查。"})
    officer.step(lead, "close", "登记", {"reason": "已启动程序并告知。"})
    officer.shot("lead-closed")
    officer.go("/b/qinghe/leads")
    officer.shot("leads")
    return case


def evidence(officer, case):
    """Steps of an inspection by part, found by search, recorded and told in the course."""
    officer.go(case)
    officer.page.locator("details.part summary").first.click()
    officer.shot("case-parts")
    officer.page.fill("[name=steps]", "不配合")
    officer.page.locator(".step-search button").click()
    officer.page.get_by_role("link", name="记录不配合情况").click()
    officer.shot("step-form")
    officer.press("登记", refused="不配合的情形")
    officer.shot("step-form-refused")
    officer.fill({"conduct": "refuse", "person": "厂门卫（演示）", "facts": "拒绝执法人员进入厂区，经出示证件后放行。"})
    officer.press("登记")
    expect(officer.page.locator(".course")).to_contain_text("不配合的事实：拒绝执法人员进入厂区")
    officer.shot("case-told")


def summary(officer):
    """A penalty on the spot, on a phone."""
    officer.go("/b/qinghe/cases/summary")
    officer.shot("summary-form")
    officer.fill({"title": "青萍商店迟报统计资料案", "subjectName": "青萍商店（演示）"})
    boxes(officer, "handlers", 2)
    officer.press("开始办理")
    case = officer.here()
    expect(officer.page.locator("main")).to_contain_text("登记当场执法开始")
    officer.shot("summary-case")
    officer.step(case, "activity", "登记", {"kind": "summaryAct", "place": "青萍商店"})
    officer.go(case)
    expect(officer.page.locator("main")).to_contain_text("下一步：记录简易程序")
    officer.page.get_by_role("link", name="去填写").first.click()
    officer.shot("summary-items")
    officer.fill({
        "factBasis": "七月报表迟报三日。", "legalConditions": "事实确凿，有法定依据，只处警告。", "steps": "出示证件、告知、听取、当场交付。",
        "documents": "当场行政处罚决定书", "statementDefence": "当事人没有提出。", "accepted": "no", "reviewOfDefence": "无",
        "reason": "无", "other": "无", "isDisputeProne": "no",
    })
    officer.press("登记")
    expect(officer.page.locator(".course")).to_contain_text("适用简易程序的事实依据：七月报表迟报三日。")
    officer.shot("summary-recorded")


def request(custodian, reviewer, unit):
    """A lawyer asks for copies: checked item by item, masked, approved by another, fetched, signed for, ended."""
    custodian.go("/b/qinghe/requests")
    custodian.shot("requests-empty")
    custodian.page.locator("main").get_by_role("link", name="登记申请").click()
    custodian.shot("request-case")
    custodian.page.fill("main [name=q]", "星河纸品厂提供不真实")
    custodian.page.locator("main").get_by_role("button", name="查找").click()
    custodian.page.locator("main ul.tasks a").first.click()
    custodian.shot("request-form")
    custodian.press("登记", refused="申请人身份")
    custodian.shot("request-form-refused")
    custodian.fill({
        "capacity": "lawyer", "kind": "copy", "channel": "inPerson", "papers": ["lawyerLicence", "powerOfAttorney"],
        "applicant": "贺律师（演示）", "identity": "略", "items": "处罚决定书和有关笔录", "purpose": "准备申请行政复议。",
    })
    # Papers of the open volume; what is internal goes to nobody as it is.
    for title in ("权利告知书", "行政处罚决定书", "送达回证"):
        custodian.page.locator("main label", has=custodian.page.locator("[name=documents]"), has_text=title).first.locator("input").check()
    custodian.press("登记")
    place = custodian.here()
    expect(custodian.page.locator("main")).to_contain_text("下一步：作保密审查")
    custodian.shot("request")

    reviewer.go("/b/qinghe/")
    expect(reviewer.page.locator("main")).to_contain_text("等保密审查的查阅、复制申请")
    reviewer.shot("home-requests")
    reviewer.go(f"{place}/steps/check")
    reviewer.shot("request-check")
    names = reviewer.page.locator("main input[name^='item.'][value=cleared]").evaluate_all("all => all.map(one => one.name)")
    assert len(names) == 3, names
    first, second, third = [name.removeprefix("item.") for name in names]
    reviewer.fill({
        f"item.{first}": "cleared", f"item.{second}": "redacted", f"ground.{second}": "personalPrivacy",
        f"why.{second}": "第1页联系电话。", f"item.{third}": "withheld", f"ground.{third}": "tradeSecret",
        f"why.{third}": "全部。", "findings": "逐件审查，一件涉及联系电话，一件涉及商业秘密。",
    })
    reviewer.press("登记")
    reviewer.go(f"{place}/steps/redact")
    reviewer.shot("request-redact")
    reviewer.fill({"note": "遮盖联系电话。"})
    masked = b"%PDF-1.4 masked copy of the demonstration"
    reviewer.page.set_input_files("main [name=copy]", {"name": "遮盖件.pdf", "mimeType": "application/pdf", "buffer": masked})
    reviewer.press("登记")
    # Who checked does not decide.
    unit.go(f"{place}/steps/decide")
    unit.shot("request-decide")
    unit.fill({"decision": "approve", "opinion": "同意复制。", "secret": unit.secret})
    unit.press("确认并登记")

    custodian.step(place, "release", "准备文件", {})
    custodian.shot("request-released")
    files = custodian.page.locator("main form.look")
    assert files.count() == 3, files.count()
    for index in range(3):
        told = re.search("[0-9a-f]{64}", files.nth(index).inner_text()).group()
        with custodian.page.expect_download() as download:
            files.nth(index).get_by_role("button").click()
        bytes_given = pathlib.Path(download.value.path()).read_bytes()
        assert hashlib.sha256(bytes_given).hexdigest() == told, index
        if index == 1:
            assert bytes_given == masked
        if index == 2:
            (out / "request-sheet.pdf").write_bytes(bytes_given)
    custodian.go(f"{place}/steps/receipt")
    custodian.shot("request-receipt")
    custodian.fill({"manner": "signedFor"})
    custodian.press("登记")
    custodian.step(place, "close", "登记", {"toldBy": "spoken", "reason": "已经提供并签收。"})
    expect(custodian.page.locator("main")).to_contain_text("已办结")
    assert custodian.page.locator("main form.look").count() == 0
    custodian.shot("request-closed")
    custodian.go("/b/qinghe/requests")
    custodian.shot("requests")


with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    try:
        officer, unit = Person(browser, "zhou"), Person(browser, "tang")
        case = complaint(officer, unit)
        evidence(officer, case)
        summary(Person(browser, "zhou", phone=True))
        request(Person(browser, "jiang"), Person(browser, "gu"), unit)
        officer.go("/b/qinghe/")
        officer.shot("home")
    finally:
        browser.close()
assert not problems, problems
print("leads and procedures: done")
