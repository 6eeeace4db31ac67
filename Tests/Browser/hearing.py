"""A hearing: asked for by the party's own paper, notified seven working days before, held by somebody from outside the case,
written down and reported (zhaoxian-2017:12(6); 行政处罚法第六十三至六十五条)."""

import case_of
from playwright.sync_api import expect

PARTY = "言无虚"


def walk(stage):
    case = case_of.title(stage.desk("zhou"), "向阳罐头有限公司提供不真实")
    officer, desk = stage.person("zhou"), stage.desk("zhou")
    # Its own paper asks for it; another paper of the party is not offered.
    officer.go(f"{case}/steps/hearing-request")
    expect(officer.page.locator("main [name=document]")).to_have_count(0)
    request = desk.write(case, "written-party-submission", {
        "submissionKind": "hearingRequest", "submitter": PARTY, "pages": "1", "receivedBy": "周一舟", "originalPlace": "附后"})
    stage.paper("zhou", request, "party", PARTY)
    desk.sign(request, "officer")
    officer.go(f"{case}/steps/hearing-request")
    officer.fill({"document": request.rsplit("/", 1)[1]})
    officer.shot("hearing-request")
    officer.press("登记")
    officer.says("要求听证")
    # It stands before the decision, and its notice before it.
    officer.go(f"{case}/steps/activity")
    officer.fill({"kind": "hearing", "place": "本局会议室"})
    officer.press("登记", refused="听证通知还没有送达")
    notice = desk.write(case, "hearing-notice", {
        "hearingAt": stage.local(days=15), "place": "本局会议室", "host": "白一禾", "recipients": PARTY, "isPublic": "yes"})
    stage.desk("shen").sign(notice, "agencyHead")
    desk.issue(case, notice)
    posted(stage, officer, case, notice)
    stage.wait(14)
    officer.go(f"{case}/steps/activity")
    officer.fill({"kind": "hearing", "place": "本局会议室"})
    officer.press("登记")
    officer.go(f"{case}/steps/hearing")
    officer.choose("host", "白一禾")
    officer.fill({"isPublic": "yes", "participants": "言无虚、周一舟、林小满。"})
    officer.shot("hearing")
    officer.press("登记")
    officer.says("举行听证", "听证主持人：白一禾")
    duties = officer.page.locator("aside:not(.demo)")
    expect(duties).to_contain_text("听证笔录")
    ended = desk.get(case).text
    assert "activity-end" in ended, "the hearing that began cannot be ended"
    desk.step(case, "activity-end")
    transcript = desk.write(case, "hearing-transcript", {
        "host": "白一禾", "clerk": "林小满", "proposal": "建议罚款。", "defence": "请求从轻。", "endAt": stage.local(),
        "participants.0.name": PARTY, "participants.0.role": "当事人", "hearingAt": stage.local(-1)})
    officer.go(transcript)
    officer.says("听证主持人", "当事人（代理人）")
    stage.paper("zhou", transcript, "party", PARTY)
    # Not made before everybody signed it.
    desk.sign(transcript, "officer1")
    # On paper too each says themself what they signed.
    for slot, account in (("host", "bai"), ("clerk", "lin")):
        stage.officer_on_paper(account, transcript, slot)
    stage.desk("lin").sign(transcript, "officer2")
    officer.go(transcript)
    officer.says("签名齐备")
    report = desk.write(case, "hearing-report", {
        "host": "白一禾", "course": "公开举行。", "facts": "事实清楚。", "opinion": "维持拟处罚意见。", "hearingAt": stage.local(-1)})
    stage.officer_on_paper("bai", report, "host")
    officer.go(report)
    officer.says("听证报告")
    officer.go(case)
    officer.says("听证笔录", "听证报告")
    assert "尚未制作《听证笔录》" not in desk.get(case).text, "the transcript does not belong to its hearing"
    officer.shot("hearing-case")


def posted(stage, officer, case, paper, note="挂号信回执"):
    """Sent by registered mail; served only when another officer has opened what came back and confirmed it."""
    stage.link("zhou", case, note)
    mailed = stage.local()
    stage.wait(1)
    officer.go(f"{case}/steps/service-post")
    officer.fill({
        "document": paper.rsplit("/", 1)[1], "mailKind": "registered", "registerEntry": "邮寄登记1号", "postageVoucher": "付邮凭证1号",
        "place": "清禾县演示大道 22 号", "mailedAt": mailed, "returned": "no", "returnReceipt": "言无虚签收"})
    officer.page.locator("main [name=proofFile]").last.check()
    officer.shot("service-post")
    officer.press("登记")
    officer.says("等待")
    other = stage.person("lin")
    other.go(f"{case}/steps/service-confirmation")
    other.fill({"result": "passed", "opinion": "与回执相符。", "secret": other.secret})
    # Nobody confirms what they did not open.
    other.press("提交核对结果", refused="请先打开")
    stage.look("lin", case, note)
    other.go(f"{case}/steps/service-confirmation")
    other.fill({"result": "passed", "opinion": "与回执相符。", "secret": other.secret})
    other.shot("service-confirmation")
    other.press("提交核对结果")
    officer.go(case)
    officer.says("与回执相符。")
