#!/bin/sh
# Makes a real bureau from the command line, registers people, and puts an old copy of the data back.
set -eu
cd "$(dirname "$0")/../.."
bin=$(swift build --show-bin-path)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
place="--data $work/data --keys $work/keys --lock $work/lock"

fail() {
    echo "10-bureau: $*" >&2
    exit 1
}

# shellcheck disable=SC2086
# A text that is not there is said before anything is made.
if "$bin/liuhen" init $place --bureau testing --origin testing.example/log/testing --name 测试统计局 --region 测试县 \
    --mark 测统 --administrator 管小理 --regulations zhaoxian-2017,no-such-text --without-reading-back \
    >"$work/init.txt" 2>&1; then fail "a text that is not there was adopted"; fi
grep -q '没有制度“no-such-text”。可以采用的有：.*luanchuan-2020' "$work/init.txt" || fail "which texts there are is not said"
"$bin/liuhen" init $place --bureau testing --origin testing.example/log/testing --name 测试统计局 --region 测试县 \
    --mark 测统 --administrator 管小理 --without-reading-back >"$work/init.txt"
grep -q '第 1 份，共 2 份' "$work/init.txt" && grep -q '第 2 份，共 2 份' "$work/init.txt" || fail "no recovery sheet in two copies"
sed -n 's/.*一次性密码：\([^（]*\)（.*/\1/p' "$work/init.txt" >"$work/once"
[ -s "$work/once" ] || fail "no one-time secret"

# Interrupted at the question, the founder has the secret; the sheet can be printed again.
# shellcheck disable=SC2086
"$bin/liuhen" recovery print $place >"$work/again.txt" || fail "the sheet was not printed again"
for number in 1 2 3 4 5 6 7 8; do
    sed -n "s/.*第${number}组 \([0-9A-Z]*\).*/\1/p" "$work/again.txt" | head -n 1
done >"$work/groups"
[ "$(grep -c "$(sed -n 3p "$work/groups")" "$work/init.txt")" -ge 2 ] || fail "the sheet printed again is another"

# init asks for a group of the sheet that it printed: a wrong answer is told, the right one goes on record, and only then.
read_back="--data $work/read --keys $work/read-keys --lock $work/read-lock"
python3 - "$bin/liuhen" "$read_back" <<'PYTHON' || fail "init with the sheet read back"
import re, subprocess, sys
program, place = sys.argv[1], sys.argv[2].split()
asked = subprocess.Popen(
    [program, "init", *place, "--bureau", "read", "--origin", "read.example/log/read", "--name", "读回统计局", "--region",
     "测试县", "--mark", "读统", "--administrator", "管小理"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
said = b""


def until(words):
    global said
    while True:
        found = re.search(words, said.decode(errors="ignore"))
        if found:
            return found
        more = asked.stdout.read1()
        assert more, "init ended: " + said.decode()
        said += more


number = until("读回第 ([1-8]) 组：")[1]
group = re.search("第%s组 ([0-9A-Z]+)" % number, said.decode())[1]
assert "下一步" not in said.decode()
other = re.search("第%d组 ([0-9A-Z]+)" % (int(number) % 8 + 1), said.decode())[1]
asked.stdin.write((other + "\n").encode())
asked.stdin.flush()
until("与恢复单不符")
asked.stdin.write((group + "\n").encode())
asked.stdin.close()
until("下一步：liuhen serve")
assert asked.wait() == 0, asked.returncode
PYTHON
confirmed='SELECT count(*) FROM entry WHERE type = '"'recovery.confirmed'"
[ "$(sqlite3 "$work/read/bureaus/read/ledger.sqlite" "$confirmed")" = 1 ] || fail "the sheet read back is not on record"
[ "$(sqlite3 "$work/data/bureaus/testing/ledger.sqlite" "$confirmed")" = 0 ] || fail "a sheet that nobody read back is on record"

half="--data $work/half --keys $work/half-keys --lock $work/half-lock"
# shellcheck disable=SC2086
"$bin/liuhen" init $half --bureau half --origin half.example/log/half --name 半建统计局 --region 测试县 --mark 半统 \
    --administrator 管小理 </dev/null >"$work/half.txt" 2>&1 && fail "a sheet that nobody read back counts as kept"
grep -q '一次性密码：' "$work/half.txt" || fail "no secret for whoever is interrupted: $(cat "$work/half.txt")"
rm -rf "$work/half/bureaus/half"
# shellcheck disable=SC2086
"$bin/liuhen" init $half --bureau half --origin half.example/log/half --name 半建统计局 --region 测试县 --mark 半统 \
    --administrator 管小理 --without-reading-back >"$work/half.txt" 2>&1 && fail "half a bureau was built on"
grep -q "$work/half-keys/half" "$work/half.txt" && grep -q "$work/half-lock/half.lock" "$work/half.txt" ||
    fail "what is left of half a bureau is not named: $(cat "$work/half.txt")"
"$bin/liuhen" init --data "$work/in" --keys "$work/in/keys" --lock "$work/in-lock" --bureau in --origin in.example/log/in \
    --name 同处统计局 --region 测试县 --mark 同统 --administrator 管小理 --without-reading-back >"$work/in.txt" 2>&1 &&
    fail "keys within the data directory are taken"
grep -q '密钥目录.*在数据目录.*里面' "$work/in.txt" && [ ! -e "$work/in" ] || fail "nested directories: $(cat "$work/in.txt")"

add() {
    "$bin/liuhen" person add $place --account admin --secret-file "$1" --name "$2" --role "$3" --sign-in-name "$4" 2>&1
}
add "$work/once" 甲一 officer jia | grep -q '一次性密码。请先更改' || fail "a one-time secret could be used to act"
echo 'quiet-meadow-4711' >"$work/secret"
"$bin/liuhen" person secret $place --account admin --secret-file "$work/once" --new-secret-file "$work/secret" >/dev/null
add "$work/once" 甲一 officer jia | grep -q '登录名或者密码不对' || fail "the one-time secret still works"
add "$work/secret" 甲一 officer jia | grep -q '甲一已登记' || fail "the person was not registered"
add "$work/secret" 甲二 officer jia | grep -q '这个登录名已有人使用' || fail "a sign-in name was given twice"
add "$work/secret" 甲二 emperor yi | grep -q '没有“emperor”这项职责' || fail "an unknown role was taken"

cp -a "$work/data" "$work/older"
add "$work/secret" 乙一 legalReviewer yi | grep -q '乙一已登记' || fail "the second person was not registered"
"$bin/liuhen" person list $place | grep -q '乙一.*法制审查人员.*账号 yi' || fail "the list lacks a person"
"$bin/liuhen" ledger verify $place | grep -q '完整无误' || fail "the ledger does not verify"
"$bin/liuhen" ledger rebuild $place | grep -q '完全一致' || fail "the rebuilt rows differ"
size=$("$bin/liuhen" ledger verify $place | sed -n 's/.*：\([0-9]*\) 条，根.*/\1/p')
curl_free=$("$bin/liuhen" serve $place --listen 0.0.0.0:18098 2>&1) && fail "it listens beyond this machine"
echo "$curl_free" | grep -q 'behind-proxy' || fail "the refusal does not say what to do"

mv "$work/data" "$work/newer"
mv "$work/older" "$work/data"
"$bin/liuhen" doctor $place >"$work/doctor.txt" 2>&1 && fail "an old copy was opened"
grep -q "而曾经确认过$size条" "$work/doctor.txt" || fail "the refusal does not name the size: $(cat "$work/doctor.txt")"
echo "10-bureau: made, people registered, old copy refused at $size records"
