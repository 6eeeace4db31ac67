#!/usr/bin/env bash
# The sweeps of the tests over every byte instead of some: each byte of a small dossier and of its archive changed in turn,
# with manifests as they were and with manifests made to fit, and a bag of two logs. Small notes, proofs, skeletons, tiles
# and journals of uploads need no longer run: make test turns every bit of them.
set -euo pipefail
cd "$(dirname "$0")/../.."
scripts/setup.sh test
out=.test-results/sweeps.txt
mkdir -p .test-results
swift build --build-tests >"$out" 2>&1 || {
    tail -20 "$out" >&2
    echo "50-sweeps: it does not build" >&2
    exit 1
}
# Only what says that it sweeps: the suites that read the variable.
suites=$(grep -rl 'Soak\.isOn' Tests --include='*.swift' | xargs -n1 basename | sed 's/\.swift$//' | sort -u | paste -sd '|')
[ -n "$suites" ] || { echo "50-sweeps: no test sweeps" >&2; exit 1; }
LIUHEN_SOAK=1 LIUHEN_JUDGES=1 swift test --skip-build --filter "$suites" >"$out" 2>&1 || {
    grep -E '✘|error:' "$out" >&2 || tail -40 "$out" >&2
    exit 1
}
grep -E 'Test run with [1-9][0-9]* test' "$out" || { echo "50-sweeps: no test ran" >&2; exit 1; }
