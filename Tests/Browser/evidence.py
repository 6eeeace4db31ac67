"""Evidence by its kinds: samples, an interview that nobody signs, copies compared with the originals, an opinion that a body outside
gave on paper, an officer whom the party will not have, and papers that are made void or put right (zhaoxian-2017:12;
行政处罚法第四十三、四十六条). What stays open is said on the case page, and goes when it is met."""

import spot
from playwright.sync_api import expect

SIGNER, HOME = "石有声", "清禾县石桥路 6 号"
SAMPLING = "制作本次抽样的《抽查取样通知书》和《抽样物品清单》"
INTERVIEW = "制作本次询问的《询问（调查）笔录》"
TAKING = "制作本次调取证据的《调取证据通知书》和《证据登记保存清单》"
OPINION = "收到并归入鉴定机构出具的《鉴定意见书》"


def walk(stage):
    officer, desk = stage.person("zhou"), stage.desk("zhou")
    case = spot.inspected(stage, "石桥水泥厂", SIGNER, HOME)
    sampled(stage, officer, desk, case)
    asked(stage, officer, desk, case)
    taken(stage, officer, desk, case)
    appraised(stage, officer, desk, case)
    refused(stage, officer, case)
    amended(stage, officer, desk, case)
    officer.go(case)
    officer.shot("evidence")


def begun(officer, case, kind, owed):
    officer.go(f"{case}/steps/activity")
    officer.fill({"kind": kind, "place": HOME})
    officer.press("登记")
    officer.owes(owed)


def sampled(stage, officer, desk, case):
    """Notice and list; whoever cannot write has it read to them before a witness."""
    begun(officer, case, "sampling", SAMPLING)
    notice = desk.write(case, "sampling-notice", {"method": "随机抽取三袋。"})
    officer.go(case)
    officer.owes(SAMPLING)
    listed = desk.write(case, "sample-item-list", {"items.0.name": "水泥", "items.0.quantity": "三袋"})
    officer.go(case)
    officer.met(SAMPLING)
    stage.paper("zhou", notice, "party", SIGNER)
    officer.go(f"{listed}/slots/party?manner=unable")
    officer.fill({"signer": SIGNER, "capacity": "representative", "reason": "手伤，不能书写，全文已宣读。", "reader": "林小满"})
    officer.press("登记", refused="见证人")
    officer.fill({"witness": "居证言"})
    officer.shot("evidence-unable")
    officer.press("登记")
    officer.says("手伤，不能书写，全文已宣读。", "居证言")
    for paper in (notice, listed):
        desk.sign(paper, "officer1")
        stage.desk("lin").sign(paper, "officer2")
    desk.step(case, "activity-end")


def asked(stage, officer, desk, case):
    """An interview; a transcript that is void is none, and one that nobody signs says why."""
    begun(officer, case, "questioning", INTERVIEW)
    said = {
        "intervieweeName": SIGNER, "intervieweeRole": "party", "content": "问：报表由谁填报？\n答：我填报。", "endAt": stage.local()}
    wrong = desk.write(case, "interview-transcript", {**said, "content": "问：写错了。\n答：是。"})
    officer.go(case)
    officer.met(INTERVIEW)
    officer.go(wrong)
    officer.follow("作废")
    officer.fill({"reason": "问答记错，重新制作。", "secret": officer.secret})
    officer.press("作废")
    officer.says("这份文书已作废", "它所完成的事项重新变为待办")
    officer.go(case)
    officer.says("问答记错，重新制作。")
    officer.owes(INTERVIEW)
    transcript = desk.write(case, "interview-transcript", said)
    officer.go(f"{transcript}/slots/party?manner=refused")
    officer.fill({"signer": SIGNER, "capacity": "representative", "reason": "不说明理由。", "witness": "居证言"})
    officer.press("登记")
    officer.says("拒绝", "不说明理由。")
    desk.sign(transcript, "officer1")
    stage.desk("lin").sign(transcript, "officer2")
    officer.go(case)
    officer.met(INTERVIEW)
    desk.step(case, "activity-end")


