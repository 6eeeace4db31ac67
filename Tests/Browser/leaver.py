"""An officer leaves: open work is named, handed over with a record, the account closed, the name kept."""


import case_of


def walk(stage):
    officer, unit, admin = stage.person("bai"), stage.person("tang"), stage.person("admin")
    officer.go("/b/qinghe/leads/new/application")
    officer.fill({"mode": "written", "applicant": "清禾县白水印刷厂（演示）", "matter": "申请查询统计资料"})
    officer.press("登记")
    lead = officer.here()
    admin.go("/b/qinghe/people")
    admin.page.get_by_role("link", name="白一禾").first.click()
    place = admin.here()
    admin.go(f"{place}/close")
    # What is open is told before anything is closed.
    admin.says("线索")
    admin.shot("leaver-open")
    admin.fill({"reason": "调离（演示）", "secret": admin.secret})
    admin.press("停用账号", refused="交接")
    unit.go(f"{lead}/steps/hand-over")
    unit.choose("handlers", "周一舟")
    unit.fill({"reason": "白一禾调离。"})
    unit.shot("leaver-hand-over")
    unit.press("登记")
    unit.says("白一禾调离。", "周一舟")
    admin.go(f"{place}/close")
    admin.says_not("申请查询统计资料")
    admin.fill({"reason": "调离（演示）", "secret": admin.secret})
    handed = admin.main.locator("[name=handedOver]")
    if handed.count():
        handed.first.check()
    admin.press("停用账号")
    admin.says("账号已停用")
    admin.shot("leaver")
    # The name stays where it signed; the account opens nothing.
    officer.page.goto(stage.base + "/b/qinghe")
    assert "/sign-in" in officer.page.url or officer.page.get_by_role("button", name="登录").count(), officer.page.url
    unit.go(lead)
    unit.says("白一禾")
