"""Judges samples and prints the table: report.py [--whole] SAMPLES RESULT.

SAMPLES holds one JSON object a line, as the measures print them. RESULT is written as JSON. Exit 1 if a figure was not
reached, if there is none, and with --whole if one is missing.
"""
import json
import os
import platform
import statistics
import sys
import time
import unicodedata

from figures import FIGURES, LEAST, MOST, RATIO, SHOWN


def judged(line):
    figure = FIGURES[line["figure"]]
    samples, baseline = line["samples"], line.get("baseline", [])
    result = {
        "figure": line["figure"], "words": figure.words, "unit": figure.unit, "kind": figure.kind,
        "demand": figure.demand, "median": statistics.median(samples), "least": min(samples), "most": max(samples),
        "rounds": len(samples), "samples": samples, "load": line.get("load"), "note": line.get("note", ""),
    }
    if figure.kind == RATIO:
        assert len(baseline) == len(samples), line
        # Pairs of one round: a disk that is slow for a while is slow for both.
        ratios = [sample / base for sample, base in zip(samples, baseline)]
        result |= {
            "baseline": statistics.median(baseline), "baselineSamples": baseline, "ratio": statistics.median(ratios),
            "ratioLeast": min(ratios), "ratioMost": max(ratios),
        }
    value = result.get("ratio", result["median"])
    result["reached"] = (
        None if figure.kind == SHOWN else value <= figure.demand if figure.kind == MOST else value >= figure.demand)
    return result


def number(value):
    if value is None:
        return ""
    if value == int(value) and abs(value) < 100_000:
        return str(int(value))
    if abs(value) >= 100_000:
        return f"{value / 1000:,.0f} k"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def row(result):
    sign = {RATIO: "≥ {} of baseline", LEAST: "≥ {}", MOST: "≤ {}", SHOWN: "shown"}[result["kind"]]
    spread = f"{number(result['least'])} – {number(result['most'])}" if result["least"] != result["most"] else ""
    ratio = ""
    if "ratio" in result:
        ratio = f"{result['ratio']:.2f} ({result['ratioLeast']:.2f} – {result['ratioMost']:.2f})"
    verdict = {True: "reached", False: "NOT REACHED", None: ""}[result["reached"]]
    load = "" if result["load"] is None else f"{result['load']:.1f}"
    return [
        result["words"], sign.format(number(result["demand"])), f"{number(result['median'])} {result['unit']}".strip(),
        spread, number(result.get("baseline")), ratio, load, verdict,
    ]


def width(text):
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def show(rows):
    widths = [max(width(cell) for cell in column) for column in zip(*rows)]
    for cells in rows:
        print("  ".join(cell + " " * (size - width(cell)) for cell, size in zip(cells, widths)).rstrip())


def main():
    arguments = sys.argv[1:]
    whole = arguments[0] == "--whole"
    samples, target = arguments[whole:]
    with open(samples, encoding="utf-8") as file:
        results = [judged(json.loads(line)) for line in file if line.strip()]
    order = list(FIGURES)
    results.sort(key=lambda result: order.index(result["figure"]))
    heads = ["figure", "demanded", "median", "range", "baseline", "ratio", "load", "verdict"]
    show([heads, ["-" * len(head) for head in heads]] + [row(result) for result in results])
    missing = [name for name in order if name not in {result["figure"] for result in results}]
    if missing:
        print(("NOT MEASURED: " if whole else "not measured in this run: ") + ", ".join(missing))
    with open(target, "w", encoding="utf-8") as file:
        json.dump(
            {"at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "processors": os.cpu_count(),
             "system": platform.platform(), "results": results}, file, ensure_ascii=False, indent=1)
        file.write("\n")
    missed = [result["figure"] for result in results if result["reached"] is False]
    print(f"{sum(1 for result in results if result['reached'])} reached, {len(missed)} not reached, "
          f"{len(missing)} not measured; all samples: {target}")
    sys.exit(1 if missed or not results or whole and missing else 0)


if __name__ == "__main__":
    main()
