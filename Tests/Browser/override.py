"""A rule of a higher authority takes the place of a row: entered with what it would change, confirmed by the head, told to
everybody (zhaoxian-2017:2.p2)."""

ROW = "zhaoxian-2017:30.p2"
NAME = "云岭市统计执法案卷办法（虚构）"


def walk(stage):
    admin, head, officer = stage.person("admin"), stage.person("shen"), stage.person("zhou")
    admin.go(f"/b/qinghe/regulations/overrides/new?row={ROW}")
    admin.says("第三十条第二款")
    admin.fill({
        "higherRule": NAME, "article": "第九条", "value": "案卷在终结后十日内归档。", "effect": "term", "length": "10",
        "reason": "清禾统〔2026〕6号（演示）"})
    admin.choose("unit", "工作日")
    admin.shot("override-form")
    # What it would change is seen before anything is sent.
    admin.press("看对在办案件的影响")
    admin.says("对在办案件的影响")
    admin.fill({"secret": admin.secret})
    admin.shot("override-effect")
    admin.press("提交负责人确认")
    # Nothing holds before the head has confirmed it in their own session.
    officer.go("/b/qinghe/regulations")
    officer.says("待确认")
    officer.says_not("适用中")
    head.go("/b/qinghe/regulations")
    head.says("等行政机关负责人确认")
    head.main.locator("a[href*='/regulations/changes/']").first.click()
    head.says(NAME)
    decision = head.main.locator("[name=decision]")
    if decision.count():
        decision.first.check()
    head.fill({"secret": head.secret})
    head.main.locator("form[method=post] button").first.click()
    head.page.wait_for_load_state()
    officer.go("/b/qinghe/regulations")
    officer.says(NAME, "适用中", "期限改为10", "案卷在终结后十日内归档。")
    officer.shot("override")
