#!/bin/sh
# Runs every test: the Swift tests with all their judges, then scripts/tests.d/*.sh in order. Each must exit 0.
# LIUHEN_VECTORS, if set, names a directory of public vectors; without it the tests that read them say so.
#
# What each said is kept in .test-results/said, and the end of what a failed one said is said once more at the end.
set -u
cd "$(dirname "$0")/.."
export LIUHEN_JUDGES=1
said=.test-results/said
mkdir -p "$said"
passed=0
failed=0
names=

try() {
    name=$1
    shift
    log="$said/$(basename "$name" .sh | tr ' ' '-')"
    echo "== $name (as it goes: tail -f $log)"
    # Into a file, not through a pipe: a process that a failed script left behind would hold that open for ever.
    if "$@" >"$log" 2>&1; then
        passed=$((passed + 1))
        cat "$log"
    else
        failed=$((failed + 1))
        names="$names $log"
        cat "$log"
        echo "== $name failed" >&2
    fi
}

try "swift test" swift test --skip-build
for script in scripts/tests.d/*.sh; do
    # One that lost its mode fails, and is not left out.
    try "$script" "$script"
done
for log in $names; do
    echo "== the end of $log"
    tail -n 25 "$log" | cut -c 1-400
done
[ -z "$names" ] || echo "failed:$names"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
