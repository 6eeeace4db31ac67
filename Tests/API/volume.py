"""Binds the filed cases of a demonstration and reads the numbers back from the paper (48-volume.sh).

volume.py SITE WORK: every filed case is bound in both volumes; each file opens in qpdf, has as many sheets as its page says,
and bears in its corners the pieces and pages that its catalogue prints, each once. One page of a document is printed again and
compared with what was issued. Leaves the volumes in WORK.
"""

import html
import re
import subprocess
import sys
from pathlib import Path

import requests

site, work = sys.argv[1], Path(sys.argv[2])
bureau = f"{site}/b/qinghe"


def stop(text):
    sys.exit(f"volume: {text}")


def fields(page, *names):
    found = {}
    for name in names:
        value = re.search(rf'name="{name}" value="([^"]*)"', page)
        if not value:
            stop(f"no field {name} on the page")
        found[name] = html.unescape(value.group(1))
    return found


def signed_in(account):
    session = requests.Session()
    page = session.get(f"{bureau}/sign-in").text
    answer = session.post(
        f"{bureau}/sign-in",
        data={**fields(page, "form-token"), "account": account, "secret": f"demo-{account}-2026"},
        allow_redirects=False)
    if answer.status_code != 303:
        stop(f"{account} was answered {answer.status_code}")
    return session


def posted(session, shown, address, **values):
    return session.post(address, data={**fields(shown, "form-token"), **values})


def sheets_of(pdf, name):
    """The text of each page, without spaces; the file has to be whole."""
    path = work / name
    path.write_bytes(pdf)
    if subprocess.run(["qpdf", "--check", path], capture_output=True).returncode != 0:
        stop(f"qpdf finds fault with {name}")
    text = subprocess.run(["pdftotext", "-raw", "-enc", "UTF-8", path, "-"], capture_output=True, check=True).stdout
    return ["".join(page.split()) for page in text.decode().split("\f")[:-1]]


NUMBER = re.compile(r"第(\d+)件·卷内第(\d+)(?:—(\d+))?页")


def bind(session, case):
    """Both volumes of a case; how many sheets and how many pieces they have."""
    address = f"{case}/volume"
    page = session.get(address).text
    # What the page promises: piece, range of pages, what of it is bound.
    rows = re.findall(r'data-label="件">第 (\d+) 件<.*?data-label="页号" class="num">([\d—]+)<.*?data-label="装订">([^<]*)<', page)
    promised = {int(piece): (pages, manner) for piece, pages, manner in rows}
    if not promised:
        stop(f"{address} lists no pieces")
    seen, printed, total, said = {}, [], 0, []
    for part, name in (("open", "正卷"), ("internal", "副卷")):
        if f'value="{part}"' not in page:
            continue
        answer = posted(session, page, address, part=part)
        if answer.headers.get("content-type") != "application/pdf":
            stop(f"{name} of {case} was answered {answer.status_code}: {answer.text[-400:]}")
        sheets = sheets_of(answer.content, f"{case.rsplit('/', 1)[1]}-{part}.pdf")
        told = re.search(rf'id="volume-{part}">.*?共(\d+)张', page, re.DOTALL)
        if len(sheets) != int(told.group(1)):
            stop(f"{name} has {len(sheets)} sheets, and its page says {told.group(1)}")
        total += len(sheets)
        for sheet in sheets:
            marks = NUMBER.findall(sheet)
            if len(marks) > 1:
                stop(f"a sheet bears {marks}")
            said += re.findall(r"本卷共(\d+)件(\d+)页", sheet)
            for piece, first, last in marks:
                pages = list(range(int(first), int(last or first) + 1))
                seen.setdefault(int(piece), []).extend(pages)
                printed += pages
    for piece, (pages, manner) in promised.items():
        first, *last = (int(one) for one in pages.split("—"))
        if seen.get(piece) != list(range(first, (last or [first])[0] + 1)):
            stop(f"piece {piece} of {case} bears {seen.get(piece)}, not {pages} ({manner})")
    # The catalogue is bound in front of both: what it prints is what the corners say.
    if not said or len(set(said)) != 1:
        stop(f"the catalogues of {case} say {said}")
    if sorted(printed) != list(range(1, int(said[0][1]) + 1)):
        stop(f"the catalogue of {case} counts {said[0][1]} pages, the paper bears {sorted(printed)}")
    return total, len(promised)


def reprint(session, case):
    """One page of an issued document is the page that was issued."""
    page = session.get(f"{bureau}/documents").text
    for path in dict.fromkeys(re.findall(rf'href="({case}/documents/[0-9a-f]+)"', page)):
        own = session.get(site + path).text
        pages = re.findall(r'<option value="(\d+)">第', own.split("重印一页", 1)[-1].split("</form>", 1)[0])
        look = re.search(r'<form class="look".*?查看正式文书.*?</form>', own, re.DOTALL)
        if not pages or not look:
            continue
        action = html.unescape(re.search(r'action="([^"]*)"', look.group(0)).group(1))
        data = dict(re.findall(r'name="([^"]*)" value="([^"]*)"', look.group(0).split("</form>")[0]))
        shown = session.post(site + action, data=data)
        whole = sheets_of(session.get(f"{shown.url}/content").content, "issued.pdf")
        answer = posted(session, own, f"{site}{path}/sheets", page=pages[-1])
        if sheets_of(answer.content, "page.pdf") != [whole[-1]] or len(whole) != len(pages):
            stop(f"page {pages[-1]} of {path} is not what was issued")
        refused = posted(session, own, f"{site}{path}/sheets", page=str(len(pages) + 1))
        if refused.status_code != 409 or "这份文书共" not in refused.text:
            stop(f"a page too many was answered {refused.status_code}")
        return True
    return False


def main():
    custodian = signed_in("jiang")
    found = custodian.get(f"{bureau}/cases?state=filed").text
    cases = list(dict.fromkeys(re.findall(r'href="(/b/qinghe/cases/[0-9a-f]{32})"', found)))
    if not cases:
        stop("the demonstration has no filed case")
    counts = [bind(custodian, site + case) for case in cases]
    # An inspection may have a single record; a penalty case has not, or nothing was judged.
    if max(pieces for _, pieces in counts) < 5:
        stop(f"the cases have {counts}")
    if not any([reprint(custodian, case) for case in cases]):
        stop("no document of several pages was printed again")
    print(f"volume: {len(cases)} filed cases bound, {sum(sheets for sheets, _ in counts)} sheets, each with the number that its catalogue gives")


main()
