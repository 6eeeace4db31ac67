"""The warm typst worker: documents (文书) in, PDF/A-2a with UA-1 or page pictures out; and what was printed, bound into one.

Started by Sources/Press with a line to it on standard input and output. Every message is a frame: four bytes
of length, big endian, then that many bytes. The first frame the worker sends is its greeting; after that each request
frame gets one answer frame of JSON and, if the answer is good, `parts` frames of bytes. A request to bind is followed by a
frame for each of its files. The worker keeps nothing between requests but its fonts, and leaves when its input ends.

Everything fails closed: a warning is an error, a character that no font draws is an error that names the character, a
template outside the template root cannot be read, and there is no network where the kernel allows to give it up.
"""

import argparse
import contextlib
import ctypes
import json
import os
import re
import resource
import struct
import subprocess
import sys

PROTOCOL = 1
REQUEST_LIMIT = 16 << 20
# The files of one volume together, in bytes, and how many they may be; what they are bound to is larger by the numbers.
BINDING_LIMIT = 160 << 20
BINDING_FILES = 800
BOUND_LIMIT = 256 << 20
STANDARDS = ["a-2a", "ua-1"]
# The fonts directory holds exactly these files, so that a font somebody installs cannot change a document.
FONTS = [
    "FandolFang-Regular.otf",
    "FandolKai-Regular.otf",
    "LXGWWenKai-Regular.ttf",
    "LiberationMono-Regular.ttf",
    "LiberationSans-Regular.ttf",
    "LiberationSerif-Bold.ttf",
    "LiberationSerif-Regular.ttf",
    "NotoSansCJK-Regular.ttc",
    "NotoSerifCJK-Bold.ttc",
    "NotoSerifCJK-Regular.ttc",
]
TEMPLATE_NAME = re.compile(r"[a-z0-9-]+\Z")
DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})\Z")


class Refused(Exception):
    """A request that gets no document: a code of PressError, Chinese for the user, English for the log."""

    def __init__(self, code, message, detail):
        super().__init__(detail)
        self.code, self.message, self.detail = code, message, detail


# Frames

def read_exactly(stream, count):
    """The next `count` bytes; None when the stream ends before the first of them."""
    data = bytearray()
    while len(data) < count:
        piece = os.read(stream, min(count - len(data), 1 << 20))
        if not piece:
            if data:
                raise EOFError("the input ends inside a frame")
            return None
        data += piece
    return bytes(data)


def read_frame(stream, limit=REQUEST_LIMIT):
    header = read_exactly(stream, 4)
    if header is None:
        return None
    (length,) = struct.unpack(">I", header)
    if length > limit:
        raise EOFError("a frame of %d bytes" % length)
    body = read_exactly(stream, length) if length else b""
    if body is None:
        raise EOFError("the input ends inside a frame")
    return body


def write_frame(stream, body):
    view = memoryview(struct.pack(">I", len(body)) + body)
    while view:
        view = view[os.write(stream, view):]


def write_json(stream, value):
    # The canonical spelling (RFC 8785), the only one the other side reads.
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    write_frame(stream, text.encode(errors="replace"))


# Limits

def leave_network():
    """Moves into an empty network namespace; says whether that worked."""
    new_user, new_net = 0x10000000, 0x40000000
    libc = ctypes.CDLL(None, use_errno=True)
    return any(libc.unshare(flags) == 0 for flags in (new_net, new_user | new_net))


def set_limits(memory):
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # The worker answers through its pipe and writes no file, but in memory while it binds.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, BOUND_LIMIT))


@contextlib.contextmanager
def memory_files():
    """Gives what makes a file without a name out of bytes, for as long as the body runs. Only then any file can be
    written at all; each is at most BOUND_LIMIT long."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    files = []

    def stored(data=b""):
        files.append(os.memfd_create("bound"))
        view = memoryview(data)
        while view:
            view = view[os.write(files[-1], view):]
        return files[-1]

    try:
        yield stored
    finally:
        for file in files:
            os.close(file)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, most))


def grant_cpu(seconds):
    """Lets the process use `seconds` more of processor time; the kernel ends it after that."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (used + seconds, resource.RLIM_INFINITY))


