#!/bin/sh
# Runs the long fault runs: power cuts, failing system calls, fuzzing.
#
#   scripts/soak.sh            everything in scripts/soak.d, in order
#   scripts/soak.sh NAME...    only scripts/soak.d/NAME.sh
set -u
cd "$(dirname "$0")/.."
# A part that cannot look fails: green means that it looked.
export LIUHEN_JUDGES=1
# Broken is a release build with the commands of the fault tests in it: it begins many times as quick as a debug build, and
# what it does for the disk is what a bureau's does.
if [ -z "${LIUHEN_FAULTS:-}" ]; then
    LIUHEN_WITH_FAULTS=1 swift build -c release --product liuhen || exit 1
    LIUHEN_FAULTS=$PWD/.build/faults
    mkdir -p "$LIUHEN_FAULTS"
    cp .build/release/liuhen "$LIUHEN_FAULTS/"
    swift build -c release --product liuhen || exit 1
fi
export LIUHEN_FAULTS
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
