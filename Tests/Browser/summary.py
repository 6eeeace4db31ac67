"""A penalty on the spot, done on phones from sign-in to the closed file: seven items, decision, signatures on paper, handing over,
fine, remittance, filing with the agency, end, archive (zhaoxian-2017:21 and 30; 行政处罚法第五十一至五十三条、第六十七至七十一条).

Counts what has to be touched and what has to be typed twice. What is listed here as typed twice are faults of the forms, each known;
one more fails the walk, and so does one that was mended and still stands here.
"""

import re

from playwright.sync_api import expect

# What a step in front of the page is called, whatever is done there.
ON = re.compile("^去(填写|登记|办理|制发|核对|终结|签名|归档)$")
PARTY, SIGNER, PLACE, SHELF = "青萍商店（演示）", "萍小青", "青萍商店一层", "检查科档案柜"
# Taps of all four people, signing in included.
BOUND = 150
# Asked for first in these words, and then again in those.
TWICE = set()


def walk(stage):
    phone, second = stage.person("zhou", phone=True), stage.person("lin", phone=True)
    unit, custodian = stage.person("tang", phone=True), stage.person("jiang", phone=True)
    everybody = (phone, second, unit, custodian)
    case = opened(phone)
    decision = decided(stage, phone, case)
    signed(stage, phone, second, case, decision)
    number = issued(phone, case)
    fined(stage, phone, second, case, number)
    ended(phone, unit, case)
    filed(phone, unit, custodian, case)
    taps = {one.account: one.taps for one in everybody}
    print(f"summary: {sum(taps.values())} taps, {taps}", flush=True)
    assert sum(taps.values()) <= BOUND, f"{taps} is more than {BOUND}"
    twice = {pair for one in everybody for pair in one.twice}
    assert twice == TWICE, f"typed twice: {twice - TWICE}; no more: {TWICE - twice}"


def opened(phone):
    phone.follow("案件", within="nav.main-nav")
    phone.follow("适用简易程序")
    # Alone nobody punishes on the spot.
    phone.fill({"title": "青萍商店迟报统计资料案", "subjectName": PARTY, "subjectAddress": "清禾县青萍路 3 号", "subjectRepresentative": SIGNER})
    phone.choose("handlers", "周一舟")
    phone.press("开始办理", refused="两")
    phone.choose("handlers", "林小满")
    phone.press("开始办理")
    case = phone.here()
    phone.says("简易程序", "下一步：登记当场执法开始")
    phone.follow(ON)
    phone.fill({"place": PLACE})
    phone.remember("开始时间", phone.main.locator("[name=startAt]").input_value())
    phone.press("登记")
    phone.says("下一步：记录简易程序")
    phone.follow(ON)
    phone.fill({
        "factBasis": "二月报表迟报三日。", "legalConditions": "事实确凿，有法定依据，罚款在限额以内。", "steps": "出示证件、告知、听取、当场交付。",
        "documents": "当场行政处罚决定书", "statementDefence": "当事人没有提出。", "accepted": "no", "reviewOfDefence": "没有",
        "reason": "没有", "other": "没有", "isDisputeProne": "no"})
    phone.shot("summary-items")
    phone.press("登记")
    return case


def decided(stage, phone, case):
    phone.says("下一步：制作当场行政处罚决定书")
    phone.follow(ON)
    # Where, when and what for is recorded already; so is the day.
    known = {"place": PLACE, "startAt": phone.typed_as("开始时间"), "facts": "二月报表迟报三日。", "issuedOn": stage.day()}
    phone.known(known)
    text = {
        "reasons": "迟报属实，情节轻微。", "legalBasis": "《中华人民共和国统计法》有关规定。", "amount": "50",
        "performance": "当场缴纳。", "remedies": "六十日内申请行政复议，或者六个月内提起行政诉讼。"}
    # More than a warning and one fine is not for the spot.
    phone.fill({**text, "content": "警告\n没收违法所得"})
    phone.press("核对与定稿")
    phone.press("定稿", refused="当场处罚只能是警告或者罚款")
    phone.follow("返回填写")
    phone.fill({"content": "警告\n处罚款人民币50元"})
    phone.press("核对与定稿")
    phone.shot("summary-check")
    phone.press("定稿")
    return phone.here()


def signed(stage, phone, second, case, decision):
    """Officers each on their own phone; the party on the printed sheet, which is photographed."""
    phone.touch(phone.main.locator(f"a[href='{decision}/slots/officer1']"))
    phone.press("签署")
    second.go("/b/qinghe/")
    second.says("等您签名")
    second.touch(second.main.locator(f"a[href='{decision}']"))
    second.touch(second.main.locator(f"a[href='{decision}/slots/officer2']"))
    second.press("签署")
    phone.go(case)
    phone.says("下一步：当场行政处罚决定书：办理“当事人”签名")
    phone.follow(ON)
    phone.follow("在纸上签名")
    phone.known({"signer": SIGNER})
    phone.fill({"capacity": "representative", "place": SHELF})
    phone.upload("[name=scan]", "sheet.png", stage.picture("当场处罚决定书"))
    phone.press("登记")
    phone.says("签名齐备，待制发", "纸质已签", SIGNER)


def issued(phone, case):
    phone.go(case)
    phone.follow(ON)
    phone.fill({"secret": phone.secret})
    phone.press("制发")
    number = re.search(r"清禾统当罚〔2026〕\d+号", phone.main.inner_text())[0]
    phone.remember("文号", number)
    phone.go(case)
    # The filing is somebody else's; what is next here is the party's performance.
    phone.says("下一步：登记履行情况", "简易程序备案同时等承办机构负责人登记")
    # The party signed for it on the spot: that it was handed over is settled.
    phone.met("把当场处罚决定书当场交付当事人")
    # And with it the decision is served: the party's term runs from then.
    phone.owes("记录当事人履行决定的情况", "把当场处罚决定报所属行政机关备案", "当事人自收到决定书之日起15日内履行")
    assert not phone.main.get_by_role("link", name="制作送达回证").count(), "a receipt of service is asked for"
    return number