# Checks of what is to be printed

def named(character):
    return "“%s”（U+%04X）" % (character, ord(character))


# Characters that print as nothing or turn the order of others around: on paper nobody would see them.
UNSEEN = (
    set(range(0x00, 0x20)) - {0x09, 0x0A, 0x0D}
    | set(range(0x7F, 0xA0))
    | {0x00AD, 0x061C, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, 0xFFFC, 0xFFFD}
    | set(range(0x2028, 0x202F))
    | set(range(0x2061, 0x2070))
    | set(range(0xFFF9, 0xFFFC))
)


def check_text(value):
    """Refuses text with characters that cannot be seen on paper."""
    if isinstance(value, str):
        for character in value:
            if ord(character) in UNSEEN or 0xE0000 <= ord(character) < 0xE0100:
                code = "U+%04X" % ord(character)
                raise Refused(
                    "missingGlyph",
                    "文书内容中有看不见的控制字符 %s，无法打印。请删去该字符后重试。" % code,
                    "invisible character %s" % code,
                )
    elif isinstance(value, list):
        for item in value:
            check_text(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            check_text(key)
            check_text(item)


PATH_TOKEN = re.compile(r"\s*,?\s*(?:([MLQCZ])|([+-]?(?:\d+\.?\d*|\.\d+)))")
PATH_ARGUMENTS = {"M": 2, "L": 2, "Q": 4, "C": 6, "Z": 0}
PATH_LIMIT = 20000


def read_drawing(path):
    """An SVG path of absolute M, L, Q, C, Z as segments moved to the origin, with its size.

    Only the letters a drawing pad writes are taken; a malformed path is refused, not drawn in part.
    """
    refusal = Refused("template", "手写签名的笔迹数据损坏，请重新签名。", "malformed drawing")
    tokens, at = [], 0
    text = path.strip()
    while at < len(text):
        match = PATH_TOKEN.match(text, at)
        if not match or len(tokens) > PATH_LIMIT:
            raise refusal
        tokens.append(match.group(1) or float(match.group(2)))
        at = match.end()
    segments, index, letter = [], 0, None
    while index < len(tokens):
        if isinstance(tokens[index], str):
            letter, index = tokens[index], index + 1
        elif letter in (None, "Z"):
            raise refusal
        count = PATH_ARGUMENTS[letter]
        numbers = tokens[index:index + count]
        if len(numbers) < count or any(isinstance(n, str) or abs(n) > 1e5 for n in numbers):
            raise refusal
        segments.append([letter] + numbers)
        index += count
        letter = "L" if letter == "M" else letter
    if not segments or segments[0][0] != "M":
        raise refusal
    xs = [n for s in segments for n in s[1::2]]
    ys = [n for s in segments for n in s[2::2]]
    left, top = min(xs), min(ys)
    shifted = [
        [s[0]] + [round(n - (left if i % 2 == 0 else top), 3) for i, n in enumerate(s[1:])] for s in segments
    ]
    return {"width": max(max(xs) - left, 1), "height": max(max(ys) - top, 1), "segments": shifted}


def qr_symbol(text, error):
    """A QR symbol as SVG: one stroke for each run of dark modules in a row. `error` is the least level of repair; a
    higher one is taken where it fits into the same symbol."""
    import zxingcpp

    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=error)
    # One byte for each module, 0 where it is dark; a light one after each row ends its last run.
    modules = memoryview(code.to_image(scale=1, add_quiet_zones=False))
    size, dark = modules.shape[0], modules.tobytes()
    rows = b"\1".join(dark[at:at + size] for at in range(0, size * size, size))
    path = "".join(
        "M%d %dh%d" % (run.start() % (size + 1), run.start() // (size + 1), run.end() - run.start())
        for run in re.finditer(b"\0+", rows)
    )
    return ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 -.5 %d %d"><path stroke="#000" d="%s"/></svg>'
            % (size, size, path))


