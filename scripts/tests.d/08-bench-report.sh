#!/usr/bin/env bash
# The report of the benchmarks on samples that are made up: a run of everything ends well only with every figure measured
# and reached, and a measure that lost its mode is told before anything is built. Nothing is measured here.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "08-bench-report: $*" >&2
    exit 1
}

PYTHONDONTWRITEBYTECODE=1 python3 - "$work" <<'PYTHON' || fail "the report ends well where it must not, or not where it must"
import contextlib, io, json, pathlib, sys
sys.path.insert(0, "scripts/bench")
import report
from figures import FIGURES, MOST, RATIO, SHOWN

work = pathlib.Path(sys.argv[1])


def sample(name, worse):
    """A figure just as it is demanded, or worse by a little."""
    figure = FIGURES[name]
    value = 1 if figure.kind == SHOWN else figure.demand
    if worse:
        value += 0.01 if figure.kind == MOST else -0.01
    return {"figure": name, "samples": [value] * 5} | ({"baseline": [1] * 5} if figure.kind == RATIO else {})


def check(code, words, names, *options, worse=None):
    (work / "samples").write_text("".join(json.dumps(sample(name, name == worse)) + "\n" for name in names))
    sys.argv = ["report.py", *options, str(work / "samples"), str(work / "result")]
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        try:
            ended = report.main() or 0
        except SystemExit as end:
            ended = end.code
    assert ended == code and words in said.getvalue(), (ended, code, words, said.getvalue()[-300:])


assert len(FIGURES) > 30, len(FIGURES)
check(0, " 0 not reached, 0 not measured", FIGURES, "--whole")
for name in FIGURES:
    rest = [other for other in FIGURES if other != name]
    check(1, f"NOT MEASURED: {name}", rest, "--whole")
    check(0, f"not measured in this run: {name}", rest)
    if FIGURES[name].kind != SHOWN:
        check(1, " 1 not reached, 0 not measured", FIGURES, "--whole", worse=name)
        check(1, " 1 not reached, 0 not measured", FIGURES, worse=name)
check(1, "0 reached", [])
print(f"each of {len(FIGURES)} figures is missed where it is missing or falls short")
PYTHON

# In a copy, for what becomes of a script without its mode.
mkdir -p "$work/copy"
cp -a scripts "$work/copy/"
chmod -x "$work/copy/scripts/bench.d/50-dossier.sh"
for given in "" 50-dossier; do
    code=0
    # shellcheck disable=SC2086
    (cd "$work/copy" && scripts/bench.sh $given) >"$work/said" 2>&1 || code=$?
    [ "$code" = 2 ] && grep -q 'no scripts/bench.d/50-dossier.sh that can be run' "$work/said" ||
        fail "without its mode: exit $code: $(cat "$work/said")"
done
echo "no measure is left out without its mode"
