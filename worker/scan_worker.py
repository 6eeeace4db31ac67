"""Reads scans of printed sheets (扫描件) and straightens them.

Started by Sources/Inspection once for each task, on bytes that nobody trusts, in a cage without network and without
files but programs and libraries (ConfinedProcess). Standard input is the file itself, by its descriptor; nothing else
is read and nothing is written but the answer.

    read             JSON: for each page the sheets named by its codes, where they stand, how it lies, whether it is blank
    compose PAGES    a PDF of exactly these pages, upright, in this order; PAGES is JSON: [{"page", "turn"}…], pages from 1,
                     turns in hundredths of a degree, clockwise

Same bytes, same pages, same versions: same PDF. An answer that begins with `{` and has `"ok": false` is a refusal: a
code, Chinese for the user, English for the log.
"""

import io
import json
import math
import os
import re
import subprocess
import sys

from PIL import Image, ImageOps

import zxingcpp

PROTOCOL = 1
# A stack of a bureau's feeder; more comes in two stacks.
PAGES = 200
# An A3 sheet at 600 dots an inch has 70 million; more is no scan of a sheet.
PIXELS = 80_000_000
# The longer side of a page as it is read and kept: an A4 sheet at 222 dots an inch.
SIDE = 2600
# What shows nothing that can be read: the shorter side of an A4 sheet at 50 dots an inch.
LEAST = 400
# Pages of a PDF that may fail before the whole is given up.
FAULTS = 5
# LIUHEN:SHEET:<id>:<page>, and what templates of earlier documents printed (press_worker.sheet_text).
SHEET = re.compile(r"LIUHEN:SHEET:([0-9A-F]{32}):([1-9][0-9]{0,3})\Z|liuhen:sheet:([0-9a-f]{32})\Z")
QUALITY = 80


class Refused(Exception):
    """A file that is not read: a code, Chinese for the user, English for the log."""

    def __init__(self, code, message, detail=""):
        super().__init__(detail)
        self.code, self.message, self.detail = code, message, detail


def damaged(detail):
    return Refused("damaged", "这个文件不完整或者已损坏，打不开。请重新扫描，另存为 PDF、TIFF 或 JPEG 后再上传。", detail)


def too_many(count):
    return Refused("tooManyPages", "这一摞有%d页，一次最多%d页。请分成几摞扫描上传。" % (count, PAGES), "%d pages" % count)


# Pages as pictures

