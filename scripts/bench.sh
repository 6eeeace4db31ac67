#!/bin/sh
# Runs the measurements as ratios in one run; never a test.
#
#   scripts/bench.sh            everything in scripts/bench.d, in order
#   scripts/bench.sh NAME...    only scripts/bench.d/NAME.sh
set -u
cd "$(dirname "$0")/.."
status=0
if [ $# = 0 ]; then
    for script in scripts/bench.d/*.sh; do
        [ -x "$script" ] && set -- "$@" "$(basename "$script" .sh)"
    done
fi
[ $# -gt 0 ] || { echo "bench: nothing in scripts/bench.d" >&2; exit 1; }
for name in "$@"; do
    script=scripts/bench.d/$name.sh
    [ -x "$script" ] || { echo "bench: no $script" >&2; exit 2; }
    echo "== $name"
    "$script" || { status=1; echo "== $name failed" >&2; }
done
exit $status
