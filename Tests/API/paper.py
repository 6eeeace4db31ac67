"""Sends printed sheets of a demonstration back as a scanner takes them, and looks where they landed (43-paper.sh).

paper.py SITE WORK: prints two documents of two cases, draws their pages as pictures, turns one upside down and slants
another, puts an empty page, a page without a code and the other case's sheet between them, uploads the stack, files it,
and compares what was filed with what was printed. Writes the case's thread to WORK/case.
"""

import base64
import html
import io
import re
import subprocess
import sys
import time
from pathlib import Path

import requests
from PIL import Image, ImageChops, ImageDraw, ImageStat

site, work = sys.argv[1], Path(sys.argv[2])
bureau = f"{site}/b/qinghe"


def stop(text):
    sys.exit(f"paper: {text}")


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


def plain(page):
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page.split("<main", 1)[-1])).split())


def looked(session, page, label):
    """The bytes behind a look button of a page."""
    for form in re.findall(r'<form class="look".*?</form>', page, re.DOTALL):
        if label not in plain(form):
            continue
        action = html.unescape(re.search(r'action="([^"]*)"', form).group(1))
        data = {name: html.unescape(value) for name, value in re.findall(r'name="([^"]*)" value="([^"]*)"', form)}
        shown = session.post(site + action, data=data)
        return session.get(f"{shown.url}/content").content
    stop(f"nothing to look at as {label}")


def pages_of(pdf, dots=200):
    """Pictures of a PDF's pages, so many dots an inch."""
    drawn = subprocess.run(["pdftoppm", "-r", str(dots), "-png", "-", str(work / "page")], input=pdf, check=True)
    assert drawn.returncode == 0
    names = sorted(work.glob("page-*.png"))
    pictures = [Image.open(name).convert("RGB") for name in names]
    for picture, name in zip(pictures, names):
        picture.load()
        name.unlink()
    return pictures


def upload(session, token, name, data):
    """By tus, in two pieces, as the page's script does."""
    common = {"Tus-Resumable": "1.0.0", "X-Liuhen-Form-Token": token}
    made = session.post(f"{bureau}/uploads", headers={
        **common, "Upload-Length": str(len(data)),
        "Upload-Metadata": "filename " + base64.b64encode(name.encode()).decode()})
    if made.status_code != 201:
        stop(f"an upload was answered {made.status_code} {made.text[:200]}")
    place = site + made.headers["Location"]
    half = len(data) // 2
    for at, piece in ((0, data[:half]), (half, data[half:])):
        sent = session.patch(place, data=piece, headers={
            **common, "Upload-Offset": str(at), "Content-Type": "application/offset+octet-stream"})
        if sent.status_code != 204:
            stop(f"a piece was answered {sent.status_code}")
    return place.rsplit("/", 1)[1]


def recognised(session, name, data):
    """Sends a file in and waits until it was read."""
    token = fields(session.get(f"{bureau}/scans").text, "form-token")["form-token"]
    answer = session.post(f"{bureau}/scans", data={"form-token": token, "upload": upload(session, token, name, data)})
    for _ in range(120):
        if "正在识别" not in plain(answer.text):
            return answer
        time.sleep(1)
        answer = session.get(answer.url)
    stop("a stack is read for two minutes")


def form_of(page):
    """Every field of the page's form as a browser would send it untouched."""
    form = re.search(r'<form method="post" action="([^"]*/scans/[^"]*)">(.*?)</form>', page, re.DOTALL)
    if not form:
        stop("no form on the page of the stack")
    data = [(name, html.unescape(value)) for name, value in
            re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form.group(2))]
    data += re.findall(r'<input type="checkbox" name="([^"]*)" value="([^"]*)" checked', form.group(2))
    return site + html.unescape(form.group(1)), data


# What there is to print: documents that the custodian may file scans with, one of several pages, two cases.
officer = signed_in("jiang")
register = officer.get(f"{bureau}/documents", params={"rows": "100"}).text
papers = []
for href in dict.fromkeys(re.findall(r'href="(/b/qinghe/cases/[0-9a-f]{32}/documents/[0-9a-f]{32})"', register)):
    page = officer.get(site + href).text
    words = plain(page)
    if ">扫描归件</a>" in page and "已作废" not in words and ("还没有扫描件" in words or "还没有扫描归件" in words):
        label = "查看正式文书" if "查看正式文书" in words else "查看文书" if "查看文书" in words else None
        if label:
            papers.append((href, pages_of(looked(officer, page, label))))
papers.sort(key=lambda paper: -len(paper[1]))
if not papers or len(papers[0][1]) < 2:
    stop(f"no document of two pages among {len(papers)}")
href, sheets = papers[0]
case = href.split("/")[4]
other = next((paper for paper in papers if paper[0].split("/")[4] != case), None)
if other is None:
    stop("no document of another case")
(work / "case").write_text(case)