def sheet_text(sheet, page=None):
    """What the QR at the foot of a page says: the document, and the page, so that a stack of scans finds its order.

    In capitals: the symbol needs fewer and larger modules for them (ISO/IEC 18004, alphanumeric mode), and is read from
    a scan of 150 dots an inch. Without a page it is what templates of earlier documents print.
    """
    text = "liuhen:sheet:%s" % sheet["id"]
    return text if page is None else "%s:%d" % (text.upper(), page)


def position_text(position):
    """What the QR in the margin says: the position, one value in a line."""
    return "\n".join(["liuhen:position"] + [position[name] for name in ("origin", "index", "size", "root", "key")])


def prepare(data, pages, pageless=False):
    """What the template needs beside the data: QR symbols for so many pages, pen strokes. `pageless`: also the symbol that
    names no page, for templates of documents fixed before pages were named."""
    prepared = {"drawings": {}}
    try:
        if "sheet" in data:
            sheet = data["sheet"]
            prepared["sheets"] = [qr_symbol(sheet_text(sheet, page), "M") for page in range(1, pages + 1)]
            if pageless:
                prepared["sheet"] = qr_symbol(sheet_text(sheet), "M")
        if "position" in data:
            # The longer text gets the weaker code: larger modules help a scanner more than repair does.
            prepared["position"] = qr_symbol(position_text(data["position"]), "L")
        for index, slot in enumerate(data.get("slots", [])):
            if slot.get("drawing"):
                prepared["drawings"][str(index)] = read_drawing(slot["drawing"])
    except (KeyError, TypeError, AttributeError) as error:
        raise Refused("template", "文书数据不完整，无法打印。请联系管理员。", "bad data: %r" % error) from error
    return prepared


# The press

# What the template stops with where the document has more pages than it was given symbols for (document.typ).
PAGES_MESSAGE = re.compile(r"sheet symbols for (\d+) pages")
PAGES_LIMIT = 500
GLYPH_MESSAGE = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
TYPST_ESCAPE = re.compile(r"\\(?:u\{([0-9a-f]+)\}|(.))")


def undrawable(diagnostic):
    """The characters no font draws, out of typst's report, which quotes each as a typst string."""
    runs = (
        TYPST_ESCAPE.sub(lambda m: chr(int(m.group(1), 16)) if m.group(1) else m.group(2), quoted)
        for quoted in GLYPH_MESSAGE.findall(diagnostic)
    )
    return sorted(set("".join(runs)))


class MorePages(Exception):
    """The document has more pages than symbols were prepared for."""

    def __init__(self, pages):
        super().__init__("%d pages" % pages)
        self.pages = pages


