"""Walks a whole case in a real browser: from sign-in to a dossier that the verifier accepts.

Usage: walk.py BASE OUT [VERIFIER VKEY]

BASE is the address of a running demonstration. OUT receives pictures (desktop and phone) and the dossier. Where the
path of liuhen-verify and the log's verifier key are given, the dossier is checked with them, and once more after one
byte of it was changed.
"""

import datetime
import pathlib
import re
import subprocess
import sys

from accessibility import violations
from playwright.sync_api import expect, sync_playwright

base = sys.argv[1].rstrip("/")
out = pathlib.Path(sys.argv[2])
verifier = sys.argv[3] if len(sys.argv) > 4 else None
vkey = sys.argv[4] if len(sys.argv) > 4 else None
out.mkdir(parents=True, exist_ok=True)
problems = []

# Who reviews drafts in the demonstration: the head of the drafting unit.
UNIT_HEAD = "唐予安"


class Person:
    """One signed-in person in a browser of their own."""

    def __init__(self, browser, account, phone=False):
        size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 900}
        self.account = account
        self.secret = f"demo-{account}-2026"
        self.context = browser.new_context(viewport=size, has_touch=phone, accept_downloads=True, locale="zh-CN")
        self.page = self.context.new_page()
        # A refusal on purpose is answered 422, which the browser's console also calls an error.
        self.page.on(
            "console",
            lambda m: problems.append(f"{account}: {m.text}") if m.type == "error" and "status of 422" not in m.text else None,
        )
        self.page.on("pageerror", lambda e: problems.append(f"{account}: {e}"))
        self.page.goto(base + "/")
        self.page.fill("[name=account]", account)
        self.page.fill("[name=secret]", self.secret)
        self.page.get_by_role("button", name="登录").click()
        expect(self.page.locator("nav.main-nav")).to_be_visible()

    def go(self, url):
        self.page.goto(base + url if url.startswith("/") else url)

    def shot(self, name):
        """A picture of the page, judged by axe as it stands."""
        self.page.screenshot(path=str(out / f"{name}.png"), full_page=True)
        problems.extend(violations(self.page, name))

    def fill(self, values):
        """Fills fields by name: text, radio or box, whatever stands under the name."""
        for name, value in values.items():
            control = self.page.locator(f"main [name='{name}']").first
            kind = control.get_attribute("type")
            if kind in ("radio", "checkbox"):
                for one in value if isinstance(value, list) else [value]:
                    self.page.locator(f"main [name='{name}'][value='{one}']").check()
            else:
                control.fill(value)

    def press(self, label):
        """Sends the page's form. What the server refuses is the failure of this walk, with its own words."""
        self.page.locator("main").get_by_role("button", name=label, exact=True).click()
        self.page.wait_for_load_state()
        alert = self.page.locator("main [role=alert]")
        if alert.count():
            self.shot("refused")
            raise AssertionError(f"{self.account} {self.page.url}: {alert.first.inner_text()}")

    def step(self, case, name, label, values, about=""):
        self.go(f"{case}/steps/{name}{about}")
        self.fill(values)
        self.press(label)

    def confirm(self):
        return {"secret": self.secret}

    def write(self, case, kind, values, about="", shot=None):
        """Drafts, checks and fixes a document; returns its address."""
        self.go(f"{case}/documents/new?kind={kind}{about}")
        self.fill(values)
        if shot:
            if values:
                expect(self.page.locator("[data-draft-status]")).to_contain_text("保存", timeout=10000)
            self.shot(f"{shot}-draft")
            if values:
                self.leave_while_writing()
        self.press("核对与定稿")
        sheets = self.page.locator("img.sheet")
        expect(sheets.first).to_be_visible()
        for index in range(sheets.count()):
            sheets.nth(index).scroll_into_view_if_needed()
            expect(sheets.nth(index)).to_have_js_property("complete", True, timeout=15000)
        if shot:
            self.page.evaluate("scrollTo(0, 0)")
            self.shot(f"{shot}-check")
        self.press("定稿")
        return re.sub(r"[?#].*", "", self.page.url)[len(base):]

    def leave_while_writing(self):
        """What was typed a moment before the page was left is in the draft."""
        draft = self.page.locator("form[data-draft]").get_attribute("data-draft")
        control = self.page.locator("form[data-draft] textarea:visible").first
        name, before = control.get_attribute("name"), control.input_value()
        # By hand: each key is an input, and the page is left before typing pauses.
        control.press_sequentially("。离开前写的")
        after = control.input_value()
        assert after != before
        self.go("about:blank")
        # The save may still be on its way when the page is asked for.
        for _ in range(10):
            self.go(draft)
            control = self.page.locator(f"form[data-draft] [name='{name}']").first
            if control.input_value() == after:
                break
            self.page.wait_for_timeout(200)
        expect(control).to_have_value(after)
        control.fill(before)

    def sign(self, document, slot, label="签署", values=None, draw=False, shot=None):
        self.go(f"{document}/slots/{slot}")
        self.fill(values or {})
        if draw:
            self.draw()
        if shot:
            self.shot(shot)
        self.press(label)

    def draw(self):
        """A signature: three strokes on the pad."""
        pad = self.page.locator("[data-signature] canvas")
        pad.scroll_into_view_if_needed()
        frame = pad.bounding_box()
        mouse = self.page.mouse
        for stroke in ([(0.2, 0.2), (0.3, 0.75), (0.4, 0.3)], [(0.45, 0.5), (0.6, 0.45)], [(0.55, 0.2), (0.53, 0.8), (0.75, 0.6)]):
            points = [(frame["x"] + x * frame["width"], frame["y"] + y * frame["height"]) for x, y in stroke]
            mouse.move(*points[0])
            mouse.down()
            for point in points[1:]:
                mouse.move(*point, steps=8)
            mouse.up()

    def issue(self, case, document):
        self.step(case, "issue", "制发", self.confirm(), f"?document={document.split('/')[-1]}")


