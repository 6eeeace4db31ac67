"""Brings a demonstration to where the crawl finds one of each: leads, a request, a violation, drafts, and proposals that wait
for a second person. What each of the people should see beyond what their own pages lead to is given as addresses."""

import re

import case_of
from forms import Desk


def here(answer, desk):
    return re.sub(r"[?#].*", "", answer.url)[len(desk.base):]


def populate(base):
    officer, unit, custodian = (Desk(base, name) for name in ("zhou", "tang", "jiang"))
    admin = Desk(base, "admin")
    complaint = officer.send("/b/qinghe/leads/new/complaint", {
        "channel": "letter", "isRealName": "no", "content": "反映某厂报表不实。", "target": "清禾县远山饮料厂（演示）"})
    application = officer.send("/b/qinghe/leads/new/application", {
        "mode": "written", "applicant": "清禾县远山饮料厂（演示）", "matter": "申请更正统计资料"})
    lead = here(application, officer)
    registration = here(officer.send(f"{lead}/papers/new/application-registration"), officer)
    officer.send(f"{lead}/steps/supplement", {"itemCount": "1", "items": "营业执照复印件"})
    notice = here(officer.send(f"{lead}/papers/new/one-time-supplement-notice"), officer)
    case = case_of.title(officer, "向阳罐头有限公司提供不真实")
    inspection = case_of.title(officer, "向阳罐头有限公司统计执法检查")
    draft = officer.send(f"{inspection}/documents/new?kind=site-inspection-record", button="核对与定稿")
    filed = case_of.title(custodian, "星河纸品厂提供不真实")
    request = custodian.send(f"/b/qinghe/requests/new?case={filed.rsplit('/', 1)[1]}", {
        "capacity": "self", "kind": "consult", "channel": "inPerson", "papers": ["idCard"], "applicant": "钱有余", "identity": "略",
        "items": "处罚决定书", "purpose": "自用。"})
    violation = unit.send("/b/qinghe/supervision/violations/new", {
        "kind": "badKeeping", "severity": "minor", "facts": "案卷没有入柜。"})
    proposals(admin)
    leads = [here(complaint, officer), here(application, officer)]
    return {
        "zhou": [*leads, notice, f"{notice}/issue", f"{notice}/void", f"{registration}/sign", case, here(draft, officer)],
        "tang": [*leads, here(violation, unit), here(request, custodian)],
        "shen": [*leads, "/b/qinghe/seconds", here(request, custodian)],
        "jiang": [here(request, custodian), filed],
        "admin": [],
        "gu": [here(request, custodian), case],
    }


def proposals(admin):
    """What another has to confirm: an account, a post of a person, a setting, a text."""
    admin.send("/b/qinghe/people/new", {"name": "丁小雨", "section": "检查科", "roles": ["legalReviewer"], "account": "ding"})
    people = admin.get("/b/qinghe/people").text
    bai = next(
        address for address, text in re.findall(r'<a[^>]*href="(/b/qinghe/people/[0-9a-f]{32})"[^>]*>(.*?)</a>', people, re.DOTALL)
        if "白一禾" in text)
    admin.send(f"{bai}/roles", {"roles": ["officer", "departmentHead"], "reason": "清禾统〔2026〕2号（演示）"})
    admin.send("/b/qinghe/settings", {"office.access-approver": "agencyHead", "reason": "清禾统〔2026〕3号（演示）"})
    texts = admin.get("/b/qinghe/regulations").text
    adopt = next(one for one in re.findall(r'href="([^"]*changes/new\?act=adopt[^"]*)"', texts))
    admin.send(
        adopt.replace("&amp;", "&"), {"day": "2030-01-01", "reason": "清禾统〔2026〕4号（演示）"})