def pictures(wanted=None):
    """Number and picture of each page in order, or of the wanted ones; None for a page that cannot be drawn."""
    os.lseek(0, 0, os.SEEK_SET)
    start = os.pread(0, 16, 0)
    if start.startswith(b"%PDF-"):
        return pdf_pictures(wanted)
    if start.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*")):
        return file_pictures(wanted)
    if start[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc"):
        raise Refused("format", "这是 HEIC 照片，打不开。请在手机相机设置里选“兼容性最佳”（JPEG）重新拍，或者另存为 JPEG 再上传。")
    raise Refused("format", "只收 PDF、TIFF、JPEG 和 PNG。请在扫描仪上另存为 PDF 再上传。", "unknown signature")


def file_pictures(wanted):
    with os.fdopen(os.dup(0), "rb") as stream:
        try:
            picture = Image.open(stream, formats=["PNG", "JPEG", "TIFF"])
            # A photo of a telephone may carry a small second picture; only a TIFF is a stack.
            count = picture.n_frames if picture.format == "TIFF" else 1
        except Image.DecompressionBombError as error:
            raise Refused(
                "tooLarge", "这个文件里的图像太大，打不开。请用300点每英寸（dpi）重新扫描。", "%r" % error) from error
        except Exception as error:
            raise damaged("%r" % error) from error
        if count > PAGES:
            raise too_many(count)
        for index in range(count):
            if wanted is not None and index + 1 not in wanted:
                continue
            yield index + 1, frame(picture, index)


def frame(picture, index):
    """One picture of a file, upright as its maker says, at most `SIDE` long; None where it is damaged."""
    try:
        if index:
            picture.seek(index)
        width, height = picture.size
        if width * height > PIXELS or max(width, height) > 30000:
            raise Refused(
                "tooLarge", "第%d页有 %d×%d 像素，太大了。请用300点每英寸（dpi）扫描。" % (index + 1, width, height),
                "%d x %d" % (width, height))
        if min(width, height) < LEAST:
            raise Refused(
                "tooSmall", "第%d页只有 %d×%d 像素，看不清。请用200至300点每英寸（dpi）重新扫描，或者离近一些拍照。"
                % (index + 1, width, height), "%d x %d" % (width, height))
        if picture.format == "JPEG":
            picture.draft("RGB", (SIDE, SIDE))
        picture.load()
        page = ImageOps.exif_transpose(picture) or picture
        page = page.convert("L" if page.mode in ("1", "L", "I;16") else "RGB")
        return fit(page)
    except Refused:
        raise
    except Exception as error:
        print("page %d: %r" % (index + 1, error), file=sys.stderr)
        return None


def fit(page):
    width, height = page.size
    longest = max(width, height)
    if longest <= SIDE:
        return page
    size = (max(1, width * SIDE // longest), max(1, height * SIDE // longest))
    return page.resize(size, Image.Resampling.LANCZOS)


def pdf_pictures(wanted):
    # Through the descriptor: a name would be opened anew.
    info = subprocess.run(["/usr/bin/pdfinfo", "-"], stdin=0, capture_output=True, check=False)
    text = info.stdout.decode(errors="replace")
    said = info.stderr.decode(errors="replace")
    if "Incorrect password" in said:
        raise Refused("locked", "这个 PDF 设了密码，打不开。请去掉密码，或者重新扫描后上传。", said[:200])
    found = re.search(r"^Pages:\s+(\d+)$", text, re.MULTILINE)
    if info.returncode != 0 or not found or int(found.group(1)) < 1:
        raise damaged(said[:200])
    count = int(found.group(1))
    if count > PAGES:
        raise too_many(count)
    numbers = sorted(wanted) if wanted is not None else list(range(1, count + 1))
    if any(number > count for number in numbers):
        raise damaged("page %d of %d" % (numbers[-1], count))
    faults = 0
    for first, last in runs(numbers):
        at = first
        while at <= last:
            for at, page in drawn(at, last):
                yield at, page
                at += 1
            if at <= last:
                faults += 1
                if faults > FAULTS:
                    raise damaged("more than %d pages cannot be drawn" % FAULTS)
                yield at, None
                at += 1


def runs(numbers):
    """Runs of neighbours, as first and last."""
    runs = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return runs


def drawn(first, last):
    """Pages of the PDF one after another, as far as the program draws them."""
    os.lseek(0, 0, os.SEEK_SET)
    with subprocess.Popen(
        ["/usr/bin/pdftoppm", "-q", "-scale-to", str(SIDE), "-f", str(first), "-l", str(last), "-"],
        stdin=0, stdout=subprocess.PIPE,
    ) as process:
        for number in range(first, last + 1):
            page = portable(process.stdout)
            if page is None:
                break
            yield number, page
        process.stdout.close()
        process.kill()


def portable(stream):
    """The next picture of a stream of PPM; None where it ends."""
    header = stream.readline(), stream.readline(), stream.readline()
    size = re.match(rb"(\d{1,5}) (\d{1,5})\n\Z", header[1])
    if header[0] != b"P6\n" or not size or header[2] != b"255\n":
        return None
    width, height = int(size.group(1)), int(size.group(2))
    if not 0 < width * height <= PIXELS:
        return None
    data = stream.read(width * height * 3)
    if len(data) < width * height * 3:
        return None
    return Image.frombytes("RGB", (width, height), data)


# What is on a page

def codes(grey):
    """Texts of the codes on a page with their corners, from top left clockwise as the code itself stands."""
    tries = [lambda: grey, lambda: ImageOps.autocontrast(grey, cutoff=2)]
    if max(grey.size) < 2000:
        tries.append(lambda: grey.resize((grey.width * 2, grey.height * 2), Image.Resampling.BICUBIC))
    for number, make in enumerate(tries):
        picture = make()
        scale = grey.width / picture.width
        found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
        found = [
            (code.text, [(corner.x * scale, corner.y * scale) for corner in (
                code.position.top_left, code.position.top_right,
                code.position.bottom_right, code.position.bottom_left)])
            for code in found
        ]
        if any(SHEET.match(text) for text, _ in found) or number == len(tries) - 1:
            return found
    return []


def sheets(found):
    """The sheets that codes name, with the angle at which each stands: degrees clockwise."""
    named = []
    for text, corners in found:
        match = SHEET.match(text)
        if not match:
            continue
        (left, top), (right, low) = corners[0], corners[1]
        named.append({
            "id": (match.group(1) or match.group(3)).lower(),
            "page": int(match.group(2)) if match.group(2) else 0,
            "angle": math.degrees(math.atan2(low - top, right - left)),
            "polygon": [[round(x), round(y)] for x, y in corners],
        })
    return named


def levelled(grey, around):
    """The angle, within a degree and a half of `around`, at which the lines of text lie level: where rows of the page
    differ most from their neighbours. A code is small, and its corners tell the angle of a page to a degree or so."""
    small = grey.copy()
    small.thumbnail((900, 900))

    def contrast(angle):
        turned = small.rotate(angle, resample=Image.Resampling.BILINEAR, expand=False, fillcolor=255)
        width, height = turned.size
        inner = turned.crop((width // 8, height // 8, width - width // 8, height - height // 8))
        rows = inner.resize((1, inner.height), Image.Resampling.BOX).tobytes()
        return sum((a - b) * (a - b) for a, b in zip(rows, rows[1:]))

    steps = [around + step / 10 for step in range(-15, 16)]
    return max(steps, key=lambda angle: (contrast(angle), -abs(angle - around)))


def is_blank(grey):
    """Whether nothing is on the page: almost no point inside its edges is darker than the paper."""
    small = grey.copy()
    small.thumbnail((1000, 1000))
    width, height = small.size
    inner = small.crop((width // 20, height // 20, width - width // 20, height - height // 20))
    histogram = inner.histogram()
    total = sum(histogram)
    paper, seen = 255, 0
    for level in range(255, -1, -1):
        seen += histogram[level]
        if seen * 2 >= total:
            paper = level
            break
    # A page that is black all over is no blank page but a lid that was open.
    return paper > 128 and sum(histogram[:max(paper - 60, 0)]) <= total * 0.0005


def quarter(angle):
    """The nearest quarter turn, in degrees from 0 to 270."""
    return round(angle / 90) % 4 * 90


def signed(angle):
    return (angle + 180) % 360 - 180


def seen(number, page):
    """What the answer says of a page."""
    if page is None:
        return {"page": number, "state": "unreadable", "width": 0, "height": 0, "turn": 0, "sheets": [], "others": 0}
    grey = page.convert("L")
    found = codes(grey)
    named = sheets(found)
    state, turn = "sheet", 0.0
    if named:
        # The page lies as its code does; its lines say the rest.
        turned = named[0]["angle"]
        turn = levelled(grey.rotate(quarter(turned), expand=True), signed(turned - quarter(turned)))
        turn = signed(quarter(turned) + turn)
    elif not found and is_blank(grey):
        state = "blank"
    else:
        state = "unknown"
        turn = levelled(grey, 0.0)
    for sheet in named:
        del sheet["angle"]
    return {
        "page": number, "state": state, "width": page.width, "height": page.height,
        "turn": round(turn * 100), "sheets": named, "others": len(found) - len(named),
    }


def read():
    pages = [seen(number, page) for number, page in pictures()]
    return {"ok": True, "protocol": PROTOCOL, "pages": pages}


# The straightened picture

def upright(page, turn):
    """The page turned back by so many hundredths of a degree, on white."""
    degrees = turn / 100
    square = quarter(degrees)
    if square:
        page = page.transpose({
            90: Image.Transpose.ROTATE_90, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_270,
        }[square])
    rest = signed(degrees - square)
    if abs(rest) >= 0.05:
        white = 255 if page.mode == "L" else (255, 255, 255)
        page = page.rotate(rest, resample=Image.Resampling.BICUBIC, expand=False, fillcolor=white)
    return page


def compose(wanted):
    turns = {item["page"]: item["turn"] for item in wanted}
    if not 0 < len(wanted) <= PAGES or len(turns) != len(wanted):
        raise damaged("pages asked: %r" % wanted)
    made = {}
    for number, page in pictures(set(turns)):
        if page is None:
            raise damaged("page %d cannot be drawn" % number)
        made[number] = jpeg(upright(page, turns[number]))
    return document([made[item["page"]] for item in wanted])


def jpeg(page):
    if page.mode == "RGB" and not is_coloured(page):
        page = page.convert("L")
    buffer = io.BytesIO()
    page.save(buffer, "JPEG", quality=QUALITY, optimize=True)
    return page.width, page.height, page.mode, buffer.getvalue()


def is_coloured(page):
    """Whether anything on it has a colour: a seal, red heads, blue ink."""
    small = page.copy()
    small.thumbnail((500, 500))
    _, saturation, value = small.convert("HSV").split()
    points = zip(saturation.tobytes(), value.tobytes())
    return sum(1 for s, v in points if s > 60 and v > 60) > small.width * small.height * 0.0005


def document(pages):
    """A PDF of pictures (ISO 32000-1), its longer side that of A4. It says no time, so that it can be made again."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", None]
    kids = []
    for width, height, mode, data in pages:
        scale = 841.89 / max(width, height)
        across, down = width * scale, height * scale
        number = len(objects) + 1
        kids.append(b"%d 0 R" % number)
        content = b"q %.2f 0 0 %.2f 0 0 cm /I Do Q" % (across, down)
        colour = b"/DeviceGray" if mode == "L" else b"/DeviceRGB"
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %.2f %.2f] /Contents %d 0 R "
            b"/Resources << /XObject << /I %d 0 R >> >> >>" % (across, down, number + 1, number + 2))
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        objects.append(
            b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace %s /BitsPerComponent 8 "
            b"/Filter /DCTDecode /Length %d >>\nstream\n%s\nendstream" % (width, height, colour, len(data), data))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for place in places:
        out += b"%010d 00000 n \n" % place
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def versions():
    import importlib.metadata

    poppler = subprocess.run(["/usr/bin/pdftoppm", "-v"], capture_output=True, check=False).stderr.decode()
    found = re.search(r"version (\S+)", poppler)
    if not found:
        raise Refused("unavailable", "扫描识别组件没有装好。请在服务器上运行 scripts/setup.sh run。", "no pdftoppm")
    return "scan_worker %d, Pillow %s, zxing-cpp %s, poppler %s" % (
        PROTOCOL, importlib.metadata.version("pillow"), importlib.metadata.version("zxing-cpp"), found.group(1))


def main():
    # Warnings of libraries about bombs are errors; our own bounds come before them.
    Image.MAX_IMAGE_PIXELS = PIXELS
    sink = sys.stdout.buffer
    try:
        if sys.argv[1] == "read":
            answer = json.dumps(read(), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        elif sys.argv[1] == "compose":
            answer = compose(json.loads(sys.argv[2]))
        else:
            answer = versions().encode()
    except Refused as refusal:
        answer = json.dumps({
            "ok": False, "code": refusal.code, "message": refusal.message, "detail": refusal.detail,
        }, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    except MemoryError:
        answer = json.dumps({
            "ok": False, "code": "tooLarge", "message": "这个文件里的图像太大，打不开。请用300点每英寸（dpi）重新扫描。",
            "detail": "out of memory",
        }, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    sink.write(answer)
    sink.flush()


if __name__ == "__main__":
    main()