def local(minutes=0):
    now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8)))
    return (now + datetime.timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M")


def inspect(officer, second, film):
    officer.go(officer.page.url.replace(base, ""))
    officer.page.get_by_role("link", name="开展行政检查").first.click()
    officer.fill(
        {
            "title": "清禾县青萍印务所统计执法检查", "source": "plan", "subjectName": "清禾县青萍印务所（演示）",
            "subjectCode": "91130000DEMO000009", "subjectAddress": "清禾县演示街 9 号", "subjectRepresentative": "言有信",
        }
    )
    officer.page.get_by_label("林小满").check()
    officer.shot("desktop-inspection-form")
    officer.press("开始检查")
    case = re.sub(r"[?#].*", "", officer.page.url)[len(base):]
    officer.step(case, "activity", "登记", {"place": "清禾县演示街 9 号二层", "persons": "言有信（负责人）"})
    officer.page.get_by_role("link", name="登记执法活动结束").first.click()
    officer.press("登记")
    record = officer.write(
        case, "site-inspection-record",
        {
            "certShown": "已出示统计执法证", "findings": "抽查 2026 年 10 月销售额报表与进销台账，多报 120 万元。",
            "presentPerson": "言有信", "presentPersonRole": "负责人", "endAt": local(), "items.0.problem": "多报销售额 120 万元",
            "items.0.basis": "统计法", "noticeAnswer": "听清楚了，不申请回避。",
        },
        shot="desktop-record",
    )
    paper(officer, record, "party", "言有信")
    look_at_scan(officer, record)
    officer.sign(record, "officer1", shot="desktop-sign-own")
    second.sign(record, "officer2")
    officer.go(record)
    if officer.page.get_by_text("记录人").count() and officer.page.locator(f"a[href='{record}/slots/recorder']").count():
        officer.sign(record, "recorder")
    officer.go(f"{case}/recordings/new")
    officer.page.locator("[data-upload] input[type=file]").set_input_files(str(film))
    expect(officer.page.locator(".uploads .state").first).to_contain_text("已上传", timeout=60000)
    officer.fill({"device": "recorder", "note": "现场检查全程录像"})
    officer.shot("desktop-upload")
    officer.press("登记入库")
    officer.step(case, "finding", "登记", {"outcome": "suspected", "summary": "涉嫌提供不真实的统计资料。"})
    return case


def paper(person, document, slot, signer, pdf=False):
    """Signs on paper: the sheet is signed and sealed by hand, and its picture or PDF is uploaded."""
    scan = out / ("scan.pdf" if pdf else "scan.png")
    if pdf:
        person.page.pdf(path=str(scan), format="A4")
    else:
        person.page.screenshot(path=str(scan))
    person.go(f"{document}/slots/{slot}?manner=paper")
    person.fill({"signer": signer, "place": "检查科档案柜二层"})
    person.page.set_input_files("main [name=scan]", str(scan))
    if person.page.locator("main [name=capacity]").count():
        person.fill({"capacity": "representative"})
    seal = person.page.locator("main [name=sealed]")
    if seal.count():
        seal.first.check()
    person.press("登记")


def look_at_scan(person, document, pdf=False):
    """A scan is shown within its page: a picture as one, a PDF in a frame that the browser really fills."""
    person.go(document)
    person.page.locator("main form[action$='/looks'] button", has_text="扫描").first.click()
    person.page.wait_for_load_state()
    if pdf:
        frame = person.page.locator("iframe.sheet-frame")
        expect(frame).to_be_visible()
        answer = person.page.evaluate(
            "async source => { const answer = await fetch(source); return [answer.status, answer.headers.get('content-type')]; }",
            frame.get_attribute("src"),
        )
        assert answer == [200, "application/pdf"], answer
    else:
        expect(person.page.locator("main img").first).to_have_js_property("complete", True, timeout=15000)
        assert person.page.locator("main img").first.evaluate("image => image.naturalWidth") > 0, "the scan is no picture"
    person.shot(f"desktop-scan-{'pdf' if pdf else 'picture'}")
    person.press("结束查看")


def play(person, case):
    """Looks at the recording within a view session, and ends it."""
    person.go(case)
    person.page.get_by_role("button", name=re.compile("播放")).first.click()
    video = person.page.locator("video")
    expect(video).to_be_visible()
    # Asked from outside: the page's own policy lets nothing of the kind be evaluated within it.
    for _ in range(300):
        if person.page.evaluate("document.querySelector('video').readyState") >= 1:
            break
        person.page.wait_for_timeout(50)
    else:
        raise AssertionError("the film of the look does not load")
    person.shot("desktop-player")
    person.press("结束查看")


def penalty(officer, second, unit_head, reviewer, head, inspection):
    officer.go(f"{inspection}/penalty")
    officer.fill({"title": "清禾县青萍印务所提供不真实统计资料案"})
    officer.press("立案")
    case = re.sub(r"[?#].*", "", officer.page.url)[len(base):]
    # The inspection does not end itself: it waits on the work list, its page proposes the ending, which is chosen already.
    officer.go("/b/qinghe")
    expect(officer.page.locator("main")).to_contain_text("等您终结的检查")
    officer.shot("desktop-home-led")
    # What is signed and not issued comes before the end.
    officer.go(inspection)
    expect(officer.page.locator("main")).to_contain_text("下一步：制发现场检查笔录")
    officer.page.get_by_role("link", name="去制发").click()
    officer.fill(officer.confirm())
    officer.press("制发")
    officer.go(inspection)
    expect(officer.page.locator("main")).to_contain_text("下一步：终结本次检查")
    officer.step(inspection, "ending", "终结", {})
    approval = officer.write(
        case, "procedure-initiation-approval",
        {"startReason": "检查发现多报销售额 120 万元，涉嫌提供不真实的统计资料。", "handlerOpinion": "建议启动一般程序。"},
    )
    officer.sign(approval, "handler")
    agree = {"decision": "agree", "opinion": "同意启动一般程序。"}
    unit_head.go(unit_head.page.url.replace(base, ""))
    unit_head.shot("desktop-home-unit-head")
    unit_head.sign(approval, "handlingUnit", values={**agree, **unit_head.confirm()}, shot="desktop-approve")
    head.sign(approval, "agencyHead", values={**agree, **head.confirm()})
    notice = officer.write(
        case, "rights-notice",
        {
            "facts": "2026 年 10 月多报销售额 120 万元。", "reasons": "提供不真实的统计资料。", "legalBasis": "《中华人民共和国统计法》有关规定。",
            "content": "给予警告\n处罚款人民币5,000元", "rights": ["statement", "defence", "recusal"],
            "defenceTerm": "自收到本告知书之日起五个工作日内", "method": "written", "notifiedAt": local(), "recipient": "言有信",
        },
    )
    officer.sign(notice, "party", label="登记", values={"signer": "言有信", "capacity": "representative"}, draw=True, shot="desktop-sign-party")
    officer.sign(notice, "officer1")
    second.sign(notice, "officer2")
    officer.issue(case, notice)
    submission = officer.write(
        case, "written-party-submission",
        {"submissionKind": "defence", "submitter": "言有信", "receivedAt": local(), "pages": "2", "receivedBy": "周一舟",
         "originalPlace": "附后"},
    )
    officer.sign(submission, "party", label="登记", values={"signer": "言有信", "capacity": "representative"}, draw=True)
    officer.sign(submission, "officer")
    officer.step(
        case, "statement", "登记",
        {"manner": "written", "speaker": "party", "speakerName": "言有信", "facts": "填报口径错误。", "reasons": "已经改正，请求从轻。",
         "document": submission.rsplit("/", 1)[-1]},
    )
    officer.step(case, "statement-review", "登记", {"accepted": "partly", "review": "口径错误属实。", "reason": "从轻的请求采纳。"})
    officer.step(
        case, "draft", "登记",
        {
            "outcome": "penalty", "legalBasis": "《中华人民共和国统计法》有关规定。", "evidence": "现场检查笔录、录像。", "factors": "主动改正。",
            "draft": "给予警告，并处罚款人民币5,000元。", "unitReviewer": unit_reviewer(officer, case),
        },
    )
    refused(head, case)
    reviewed(unit_head, case)
    review = reviewer.write(
        case, "legal-review-record",
        {
            "submittedAt": local(), "proposal": "给予警告，并处罚款人民币5,000元。", "opinion": "事实清楚，程序合法。", "suggestions": "告知救济途径。",
            "result": "passed", "reviewedAt": local(), "points.0.point": "事实和证据", "points.0.finding": "清楚",
        },
    )
    reviewer.sign(review, "reviewer", values={"decision": "passed", "opinion": "审查通过。", **reviewer.confirm()})
    head.step(case, "approval", "提交审批意见", {"decision": "approve", "opinion": "同意。", **head.confirm()})
    return case


def unit_reviewer(officer, case):
    officer.go(f"{case}/steps/draft")
    offered = officer.page.locator("main label", has=officer.page.locator("[name=unitReviewer]"), has_text=UNIT_HEAD)
    return offered.locator("[name=unitReviewer]").first.get_attribute("value")


def reviewed(unit_head, case):
    """The reviewer named in the draft finds it on the work list, reads it, and passes it in their own session."""
    unit_head.go("/b/qinghe")
    expect(unit_head.page.locator("main")).to_contain_text("等您审查的草拟决定")
    unit_head.shot("desktop-home-draft-review")
    expect(unit_head.page.locator(f"main a[href='{case}/steps/draft-review']")).to_be_visible()
    unit_head.go(f"{case}/steps/draft-review")
    expect(unit_head.page.locator("main .draft-text")).to_contain_text("给予警告，并处罚款人民币5,000元。")
    unit_head.shot("desktop-draft-review")
    unit_head.step(case, "draft-review", "提交审查意见", {"result": "passed", "opinion": "核对无误，同意。", **unit_head.confirm()})


def refused(head, case):
    """Out of order on purpose: the page names the article, what is missing and who supplies it, and keeps the input."""
    head.go(f"{case}/steps/approval")
    head.fill({"decision": "approve", "opinion": "同意。", **head.confirm()})
    head.page.locator("main").get_by_role("button", name="提交审批意见").click()
    expect(head.page.locator("main [role=alert]").first).to_contain_text("还不能办理这一步")
    expect(head.page.locator("main [name=opinion]")).to_have_value("同意。")
    head.shot("desktop-refused")


def correct(officer, head, case):
    """An officer asks for a correction beside the entry, the head decides, and the course shows both."""
    officer.go(case)
    officer.page.locator(".tl details.correct summary").last.scroll_into_view_if_needed()
    begun = officer.page.locator(".tl li", has_text="现场检查开始").first
    begun.locator("details.correct summary").click()
    begun.get_by_role("link", name="地点").click()
    officer.fill({"value": "清禾县演示街 9 号三层", "reason": "楼层笔误。"})
    officer.shot("desktop-correction")
    officer.press("申请更正")
    head.go(f"{case}/steps/correction-decision")
    head.fill({"decision": "approve", "opinion": "经核对录像，同意更正。", **head.confirm()})
    head.shot("desktop-correction-decision")
    head.press("提交意见")
    officer.go(case)
    expect(officer.page.locator(".tl .late", has_text="已更正")).to_be_visible()
    officer.shot("desktop-corrected")


def explained(officer, phone, case):
    """Every obligation of the case leads to a page that explains it: rule, facts, the sum of the term, the file."""
    officer.go(case)
    links = officer.page.locator("aside .ob h3 a[href*='/obligations/']")
    addresses = sorted({links.nth(index).get_attribute("href") for index in range(links.count())})
    assert addresses, "the case page leads to no obligation"
    dated = None
    for address in addresses:
        officer.go(address)
        for words in ("规定", "事实", "由谁办理", "怎样算办到", "SHA-256"):
            expect(officer.page.locator("main")).to_contain_text(words)
        # A fact leads to its place in the course of the case.
        fact = officer.page.locator("main .reasoned a[href*='#entry-']").first
        if fact.count():
            target = fact.get_attribute("href").split("#")[1]
            officer.go(fact.get_attribute("href"))
            assert officer.page.locator(f"[id='{target}']").count() == 1, f"{address} names {target}, which is not there"
            officer.go(address)
        if officer.page.locator("ol.sum").count():
            dated = dated or address
    assert dated, "no obligation of the case has a term with its sum"
    shown(officer, phone, "obligation", dated)
    many = max(addresses, key=lambda one: (officer.go(one), officer.page.locator(".reasoned").count())[1])
    shown(officer, phone, "obligation-joined", many)


def shown(officer, phone, name, address):
    """The same page on desktop and phone; nothing runs out of the phone's width."""
    for person, size in ((officer, "desktop"), (phone, "phone")):
        person.go(address)
        person.shot(f"{size}-{name}")
        width = person.page.evaluate("document.documentElement.scrollWidth")
        assert size == "desktop" or width <= 390, f"{name} is {width} wide on a phone of 390"


def law(officer, phone, case):
    """The reader: what is open under a row leads to the cases; words and articles find rows. Two texts side by side."""
    officer.go("/b/qinghe/regulations/zhaoxian-2017")
    open_rows = officer.page.locator(".current").count()
    assert open_rows, "nothing is open under any row, though the case has obligations"
    officer.page.locator(".current a").first.click()
    expect(officer.page.locator(".narrowed")).to_contain_text("待办事项的案件")
    assert officer.page.locator("table.list tbody tr").count() > 0, "the counted cases are not listed"
    officer.shot("desktop-cases-under-row")
    officer.go("/b/qinghe/regulations/zhaoxian-2017")
    officer.page.get_by_text("按条跳转").click()
    officer.page.locator(".contents").get_by_role("link", name="第三十条", exact=True).click()
    assert officer.page.evaluate("document.getElementById(decodeURIComponent(location.hash.slice(1))) !== null")
    officer.page.fill("main [name=q]", "归档")
    officer.page.locator("main").get_by_role("button", name="查找").click()
    expect(officer.page.locator("main .count")).to_contain_text("找到")
    shown(officer, phone, "regulation", "/b/qinghe/regulations/zhaoxian-2017")
    officer.page.emulate_media(media="print")
    officer.go("/b/qinghe/regulations/zhaoxian-2017")
    officer.shot("print-regulation")
    expect(officer.page.locator(".filters")).to_be_hidden()
    officer.page.emulate_media(media="screen")
    both = "/b/qinghe/regulations/comparison?left=zhaoxian-2017&right=qinghe"
    officer.go(both)
    starred, all_ = officer.page.locator(".compared .star").count(), officer.page.locator(".compared").count()
    officer.page.get_by_label("只看不同之处").check()
    officer.page.get_by_role("button", name="对照").click()
    expect(officer.page.locator(".compared"), "the filter leaves something else than the marked").to_have_count(starred)
    assert 0 < starred < all_
    boxes = [officer.page.locator(".compared .pair").first.locator("> div").nth(index).bounding_box() for index in (0, 1)]
    assert boxes[0]["y"] == boxes[1]["y"], "the two texts do not stand side by side"
    shown(officer, phone, "comparison", both + "&only=differences")
    boxes = [phone.page.locator(".compared .pair").first.locator("> div").nth(index).bounding_box() for index in (0, 1)]
    assert boxes[1]["y"] >= boxes[0]["y"] + boxes[0]["height"], "the two texts are not stacked on a phone"


def sign_decision(head, decision):
    """The head sees what is ordered beside what was approved, and signs only after having opened the document."""
    head.go(f"{decision}/slots/agencyHead")
    expect(head.page.locator("main")).to_contain_text("您还没有打开过这份定稿文本")
    expect(head.page.locator(".decision-text mark").first).to_be_visible()
    head.shot("desktop-sign-decision")
    # A look in which nothing is read is none.
    for is_read in (False, True):
        head.page.locator("main form[action$='/looks'] button").first.click()
        head.page.wait_for_load_state()
        if is_read:
            # A headless browser saves a PDF where another shows it: it is asked for as the link would.
            href = head.page.get_by_role("link", name="打开 PDF").get_attribute("href")
            assert head.page.request.get(head.page.url.split("/b/")[0] + href).body().startswith(b"%PDF")
        head.press("结束查看")
        head.go(f"{decision}/slots/agencyHead")
        told = expect(head.page.locator("main"))
        if is_read:
            told.not_to_contain_text("您还没有打开过这份定稿文本")
        else:
            told.to_contain_text("您还没有打开过这份定稿文本")
    head.sign(decision, "agencyHead", values={"compared": "yes", **head.confirm()}, shot="desktop-sign-decision-read")


def execute(officer, second, head, case):
    decision = officer.write(
        case, "penalty-decision",
        {
            "facts": "2026 年 10 月多报销售额 120 万元。", "evidence": "现场检查笔录\n现场检查录像", "defence": "已复核，从轻的请求予以采纳。",
            "reasons": "主动改正，从轻处罚。", "legalBasis": "《中华人民共和国统计法》有关规定。", "content": "给予警告\n处罚款人民币5,000元（伍仟元整）",
            "performance": "自收到本决定书之日起十五日内缴纳。", "remedies": "六十日内申请行政复议，或者六个月内提起行政诉讼。",
        },
        shot="desktop-decision",
    )
    sign_decision(head, decision)
    officer.issue(case, decision)
    officer.shot("desktop-document")
    receipt = officer.write(
        case, "service-receipt", {"place": "清禾县演示街 9 号", "servedAt": local()}, f"&about={decision.split('/')[-1]}"
    )
    paper(officer, receipt, "recipient", "言有信", pdf=True)
    look_at_scan(officer, receipt, pdf=True)
    officer.sign(receipt, "server1")
    second.sign(receipt, "server2")
    officer.issue(case, receipt)
    officer.step(case, "service", "登记", {})
    pay(officer, second, case)
    officer.step(case, "ending", "终结", {"ground": "performed"})


def pay(officer, second, case):
    """The voucher is a file of the case, and the other officer opens it before the payment counts."""
    voucher = out / "voucher.png"
    officer.page.screenshot(path=str(voucher))
    officer.go(f"{case}/recordings/new")
    officer.page.locator("[data-upload] input[type=file]").set_input_files(str(voucher))
    expect(officer.page.locator(".uploads .state").first).to_contain_text("已上传", timeout=60000)
    officer.fill({"device": "scanner", "class": "party", "activity": "kind-other", "note": "缴款书 0001 号"})
    officer.press("登记入库")
    officer.go(f"{case}/steps/performance")
    officer.fill({"status": "complete", "obligation": "缴纳罚款人民币5,000元", "amount": "5,000.00", "evidence": "缴款书 0001 号"})
    officer.page.locator("main [name=proofFile]").first.check()
    officer.shot("desktop-performance")
    officer.press("登记")
    second.go(case)
    second.page.locator("main li, main article", has_text="voucher.png").last.locator("form[action$='/looks'] button").first.click()
    second.page.wait_for_load_state()
    expect(second.page.locator("main img").first).to_have_js_property("complete", True, timeout=15000)
    second.press("结束查看")
    second.go(f"{case}/steps/performance-confirmation")
    second.fill({"result": "passed", "opinion": "与决定书的数额相符。", **second.confirm()})
    second.shot("desktop-performance-confirmation")
    second.press("提交核对结果")


def print_signed(custodian, authors, case):
    """Whoever wrote what was signed issues it: the file holds its text with the signatures."""
    custodian.go(f"{case}/steps/filing")
    custodian.shot("desktop-to-issue")
    waiting = custodian.page.locator("h2", has_text="先要制发的文书").locator("xpath=following-sibling::*[1]").locator("a")
    papers = [waiting.nth(index).get_attribute("href") for index in range(waiting.count())]
    assert papers, "nothing is said to be issued before the filing"
    for paper in papers:
        for author in authors:
            author.go(paper)
            if author.page.locator("main").get_by_role("link", name="制发", exact=True).count():
                author.issue(case, paper)
                break
        else:
            raise AssertionError(f"nobody can issue {paper}")


def file(custodian, checker, case):
    for sheet in ("case-file-cover", "case-file-catalogue", "closing-sheet"):
        document = custodian.write(case, sheet, {}, shot=f"desktop-{sheet}" if sheet == "closing-sheet" else None)
        if sheet == "closing-sheet":
            custodian.sign(document, "archivist", values=custodian.confirm())
            checker.sign(document, "checker", values=checker.confirm())
        custodian.issue(case, document)
    custodian.go(f"{case}/steps/filing")
    custodian.shot("desktop-completeness")
    custodian.fill(custodian.confirm())
    custodian.press("归档")


def dossier(custodian, case):
    custodian.go(f"{case}/dossier")
    custodian.fill({"audience": "court", **custodian.confirm()})
    custodian.shot("desktop-dossier")
    with custodian.page.expect_download() as download:
        custodian.page.get_by_role("button", name="导出并下载").click()
    path = out / "dossier.zip"
    download.value.save_as(str(path))
    return path


def verify(path):
    def run(file):
        return subprocess.run([verifier, str(file), "--vkey", vkey], capture_output=True, text=True, timeout=120)

    whole = run(path)
    assert whole.returncode == 0, f"the verifier refuses the dossier: {whole.stdout}{whole.stderr}"
    bytes_ = bytearray(path.read_bytes())
    bytes_[len(bytes_) // 2] ^= 1
    broken = path.with_name("dossier-changed.zip")
    broken.write_bytes(bytes_)
    changed = run(broken)
    assert changed.returncode in (1, 2), f"the verifier takes a changed dossier: {changed.returncode}"


def main():
    film = out / "film.mp4"
    subprocess.run(
        ["ffmpeg", "-loglevel", "error", "-y", "-f", "lavfi", "-i", "testsrc2=s=640x360:d=4", "-f", "lavfi", "-i", "sine=d=4",
         "-pix_fmt", "yuv420p", "-shortest", "-movflags", "+faststart", str(film)],
        check=True,
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        officer, second = Person(browser, "zhou"), Person(browser, "lin")
        officer.shot("desktop-home")
        unit_head, reviewer = Person(browser, "tang"), Person(browser, "gu")
        head, custodian = Person(browser, "shen"), Person(browser, "jiang")
        inspection = inspect(officer, second, film)
        play(officer, inspection)
        officer.go(inspection)
        officer.shot("desktop-inspection")
        correct(officer, head, inspection)
        case = penalty(officer, second, unit_head, reviewer, head, inspection)
        officer.go(case)
        officer.shot("desktop-case")
        settled = officer.page.locator("aside details.settled summary", has_text="已了结")
        if settled.count():
            settled.click()
        officer.page.locator("aside .ob h3 a").first.click()
        officer.page.locator("main .reasoned h3 a").first.click()
        officer.shot("desktop-provision")
        head.go(case)
        head.shot("desktop-case-head")
        head.go("/b/qinghe")
        head.shot("desktop-home-head")
        phone = Person(browser, "zhou", phone=True)
        phone.shot("phone-home")
        for name, address in (("case", case), ("slot", f"{case}/steps/activity"), ("cases", "/b/qinghe/cases")):
            phone.go(address)
            phone.shot(f"phone-{name}")
            width = phone.page.evaluate("document.documentElement.scrollWidth")
            assert width <= 390, f"{name} is {width} wide on a phone of 390"
        explained(officer, phone, case)
        law(officer, phone, case)
        execute(officer, second, head, case)
        print_signed(custodian, (officer, reviewer), case)
        file(custodian, unit_head, case)
        custodian.go(case)
        custodian.shot("desktop-filed")
        path = dossier(custodian, case)
        browser.close()
    assert not problems, "\n".join(problems)
    if verifier:
        verify(path)
    print(f"walked from sign-in to a dossier of {path.stat().st_size} bytes" + (", verified" if verifier else ""))


main()
