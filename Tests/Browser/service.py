"""Ways of service other than handing over: mail that comes back and leads on, leaving behind before a witness, another bureau on
request, the wire with the party's consent, and public notice when the rest led nowhere (zhaoxian-2017:22 to 26;
行政处罚法第六十一条; 民事诉讼法第九十五条). None counts on the word of whoever records it."""

import spot
from playwright.sync_api import expect

PARTY, SIGNER, HOME = "远山饮料厂（演示）", "袁远山", "清禾县演示路 5 号"


def walk(stage):
    officer, desk = stage.person("zhou"), stage.desk("zhou")
    case, decision = spot.decided(stage, "远山饮料厂", SIGNER, is_signed=False)
    ordered, lent, left = (spot.order(stage, case, stage.day(90)) for _ in range(3))
    electronic(stage, officer, case, decision)
    returned(stage, officer, case, ordered)
    lien(stage, officer, case, left)
    entrusted(stage, officer, case, lent)
    public(stage, officer, desk, case, ordered)


def number(paper):
    return paper.rsplit("/", 1)[1]


def told(officer, case, title):
    """An entry in the course of the case."""
    officer.go(case)
    return officer.main.locator(".course li, .tl li", has_text=title).first


def confirmed(stage, officer, case, note):
    """Another officer opens what shows it, and only then it counts."""
    other = stage.person("lin")
    other.go(f"{case}/steps/service-confirmation")
    answer = {"result": "passed", "opinion": "与凭证相符。", "secret": other.secret}
    other.fill(answer)
    other.press("提交核对结果", refused="请先打开")
    stage.look("lin", case, note)
    other.go(f"{case}/steps/service-confirmation")
    other.fill(answer)
    other.press("提交核对结果")
    officer.go(case)
    officer.says_not("送达还不算数")


def electronic(stage, officer, case, decision):
    """By wire only with the consent that the party signed, and that speaks of decisions."""
    stage.link("zhou", case, "电子邮件回执")
    sent = {
        "method": "email", "document": number(decision), "hasConsent": "yes", "proof": "screenshot",
        "place": "yuanshan@example.invalid"}
    officer.go(f"{case}/steps/service-electronic")
    officer.fill(sent)
    officer.check(officer.main.locator("[name=proofFile]").first)
    officer.press("登记", refused="第六十一条第二款")
    officer.shot("service-electronic-refused")
    desk = stage.desk("zhou")
    consent = desk.write(case, "electronic-service-consent", {
        "channels": "email", "address": "yuanshan@example.invalid", "coversDecision": "yes", "agreedOn": stage.day()})
    stage.paper("zhou", consent, "party", SIGNER)
    desk.sign(consent, "officer1")
    officer.go(f"{case}/steps/service-electronic")
    officer.fill(sent)
    officer.check(officer.main.locator("[name=proofFile]").first)
    officer.press("登记")
    officer.says("等待")
    confirmed(stage, officer, case, "电子邮件回执")
    officer.shot("service-electronic")


def returned(stage, officer, case, paper):
    """Mail that came back serves nobody."""
    stage.link("zhou", case, "退回邮件")
    mailed = stage.local()
    stage.wait(3)
    officer.go(f"{case}/steps/service-post")
    officer.fill({
        "document": number(paper), "mailKind": "registered", "registerEntry": "邮寄登记5号", "postageVoucher": "付邮凭证5号",
        "place": HOME, "mailedAt": mailed, "returned": "yes", "returnFacts": "查无此人，三月五日退回。"})
    officer.check(officer.main.locator("[name=proofFile]").first)
    officer.press("登记", refused="没有一件")


def lien(stage, officer, case, paper):
    pass


def entrusted(stage, officer, case, paper):
    pass


def public(stage, officer, desk, case, paper):
    pass
