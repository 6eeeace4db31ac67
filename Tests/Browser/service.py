"""Ways of service other than handing over: mail that comes back and leads on, leaving behind before a witness, another bureau on
request, the wire with the party's consent, and no public notice without the notice (zhaoxian-2017:22 to 26; 行政处罚法第六十一条;
民事诉讼法第九十五条). None counts on the word of whoever records it."""

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
    officer.choose("proofFile", "电子邮件回执")
    officer.press("登记", refused="第六十一条第二款")
    officer.shot("service-electronic-refused")
    desk = stage.desk("zhou")
    consent = desk.write(case, "electronic-service-consent", {
        "channels": "email", "address": "yuanshan@example.invalid", "coversDecision": "yes", "agreedOn": stage.day()})
    stage.paper("zhou", consent, "party", SIGNER)
    desk.sign(consent, "officer1")
    officer.go(f"{case}/steps/service-electronic")
    officer.fill(sent)
    officer.choose("proofFile", "电子邮件回执")
    officer.press("登记")
    officer.says("等待")
    confirmed(stage, officer, case, "电子邮件回执")


def returned(stage, officer, case, paper):
    """Mail that came back serves nobody; what was taken before it went shows nothing of it."""
    stage.link("zhou", case, "付邮凭证照片")
    mailed = stage.local(5)
    stage.wait(3)
    sent = {
        "document": number(paper), "mailKind": "registered", "registerEntry": "邮寄登记5号", "postageVoucher": "付邮凭证5号",
        "place": HOME, "mailedAt": mailed, "returned": "yes", "returnFacts": "查无此人，三月五日退回。"}
    officer.go(f"{case}/steps/service-post")
    officer.fill(sent)
    officer.choose("proofFile", "付邮凭证照片")
    officer.press("登记", refused="不能证明这次送达")
    stage.link("zhou", case, "退回邮件照片")
    officer.go(f"{case}/steps/service-post")
    officer.fill(sent)
    officer.choose("proofFile", "退回邮件照片")
    officer.press("登记")
    officer.says("邮寄送达未成：邮件退回", "查无此人，三月五日退回。")


def receipt(stage, case, paper, method, **said):
    """The receipt of a way of service, signed by the two who went."""
    desk = stage.desk("zhou")
    made = desk.write(case, "service-receipt", {
        "method": method, "place": HOME, "servedAt": stage.local(), **said}, f"&about={number(paper)}")
    desk.sign(made, "server1")
    stage.desk("lin").sign(made, "server2")
    return made


def lien(stage, officer, case, paper):
    """Left behind before a witness, photographed in that very session, and looked at by the second officer."""
    desk = stage.desk("zhou")
    desk.step(case, "activity", {"kind": "service", "place": HOME, "circumstances": ["lien"]})
    made = receipt(stage, case, paper, "lien", refusalReason="负责人拒绝接收。", refusalDate=stage.day(), leftAt="厂门卫室")
    entered = {
        "document": number(paper), "receipt": number(made), "place": HOME, "refusedDay": stage.day(),
        "refusalReason": "负责人拒绝接收。", "leftAtDomicile": "yes", "witness": "居证言"}
    officer.go(f"{case}/steps/service-lien")
    officer.fill(entered)
    # Without the witness nothing was left behind.
    officer.press("登记", refused="签名栏")
    stage.paper("zhou", made, "witness", "居证言")
    stage.link("zhou", case, "留置现场照片", activity=spot.activity(stage, case, "送达"))
    officer.go(f"{case}/steps/service-lien")
    officer.fill(entered)
    officer.choose("proofFile", "留置现场照片")
    officer.shot("service-lien")
    officer.press("登记")
    officer.says("送达还不算数")
    confirmed(stage, officer, case, "留置现场照片")
    desk.step(case, "activity-end")


def entrusted(stage, officer, case, paper):
    """Another bureau goes there; reason and bureau are on the receipt, and the recipient signs."""
    made = receipt(stage, case, paper, "entrusted", agentUnit="临河县统计局（演示）", agentReason="当事人迁往临河县。")
    entered = {
        "method": "entrusted", "document": number(paper), "receipt": number(made), "agentUnit": "临河县统计局（演示）",
        "reason": "当事人迁往临河县。", "place": HOME}
    officer.go(f"{case}/steps/service-entrusted")
    officer.fill(entered)
    officer.press("登记", refused="签名栏")
    stage.paper("zhou", made, "recipient", SIGNER)
    officer.go(f"{case}/steps/service-entrusted")
    officer.fill(entered)
    officer.press("登记")
    officer.says("临河县统计局（演示）", "当事人迁往临河县。")
    officer.met("记录委托、转交的原因")


def public(stage, officer, desk, case, paper):
    """Not before the notice itself, though mail came back and nobody was met."""
    desk.step(case, "activity", {"kind": "service", "place": HOME})
    stage.link("zhou", case, "公告栏照片", activity=spot.activity(stage, case, "送达"))
    desk.step(case, "activity-end")
    officer.go(f"{case}/steps/service-public")
    officer.says("尚未制作《送达公告》", "第九十五条")
    # That mail came back is on record, and is not asked for.
    expect(officer.main.locator("[name=failedMethods][value=post]")).to_be_checked()
    officer.fill({
        "document": number(paper), "failedMethods": ["direct"], "place": "《清禾日报》（虚构）", "carrier": "报纸公告",
        "noticeText": "限期领取责令改正通知书。", "reason": "邮件退回，上门无人。", "course": "刊登三十日。"})
    officer.check(officer.main.locator("[name=activity]").last)
    officer.choose("proofFile", "公告栏照片")
    officer.press("登记", refused="还没有为这份文书制发《送达公告》")
    officer.shot("service-public-refused")
