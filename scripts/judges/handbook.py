"""Holds the user's handbook to the product: what it says stands on a screen, in a document's name or in a command.

Usage: handbook.py HANDBOOK

HANDBOOK is a directory of Markdown pages. Its marks, as its own first page explains them:

    「…」   words on a screen; each has to stand in one line of the sources, as a whole word there: no other Chinese
            character may touch it. An ellipsis in them stands for what the product puts in.
    《…》   the name of a document or of a text: found in Documents or Regulations.
    `…`     commands of liuhen and liuhen-verify, alone or in a fenced block: each command and each option is declared.

Links between pages, to headings and to pictures have to lead somewhere, and the first page has to lead to every page.
Exit 1 with file and line for each name that is nowhere.
"""

import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parents[2]
handbook = pathlib.Path(sys.argv[1])

# What people read: pages and messages, the words of steps and entries, forms of documents, what commands print.
SCREENS = [
    ("Sources", ["Web", "Application", "Casework", "Store", "Ledger", "liuhen", "liuhen-verify"], "*.swift"),
    ("Resources", ["web"], "*.js"),
    ("Documents", ["."], "*.yaml"),
    ("Documents", ["."], "*.typ"),
    ("Regulations", ["."], "*.yaml"),
    ("Tests/WebTests", ["__Golden__"], "*.html"),
]
HAN = "\u3400-\u9fff"
COMMENT = {".swift": "//", ".js": "//", ".typ": "//", ".yaml": "#"}


def lines(path):
    """The lines of a source without its comments: a name that only a comment says is on no screen."""
    mark = COMMENT.get(path.suffix)
    for line in path.read_text(encoding="utf-8").splitlines():
        if mark and line.lstrip().startswith(mark):
            continue
        if mark:
            head, found, _ = line.partition(f" {mark} ")
            if found and head.count('"') % 2 == 0:
                line = head
        yield line


def screens():
    texts = []
    for top, folders, pattern in SCREENS:
        for folder in folders:
            files = sorted((root / top / folder).rglob(pattern))
            if not files:
                sys.exit(f"no {pattern} in {top}/{folder}: where is what people read?")
            for file in files:
                texts += [line for line in lines(file) if re.search(f"[{HAN}]", line)]
    return "\n".join(texts)


def declared():
    """Commands and options as the argument parser knows them."""
    commands, options = set(), {"--help", "--version"}
    for folder in ("liuhen", "liuhen-verify"):
        for file in (root / "Sources" / folder).rglob("*.swift"):
            text = "\n".join(lines(file))
            commands |= set(re.findall(r'commandName:\s*"([a-z-]+)"', text))
            options |= {"--" + name for name in re.findall(r'customLong\("([a-z-]+)"\)', text)}
            for name in re.findall(r"^\s*var (\w+)", text, re.M):
                options.add("--" + re.sub(r"([A-Z])", lambda m: "-" + m.group(1).lower(), name))
    return commands, options


def stands(words, text):
    """Whether the words stand in one line as a whole; an ellipsis lets anything stand in its place."""
    parts = re.split("…+", words)
    pattern = ".*?".join(re.escape(part.strip()) for part in parts)
    if parts[0]:
        pattern = f"(?<![{HAN}]){pattern}"
    if parts[-1]:
        pattern = f"{pattern}(?![{HAN}])"
    return any(parts) and re.search(pattern, text) is not None


def anchors(path):
    """Headings as a Markdown viewer names them."""
    heads = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower().replace("\u3000", "")).replace(" ", "-") for head in heads}


def check():
    text = screens()
    named = "\n".join(
        line for top in ("Documents", "Regulations") for file in (root / top).rglob("*.yaml") for line in lines(file)
    )
    commands, options = declared()
    pages = sorted(handbook.glob("*.md"))
    problems, counted, linked = [], 0, set()
    for page in pages:
        fenced = False
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
            def problem(what):
                problems.append(f"{page}:{number}: {what}")

            if line.startswith("```"):
                fenced = not fenced
                continue
            for words in re.findall("「([^」]*)」", line):
                counted += 1
                if not stands(words, text):
                    problem(f"「{words}」 stands nowhere on a screen")
            if line.count("「") != line.count("」"):
                problem("a bracket is not closed")
            for name in re.findall("《([^》]*)》", line):
                if "…" not in name and not stands(name, named):
                    problem(f"《{name}》 is no document and no text")
            for code in [line] if fenced else re.findall("`([^`]*)`", line):
                command = re.match(r"liuhen ([a-z-]+)(?: ([a-z][a-z-]*)(?= |$))?", code)
                for word in command.groups() if command else ():
                    if word and word not in commands:
                        problem(f"no command {word} in `{code}`")
                if command or code.startswith(("liuhen-verify ", "--")):
                    for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", code):
                        if option not in options:
                            problem(f"no option {option} in `{code}`")
            for target in re.findall(r"\]\(([^)\s]+)\)", line):
                if "://" in target:
                    continue
                file, _, anchor = target.partition("#")
                goal = (page.parent / file).resolve() if file else page.resolve()
                if page.name == "README.md":
                    linked.add(goal.name)
                if not goal.exists():
                    problem(f"{target} leads nowhere")
                elif anchor and anchor not in anchors(goal):
                    problem(f"{target} names no heading")
    for page in pages:
        if page.name != "README.md" and page.name not in linked:
            problems.append(f"{page}:1: README.md does not lead here")
    if not counted:
        problems.append(f"{handbook}: nothing on a screen is named")
    return problems, len(pages), counted


problems, pages, counted = check()
for problem in problems:
    print(problem, file=sys.stderr)
print(f"{counted} names in {pages} pages" + (f", {len(problems)} wrong" if problems else " stand on screens"))
sys.exit(1 if problems else 0)
