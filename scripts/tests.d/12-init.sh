#!/usr/bin/env bash
# A bureau is founded by right answers or not at all: each wrong one is named by its option before the first file is made, a
# founding that fails later leaves what was there before, and no two bureaus of a server have logs of one name.
set -euo pipefail
cd "$(dirname "$0")/../.."
bin=${LIUHEN_BIN:-$(swift build --show-bin-path)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

fail() {
    echo "12-init: $*" >&2
    exit 1
}
at="$work/server"
lock="$at/lock"
# found TAG ORIGIN OPTION...: the options given win over those of the good bureau.
found() {
    "$bin/liuhen" init --data "$at/data" --keys "$at/keys" --lock "$lock" --bureau "$1" --origin "$2" \
        --name 虚构县统计局 --region 虚构县 --mark 虚统 --administrator 管一 --without-reading-back "${@:3}" >"$work/out" 2>&1
}
says() {
    for words in "$@"; do grep -qF -- "$words" "$work/out" || fail "it does not say “$words”: $(cat "$work/out")"; done
}
# refused OPTION VALUE: that option alone is wrong, and nothing is there afterwards.
refused() {
    found real real.example/log "$1" "$2" && fail "$1 “$2” was taken"
    says "没有建立机关" "$1："
    [ "$(grep -c '^  --' "$work/out")" = 1 ] || fail "$1 “$2”: $(cat "$work/out")"
    if grep -E '已填内容|再提交|^  (name|account|reason|documentMark)：' "$work/out"; then fail "words of a page"; fi
    [ ! -e "$at" ] || fail "$1 “$2” left $(find "$at")"
}
sixty_one=$(printf '长%.0s' $(seq 61))
for text in "" "   " "$sixty_one" $'虚构\n县' $'虚\u202e构'; do
    for option in --name --region --administrator; do refused "$option" "$text"; done
done
for text in "$sixty_one" $'虚构\n县'; do refused --letterhead "$text"; refused --superior "$text"; done
for text in "" "〔2026〕1号" "{mark}" "虚 统" "$sixty_one"; do refused --mark "$text"; done
for text in "A B" "" a 张三 "$(printf 'a%.0s' $(seq 33))"; do refused --account "$text"; done
found real "虚 构" && fail "a name that no key can carry was taken"
says '--origin：'
found real real.example/log --name "" --mark 1 --account X && fail "three wrong answers were taken"
says '--name：' '--mark：' '--account：'
[ ! -e "$at" ] || fail "three wrong answers left $(find "$at")"

# What cannot be made after the first keys were: on an empty place, and beside a bureau that works.
touch "$work/file"
lock="$work/file/lock"
found real real.example/log && fail "a lock file below a file"
says '没有建立机关，这次建的文件已经清除' '路径中有一段不是目录'
[ ! -e "$at" ] || fail "a founding that failed left $(find "$at")"
lock="$at/lock"
found real real.example/log --mark " 虚统 " || fail "the right answers: $(cat "$work/out")"
[ "$(sqlite3 "$at/data/bureaus/real/ledger.sqlite" "SELECT count(*) FROM opening WHERE value LIKE '%\"documentMark\":\"虚统\"%'")" = 1 ] ||
    fail "the mark is kept with the spaces about it"
doctor() { "$bin/liuhen" doctor --data "$at/data" --keys "$at/keys" --lock "$at/lock" >"$work/out" 2>&1; }
doctor || fail "doctor: $(cat "$work/out")"
lock="$work/file/lock"
found two two.example/log && fail "a lock file below a file, beside a bureau"
[ "$(find "$at" -name '*two*' | wc -l)" = 0 ] || fail "a second founding that failed left $(find "$at" -name '*two*')"
lock="$at/lock"
doctor || fail "a second founding that failed broke the first bureau: $(cat "$work/out")"

# Names of logs.
for origin in real.example/log real.example/log/2 real.example/log/17; do
    found two "$origin" && fail "the name $origin was given twice"
    says '--origin：' '机关 real' '请另取一个名称'
    [ "$(find "$at" -name '*two*' | wc -l)" = 0 ] || fail "a name that is taken left $(find "$at" -name '*two*')"
done
found two real.example/log/two || fail "another name: $(cat "$work/out")"
found three four.example/log/2 || fail "a name that ends with a number: $(cat "$work/out")"
found four four.example/log && fail "a name whose next log another bureau has"
says '机关 three'
doctor || fail "doctor of three: $(cat "$work/out")"
if grep '记录链名称：' "$work/out"; then fail "three different names"; fi
# A pair from before this rule.
for part in data keys lock; do mv "$at/$part" "$work/kept-$part"; done
found old real.example/log/2 || fail "alone: $(cat "$work/out")"
mv "$at/data/bureaus/old" "$work/kept-data/bureaus/"
mv "$at/keys/old" "$work/kept-keys/"
mv "$at/lock/old.lock" "$work/kept-lock/"
rm -rf "$at"
mkdir "$at"
for part in data keys lock; do mv "$work/kept-$part" "$at/$part"; done
doctor || true
grep '记录链名称：机关 old 的记录链 real.example/log/2 与机关 real 的 real.example/log 同名' "$work/out" >/dev/null ||
    fail "doctor does not name two logs of one name: $(cat "$work/out")"
echo "12-init: wrong answers left nothing, a failed founding was undone, names of logs stay apart"
