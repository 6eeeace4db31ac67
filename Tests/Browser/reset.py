"""What people see after the administrator's password was set anew on the server.

Usage: reset.py BASE OUT ONE_TIME_SECRET_FILE, after bureau.py on the same bureau.
"""

import pathlib
import sys

from playwright.sync_api import expect, sync_playwright

base = sys.argv[1].rstrip("/")
out = pathlib.Path(sys.argv[2])
once = pathlib.Path(sys.argv[3]).read_text().strip()


def sign_in(page, account, secret):
    page.goto(base + "/b/xin/sign-in")
    page.fill("[name=account]", account)
    page.fill("[name=secret]", secret)
    page.get_by_role("button", name="登录").click()
    page.wait_for_load_state()


with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    # Without scripts on purpose: everything here is links and forms.
    officer = browser.new_context(locale="zh-CN", java_script_enabled=False).new_page()
    sign_in(officer, "jia", "amber-lantern-74")
    expect(officer.locator("main")).to_contain_text("管小理的密码在服务器上重置过")
    officer.screenshot(path=str(out / "desktop-notice.png"), full_page=True)
    officer.get_by_role("button", name="知道了，进入工作台").click()
    again = browser.new_context(locale="zh-CN", java_script_enabled=False).new_page()
    sign_in(again, "jia", "amber-lantern-74")
    expect(again.locator("main")).not_to_contain_text("重置过")

    admin = browser.new_context(locale="zh-CN", java_script_enabled=False).new_page()
    sign_in(admin, "admin", "quiet-meadow-4711")
    expect(admin.locator("main")).to_contain_text("账号或者密码不对")
    sign_in(admin, "admin", once)
    expect(admin.locator("main")).to_contain_text("请先设置自己的密码")
    admin.fill("[name=current]", once)
    admin.fill("[name=new]", "quiet-meadow-4712")
    admin.fill("[name=again]", "quiet-meadow-4712")
    admin.get_by_role("button", name="修改密码").click()
    # Whoever reset it knew the one-time secret: the account approves nothing until the head has asked its person.
    admin.goto(base + "/b/xin/account")
    expect(admin.locator("main")).to_contain_text("账号等待第二人核实")
    head = browser.new_context(locale="zh-CN", java_script_enabled=False).new_page()
    sign_in(head, "wu", "amber-lantern-75")
    expect(head.locator("main")).to_contain_text("2 项人员、账号和设置事项等您确认")
    head.get_by_role("link", name="去确认").click()
    head.screenshot(path=str(out / "desktop-seconds.png"), full_page=True)
    # The other is a change of roles that the administrator prepared.
    expect(head.get_by_role("link", name="去确认")).to_have_count(1)
    head.locator("main li", has_text="管小理的账号").get_by_role("link", name="去核实").click()
    head.locator("main [name=seen]").check()
    head.fill("main [name=secret]", "amber-lantern-75")
    head.screenshot(path=str(out / "desktop-vouching.png"), full_page=True)
    head.get_by_role("button", name="核实无误").click()
    expect(head.get_by_role("link", name="去核实")).to_have_count(0)
    expect(head.get_by_role("link", name="去确认")).to_have_count(1)
    admin.goto(base + "/b/xin/account")
    expect(admin.locator("main")).not_to_contain_text("账号等待第二人核实")
    admin.goto(base + "/b/xin/setup")
    for done in ("上次备份在今天", "读回，与密钥相符"):
        expect(admin.locator("main")).to_contain_text(done)
    browser.close()
print("the reset was shown to everybody and confirmed")
