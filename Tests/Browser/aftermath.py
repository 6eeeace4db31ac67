"""What stands beside the course of a case: a start in an emergency, approved within twenty-four hours, what was seen, handed in and
found out on the way, and a report under a real name that is not pursued and answered (zhaoxian-2017:7, 8b, 9c and 12)."""

import spot

SIGNER, HOME = "田有禾", "清禾县田边路 8 号"


def walk(stage):
    officer, desk = stage.person("zhou"), stage.desk("zhou")
    reported(stage, officer)
    inspection = spot.inspected(stage, "田边粮油站", SIGNER, HOME)
    handed_on(stage, officer, desk)
    found(officer, desk, inspection)
    hurried(stage, officer, desk, inspection)


def reported(stage, officer):
    """Whoever gave their name is told, with the law and the reason; before that the report is not closed."""
    officer.go("/b/qinghe/leads")
    officer.follow("登记投诉举报")
    officer.fill({
        "channel": "letter", "isRealName": "yes", "complainant": "言实（演示），地址略", "content": "反映邻店少报雇员。",
        "target": "清禾县小满茶铺（演示）"})
    officer.press("登记")
    lead = officer.here()
    officer.says_not("言实")
    unit = stage.person("tang")
    unit.go(f"{lead}/steps/review")
    unit.fill({"result": "notPursued", "reason": "茶铺不在统计调查对象之内。"})
    unit.press("登记", refused="法律依据")
    unit.fill({"legalBasis": "《中华人民共和国统计法》有关规定。"})
    unit.press("登记")
    officer.go(f"{lead}/steps/close")
    officer.fill({"reason": "不予查处。"})
    officer.press("登记", refused="告知")
    officer.go(f"{lead}/steps/answer")
    officer.choose("method", "书面")
    officer.fill({"content": "不在统计调查对象之内，不予查处。"})
    officer.press("登记")
    officer.go(f"{lead}/steps/close")
    officer.fill({"reason": "不予查处，已书面告知。"})
    officer.press("登记")
    officer.says("已办结")
    officer.says_not("言实")
    officer.shot("aftermath-lead")


def handed_on(stage, officer, desk):
    """What another authority has to deal with ends here only when it has the letter."""
    case = spot.inspected(stage, "渠边塑料厂", "渠有源", "清禾县渠边路 2 号")
    officer.go(f"{case}/steps/finding")
    officer.fill({"outcome": "handedOn", "summary": "发现未经许可排放废水。"})
    officer.press("登记", refused="接收机关")
    officer.fill({"recipient": "清禾县生态环境局（演示）"})
    officer.press("登记")
    letter = desk.write(case, "case-transfer-letter", {
        "recipient": "清禾县生态环境局（演示）", "materials.0.name": "现场照片", "materials.0.pages": "2 张"})
    stage.desk("shen").sign(letter, "agencyHead", {"decision": "agree", "opinion": "同意移送。"})
    desk.issue(case, letter)
    officer.go(f"{case}/steps/ending")
    officer.fill({"ground": "handedOn"})
    officer.press("终结", refused="还没有送达接收机关")
    officer.shot("aftermath-handed-on")
    spot.handed(stage, case, letter, "环小青", "清禾县生态环境局（演示）", capacity="receiver")
    officer.go(f"{case}/steps/ending")
    officer.fill({"ground": "handedOn"})
    officer.press("终结")
    officer.says("终结")


def found(officer, desk, case):
    """Seen on the spot, handed in, and asked of others."""
    desk.step(case, "activity", {"kind": "siteInspection", "place": HOME})
    officer.go(f"{case}/steps/unlawful")
    officer.fill({"conduct": "田有禾当场涂改二月台账，涂改处两页。"})
    officer.press("登记")
    officer.says("田有禾当场涂改二月台账，涂改处两页。")
    officer.go(f"{case}/steps/submission")
    officer.fill({"content": "二月台账复印件十二页。", "kept": "yes"})
    officer.check(officer.main.locator("[name=kind]").first)
    officer.press("登记")
    officer.says("二月台账复印件十二页。")
    officer.go(f"{case}/steps/other-investigation")
    officer.fill({"method": "向电力部门函询用电量", "content": "二月用电与产量不符。"})
    officer.press("登记", refused="法律依据")
    officer.fill({"legalBasis": "《中华人民共和国统计法》有关规定。"})
    officer.press("登记")
    officer.says("向电力部门函询用电量", "二月用电与产量不符。")
    desk.step(case, "activity-end")


def hurried(stage, officer, desk, inspection):
    """Begun at once, approved within the day, and told when it was."""
    officer.go(f"{inspection}/penalty")
    desk.step(inspection, "finding", {"outcome": "suspected", "summary": "涉嫌提供不真实的统计资料。"})
    officer.go(f"{inspection}/penalty")
    officer.fill({"title": "田边粮油站提供不真实统计资料案", "isEmergency": "yes", "startedAt": stage.local()})
    officer.press("立案", refused="紧急")
    officer.fill({"emergencyReason": "台账正被涂改，证据可能灭失。"})
    officer.press("立案")
    case = officer.here()
    officer.owes("在程序启动后24小时内补报《程序启动审批表》")
    officer.shot("aftermath-hurried")
    # Acts of investigation need not wait for the approval; the decision does.
    desk.step(case, "activity", {"kind": "questioning", "place": HOME})
    approval = desk.write(case, "procedure-initiation-approval", {"startReason": "当场发现涂改台账。"})
    officer.go(approval)
    officer.says("台账正被涂改，证据可能灭失。")
    desk.sign(approval, "handler")
    officer.go(case)
    officer.owes("补报的《程序启动审批表》经本部门负责人批准后，才能作出决定")
    for name, slot in (("tang", "handlingUnit"), ("shen", "agencyHead")):
        stage.desk(name).sign(approval, slot, {"decision": "agree", "opinion": "同意先行启动。"})
    officer.go(case)
    officer.met("在程序启动后24小时内补报《程序启动审批表》", "补报的《程序启动审批表》经本部门负责人批准后，才能作出决定")
    desk.step(case, "activity-end")
