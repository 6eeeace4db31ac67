"""After the decision: an order to put things right and its check, a talk on record, payment put off, part of it paid, the demand,
what the party says to it, and the court (zhaoxian-2017:27 to 29; 行政处罚法第六十六、七十二条; 行政强制法第五十三至五十五条)."""

import spot
from playwright.sync_api import expect

SIGNER, HOME = "云在天", "清禾县演示路 5 号"
COURT = "清禾县人民法院（演示）"


def walk(stage):
    officer, head = stage.person("zhou"), stage.person("shen")
    case, decision = spot.decided(stage, "云间纸行", SIGNER)
    # Signed for on the spot is served: the terms run, and nobody is asked for a receipt.
    officer.go(case)
    officer.owes("当事人自收到决定书之日起15日内履行", "在起诉期限届满后3个月内申请法院强制执行")
    corrected(stage, officer, case)
    talked(stage, officer, case)
    put_off(stage, officer, head, case, decision)
    demanded(stage, officer, case, decision)
    sued(stage, officer, head, case, decision)


def corrected(stage, officer, case):
    """Checked when the day has come, and not before."""
    paper = spot.order(stage, case, stage.day(5))
    officer.go(f"{case}/steps/correction-order")
    officer.fill({"content": "补报二月报表。", "dueDay": stage.day(5), "document": paper.rsplit("/", 1)[1]})
    officer.press("登记")
    officer.owes("改正期限届满时核查改正情况并记录")
    stage.wait(6)
    officer.go(f"{case}/steps/correction-check")
    officer.check(officer.main.locator("[name=order]").first)
    officer.check(officer.main.locator("[name=result]").first)
    officer.fill({"findings": "已补报二月报表。"})
    officer.press("登记")
    officer.met("改正期限届满时核查改正情况并记录")
    officer.says("已补报二月报表。")


def talked(stage, officer, case):
    """A talk is written down, and its recording from beginning to end is asked for until it is there."""
    desk = stage.desk("zhou")
    officer.go(case)
    assert not officer.main.locator(f"a[href='{case}/steps/talk']").count(), "a talk is offered that nobody held"
    desk.step(case, "activity", {"kind": "talk", "place": "本局会议室"})
    officer.go(case)
    officer.owes("制作本次约谈的文字记录")
    officer.go(f"{case}/steps/talk")
    officer.fill({
        "persons": "云在天（负责人）。", "topic": "按时报送统计资料", "content": "说明报送期限和逾期的后果。", "endAt": stage.local()})
    officer.press("登记")
    officer.met("制作本次约谈的文字记录")
    officer.owes("把约谈全过程的音像资料归入案件")
    desk.step(case, "activity-end")


def put_off(stage, officer, head, case, decision):
    """In parts and later: a head's own approval, with the last day."""
    day = stage.day(20)
    entered = {
        "decision": "approve", "document": decision.rsplit("/", 1)[1], "plan": "四月底前缴五百元，余款于最后一日前缴清。", "dueDay": day}
    officer.go(case)
    assert not officer.main.locator(f"a[href='{case}/steps/instalment']").count(), "a handler puts off what is owed"
    head.go(f"{case}/steps/instalment")
    head.fill({**entered, "secret": head.secret})
    head.press("批准并登记")
    head.says("四月底前缴五百元")
    officer.go(f"{case}/steps/performance")
    officer.fill({"status": "partly", "obligation": "缴纳罚款1,000元。", "amount": "500", "evidence": "缴款书 0005 号"})
    officer.press("登记")
    officer.says("部分履行", "500")


def demanded(stage, officer, case, decision):
    """Written, served, and answered; what the party says is weighed before anybody asks the court."""
    desk = stage.desk("zhou")
    stage.wait(22)
    officer.go(f"{case}/steps/court")
    officer.says("催告书还没有送达当事人", "第五十四条")
    paper = desk.write(case, "demand-notice", {
        "decisionNumber": "见决定书", "obligation": "缴纳罚款余款五百元。", "performBy": stage.day(12), "amount": "500"})
    stage.desk("shen").sign(paper, "agencyHead")
    desk.issue(case, paper)
    officer.go(f"{case}/steps/demand")
    officer.fill({
        "form": "notice", "content": "缴纳罚款余款五百元。", "dueDay": stage.day(12), "rights": "可以陈述、申辩。", "isUrgent": "no",
        "document": paper.rsplit("/", 1)[1]})
    officer.shot("execution-demand")
    officer.press("登记")
    spot.handed(stage, case, paper, SIGNER, HOME)
    officer.go(f"{case}/steps/demand-statement")
    officer.fill({"manner": "oral", "speaker": "party", "facts": "货款未收回。", "reasons": "请求再缓一月。", "evidence": "无"})
    officer.press("登记")
    officer.says("货款未收回。")


def sued(stage, officer, head, case, decision):
    """Ten working days after the demand, after what was said was weighed, and after the party let its six months go by."""
    desk = stage.desk("zhou")
    application = desk.write(case, "court-enforcement-application", {
        "court": COURT, "decisionNumber": "见决定书", "demandServedOn": stage.day(), "attachments": "决定书\n催告书"})
    stage.desk("shen").sign(application, "agencyHead")
    stage.paper("zhou", application, "agency", "清禾县统计局（演示）", sealed="yes")
    desk.issue(case, application)
    entered = {"court": COURT, "documents": "申请书、决定书、催告书、当事人意见。", "document": application.rsplit("/", 1)[1]}

    def asked(refused=None):
        officer.go(f"{case}/steps/court")
        officer.fill(entered)
        officer.press("登记", refused)

    asked(refused="第五十四条")
    stage.wait(20)
    asked(refused="还没有复核")
    officer.go(f"{case}/steps/demand-review")
    officer.fill({"accepted": "no", "review": "货款未收回没有证据。", "handling": "不予再缓。", "reason": "没有证据。"})
    officer.press("登记")
    asked(refused="第五十三条")
    officer.shot("execution-court-refused")
    stage.wait(150)
    asked()
    officer.says(COURT)
    officer.go(f"{case}/steps/court-ruling")
    officer.fill({"outcome": "granted", "content": "准予强制执行。"})
    officer.press("登记")
    stage.link("zhou", case, "法院结案通知")
    head.go(f"{case}/steps/court-end")
    head.fill({"outcome": "complete", "course": "法院划拨。", "findings": "余款五百元执行到位。", "secret": head.secret})
    # Its end rests on the court's own paper.
    head.press("核对并登记", refused="扫描件")
    head.fill({"secret": head.secret})
    head.check(head.main.locator("[name=proofFile]").first)
    head.press("核对并登记")
    head.says("余款五百元执行到位。")
    # What the court collected in full is owed no more, in parts or otherwise; and it stands where performance is recorded.
    officer.go(f"{case}/steps/performance")
    officer.known({"amount": "1000.00", "obligation": "警告；处罚款人民币1000元"})
    officer.go(case)
    for demand in ("经批准暂缓或者分期缴纳的，当事人在批准的期限内缴清", "当事人自收到决定书之日起15日内履行"):
        expect(officer.main.locator("aside .ob:visible", has_text=demand)).to_have_count(0)
    officer.shot("execution-ended")
