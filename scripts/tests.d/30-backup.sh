#!/bin/sh
# A bureau is backed up twice, put back in a new place, and goes on there: ledger verified, projections rebuilt equal,
# and a dossier of the restored place accepted by the verifier under the key that the old server had.
set -eu
bin=$(swift build --show-bin-path)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
demo="--data $root/demo/data --keys $root/demo/keys --lock $root/demo/lock"
new="--data $root/new/data --keys $root/new/keys --lock $root/new/lock"
secret() {
    # The words of the demonstration, one file for each account.
    echo "demo-$1-2026" > "$root/secret-$1"
    echo "$root/secret-$1"
}
fail() {
    echo "30-backup: $1" >&2
    exit 1
}

"$bin/liuhen" demo --directory "$root/demo" --prepare-only > "$root/log"
# shellcheck disable=SC2086
"$bin/liuhen" backup $demo "$root/medium" > "$root/first"
thread=$(python3 - "$root/demo/data/bureaus/qinghe/ledger.sqlite" <<'PY'
import sqlite3, sys
database = sqlite3.connect(sys.argv[1])
print(database.execute("SELECT lower(hex(thread)) FROM case_file WHERE state = 'filed' AND kind = 'penalty'").fetchone()[0])
PY
)
# One more entry: an export is recorded in the case.
# shellcheck disable=SC2086
"$bin/liuhen" dossier export $demo --case-thread "$thread" --account jiang --secret-file "$(secret jiang)" \
    "$root/before.zip" > "$root/export"
vkey=$(sed -n "s/.*--vkey '\(.*\)'.*/\1/p" "$root/export")
[ -n "$vkey" ] || fail "the export names no key"
# shellcheck disable=SC2086
"$bin/liuhen" backup $demo "$root/medium" > "$root/second"
first=$(sed -n 's/.*写入 .* 个文件、\([0-9]*\) 字节.*/\1/p' "$root/first")
second=$(sed -n 's/.*写入 .* 个文件、\([0-9]*\) 字节.*/\1/p' "$root/second")
[ "$second" -lt 40000 ] || fail "the second run wrote $second bytes"
[ "$first" -gt $((second * 20)) ] || fail "the first run wrote $first bytes, the second $second"

# The eight groups of the recovery sheet, written by another hand than the program's.
python3 - "$root/demo/keys/qinghe/backup.key" > "$root/groups" <<'PY'
import hashlib, sys
key = bytes.fromhex(open(sys.argv[1]).read().strip())
letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
for number in range(8):
    part = key[4 * number:4 * number + 4]
    value = int.from_bytes(part, "big") << 3
    word = "".join(letters[value >> 5 * place & 31] for place in range(6, -1, -1))
    check = hashlib.sha256(b"liuhen/recovery/v1\n" + bytes([number]) + part).digest()[0] & 31
    print(word + letters[check])
PY
tr 'A-Y' 'B-Z' < "$root/groups" > "$root/wrong-groups"
# shellcheck disable=SC2086
"$bin/liuhen" restore $new --recovery-key-file "$root/wrong-groups" "$root/medium" > "$root/log" 2>&1 &&
    fail "a wrong recovery key was taken"
[ ! -e "$root/new/data/bureaus/qinghe" ] || fail "a wrong key left something behind"
# The backup cannot know whether anything came after it: the log goes on only with the old server's lock file at hand.
# shellcheck disable=SC2086
"$bin/liuhen" restore $new --recovery-key-file "$root/groups" "$root/medium" > "$root/log" 2>&1 &&
    fail "a restore without proof went on in the same log"
grep -q '^错误：没有恢复' "$root/log" || fail "the refusal: $(cat "$root/log")"
grep -q -- '--checkpoint' "$root/log" || fail "the refusal does not name the checkpoint"
grep -q -- '--new-log' "$root/log" || fail "the refusal does not name the other way"
mkdir -p "$root/new"
cp -a "$root/demo/lock" "$root/new/lock"
# A program whose texts were repaired since judges by the kept ones, which come from the medium.
mkdir "$root/program"
for part in Regulations Documents Resources worker; do cp -R "$part" "$root/program/"; done
echo '# a repaired remark' >> "$root/program/Regulations/parent-law.yaml"
# shellcheck disable=SC2086
"$bin/liuhen" restore $new --root "$root/program" --recovery-key-file "$root/groups" "$root/medium" > "$root/restored" 2>&1 ||
    fail "the restore: $(cat "$root/restored")"
(cd "$root/demo/data/rules" && ls) > "$root/kept"
for file in $(cat "$root/kept"); do
    cmp -s "$root/demo/data/rules/$file" "$root/new/data/rules/$file" || fail "the kept file $file did not come back"
    [ "$(sha256sum < "$root/new/data/rules/$file" | cut -c1-64)" = "${file%%.*}" ] || fail "$file is not what its name says"
done
[ "$(wc -l < "$root/kept")" -gt 90 ] || fail "few files are kept: $(wc -l < "$root/kept")"
# shellcheck disable=SC2086
"$bin/liuhen" doctor $new > "$root/log" || { cat "$root/log" >&2; fail "doctor"; }
# shellcheck disable=SC2086
"$bin/liuhen" ledger verify $new > "$root/log" || { cat "$root/log" >&2; fail "ledger verify"; }
# shellcheck disable=SC2086
"$bin/liuhen" ledger rebuild $new > "$root/log" || { cat "$root/log" >&2; fail "ledger rebuild"; }
# The same people sign in with the same secrets, and the case can be handed out.
# shellcheck disable=SC2086
"$bin/liuhen" dossier export $new --case-thread "$thread" --account jiang --secret-file "$(secret jiang)" \
    "$root/after.zip" > "$root/log"
"$bin/liuhen-verify" "$root/after.zip" --vkey "$vkey" > "$root/log" || { cat "$root/log" >&2; fail "liuhen-verify"; }
# The old server's state is now the older one: it does not write over the new one's backup.
# shellcheck disable=SC2086
"$bin/liuhen" backup $new "$root/medium" > "$root/log"
# shellcheck disable=SC2086
"$bin/liuhen" backup $demo "$root/medium" > "$root/log" 2>&1 && fail "an older state was written over a newer one"
grep -q '没有覆盖' "$root/log" || fail "the refusal does not say what it refuses"
# shellcheck disable=SC2086
"$bin/liuhen" restore $new --recovery-key-file "$root/groups" "$root/medium" > "$root/log" 2>&1 &&
    fail "a place that is not empty was restored to"

# The sheet that `init` prints is what opens the backup of the bureau that it made.
real="--data $root/real/data --keys $root/real/keys --lock $root/real/lock"
again="--data $root/again/data --keys $root/again/keys --lock $root/again/lock"
# shellcheck disable=SC2086
"$bin/liuhen" init $real --bureau tianshui --origin tianshui.example/log --name 天水县统计局（测试） --region 天水县（虚构） \
    --mark 天统 --administrator 秦默 --without-reading-back > "$root/sheet"
grep -o '第[1-8]组 [0-9A-Z]*' "$root/sheet" | head -n 8 | sed 's/.* //' > "$root/printed"
# shellcheck disable=SC2086
"$bin/liuhen" backup $real "$root/other" > "$root/log"
mkdir -p "$root/again"
cp -a "$root/real/lock" "$root/again/lock"
# shellcheck disable=SC2086
"$bin/liuhen" restore $again "$root/other" < "$root/printed" > "$root/log" || { cat "$root/log" >&2; fail "the printed sheet"; }

echo "30-backup: restored; first run $first bytes, second $second"
