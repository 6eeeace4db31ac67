"""Experts argue and the heads discuss a case, each in an activity that is recorded, before it is decided
(zhaoxian-2017:17 and 18; 行政处罚法第五十七条第二款)."""

import case_of


def walk(stage):
    case = case_of.title(stage.desk("zhou"), "向阳罐头有限公司提供不真实")
    officer, desk = stage.person("zhou"), stage.desk("zhou")
    # Nothing is recorded of an argument that did not take place.
    officer.go(case)
    assert not officer.main.locator(f"a[href='{case}/steps/expert']").count(), "an argument is offered before its activity"
    officer.go(f"{case}/steps/activity")
    officer.fill({"kind": "expertArgument", "place": "本局会议室"})
    officer.press("登记")
    minutes = desk.write(case, "expert-review-minutes", {
        "topic": "是否属于提供不真实的统计资料", "experts.0.name": "严知微（演示）", "experts.0.unit": "示例大学", "experts.0.title": "教授",
        "host": "唐予安", "views": "属于。", "conclusion": "建议按拟处罚意见办理。", "heldAt": stage.local(-1)})
    officer.go(f"{case}/steps/expert")
    officer.fill({"experts": "严知微（演示），示例大学，教授。", "content": "属于提供不真实的统计资料。", "document": minutes.rsplit("/", 1)[1]})
    officer.page.locator("main [name=form]").first.check()
    officer.shot("expert")
    officer.press("登记")
    officer.says("属于提供不真实的统计资料。")
    desk.step(case, "activity-end")

    officer.go(f"{case}/steps/discussion-agenda")
    officer.fill({"agenda": "研究向阳罐头有限公司一案的处理意见。"})
    officer.press("登记")
    officer.says("研究向阳罐头有限公司一案的处理意见。")
    officer.go(f"{case}/steps/activity")
    officer.fill({"kind": "collectiveDiscussion", "place": "本局会议室"})
    officer.press("登记")
    # It is on record when the heads who took part signed what they said, each in their own session.
    officer.go(f"{case}/documents/new?kind=collective-discussion-record")
    heads = {option.inner_text(): option.get_attribute("value")
             for option in officer.page.locator("select[name='attendees.0.person'] option").all()[1:]}
    assert set(heads) == {"沈知行", "陆明川"}, f"offered as taking part: {heads}"
    record = desk.write(case, "collective-discussion-record", {
        "host": "沈知行", "clerk": "周一舟", "place": "本局会议室", "report": "承办人汇报案情和证据。", "heldAt": stage.local(-1),
        "attendees.0.person": heads["沈知行"], "attendees.1.person": heads["陆明川"],
        "views.0.name": "沈知行", "views.0.view": "同意拟处罚意见。", "views.1.name": "陆明川", "views.1.view": "同意。",
        "conclusion": "一致同意拟处罚意见。", "recordings": "全程录音录像。"})
    entered = {"views": "沈知行：同意。陆明川：同意。", "conclusion": "一致同意拟处罚意见。", "document": record.rsplit("/", 1)[1]}
    officer.go(f"{case}/steps/discussion")
    officer.choose("attendees", "沈知行")
    officer.choose("attendees", "陆明川")
    officer.fill(entered)
    officer.press("登记", refused="还缺所选参加人员的签名")
    officer.go(record)
    officer.says("等待沈知行、陆明川本人登录签署")
    officer.shot("discussion-record")
    for head, slot in (("shen", "attendee1"), ("lu", "attendee2")):
        person = stage.person(head)
        person.go(record)
        person.says("参加人员")
        stage.desk(head).sign(record, slot)
    officer.go(f"{case}/steps/discussion")
    officer.choose("attendees", "沈知行")
    officer.choose("attendees", "陆明川")
    officer.fill(entered)
    officer.shot("discussion")
    officer.press("登记")
    officer.says("一致同意拟处罚意见。")
    desk.step(case, "activity-end")
    officer.go(case)
    officer.shot("deliberation")
