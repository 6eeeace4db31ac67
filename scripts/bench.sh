#!/bin/sh
# Measures, as ratios in one run where a figure is one, and prints a table of figures with what is demanded of each;
# never a test. docs/benchmarks.md says how each is measured.
#
#   scripts/bench.sh            everything in scripts/bench.d, in order
#   scripts/bench.sh NAME...    only scripts/bench.d/NAME.sh
#
# Exit 1 if a figure was not reached or not measured: of everything any at all, of a NAME all that it measures none of.
# Samples and verdicts go to .bench-results.
set -u
cd "$(dirname "$0")/.."
status=0
whole=
if [ $# = 0 ]; then
    whole=--whole
    for script in scripts/bench.d/*.sh; do
        set -- "$@" "$(basename "$script" .sh)"
    done
fi
[ $# -gt 0 ] || { echo "bench: nothing in scripts/bench.d" >&2; exit 1; }
for name in "$@"; do
    # One that lost its mode is not left out. Before anything is built: the build takes minutes.
    [ -x "scripts/bench.d/$name.sh" ] || { echo "bench: no scripts/bench.d/$name.sh that can be run" >&2; exit 2; }
done

# One scratch path for the product and for what measures it: no dependency is built twice (docs/adr/0011-benchmarks.md).
# The plan of a build is kept in that path too, and belongs to one package: so it is made anew, the product's last, which
# is the one that later builds find.
echo "bench: building"
build() {
    swift build -c release --disable-build-manifest-caching "$@" >.build/bench.log 2>&1 || {
        cat .build/bench.log >&2
        echo "bench: it does not build: $*" >&2
        exit 1
    }
}
build --package-path Benchmarks --scratch-path .build --product liuhen-bench
build --product liuhen-verify
build --product liuhen

mkdir -p .bench-results
scratch=$(mktemp -d "${LIUHEN_BENCH_DIRECTORY:-.bench-results}/run-XXXXXX")
scratch=$(realpath "$scratch")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM
LIUHEN_BIN=$(realpath .build/release)
export LIUHEN_BIN
: >"$scratch/samples"
for name in "$@"; do
    script=scripts/bench.d/$name.sh
    echo "== $name"
    mkdir "$scratch/$name"
    # Each measure prints its samples on standard output, and works in a directory of its own.
    LIUHEN_BENCH=$scratch/$name "$script" >"$scratch/said" || { status=1; echo "== $name failed" >&2; }
    grep -q '^{"figure"' "$scratch/said" || { status=1; echo "== $name measured nothing" >&2; }
    # What else the machine had to do, as it stood at the end of the measure.
    load=$(cut -d ' ' -f 1 /proc/loadavg)
    sed -n "s/^{\"figure\"/{\"load\": $load, \"figure\"/p" "$scratch/said" >>"$scratch/samples"
    rm -rf "${scratch:?}/$name"
done
# shellcheck disable=SC2086
python3 scripts/bench/report.py $whole "$scratch/samples" ".bench-results/$(date -u +%Y%m%dT%H%M%SZ).json" || status=1
exit $status
