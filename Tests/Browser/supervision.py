"""A breach of the rules of recording: told, ordered to be mended within a term, mended, answered for
(zhaoxian-2017:39 and 40)."""

from playwright.sync_api import expect


def walk(stage):
    unit = stage.person("tang")
    unit.go("/b/qinghe/supervision")
    unit.page.get_by_role("link", name="登记记录违规").click()
    unit.fill({"secret": unit.secret})
    unit.press("登记", refused="违规种类")
    unit.fill({"kind": "interrupted", "severity": "serious", "facts": "现场检查录像中断三分钟，没有说明。", "secret": unit.secret})
    unit.choose("person", "白一禾")
    unit.shot("violation-form")
    unit.press("登记")
    unit.says("已登记违规")
    unit.main.locator("a[href*='/supervision/violations/']:not([href$='/new'])").last.click()
    unit.page.wait_for_load_state()
    place = unit.here()
    unit.says("现场检查录像中断三分钟，没有说明。", "待责令整改")
    unit.shot("violation")
    # The head orders; whoever is named answers for it.
    head = stage.person("shen")
    head.go(f"{place}/order")
    head.fill({"secret": head.secret, "content": "三日内写明原因，重新学习规定。", "correctBy": stage.day(3)})
    head.main.locator("[name=orderedBy]").first.check()
    head.shot("violation-order")
    head.press("登记")
    unit.go(place)
    unit.says("三日内写明原因，重新学习规定。", "整改中")
    # Past its term it is late, in the list as on its page.
    stage.wait(5)
    unit.go("/b/qinghe/supervision")
    unit.says("逾期未整改")
    unit.shot("supervision-late")
    head.go(f"{place}/rectification")
    head.fill({"result": "corrected", "findings": "已写明原因，学习完毕。", "secret": head.secret})
    head.press("登记")
    head.says("已整改，待追究责任")
    head.go(f"{place}/liability")
    head.main.locator("[name=result]").first.check()
    head.fill({"decision": "清禾统〔2026〕9号（演示）", "secret": head.secret})
    head.press("登记")
    head.says("已办结")
    head.shot("violation-settled")
    unit.go("/b/qinghe/supervision")
    expect(unit.main).to_contain_text("已办结")
    # Who is named is told, and reads no word of what others were told.
    named = stage.person("bai")
    named.go("/b/qinghe/notices")
    named.says("违规")
    named.shot("violation-notice")
