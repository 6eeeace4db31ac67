"""An application: registered, corrected on the spot, what lacks told once, accepted, receipted, closed (zhaoxian-2017:7)."""


def walk(stage):
    officer = stage.person("zhou")
    officer.go("/b/qinghe/leads")
    officer.page.get_by_role("link", name="登记申请").first.click()
    officer.fill({
        "mode": "oral", "applicant": "清禾县青萍书店（演示）", "matter": "申请补报统计资料",
        "oralContent": "口头申请补报二月份销售额。"})
    officer.shot("application-form")
    officer.press("登记")
    lead = officer.here()
    officer.says("清禾县青萍书店（演示）", "申请补报统计资料", "登记是否受理申请")
    steps = f"{lead}/steps"
    officer.go(f"{steps}/correct")
    officer.fill({"items": "联系电话少写一位，当场补写。"})
    officer.press("登记")
    officer.says("联系电话少写一位，当场补写。")
    officer.go(f"{steps}/supplement")
    officer.press("登记", refused="数")
    officer.fill({"itemCount": "2", "items": "营业执照复印件；授权委托书。"})
    officer.press("登记")
    officer.says("营业执照复印件；授权委托书。")
    # Told once: the page does not offer it a second time.
    assert not officer.main.locator(f"a[href='{steps}/supplement']").count(), "what lacks can be told twice"
    notice(officer, lead)
    officer.go(f"{steps}/decide")
    officer.fill({"outcome": "refused"})
    officer.press("登记", refused="理由")
    officer.fill({"outcome": "accepted"})
    officer.press("登记")
    officer.says("受理")
    officer.go(f"{steps}/receipt")
    officer.fill({"receiptNumber": "清禾统受回〔2026〕1号"})
    officer.press("登记")
    officer.says("清禾统受回〔2026〕1号")
    officer.shot("application")
    officer.go(f"{steps}/close")
    officer.fill({"reason": "已受理并出具回执。"})
    officer.press("登记")
    officer.says("已办结")
    # Nothing of it is left to do.
    officer.go("/b/qinghe")
    officer.says_not("青萍书店")
    officer.go("/b/qinghe/leads")
    officer.says("申请：申请补报统计资料", "已办结")


def notice(officer, lead):
    """The paper that the applicant takes along: from the lead's own words, numbered, and signed for."""
    officer.page.get_by_role("link", name="制作一次性补正告知书").click()
    officer.shot("application-notice-form")
    officer.press("定稿")
    paper = officer.here()
    officer.says("已定稿，待制发", "清禾县青萍书店（演示）", "营业执照复印件；授权委托书。")
    officer.page.get_by_role("link", name="制发", exact=True).click()
    officer.fill({"secret": officer.secret})
    officer.press("制发")
    officer.says("补告〔2026〕", "打开正式文书")
    officer.page.get_by_role("link", name="登记签收").click()
    officer.fill({"signer-party": "青萍某（演示）", "paper-place": "检查科档案柜二层"})
    officer.press("登记")
    officer.says("青萍某（演示）", "纸质原件存放在检查科档案柜二层")
    officer.shot("application-notice")
    officer.go(lead)
    officer.says("一次性补正告知书", "补告〔2026〕")
    assert officer.main.locator(f"a[href='{paper}']").count(), "the lead does not lead to its paper"
