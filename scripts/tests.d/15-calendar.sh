#!/bin/sh
# Counts terms and imports a year's public holidays from the command line, as a bureau would.
set -eu
cd "$(dirname "$0")/../.."
bin=$(swift build --show-bin-path)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

fail() {
    echo "15-calendar: $*" >&2
    exit 1
}
add() { "$bin/liuhen" calendar add "$@" 2>"$work/err"; }

[ "$(add 2026-09-30T10:00+08:00 2wd)" = 'last day 2026-10-09, late from 2026-10-10T00:00:00+08:00' ] || fail "2wd"
[ ! -s "$work/err" ] || fail "a published year warns"
[ "$(add 2026-09-30T10:00+08:00 24h)" = '2026-10-01T10:00:00+08:00' ] || fail "24h"
[ "$(add 2026-09-30T10:00+08:00 3d --roll)" = 'last day 2026-10-08, late from 2026-10-09T00:00:00+08:00' ] || fail "3d --roll"
[ "$(add 2026-09-30T10:00+08:00 1m)" = 'last day 2026-10-30, late from 2026-10-31T00:00:00+08:00' ] || fail "1m"
[ "$(add 2031-01-01T10:00 1wd)" = 'last day 2031-01-02, late from 2031-01-03T00:00:00+08:00' ] || fail "an unpublished year"
grep -q '2031年没有放假安排，按周一至周五计算' "$work/err" || fail "an unpublished year does not warn"
refused() {
    words=$1
    shift
    if "$bin/liuhen" calendar "$@" >"$work/out" 2>&1; then fail "went through: $*"; fi
    grep -q "$words" "$work/out" || fail "$*: $(cat "$work/out")"
}
refused '不是可以起算的时间' add 2026-02-30T10:00+08:00 2wd
refused '太长' add 2026-09-30T10:00+08:00 99999999999999999999wd
refused '期限应写成' add 2026-09-30T10:00+08:00 2weeks
refused '2031年没有放假安排' show 2031
refused '不是年份' show 26
"$bin/liuhen" calendar show 2026 >"$work/out"
grep -q '国办发明电〔2025〕7号' "$work/out" && grep -q '工作日：248天' "$work/out" || fail "show: $(cat "$work/out")"

# A root of its own: the import writes beside the other files.
mkdir "$work/root"
cp -R Regulations Documents "$work/root/"
for name in Resources worker .venv; do [ ! -e "$name" ] || ln -s "$PWD/$name" "$work/root/$name"; done
place="--data $work/data --keys $work/keys --lock $work/lock --root $work/root"
# shellcheck disable=SC2086
"$bin/liuhen" init $place --bureau testing --origin testing.example/log/testing --name 测试统计局 --region 测试县 \
    --mark 测统 --administrator 管小理 --without-reading-back >"$work/init.txt"
sed -n 's/.*一次性密码：\([^（]*\)（.*/\1/p' "$work/init.txt" >"$work/once"
echo 'quiet-meadow-4711' >"$work/secret"
# shellcheck disable=SC2086
"$bin/liuhen" person secret $place --account admin --secret-file "$work/once" --new-secret-file "$work/secret" >/dev/null
echo 'wrong' >"$work/wrong"
cat >"$work/next.yaml" <<'YAML'
year: 2031
source: 国务院办公厅关于2031年部分节假日安排的通知（示例）
holidays:
  - { name: 元旦, from: 2031-01-01, to: 2031-01-03, make-up: [2031-01-05] }
YAML
# shellcheck disable=SC2086
import() {
    "$bin/liuhen" calendar import $place --account admin --secret-file "$1" "$2" 2>&1
}
import "$work/wrong" "$work/next.yaml" | grep -q '登录名或者密码不对' || fail "a wrong secret was taken"
[ ! -e "$work/root/Regulations/calendars/2031.yaml" ] || fail "a refused import left its file"
sed 's/2031-01-05/2031-01-02/' "$work/next.yaml" >"$work/bad.yaml"
import "$work/secret" "$work/bad.yaml" | grep -q '落在节日“元旦”之内' || fail "a bad file was taken"
import "$work/secret" "$work/next.yaml" | grep -q '已采用2031年放假安排（第1版）' || fail "the import failed"
import "$work/secret" "$work/next.yaml" | grep -q '已经采用2031年的这份放假安排' || fail "the same file was adopted twice"
sed 's/2031-01-05/2031-01-04/' "$work/next.yaml" >"$work/changed.yaml"
import "$work/secret" "$work/changed.yaml" | grep -q 'version: 2' || fail "a changed year came in without version"
sed '1a version: 2' "$work/changed.yaml" >"$work/second.yaml"
import "$work/secret" "$work/second.yaml" | grep -q '已采用2031年放假安排（第2版）' || fail "the second version failed"
[ -e "$work/root/Regulations/calendars/2031.yaml" ] || fail "the first version went"
"$bin/liuhen" calendar show --root "$work/root" 2031 | grep -q '上班：2031-01-04' || fail "show does not have the second version"
[ "$("$bin/liuhen" calendar add --root "$work/root" 2030-12-31T10:00+08:00 2wd 2>/dev/null)" \
    = 'last day 2031-01-06, late from 2031-01-07T00:00:00+08:00' ] || fail "the imported year does not count"
# shellcheck disable=SC2086
"$bin/liuhen" ledger verify $place | grep -q '完整无误' || fail "the ledger does not verify"
# What was adopted is kept with the data; it is missed only when it is gone there too.
rm "$work/root/Regulations/calendars/2031-2.yaml"
# shellcheck disable=SC2086
"$bin/liuhen" person list $place >"$work/out" 2>&1 || fail "the kept table was not used: $(cat "$work/out")"
kept=$(grep -rl 'make-up: \[2031-01-04\]' "$work/data/rules") || fail "the adopted table was not kept with the data"
# shellcheck disable=SC2086
rm $kept
# shellcheck disable=SC2086
"$bin/liuhen" person list $place >"$work/out" 2>&1 && fail "an adopted file that is gone went unnoticed"
grep -q '2031' "$work/out" || fail "$(cat "$work/out")"
echo "15-calendar: terms counted, a year imported, changed, kept with the data, and missed when it was gone there"