class Press:
    def __init__(self, templates, fonts):
        import typst

        self.typst = typst
        self.templates = os.path.realpath(templates)
        self.fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts])
        found = {os.path.basename(font.path) for font in self.fonts.fonts()}
        missing, surplus = sorted(set(FONTS) - found), sorted(found - set(FONTS))
        if missing or surplus:
            raise Refused(
                "unavailable",
                "打印组件的字体目录不对（缺少：%s；多余：%s）。请运行 scripts/setup.sh run 安装。"
                % ("、".join(missing) or "无", "、".join(surplus) or "无"),
                "fonts in %s: missing %s, surplus %s" % (fonts, missing, surplus),
            )

        # A package would be fetched over the network.
        self.importing = sorted(self.sources_with(re.compile(b'"@')))
        self.pageless = any(self.sources_with(re.compile(rb"prepared\.sheet\b")))
        # How many pages the last document of each template had: the next one has as many, mostly.
        self.pages = {}
        self.compilers = {}

    def sources_with(self, pattern):
        """The template sources with such a passage."""
        for folder, _, files in os.walk(self.templates):
            for name in files:
                path = os.path.join(folder, name)
                if name.endswith(".typ") and pattern.search(open(path, "rb").read()):
                    yield path

    def print(self, request):
        name, day, output = request["template"], request["date"], request["output"]
        if not TEMPLATE_NAME.match(name):
            raise Refused("template", "文书模板名称不对。请联系管理员。", "template name %r" % name)
        path = os.path.join(self.templates, name, "template.typ")
        if not os.path.isfile(path):
            raise Refused("template", "没有“%s”的文书模板。请联系管理员。" % name, "no template %s" % path)
        if not DAY.match(day) or output not in ("pdf", "png"):
            raise Refused("template", "打印请求不对。请联系管理员。", "date %r, output %r" % (day, output))
        if self.importing:
            raise Refused("template", "文书模板引用了外部组件。请联系管理员。", "package in %s" % self.importing[0])
        data = request["data"]
        check_text(data)
        inputs = {"data": json.dumps(data, ensure_ascii=False), "date": day}
        # A preview goes through the same gate: only PDF/A makes typst refuse a missing glyph.
        while True:
            pages = self.pages.get(name, 2)
            inputs["prepared"] = json.dumps(prepare(data, pages, self.pageless))
            try:
                pdf = self.compile(path, inputs, day, format="pdf", pdf_standards=STANDARDS)
                break
            except MorePages as more:
                if not pages < more.pages <= PAGES_LIMIT:
                    raise Refused(
                        "template", "文书超过 %d 页，不能打印。请把内容分成几份。" % PAGES_LIMIT,
                        "%d pages, symbols for %d" % (more.pages, pages)) from more
                self.pages[name] = more.pages
        if output == "pdf":
            return [pdf]
        pages = self.compile(path, inputs, day, format="png", ppi=request["scale"] * 72 / 1000)
        return pages if isinstance(pages, list) else [pages]

    def set_sheets(self, sheets, marks, day):
        """The sheets of a volume that are set here, one page each, or the numbers that lie over its sheets."""
        path = os.path.join(self.templates, "_volume", "sheets.typ")
        data = {"title": "合订案卷", "sheets": sheets, "marks": marks}
        return self.compile(
            path, {"data": json.dumps(data, ensure_ascii=False)}, day, format="pdf", pdf_standards=STANDARDS)

    def compiler(self, path):
        """The compiler of a template, which keeps what it read of the sources for as long as they are unchanged."""
        if path not in self.compilers:
            self.compilers[path] = self.typst.Compiler(
                path,
                root=self.templates,
                font_paths=self.fonts,
                ignore_system_fonts=True,
                sys_inputs={},
                # No packages: a template brings everything along (see self.importing).
                package_path=os.path.join(self.templates, "_no-packages"),
                package_cache_path=os.path.join(self.templates, "_no-packages"),
            )
        return self.compilers[path]

    def compile(self, path, inputs, day, **options):
        import datetime

        year, month, date = map(int, DAY.match(day).groups())
        try:
            document, warnings = self.compiler(path).compile_with_warnings(
                sys_inputs=inputs,
                timestamp=datetime.datetime(year, month, date, tzinfo=datetime.timezone.utc),
                **options,
            )
        except self.typst.TypstError as error:
            raise self.refusal(error) from error
        if warnings:
            detail = "; ".join(warning.message for warning in warnings)
            raise Refused("template", "文书模板有问题，已停止打印。请联系管理员。", "warning: %s" % detail)
        return document

    def refusal(self, error):
        diagnostic = "%s %s" % (error.message, getattr(error, "diagnostic", ""))
        more = PAGES_MESSAGE.search(diagnostic)
        if more:
            return MorePages(int(more.group(1)))
        characters = undrawable(diagnostic)
        if characters:
            names = "、".join(named(character) for character in characters)
            return Refused(
                "missingGlyph",
                "字体中没有 %s，无法打印。请核对该字。当事人名称里的，在名称栏把这个字拆写在〔〕里（例如王〔四龙〕），"
                "写过一次，以后的文书都这样打印；也可以请管理员安装含有该字的字体。" % names,
                "no glyph for %s" % ", ".join("U+%04X" % ord(character) for character in characters),
            )
        return Refused("template", "文书模板有问题，已停止打印。请联系管理员。", diagnostic.strip())


