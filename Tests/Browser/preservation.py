"""Evidence is registered and kept: proposed, reviewed and approved by three persons, taken, and disposed of within its term
(zhaoxian-2017:14 and 41; 行政处罚法第五十六条)."""

import case_of
from playwright.sync_api import expect


def walk(stage):
    case = case_of.title(stage.desk("zhou"), "向阳罐头有限公司统计执法检查")
    officer, unit, head = stage.person("zhou"), stage.person("tang"), stage.person("shen")
    # Nobody approved it: the registration is refused.
    officer.go(f"{case}/steps/preservation")
    taken = {"reason": "账册可能被转移。", "objects": "2025 年工资发放表一册。", "forms": ["registration"]}
    officer.fill(taken)
    officer.press("登记", refused="请选择批准")
    officer.shot("preservation-refused")
    officer.go(f"{case}/steps/chain-opinion")
    officer.fill({"about": "measure", "opinion": "拟对工资发放表先行登记保存。", "reason": "账册可能被转移。"})
    officer.shot("chain-opinion")
    officer.press("登记")
    unit.go(f"{case}/steps/chain-review")
    # Nobody passes what nobody proposed: nothing else is offered.
    assert unit.page.locator("main [name=about]").count() <= 2, "matters are offered that nobody proposed"
    unit.fill({"about": "measure", "result": "passed", "opinion": "同意。", "secret": unit.secret})
    unit.press("提交审核意见")
    head.go(f"{case}/steps/chain-approval")
    head.fill({"about": "measure", "result": "passed", "opinion": "同意先行登记保存。", "secret": head.secret})
    head.shot("chain-approval")
    head.press("提交批准结果")
    officer.go(case)
    for said in ("拟对工资发放表先行登记保存。", "同意先行登记保存。"):
        officer.says(said)
    officer.go(f"{case}/steps/preservation")
    officer.fill(taken)
    officer.page.locator("main [name=approval]").first.check()
    officer.shot("preservation")
    officer.press("登记")
    officer.says("2025 年工资发放表一册。")
    # What is kept has to be disposed of within seven working days; the page counts them.
    duties = officer.page.locator("aside:not(.demo)")
    expect(duties).to_contain_text("在7个工作日内对先行登记保存的证据作出处理决定")
    expect(duties).to_contain_text("3月11日止")
    officer.go(f"{case}/steps/preservation-outcome")
    officer.page.locator("main [name=outcome]").first.check()
    officer.fill({"reason": "已复制留存，退还原件。"})
    officer.press("登记")
    officer.says("已复制留存，退还原件。")
    expect(duties).not_to_contain_text("3月11日止")
    officer.shot("preservation-done")
