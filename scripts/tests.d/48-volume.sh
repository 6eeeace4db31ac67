#!/bin/sh
# The bound volumes of a demonstration's filed cases are read back from the paper: sheets, order, numbers in the corner and
# the catalogue that is bound with them; a page is printed again. Then the ledger verifies with the looks that this left.
set -eu
cd "$(dirname "$0")/../.."
bin=$(swift build --show-bin-path)
out=$PWD/.test-results/volume
work=$(mktemp -d)
port=${LIUHEN_VOLUME_PORT:-18094}
server=

stop() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    [ -z "$server" ] || wait "$server" 2>/dev/null || true
    server=
}
finish() {
    stop
    rm -rf "$work"
}
trap finish EXIT INT TERM

fail() {
    echo "48-volume: $*" >&2
    exit 1
}

scripts/setup.sh test
rm -rf "$out"
mkdir -p "$out"
"$bin/liuhen" demo --directory "$work/demo" --listen "127.0.0.1:$port" >"$out/server.log" 2>&1 &
server=$!
tries=0
until curl -fs -o /dev/null "http://127.0.0.1:$port/health"; do
    tries=$((tries + 1))
    if [ "$tries" -gt 240 ] || ! kill -0 "$server" 2>/dev/null; then fail "the demonstration did not start; see $out/server.log"; fi
    sleep 0.5
done
.venv/bin/python Tests/API/volume.py "http://127.0.0.1:$port" "$out" || fail "see above, and $out/server.log"
stop
place="--data $work/demo/data --keys $work/demo/keys --lock $work/demo/lock"
# shellcheck disable=SC2086
"$bin/liuhen" ledger verify $place | grep -q '完整无误' || fail "the ledger does not verify"
echo "48-volume: bound, read back, printed again, verified"
