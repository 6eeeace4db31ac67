#!/bin/sh
# Runs every test: the Swift tests with all their judges, then scripts/tests.d/*.sh in order. Each must exit 0.
# LIUHEN_VECTORS, if set, names a directory of public vectors; without it the tests that read them say so.
set -u
cd "$(dirname "$0")/.."
export LIUHEN_JUDGES=1
passed=0
failed=0
names=

try() {
    name=$1
    shift
    echo "== $name"
    if "$@"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        names="$names $name"
        echo "== $name failed" >&2
    fi
}

try "swift test" swift test --skip-build
for script in scripts/tests.d/*.sh; do
    # One that lost its mode fails, and is not left out.
    try "$script" "$script"
done
[ -z "$names" ] || echo "failed:$names"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
