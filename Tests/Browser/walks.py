"""Walks the procedures that one demonstration can hold, each in a file of its own, in the order of its days.

Usage: walks.py BASE OUT CLOCK [WALK...]

BASE is the address of a demonstration that runs under faketime with the file CLOCK; OUT receives pictures, desktop and phone,
each judged by axe. A walk that fails is told with what the page said, and the others go on where they can.
"""

import importlib
import pathlib
import sys
import time
import traceback

from playwright.sync_api import sync_playwright
from stage import Stage

# In the order of their days: what comes later has to wait for terms of law.
WALKS = [
    "application", "preservation", "deliberation", "hearing", "score", "supervision", "override", "leaver", "summary",
    "evidence", "aftermath", "service", "remedy", "execution"]


def main():
    base, out, clock = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
    out.mkdir(parents=True, exist_ok=True)
    failed = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        stage = Stage(browser, base, out, clock)
        for name in sys.argv[4:] or WALKS:
            started = time.monotonic()
            try:
                importlib.import_module(name).walk(stage)
            except Exception as error:  # pylint: disable=broad-exception-caught
                failed.append(name)
                where = traceback.extract_tb(error.__traceback__)
                print(f"{name} failed: {' '.join(str(error).split())[:1500]}", flush=True)
                print("".join(f"  {one.filename}:{one.lineno} {one.line}\n" for one in where if "Browser" in one.filename), flush=True)
            else:
                print(f"{name}: walked in {time.monotonic() - started:.0f} s, {stage.now():%Y-%m-%d}", flush=True)
        browser.close()
    assert not stage.problems, "\n".join(stage.problems)
    assert not failed, f"failed: {', '.join(failed)}"


if __name__ == "__main__":
    main()
