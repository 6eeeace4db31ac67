"""Judges PDFs as documents of record: PDF/A-2a and PDF/UA-1 as far as can be told without a full validator.

Usage: pdf.py FILE...   One line per file; exit 1 if any is refused. Needs pikepdf, qpdf and poppler-utils.
"""

import subprocess
import sys

import pikepdf


def faults(path):
    """What is wrong with the file, one sentence each."""
    found = []
    check = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True)
    if check.returncode != 0:
        found.append("qpdf --check: %s" % (check.stderr + check.stdout).strip().splitlines()[-1])
    fonts = subprocess.run(["pdffonts", path], capture_output=True, text=True)
    rows = fonts.stdout.splitlines()[2:]
    if fonts.returncode != 0 or not rows:
        found.append("pdffonts found no fonts")
    for row in rows:
        # Counted from the right, because names and types hold spaces: emb sub uni object generation.
        embedded, _, unicode, _, _ = row.split()[-5:]
        if embedded != "yes" or unicode != "yes":
            found.append("font not embedded, or without Unicode: %s" % row.strip())
    try:
        pdf = pikepdf.open(path)
    except pikepdf.PdfError as error:
        return found + ["pikepdf: %s" % error]
    with pdf:
        with pdf.open_metadata() as metadata:
            for key, value in (("pdfaid:part", "2"), ("pdfaid:conformance", "A"), ("pdfuaid:part", "1")):
                if str(metadata.get(key)) != value:
                    found.append("%s is %r, not %s" % (key, metadata.get(key), value))
            if not metadata.get("dc:title"):
                found.append("no title in the metadata")
        root = pdf.Root
        intents = root.get("/OutputIntents", [])
        if not any(i.get("/S") == "/GTS_PDFA1" and "/DestOutputProfile" in i for i in intents):
            found.append("no output intent with a profile")
        if str(root.get("/Lang", "")).lower() not in ("zh-cn", "zh"):
            found.append("language is %r" % str(root.get("/Lang", "")))
        if not root.get("/MarkInfo", {}).get("/Marked", False):
            found.append("not marked as tagged")
        if "/StructTreeRoot" not in root:
            found.append("no structure tree")
        if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False):
            found.append("the title is not what a viewer shows")
        if "/ID" not in pdf.trailer:
            found.append("no file identifier")
        if "/Encrypt" in pdf.trailer:
            found.append("encrypted")
        for name in ("/OpenAction", "/AA", "/AcroForm"):
            if name in root:
                found.append("catalogue holds %s" % name)
        if "/JavaScript" in root.get("/Names", {}):
            found.append("holds JavaScript")
        for number, page in enumerate(pdf.pages, start=1):
            if page.get("/Tabs") != "/S":
                found.append("page %d: tab order does not follow the structure" % number)
            if "/AA" in page:
                found.append("page %d holds actions" % number)
        # Streams that reach outside the file.
        if any("/F" in item for item in pdf.objects if isinstance(item, pikepdf.Stream)):
            found.append("a stream outside the file")
    return found


def main(paths):
    refused = 0
    for path in paths:
        wrong = faults(path)
        refused += bool(wrong)
        print("%s %s" % ("refused" if wrong else "accepted", path))
        for fault in wrong:
            print("  " + fault)
    return 1 if refused or not paths else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
