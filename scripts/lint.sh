#!/bin/sh
# Format, and the rules of the house that a formatter does not know: scripts/lint.d, each exit 0 with no output.
set -u
cd "$(dirname "$0")/.."
status=0
try() {
    name=$1
    shift
    "$@" || { status=1; echo "lint: $name failed" >&2; }
}
try "swift format" swift format lint --strict -r -p Sources Tests Package.swift Benchmarks/Sources Benchmarks/Package.swift
for check in scripts/lint.d/*; do
    try "$check" "$check"
done
[ "$status" = 0 ] && echo "lint: clean"
exit "$status"