# Binding

QPDF = "/usr/bin/qpdf"
PDFINFO = "/usr/bin/pdfinfo"
PAGE_SIZE = re.compile(r"^Page +\d+ size: +([\d.]+) x ([\d.]+) pts", re.M)
PAGE_TURN = re.compile(r"^Page +\d+ rot: +(\d+)", re.M)


def place_of(file):
    """Where a program finds a file that has no name."""
    return "/proc/self/fd/%d" % file


class ToolFailed(Exception):
    """A program that did not do what it was started for; `detail` is what it said."""

    def __init__(self, status, detail):
        super().__init__("status %d: %s" % (status, detail))


def run_tool(tool, arguments, files):
    """What a program answers. It inherits our bounds, and of our descriptors the named ones alone."""
    if not os.access(tool, os.X_OK):
        raise Refused("unavailable", "合订组件没有装好（缺少 %s）。请运行 scripts/setup.sh run 安装。" % tool, "no %s" % tool)
    done = subprocess.run([tool] + arguments, stdin=subprocess.DEVNULL, capture_output=True, pass_fds=files, check=False)
    # Warnings too: what had to be repaired is not what was stored.
    if done.returncode != 0:
        raise ToolFailed(done.returncode, done.stderr.decode(errors="replace").strip()[-400:])
    return done.stdout.decode(errors="replace")


def bind(press, request, inputs):
    """Sheets of the files in order as one PDF, each with its number in the corner.

    `files` have a name and how many pages each has to have; `sheets` take a page of one (`file`, `page`) or are set here
    (`title`, `lines`); `mark` is the number and a note. Fails whole: a file that is not as told is named.
    """
    files, sheets, day = request["files"], request["sheets"], request["date"]
    if not DAY.match(day) or not sheets or len(files) != len(inputs):
        raise Refused("template", "合订请求不对。请联系管理员。", "date %r, %d sheets" % (day, len(sheets)))
    check_text(sheets)
    set_here = [sheet for sheet in sheets if "title" in sheet]
    marks = [sheet.get("mark") or {"number": "", "note": ""} for sheet in sheets]
    with memory_files() as stored:
        places = []
        for told in files:
            # Each goes into its file and is let go, so that no volume lies in memory twice.
            file = stored(inputs.pop(0))
            try:
                pages = int(run_tool(QPDF, ["--show-npages", place_of(file)], [file]))
            except (ToolFailed, ValueError) as error:
                raise Refused(
                    "template", "“%s”的 PDF 打不开，没有合订。请在文书页打开它核对，并报告系统管理员。" % told["name"],
                    "%s: %s" % (told["name"], error)) from error
            if pages != told["pages"]:
                raise Refused(
                    "template", "“%s”登记为 %d 页，文件有 %d 页，页号不能照目录编，没有合订。请报告系统管理员。"
                    % (told["name"], told["pages"], pages), "%d pages" % pages)
            places.append(file)
        if set_here:
            made = stored(press.set_sheets(set_here, [], day))
            if int(run_tool(QPDF, ["--show-npages", place_of(made)], [made])) != len(set_here):
                raise Refused("template", "说明页太长，没有合订。请联系管理员。", "%d sheets on more pages" % len(set_here))
        chosen, given = [], 0
        for sheet in sheets:
            if "title" in sheet:
                given += 1
                chosen += [place_of(made), str(given)]
            else:
                chosen += [place_of(places[sheet["file"]]), str(sheet["page"])]
        try:
            known = places + ([made] if set_here else [])
            bound = stored()
            run_tool(QPDF, ["--empty", "--deterministic-id", "--pages", *chosen, "--", place_of(bound)], known + [bound])
            if any(mark["number"] for mark in marks):
                told = run_tool(PDFINFO, ["-f", "1", "-l", str(len(sheets)), place_of(bound)], [bound])
                numbers = stored(press.set_sheets([], sized(marks, told), day))
                numbered = stored()
                run_tool(
                    QPDF, [place_of(bound), "--deterministic-id", "--overlay", place_of(numbers), "--", place_of(numbered)],
                    [bound, numbers, numbered])
                bound = numbered
        except ToolFailed as error:
            raise Refused("template", "没有合订成功。内容没有丢失，请联系管理员。", str(error)) from error
        size = os.lseek(bound, 0, os.SEEK_END)
        os.lseek(bound, 0, os.SEEK_SET)
        return [read_exactly(bound, size)]


