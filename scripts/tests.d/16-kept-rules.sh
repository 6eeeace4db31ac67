#!/bin/sh
# A bureau goes on under the file that it adopted, when the program brings another under the same name.
set -eu
cd "$(dirname "$0")/../.."
bin=$(swift build --show-bin-path)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
place="--data $work/data --keys $work/keys --lock $work/lock --root $work/program"

fail() {
    echo "16-kept-rules: $*" >&2
    exit 1
}

mkdir "$work/program"
for part in Regulations Documents Resources worker; do cp -R "$part" "$work/program/"; done
# shellcheck disable=SC2086
"$bin/liuhen" init $place --bureau testing --origin testing.example/log/testing --name 测试统计局 --region 测试县 \
    --mark 测统 --administrator 管小理 --without-reading-back >/dev/null
# shellcheck disable=SC2086
"$bin/liuhen" person list $place | grep -q 管小理 || fail "the bureau does not open"
kept=$(ls "$work/data/rules" | wc -l)
[ "$kept" -ge 2 ] || fail "the adopted texts are not kept: $kept"

echo '# a repaired remark' >>"$work/program/Regulations/parent-law.yaml"
# shellcheck disable=SC2086
"$bin/liuhen" person list $place | grep -q 管小理 || fail "another file under the same name stopped the bureau"
[ "$(ls "$work/data/rules" | wc -l)" -eq $((kept + 1)) ] || fail "the new file is not kept"

adopted=$(grep -L 'a repaired remark' "$work"/data/rules/*.yaml | xargs grep -l '^regulation: parent-law')
cp "$adopted" "$work/adopted"
echo '# changed by hand' >>"$adopted"
# shellcheck disable=SC2086
"$bin/liuhen" person list $place >"$work/refused" 2>&1 && fail "a changed kept text was taken"
grep -q '摘要不符' "$work/refused" || fail "the refusal does not say what is wrong: $(cat "$work/refused")"
rm "$adopted"
# shellcheck disable=SC2086
"$bin/liuhen" person list $place >"$work/refused" 2>&1 && fail "a bureau opened without the text that it adopted"
grep -q '找不到制度' "$work/refused" || fail "the refusal does not name the text: $(cat "$work/refused")"
cp "$work/adopted" "$adopted"
# shellcheck disable=SC2086
"$bin/liuhen" person list $place | grep -q 管小理 || fail "the bureau does not open with its text put back"
echo "16-kept-rules: an adopted text is kept by its digest, and a changed one is refused"
