#!/bin/sh
# Printed sheets come back: a demonstration's documents are drawn as pictures, turned upside down, slanted and mixed with an
# empty page and another case's sheet, uploaded, filed, and compared with what was printed. Then the ledger verifies, its
# rows are rebuilt, and the dossier with the scans is judged by the outsider's program.
set -eu
cd "$(dirname "$0")/../.."
bin=$(swift build --show-bin-path)
out=$PWD/.test-results/paper
work=$(mktemp -d)
port=${LIUHEN_PAPER_PORT:-18091}
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
    echo "43-paper: $*" >&2
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
.venv/bin/python Tests/API/paper.py "http://127.0.0.1:$port" "$work" || fail "see above, and $out/server.log"
stop

place="--data $work/demo/data --keys $work/demo/keys --lock $work/demo/lock"
# shellcheck disable=SC2086
"$bin/liuhen" ledger verify $place | grep -q '完整无误' || fail "the ledger does not verify"
# shellcheck disable=SC2086
"$bin/liuhen" ledger rebuild $place | grep -q '完全一致' || fail "the rebuilt rows differ"
printf 'demo-shen-2026\n' >"$work/head"
# shellcheck disable=SC2086
"$bin/liuhen" dossier export $place --case-thread "$(cat "$work/case")" --account shen --secret-file "$work/head" \
    --for archive --mode compact "$work/bag" >"$work/export.txt" 2>&1 || fail "no dossier: $(cat "$work/export.txt")"
vkey=$(sed -n "s/.*--vkey '\(.*\)'.*/\1/p" "$work/export.txt")
"$bin/liuhen-verify" "$work/bag" --vkey "$vkey" >"$work/verdict.txt" 2>&1 || fail "the dossier: $(cat "$work/verdict.txt")"
scan=$(find "$work/bag" -name '*扫描件.pdf' | head -n 1)
[ -n "$scan" ] || fail "the dossier holds no scan"
qpdf --check "$scan" >/dev/null || fail "the scan in the dossier is no PDF"
printf x >>"$scan"
"$bin/liuhen-verify" "$work/bag" --vkey "$vkey" >"$work/verdict.txt" 2>&1 && fail "a changed scan was accepted"
echo "43-paper: filed, verified, rebuilt, and judged in the dossier"