def part(phone, name, step):
    """A step among those of its part, which stand folded on the case page."""
    phone.touch(phone.main.locator("details.part summary", has_text=name).first)
    phone.follow(step)


def fined(stage, phone, second, case, number):
    part(phone, "履行和执行", "登记收缴罚款")
    phone.fill({"way": "onSpot", "ground": "small", "amount": "200", "receiptNumber": "演票0000", "course": "当场收取。"})
    phone.press("登记", refused="第六十八条")
    phone.go(case)
    part(phone, "履行和执行", "登记收缴罚款")
    phone.known({"amount": "50.00"})
    phone.fill({"way": "onSpot", "ground": "small", "receiptNumber": "演票0001", "course": "当场收取，当场开具票据。"})
    phone.press("登记")
    # What was taken is handed in within two days, and from there to the bank within two more.
    phone.owes("自收缴之日起2个工作日内把罚款交至行政机关")
    phone.follow("登记上缴当场收缴的罚款")
    phone.known({"amount": "50.00"})
    phone.press("登记")
    phone.met("自收缴之日起2个工作日内把罚款交至行政机关")
    phone.owes("自收到上缴的罚款之日起2个工作日内缴付指定的银行")
    phone.follow("归入罚款专用票据")
    phone.upload("input[type=file]", "bank.png", stage.picture("罚款专用票据"))
    expect(phone.page.locator(".uploads .state").first).to_contain_text("已上传")
    phone.known({"decisionNumber": number})
    phone.fill({
        "amount": "50", "receiptNumber": "演行0001", "payee": "bank", "paidOn": stage.day(),
        "slot-payee": "yes", "signer-payee": "清禾银行（演示）", "paper-place": SHELF}, is_copied=True)
    phone.press("归入本案")
    phone.says("外来文书，已归入")
    phone.go(case)
    phone.says("在原件上盖章")
    phone.met("自收到上缴的罚款之日起2个工作日内缴付指定的银行")
    performed(stage, phone, second, case)


def performed(stage, phone, second, case):
    """The receipt is photographed, and the other officer looks at it before the fine counts as paid."""
    phone.follow("上传音像资料")
    phone.upload("[data-upload] input[type=file]", "receipt.png", stage.picture("演票0001"))
    expect(phone.page.locator(".uploads .state").first).to_contain_text("已上传")
    phone.fill({"device": "phone", "activity": "kind-other", "note": "罚款票据"})
    phone.press("登记入库")
    phone.follow("登记履行情况")
    phone.known({"obligation": "警告；处罚款人民币50元", "amount": "50.00", "evidence": "演票0001"})
    phone.fill({"status": "complete"})
    phone.check(phone.main.locator("[name=proofFile]").first)
    phone.press("登记")
    phone.says("凭证还没有经他人核对，履行还不算数")
    second.go(case)
    second.says("下一步：核对履行凭证")
    second.look("receipt.png")
    second.follow(ON)
    second.fill({"result": "passed", "opinion": "与票据相符。", "secret": second.secret})
    second.press("提交核对结果")
    second.says_not("履行还不算数")


def ended(phone, unit, case):
    """Filed with the agency by a head who had no part in it; then the case ends."""
    phone.go(case)
    phone.says("等待承办机构负责人：登记简易程序备案")
    assert not phone.main.locator("a[href$='/steps/summary-filing']").count(), "an officer of the case files its decision"
    # It stands on her work list, and nobody has to tell her.
    unit.go("/b/qinghe/")
    unit.says("登记简易程序备案")
    unit.touch(unit.main.locator(f"a[href='{case}/steps/summary-filing']").first)
    unit.fill({"filedWith": "bureau", "content": "当场处罚决定备案。", "secret": unit.secret})
    unit.press("核对并登记")
    phone.go(case)
    phone.follow("登记执法活动结束")
    phone.press("登记")
    phone.says("下一步：终结案件", "没有待办事项")
    phone.follow(ON)
    phone.press("终结")
    phone.says("终结", "处罚决定履行完毕", "等待档案管理人员：制作案卷封面")


def filed(phone, unit, custodian, case):
    custodian.go("/b/qinghe/")
    custodian.says("等您归档的案件")
    custodian.touch(custodian.main.locator(f"a[href='{case}']").first)
    for sheet in ("案卷封面", "卷内目录", "备考表"):
        custodian.says(f"下一步：制作{sheet}")
        custodian.follow(ON)
        custodian.press("核对与定稿")
        custodian.press("定稿")
        paper = custodian.here()
        if sheet == "备考表":
            for person, slot in ((custodian, "archivist"), (unit, "checker")):
                person.go(paper)
                person.touch(person.main.locator(f"a[href='{paper}/slots/{slot}']"))
                person.fill({"secret": person.secret})
                person.press("签署")
        custodian.go(case)
        custodian.follow(ON)
        custodian.fill({"secret": custodian.secret})
        custodian.press("制发")
        custodian.go(case)
    custodian.follow(ON)
    custodian.fill({"secret": custodian.secret})
    custodian.press("归档")
    phone.go("/b/qinghe/cases?state=filed")
    phone.says("青萍商店迟报统计资料案", "已归档")
    phone.go(case)
    phone.says("江书遥 归档")
    phone.shot("summary-filed")