def taken(stage, officer, desk, case):
    """Papers asked for, listed, and copied beside the originals."""
    begun(officer, case, "evidenceTaking", TAKING)
    notice = desk.write(case, "notice-to-produce-evidence", {"holder": "石桥水泥厂（演示）", "itemsRequested": "二月生产台账一册"})
    listed = desk.write(case, "evidence-registration-list", {
        "holder": "石桥水泥厂（演示）", "items.0.name": "二月生产台账", "items.0.quantity": "一册"})
    officer.go(case)
    officer.met(TAKING)
    copied = desk.write(case, "verified-paper-copy", {
        "holder": "石桥水泥厂（演示）", "items.0.name": "二月生产台账", "items.0.pages": "12", "checked": "same"})
    stage.paper("zhou", copied, "party", SIGNER)
    desk.sign(copied, "officer1")
    stage.desk("lin").sign(copied, "officer2")
    officer.go(copied)
    officer.says("签名齐备", "与原件一致")
    for paper in (notice, listed):
        officer.go(paper)
        officer.says("待签名")
    desk.step(case, "activity-end")


def appraised(stage, officer, desk, case):
    """A body outside gives its opinion on paper; it is taken in as it is, with whose seal and whose hand stand on it."""
    commission = desk.write(case, "appraisal-commission", {"commissionKind": "appraisal", "body": "云岭鉴定所（演示）"})
    stage.desk("shen").sign(commission, "agencyHead")
    desk.issue(case, commission)
    officer.go(f"{case}/steps/appraisal")
    officer.fill({"body": "云岭鉴定所（演示）", "matter": "台账笔迹是否一次形成。", "document": commission.rsplit("/", 1)[1]})
    officer.choose("kind", "鉴定")
    officer.press("登记")
    officer.owes(OPINION)
    officer.follow("归入鉴定意见书")
    officer.upload("input[type=file]", "opinion.png", stage.picture("鉴定意见书"))
    expect(officer.page.locator(".uploads .state").first).to_contain_text("已上传")
    officer.choose("paper-answers", "台账笔迹是否一次形成。")
    officer.fill({
        "body": "云岭鉴定所（演示）", "appraisers": "严知微（演示）", "commissionedAt": stage.day(), "subject": "台账笔迹是否一次形成。",
        "issuedAt": stage.day(), "slot-body": "yes", "slot-expert": "yes", "paper-place": "检查科档案柜"})
    officer.press("归入本案", refused="鉴定意见")
    officer.fill({"opinion": "不是一次形成。"})
    officer.shot("evidence-opinion")
    officer.press("归入本案")
    officer.says("外来文书，已归入", "不是一次形成。", "严知微（演示）")
    officer.go(case)
    officer.met(OPINION)


def refused(stage, officer, case):
    """The party will not have an officer; the head decides, in their own session and with reasons."""
    officer.go(f"{case}/steps/recusal")
    officer.choose("officer", "林小满")
    officer.fill({"reason": "与本厂会计是亲属。"})
    officer.press("登记")
    officer.says("与本厂会计是亲属。")
    officer.owes("由行政机关负责人决定是否回避，写明理由")
    head = stage.person("shen")
    head.go(f"{case}/steps/recusal-decision")
    head.check(head.main.locator("[name=decision]").last)
    head.fill({"reason": "经核实没有亲属关系。", "secret": head.secret})
    head.press("批准并登记")
    head.says("经核实没有亲属关系。")
    officer.go(case)
    officer.met("由行政机关负责人决定是否回避，写明理由")


def amended(stage, officer, desk, case):
    """What was issued is put right by a later paper, and the head says so; both stay."""
    notices = []
    for place in ("石桥路 6 号", HOME):
        paper = desk.write(case, "notice-to-produce-evidence", {
            "holder": "石桥水泥厂（演示）", "holderAddress": place, "itemsRequested": "二月销售台账一册"})
        stage.paper("zhou", paper, "holder", SIGNER)
        desk.sign(paper, "officer1")
        stage.desk("lin").sign(paper, "officer2")
        desk.issue(case, paper)
        notices.append(paper)
    head = stage.person("shen")
    head.go(notices[0])
    head.follow("补正或者替代")
    head.check(head.main.locator("[name=by]").last)
    head.fill({"manner": "supersedes", "reason": "持有人地址写漏了县名。", "secret": head.secret})
    head.press("确认")
    officer.go(notices[0])
    officer.says("这份文书已被替代", "由负责人确认", "打开后一份文书")
    officer.go(case)
    officer.says("持有人地址写漏了县名。")
