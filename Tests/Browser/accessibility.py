"""Judges pages with axe-core: every rule for WCAG 2.1 A and AA, and its best practices."""

import pathlib

import axe_playwright_python

_SOURCE = (pathlib.Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
_RUN = "axe.run(document, {resultTypes: ['violations']})"


def violations(page, name):
    """What axe finds on the page as it is shown now, one line each: the rule, the first place, and what to mend."""
    page.evaluate(_SOURCE)
    found = page.evaluate(_RUN)["violations"]
    return [
        f"{name}: {rule['id']} ({rule['impact']}, {len(rule['nodes'])}x) {rule['nodes'][0]['html'][:160]} "
        f"-- {' '.join(rule['nodes'][0]['failureSummary'].split())[:240]}"
        for rule in found
    ]
