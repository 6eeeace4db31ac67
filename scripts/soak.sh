#!/bin/sh
# Runs the long fault runs: power cuts, failing system calls, fuzzing.
#
#   scripts/soak.sh            everything in scripts/soak.d, in order
#   scripts/soak.sh NAME...    only scripts/soak.d/NAME.sh
set -u
cd "$(dirname "$0")/.."
# A part that cannot look fails: green means that it looked.
export LIUHEN_JUDGES=1
# What a bureau runs is the release build; it is also many times as quick.
LIUHEN_BIN=${LIUHEN_BIN:-$PWD/.build/release}
export LIUHEN_BIN
status=0
if [ $# = 0 ]; then
    for script in scripts/soak.d/*.sh; do
        set -- "$@" "$(basename "$script" .sh)"
    done
fi
[ $# -gt 0 ] || { echo "soak: nothing in scripts/soak.d" >&2; exit 1; }
for name in "$@"; do
    script=scripts/soak.d/$name.sh
    [ -f "$script" ] || { echo "soak: no $script" >&2; exit 2; }
    echo "== $name"
    "$script" || { status=1; echo "== $name failed" >&2; }
done
exit $status
