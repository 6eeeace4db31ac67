#!/bin/sh
# Walks leads and procedures in a real browser over a fresh demonstration; pictures go to .test-results/procedures.
set -eu
cd "$(dirname "$0")/../.."
root=$PWD
bin=$(swift build --show-bin-path)
out=$root/.test-results/procedures
work=$(mktemp -d)
port=18142
server=

finish() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    [ -z "$server" ] || wait "$server" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT INT TERM

rm -rf "$out"
mkdir -p "$out"
"$bin/liuhen" demo --directory "$work/demo" --listen "127.0.0.1:$port" >"$out/server.log" 2>&1 &
server=$!
tries=0
until curl -fs -o /dev/null "http://127.0.0.1:$port/health"; do
    tries=$((tries + 1))
    if [ "$tries" -gt 240 ] || ! kill -0 "$server" 2>/dev/null; then
        echo "the demonstration did not start; see $out/server.log" >&2
        exit 1
    fi
    sleep 0.5
done
"$root/.venv/bin/python" Tests/Browser/procedures.py "http://127.0.0.1:$port" "$out"
