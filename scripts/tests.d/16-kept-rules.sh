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
[ "$kept" -ge 90 ] || fail "texts, calendars, matters and forms are not kept: $kept"
[ "$(ls "$work"/data/rules/*.edition | wc -l)" = 1 ] || fail "the list of the files is not kept"
for file in "$work"/data/rules/*; do
    name=$(basename "$file")
    [ "$(sha256sum <"$file" | cut -c1-64)" = "${name%%.*}" ] || fail "$name is not what its name says"
done

echo '# a repaired remark' >>"$work/program/Regulations/parent-law.yaml"
# shellcheck disable=SC2086
"$bin/liuhen" person list $place | grep -q 管小理 || fail "another file under the same name stopped the bureau"
[ "$(ls "$work/data/rules" | wc -l)" -eq $((kept + 2)) ] || fail "the new file and the new list are not kept"
doctor() {
    # shellcheck disable=SC2086
    "$bin/liuhen" doctor $place >"$work/doctor" 2>&1 || true
}
doctor
grep -q '✓ 留存的规则文件：2 套' "$work/doctor" || fail "the doctor does not see the kept rules: $(cat "$work/doctor")"
grep -q '采用的《.*》.*不是程序现有的文件' "$work/doctor" || fail "the doctor does not name the text: $(cat "$work/doctor")"

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
# A form that no list can be printed with any more is missed by the doctor.
form=$(ls "$work"/data/rules/*.typ | head -n 1)
mv "$form" "$work/form"
doctor
grep -q '✗ 留存的规则文件.*缺少 Documents/' "$work/doctor" || fail "the doctor does not miss a form: $(cat "$work/doctor")"
mv "$work/form" "$form"
# A calendar that the program no longer has is still counted by.
rm "$work"/program/Regulations/calendars/*.yaml
# shellcheck disable=SC2086
"$bin/liuhen" person list $place | grep -q 管小理 || fail "the bureau does not open with its kept calendars"
# Failures are told in Chinese, also those of the typed line.
"$bin/liuhen" person list --nonsense >"$work/refused" 2>&1 && fail "an unknown option was taken"
grep -q '^错误：没有 --nonsense 这个选项' "$work/refused" || fail "$(cat "$work/refused")"
grep -q '^用法：' "$work/refused" || fail "$(cat "$work/refused")"
grep -qE '^(Error|Usage):' "$work/refused" && fail "$(cat "$work/refused")"
echo "16-kept-rules: an adopted text is kept by its digest, and a changed one is refused"
