"""A party goes to court over a decision: the suit with its stay, the term that stands still by a head's own word and runs on, the
judgement as a paper, and a term made longer by the head of the bureau (zhaoxian-2017:12.p2; 行政诉讼法第五十六条;
行政强制法第五十三条)."""

import datetime
import re

import spot
from playwright.sync_api import expect

SIGNER, HOME = "江月明", "清禾县演示路 5 号"
COURT_TERM = "在起诉期限届满后3个月内申请法院强制执行"
PAYMENT = "当事人自收到决定书之日起15日内履行"


def walk(stage):
    officer, head, chief = stage.person("zhou"), stage.person("lu"), stage.person("shen")
    case, decision = spot.decided(stage, "江月布庄", SIGNER)
    officer.go(case)
    officer.owes(COURT_TERM)
    first = due(stage, officer)
    sued(officer, case)
    longer(stage, officer, chief, case)
    stopped(stage, officer, head, case)
    last = due(stage, officer)
    # It stood still for forty days; either end may have been moved by days of rest.
    assert (last - first).days in range(31, 50), f"a term to {first} that stood still for 40 days ends on {last}"
    judged(stage, officer, head, case)


def due(stage, officer):
    """The last day of the bureau's own application to the court, as the case page says it."""
    said = officer.main.locator("aside .ob:visible", has_text=COURT_TERM).first.inner_text()
    year, month, day = re.search(r"(?:(\d+)年)?(\d+)月(\d+)日止", said).groups()
    return datetime.date(int(year or stage.now().year), int(month), int(day))


def sued(officer, case):
    officer.go(f"{case}/steps/remedy")
    officer.fill({"kind": "litigation", "body": "清禾县人民法院（演示）", "content": "请求撤销处罚决定。", "stay": "yes"})
    officer.press("登记")
    officer.says("清禾县人民法院（演示）", "请求撤销处罚决定。")


def stopped(stage, officer, head, case):
    """The term stands still from the head's word on, and goes on where it stood."""
    assert not officer.main.locator(f"a[href='{case}/steps/term-suspension']").count(), "a handler stops a term"
    head.go(f"{case}/steps/term-suspension")
    # Of the texts' terms only those that run here are offered: to pay, and to apply to the court.
    expect(head.main.locator("[name=matter]")).to_have_count(2)
    reason = {"reason": "法院裁定停止执行。", "secret": head.secret}
    head.choose("matter", COURT_TERM)
    head.fill(reason)
    head.press("批准并登记", refused="法律依据")
    head.choose("matter", COURT_TERM)
    head.fill({**reason, "legalBasis": "《中华人民共和国行政诉讼法》第五十六条"})
    head.shot("remedy-suspension")
    head.press("批准并登记")
    # What is stayed need not be paid meanwhile either; the one that stands still is not offered again.
    head.go(f"{case}/steps/term-suspension")
    expect(head.main.locator("[name=matter]")).to_have_count(1)
    head.fill({**reason, "legalBasis": "《中华人民共和国行政诉讼法》第五十六条"})
    head.press("批准并登记")
    officer.go(case)
    officer.says("法院裁定停止执行。", "《中华人民共和国行政诉讼法》第五十六条")
    for term in (COURT_TERM, PAYMENT):
        standing = officer.main.locator("aside .ob:visible", has_text=term).first
        expect(standing).not_to_contain_text("日止")
        expect(standing).to_contain_text("中止")
        expect(standing).not_to_contain_text("待办")
    stage.wait(40)
    for term in (PAYMENT, COURT_TERM):
        head.go(f"{case}/steps/term-resumption")
        head.choose("matter", term)
        head.fill({"reason": "停止执行的裁定已经解除。", "secret": head.secret})
        head.press("批准并登记")
    officer.go(case)
    officer.says("停止执行的裁定已经解除。")


def longer(stage, officer, chief, case):
    """Longer only before the end, by the head of the bureau, and to a day that is said."""
    until = stage.now() + datetime.timedelta(days=30)
    # A Wednesday: a day of rest would move the end.
    until += datetime.timedelta(days=(2 - until.weekday()) % 7)
    assert not officer.main.locator(f"a[href='{case}/steps/term-extension']").count(), "a handler makes a term longer"
    chief.go(f"{case}/steps/term-extension")
    chief.choose("matter", PAYMENT)
    chief.fill({"untilDay": until.strftime("%Y-%m-%d"), "reason": "诉讼期间暂缓缴纳。", "secret": chief.secret})
    chief.press("批准并登记", refused="法律依据")
    chief.choose("matter", PAYMENT)
    chief.fill({"legalBasis": "行政处罚法第六十六条", "secret": chief.secret})
    chief.press("批准并登记")
    officer.go(case)
    kept = officer.main.locator("aside .ob:visible", has_text=PAYMENT).first
    expect(kept).to_contain_text(f"{until.month}月{until.day}日止")


def judged(stage, officer, head, case):
    """What the court said rests on its paper, and on nobody's word."""
    stage.link("zhou", case, "行政判决书")
    head.go(f"{case}/steps/remedy-result")
    said = {"result": "upheld", "content": "驳回诉讼请求。", "secret": head.secret}
    head.fill(said)
    head.press("核对并登记", refused="扫描件")
    head.fill(said)
    head.choose("proofFile", "行政判决书")
    head.press("核对并登记")
    head.says("驳回诉讼请求。")
    officer.go(case)
    officer.shot("remedy-judged")