def sized(marks, told):
    """The marks with the size of the sheet that each lies on, as it is looked at: what pdfinfo told of them."""
    sizes, turns = PAGE_SIZE.findall(told), PAGE_TURN.findall(told)
    if not len(marks) == len(sizes) == len(turns):
        raise ToolFailed(0, "%d sheets, %d sizes, %d turns" % (len(marks), len(sizes), len(turns)))
    return [
        dict(mark, **dict(zip(("width", "height"), map(float, size if int(turn) % 180 == 0 else reversed(size)))))
        for mark, size, turn in zip(marks, sizes, turns)
    ]


def read_inputs(stream, request):
    """The files that follow on a request; the list is empty for a document to be printed."""
    inputs, room = [], BINDING_LIMIT
    files = request.get("files", [])
    if len(files) > BINDING_FILES:
        raise EOFError("%d files" % len(files))
    for _ in files:
        data = read_frame(stream, room)
        if data is None:
            raise EOFError("the input ends before its files")
        inputs.append(data)
        room -= len(data)
    return inputs


def serve(press, source, sink, cpu):
    while True:
        body = read_frame(source)
        if body is None:
            return
        request = json.loads(body)
        inputs = read_inputs(source, request)
        grant_cpu(cpu)
        try:
            parts = bind(press, request, inputs) if request.get("command") == "bind" else press.print(request)
        except Refused as refusal:
            write_json(sink, {
                "id": request["id"], "ok": False,
                "code": refusal.code, "message": refusal.message, "detail": refusal.detail,
            })
            continue
        write_json(sink, {"id": request["id"], "ok": True, "parts": len(parts)})
        for part in parts:
            write_frame(sink, part)


def main():
    # Nothing of the parent's but the three standard streams.
    os.closerange(3, 4096)
    # Frames own input and output; what anything prints by itself goes to standard error.
    source, sink = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(2, 1)

    parser = argparse.ArgumentParser()
    parser.add_argument("--templates", required=True)
    parser.add_argument("--fonts", required=True)
    parser.add_argument("--memory", type=int, default=1 << 30, help="bytes of address space")
    parser.add_argument("--cpu", type=int, default=20, help="seconds of processor time for one document")
    options = parser.parse_args()

    # Before the first thread: a user namespace can only be entered alone.
    isolated = leave_network()
    set_limits(options.memory)
    try:
        press = Press(options.templates, options.fonts)
        import importlib.metadata
        # Here, so that the first document does not wait for it.
        import zxingcpp  # noqa: F401
        zxing = importlib.metadata.version("zxing-cpp")
    except Refused as refusal:
        write_json(sink, {"ready": False, "message": refusal.message, "detail": refusal.detail})
        return 1
    except ImportError as error:
        write_json(sink, {
            "ready": False,
            "message": "打印组件没有装好。请运行 scripts/setup.sh run 安装。",
            "detail": str(error),
        })
        return 1
    write_json(sink, {
        "ready": True, "protocol": PROTOCOL, "typst": press.typst.__version__, "zxing": zxing,
        "network": "none" if isolated else "open",
    })
    serve(press, source, sink, options.cpu)
    return 0


if __name__ == "__main__":
    sys.exit(main())