# The stack as a feeder takes it: from behind, the first page slanted, the last upside down.
white = (255, 255, 255)
size = sheets[0].size
uncoded = Image.new("RGB", size, white)
pen = ImageDraw.Draw(uncoded)
for line in range(20):
    pen.rectangle((200, 260 + line * 80, 1400, 290 + line * 80), fill=(30, 30, 30))
stack = [sheet for sheet in reversed(sheets)]
stack[0] = stack[0].transpose(Image.Transpose.ROTATE_180)
stack[-1] = stack[-1].rotate(-3, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=white)
stack[1:1] = [Image.new("RGB", size, (250, 249, 246)), uncoded, other[1][0]]
buffer = io.BytesIO()
stack[0].save(buffer, "PDF", save_all=True, append_images=stack[1:], resolution=200)
(work / "stack.pdf").write_bytes(buffer.getvalue())

answer = recognised(officer, "检查材料.pdf", buffer.getvalue())
words = plain(answer.text)
count = len(sheets)
for wanted in (f"共 {len(stack)}页", f"第{count}页： 扫描件第1页（倒放，已扶正）".replace("： ", "："), f"第1页：扫描件第{len(stack)}页（歪3度，已扶正）",
               "扫描件第2页 空白页", "扫描件第3页 没有认出二维码", "第1页：扫描件第4页"):
    if wanted not in words:
        stop(f"the page of the stack does not say “{wanted}”: {words[:1500]}")
for paper in (href, other[0]):
    if f'href="{paper}"' not in answer.text:
        stop(f"{paper} was not recognised")

# Nothing is recorded before the place of the paper is said; nobody else has this upload.
address, data = form_of(answer.text)
refused = officer.post(address, data=data)
if refused.status_code != 422 or "请填写纸质原件存放处" not in plain(refused.text):
    stop(f"filing without a place was answered {refused.status_code}")
if signed_in("lin").get(address).status_code != 404:
    stop("another officer sees the upload")
if signed_in("admin").get(f"{bureau}/scans").status_code != 403:
    stop("the administrator may file scans")
before = plain(officer.get(site + href).text)
if "各页都已扫描归件" in before:
    stop("filed before it was confirmed")

address, data = form_of(refused.text)
done = officer.post(address, data=data + [("place", "检查科二号柜")])
if done.status_code != 200 or "已归件" not in plain(done.text):
    stop(f"filing was answered {done.status_code}: {plain(done.text)[:600]}")
again = officer.post(address, data=data + [("place", "检查科二号柜")])
if again.status_code != 200 or "已归件" not in plain(again.text):
    stop(f"the same form again was answered {again.status_code}")

# Each document has its own pages, upright, in order: read by another reader, and compared with what was printed.
for paper, printed in ((href, sheets), (other[0], other[1][:1])):
    page = officer.get(site + paper).text
    words = plain(page)
    if "检查科二号柜" not in words or page.count("查看扫描件") != 1:
        stop(f"the document does not show its scan: {words[:800]}")
    filed = looked(officer, page, "查看扫描件")
    # As fine as they were kept: the foreign reader wants every point of a small code.
    pictures = pages_of(filed, 222)
    if len(pictures) != len(printed):
        stop(f"{len(pictures)} pages filed of {len(printed)}")
    for number, (picture, sheet) in enumerate(zip(pictures, printed), 1):
        name = work / "one.png"
        picture.save(name)
        code = subprocess.run(["zbarimg", "-q", "--raw", str(name)], capture_output=True, check=False).stdout.decode()
        wanted = f"LIUHEN:SHEET:{paper.rsplit('/', 1)[1].upper()}:{number}"
        if wanted not in code:
            stop(f"page {number} of what was filed shows {code!r}, not {wanted}")
        # What was slanted has a wider frame than what was printed; its code says enough.
        if abs(picture.width / picture.height - sheet.width / sheet.height) < 0.02:
            small = [part.convert("L").resize((310, 438), Image.Resampling.BOX) for part in (picture, sheet)]
            off = ImageStat.Stat(ImageChops.difference(*small)).mean[0]
            if off > 12:
                stop(f"page {number} of what was filed differs from what was printed by {off:.1f}")
course = plain(officer.get(f"{bureau}/cases/{case}").text)
if "扫描归件" not in course or "各页齐全" not in course:
    stop("the course of the case does not tell of the scan")

# What is no scan is told in words, and the server goes on.
for name, data, wanted in (
    ("坏.pdf", buffer.getvalue()[:9000], "不完整或者已损坏"), ("表.pdf", b"PK\x03\x04 no scan at all", "只收 PDF"),
):
    answer = recognised(officer, name, data)
    if answer.status_code != 422 or wanted not in plain(answer.text):
        stop(f"{name} was answered {answer.status_code}: {plain(answer.text)[:300]}")
if requests.get(f"{site}/health").status_code != 200:
    stop("the server does not answer any more")
print(f"paper: {len(stack)} pages in, {count} filed in order with one case and 1 with another")
