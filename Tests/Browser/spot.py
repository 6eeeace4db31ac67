"""Cases as other walks need them to begin with, made by sending forms: how they are made is walked elsewhere."""

import re


def decided(stage, party, signer, amount="1000", is_signed=True):
    """A penalty on the spot whose decision is issued; the party signed for it on paper, or refused to. Its address, and the
    decision's."""
    desk = stage.desk("zhou")
    officers = [desk.person("周一舟", "/b/qinghe/cases/summary"), desk.person("林小满", "/b/qinghe/cases/summary")]
    opened = desk.send("/b/qinghe/cases/summary", {
        "title": f"{party}迟报统计资料案", "subjectName": f"{party}（演示）", "subjectKind": "organisation", "handlers": officers,
        "subjectAddress": "清禾县演示路 5 号", "subjectRepresentative": signer, "caseNumber": ""})
    case = desk.here(opened)
    desk.step(case, "activity", {"kind": "summaryAct", "place": "清禾县演示路 5 号"})
    desk.step(case, "summary", {"accepted": "no", "isDisputeProne": "no"})
    decision = desk.write(case, "summary-penalty-decision", {
        "place": "清禾县演示路 5 号", "startAt": stage.local(), "content": f"警告\n处罚款人民币{amount}元", "amount": amount})
    desk.sign(decision, "officer1")
    stage.desk("lin").sign(decision, "officer2")
    if is_signed:
        stage.paper("zhou", decision, "party", signer)
    else:
        desk.sign(decision, "party", {"signer": signer, "capacity": "representative"}, manner="refused")
    desk.issue(case, decision)
    desk.step(case, "activity-end")
    return case, decision


def inspected(stage, party, signer, address):
    """An inspection that was begun."""
    desk = stage.desk("zhou")
    page = "/b/qinghe/cases/new"
    return desk.here(desk.send(page, {
        "title": f"{party}统计执法检查", "source": "plan", "subjectName": f"{party}（演示）", "subjectKind": "organisation",
        "subjectAddress": address, "subjectRepresentative": signer, "caseNumber": "",
        "handlers": [desk.person("周一舟", page), desk.person("林小满", page)]}))


def order(stage, case, day):
    """An order to put things right, issued."""
    desk = stage.desk("zhou")
    paper = desk.write(case, "correction-order", {"corrections": "补报二月报表。", "dueDay": day})
    stage.desk("shen").sign(paper, "agencyHead")
    desk.issue(case, paper)
    return paper


def activity(stage, case, words):
    """Its identifier, by the words under which a form offers it."""
    page = stage.desk("zhou").get(f"{case}/recordings/new").text
    found = re.findall(r'name="activity" value="([0-9a-f]{32})"[^>]*>(.*?)</label>', page, re.DOTALL)
    return [value for value, label in found if words in label][-1]


def handed(stage, case, paper, signer, place, capacity="representative"):
    """A paper handed over: the receipt signed by whoever received it and by the two who went, and the service registered."""
    desk = stage.desk("zhou")
    receipt = desk.write(case, "service-receipt", {
        "method": "direct", "place": place, "servedAt": stage.local()}, f"&about={paper.rsplit('/', 1)[1]}")
    stage.paper("zhou", receipt, "recipient", signer, capacity=capacity)
    desk.sign(receipt, "server1")
    stage.desk("lin").sign(receipt, "server2")
    desk.issue(case, receipt)
    desk.step(case, "service")
