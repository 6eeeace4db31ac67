#!/usr/bin/env bash
# Records are lost for good: the restore refuses to continue the shorter log, two persons decide that a new one begins,
# and the case goes on in it; dossier, ledger, tiles, export and backup are judged across the gap, by our programs and by
# others. A backup is made beside the running server, and a clock that leapt is confirmed by two persons.
set -euo pipefail
cd "$(dirname "$0")/../.."
bin=$(swift build --show-bin-path)
python=.venv/bin/python
work=$(mktemp -d)
server=
port=18097
finish() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    [ -z "$server" ] || wait "$server" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT INT TERM
place="--data $work/demo/data --keys $work/demo/keys --lock $work/demo/lock"

fail() {
    echo "35-gap: $1" >&2
    [ ! -e "$work/log" ] || cat "$work/log" >&2
    exit 1
}

# run WHAT COMMAND...: must succeed; refused WORDS COMMAND...: must fail and say so. Output is in $work/log.
run() {
    what=$1
    shift
    "$@" >"$work/log" 2>&1 || fail "$what"
}
refused() {
    words=$1
    shift
    "$@" >"$work/log" 2>&1 && fail "went through, instead of: $words"
    grep -q "$words" "$work/log" || fail "the refusal does not say: $words"
}
# verdict CODE WORDS ARGUMENT...: liuhen-verify ends with this code and says these words.
verdict() {
    code=0
    "$bin/liuhen-verify" "${@:3}" >"$work/log" 2>&1 || code=$?
    [ "$code" = "$1" ] || fail "liuhen-verify ${*:3}: exit $code, not $1"
    grep -q "$2" "$work/log" || fail "the verdict does not say: $2"
}
says() { grep -q "$1" "$work/log" || fail "the output does not say: $1"; }
for name in admin shen jiang zhou; do echo "demo-$name-2026" >"$work/$name"; done
two="--account admin --secret-file $work/admin --second-account shen --second-secret-file $work/shen"
as_head="--account shen --secret-file $work/shen"
as_custodian="--account jiang --secret-file $work/jiang"
# Words of the options below hold no spaces.
# shellcheck disable=SC2086

run "the demonstration" "$bin/liuhen" demo --prepare-only --directory "$work/demo"
case_in() {
    "$python" - "$work/demo/data/bureaus/qinghe/ledger.sqlite" "$1" <<'PYTHON'
import sqlite3, sys
row = sqlite3.connect("file:%s?mode=ro" % sys.argv[1], uri=True).execute(
    "SELECT lower(hex(thread)) FROM case_file WHERE kind = 'penalty' AND state = ? ORDER BY id", [sys.argv[2]]).fetchone()
print(row[0])
PYTHON
}
open_case=$(case_in open)
filed_case=$(case_in filed)
run "the first backup" "$bin/liuhen" backup $place "$work/medium"
"$python" - "$work/demo/keys/qinghe/backup.key" >"$work/groups" <<'PYTHON'
import hashlib, sys
key = bytes.fromhex(open(sys.argv[1]).read().strip())
letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
for number in range(8):
    part = key[4 * number:4 * number + 4]
    value = int.from_bytes(part, "big") << 3
    word = "".join(letters[value >> 5 * place & 31] for place in range(6, -1, -1))
    check = hashlib.sha256(b"liuhen/recovery/v1\n" + bytes([number]) + part).digest()[0] & 31
    print(word + letters[check])
PYTHON

# A second medium is written beside the running server; somebody outside keeps the checkpoint of that hour.
serve() {
    setsid "$bin/liuhen" serve $place --listen "127.0.0.1:$port" >"$work/server.log" 2>&1 </dev/null &
    server=$!
    for _ in $(seq 240); do
        curl -s -o /dev/null "http://127.0.0.1:$port/health" && return
        kill -0 "$server" 2>/dev/null || fail "the server did not start: $(cat "$work/server.log")"
        sleep 0.25
    done
    fail "the server did not answer"
}
stop() {
    kill "$server"
    wait "$server" 2>/dev/null || true
    server=
}
base="http://127.0.0.1:$port/ledger/qinghe"
serve
run "the backup beside the server" "$bin/liuhen" backup $place --label 二号盘 "$work/second"
says '由它制作备份'
says '已全部读回核对'
refused '没有做完' "$bin/liuhen" backup $place /proc/nowhere
curl -fs "$base/checkpoint" >"$work/kept"
old_key=$(curl -fs "$base/vkey")
stop
kept_size=$(sed -n 2p "$work/kept")
run "a dossier of the filed case" "$bin/liuhen" dossier export $place --case-thread "$filed_case" $as_custodian "$work/before.zip"
verdict 0 接受 "$work/before.zip" --vkey "$old_key"

# The data is lost; keys and lock file are left.
mv "$work/demo/data" "$work/lost"
restore="$bin/liuhen restore $place --recovery-key-file $work/groups"
refused '之后的记录不在这份备份里' $restore "$work/medium"
says 'restore --new-log'
refused '系统管理员和第二人共同决定' $restore --new-log "$work/medium"
[ ! -e "$work/demo/data/bureaus/qinghe" ] || fail "a refused restore left something behind"
# One person twice is no two persons: the data is in its place by then, and nothing can be recorded in it.
refused '须由两个人共同决定' $restore --new-log --reason 硬盘损坏 --account admin --secret-file "$work/admin" \
    --second-account admin --second-secret-file "$work/admin" "$work/medium"
refused '曾经确认过' "$bin/liuhen" doctor $place
refused '没有这项职责' "$bin/liuhen" ledger new-log $place --bureau qinghe --reason 硬盘损坏 \
    --account zhou --secret-file "$work/zhou" --second-account shen --second-secret-file "$work/shen"
run "the decision" "$bin/liuhen" ledger new-log $place --bureau qinghe --reason 服务器硬盘损坏，当日记录未能恢复 $two
says '锁文件记得第 1 个账本曾有'
lost=$(sed -n 's/.*丢失 \([0-9]*\) 条。/\1/p' "$work/log")
[ "$lost" -gt 3 ] || fail "it does not say how many records are lost: $lost"
says "每种文书留空 $lost 个"
says '最后已知的文号是第'
new_key=$(sed -n 's/^公钥：//p' "$work/log")
case $new_key in demo.liuhen.invalid/log/qinghe/2+*) ;; *) fail "the new log's key is $new_key" ;; esac
[ ! -e "$work/demo/keys/qinghe/log.key" ] || fail "the key of the log that ended is still there"
refused '没有丢失任何记录' "$bin/liuhen" ledger new-log $place --bureau qinghe --reason 再来一次 $two
run "doctor" "$bin/liuhen" doctor $place
run "ledger verify" "$bin/liuhen" ledger verify $place --since "$work/kept"
says '缺口：第 1 本'
says '在缺口之内'
run "ledger rebuild" "$bin/liuhen" ledger rebuild $place
says '完全一致'

# The case goes on, and is handed out: accepted under the new key, unconfirmed under the old one alone.
for mode in compact complete; do
    run "a $mode dossier across the gap" "$bin/liuhen" dossier export $place --case-thread "$open_case" $as_head \
        --mode $mode "$work/$mode"
    verdict 0 "丢失的记录最多 $lost 条" "$work/$mode" --vkey "$new_key"
    grep -q '本案可能有记录在丢失之列' "$work/log" || fail "the verdict does not say that the case may be concerned"
    verdict 3 '第 2 个账本（签名人未经证实）' "$work/$mode" --vkey "$old_key"
    verdict 3 '自身完整' "$work/$mode"
    verdict 0 "第 $kept_size 条的检查点在缺口之内" "$work/$mode" --vkey "$new_key" --checkpoint "$work/kept"
done
"$python" - "$work/compact" "$work/root" <<'PYTHON'
import json, pathlib, sys
for path in pathlib.Path(sys.argv[1]).glob("data/ledger/threads/*/*.json"):
    skeleton = json.loads(path.read_text())["skeleton"]
    if skeleton["type"] == "log.opened":
        pathlib.Path(sys.argv[2]).write_text(skeleton["plain"]["previousRoot"])
PYTHON
verdict 0 '正是机关所称最后已知的检查点' "$work/compact" --vkey "$new_key" --root "$(cat "$work/root")"
verdict 3 '正是机关所称最后已知的检查点' "$work/compact" --root "$(cat "$work/root")"
verdict 1 '与案卷能够证明的任何检查点都不符' "$work/compact" --vkey "$new_key" --root "$(printf '0%.0s' $(seq 64))"
run "another dossier of the filed case" "$bin/liuhen" dossier export $place --case-thread "$filed_case" $as_custodian "$work/filed.zip"
verdict 0 '缺口' "$work/filed.zip" --vkey "$new_key"
"$python" - "$bin/liuhen-verify" "$new_key" "$work/complete" <<'PYTHON' || fail "a changed byte was not noticed"
import pathlib, subprocess, sys
verify, key, bag = sys.argv[1:]
def code():
    return subprocess.run([verify, bag, "--vkey", key], capture_output=True).returncode
files = sorted(p for p in (pathlib.Path(bag) / "data/ledger").rglob("*") if p.is_file())
chosen = [p for p in files if "log-2" in p.parts or p.name in ("checkpoint", "key", "heads.json")] + files[::25]
for number, path in enumerate(chosen):
    before = path.read_bytes()
    place = len(before) * (number % 5) // 5
    path.write_bytes(before[:place] + bytes([before[place] ^ 1]) + before[place + 1:])
    assert code() == 1, path
    path.write_bytes(before)
assert code() == 0
print(len(chosen), "files changed")
PYTHON

# Others read both logs.
run "ledger export" "$bin/liuhen" ledger export $place "$work/export"
# The outsider's program reads both logs, and sees that the second begins where the first ends.
verdict 0 '缺口：第 1 个账本到第' "$work/export" --vkey "$(cat "$work/export/log-2/key")"
verdict 3 '签名人未经证实' "$work/export"
verdict 3 '须是最后一个账本的公钥' "$work/export" --vkey "$(cat "$work/export/key")"
cp -r "$work/export" "$work/cut"
rm "$work/cut/log-2/opened"
verdict 1 'log-2/opened：缺少这个文件' "$work/cut" --vkey "$(cat "$work/export/log-2/key")"
if [ -x /usr/bin/go ] && [ -d /usr/share/gocode/src/golang.org/x/mod/sumdb/tlog ]; then
    run "the Go judge's build" env GOPATH=/usr/share/gocode GO111MODULE=off GOCACHE="$work/cache" GOFLAGS= \
        go build -o "$work/logjudge" Tests/Judges/logjudge/main.go
    for bag in "$work/export" "$work/complete/data/ledger"; do
        for log in 1 2; do
            folder=$bag
            key=$old_key
            [ $log = 1 ] || folder=$bag/log-2
            [ $log = 1 ] || key=$new_key
            cp -a "$folder" "$work/judged"
            : >"$work/judged/claims.txt"
            run "the Go judge of log $log" "$work/logjudge" "$work/judged" "$key"
            run "pymerkle on log $log" "$python" Tests/Judges/treejudge.py "$work/judged"
            rm -rf "$work/judged"
        done
    done
elif [ "${LIUHEN_JUDGES:-}" = 1 ]; then
    fail "LIUHEN_JUDGES=1 and Go or its module package is missing"
fi
serve
[ "$(curl -fs "$base/vkey")" = "$new_key" ] || fail "the server shows another key"
[ "$(curl -fs "$base/log/1/vkey")" = "$old_key" ] || fail "the server does not show the key of the first log"
curl -fs "$base/log/1/checkpoint" | cmp - "$work/export/checkpoint" || fail "the first log's checkpoint differs"
# The open log grows meanwhile: recordings that came back with the backup are inspected again.
[ "$(curl -fs "$base/log/2/checkpoint" | head -n 1)" = demo.liuhen.invalid/log/qinghe/2 ] || fail "the second log's checkpoint"
tile=$(cd "$work/export" && find tile/0 -type f | sort | head -n 1)
curl -fs "$base/log/1/$tile" | cmp - "$work/export/$tile" || fail "a tile of the first log differs"
tile=$(cd "$work/export/log-2" && find tile/entries -type f | sort | head -n 1)
curl -fs "$base/$tile" | cmp - "$work/export/log-2/$tile" || fail "a bundle of the open log differs"
[ "$(curl -s -o /dev/null -w '%{http_code}' "$base/log/3/checkpoint")" = 404 ] || fail "there is a third log"
stop

# Backups: the first medium goes on; the second holds what is lost here and is not written over.
run "a backup of both logs" "$bin/liuhen" backup $place "$work/medium"
refused '这里已经丢失的记录' "$bin/liuhen" backup $place "$work/second"
new="--data $work/new/data --keys $work/new/keys --lock $work/new/lock"
refused '没有什么能证明' "$bin/liuhen" restore $new --recovery-key-file "$work/groups" "$work/medium"
says 'restore --new-log'
[ ! -e "$work/new/data/bureaus" ] || fail "a restore without proof left something behind"
# A checkpoint that was taken with the backup fits it, whatever came later: two persons answer for it, on record.
"$python" - "$work/demo/data/bureaus/qinghe/ledger.sqlite" "$work/at-backup" <<'PYTHON'
import pathlib, sqlite3, sys
note, = sqlite3.connect("file:%s?mode=ro" % sys.argv[1], uri=True).execute(
    "SELECT note FROM head ORDER BY log DESC, size DESC LIMIT 1").fetchone()
pathlib.Path(sys.argv[2]).write_bytes(note if isinstance(note, bytes) else note.encode())
PYTHON
alone="--data $work/alone/data --keys $work/alone/keys --lock $work/alone/lock"
refused '系统管理员和第二人共同决定' "$bin/liuhen" restore $alone --recovery-key-file "$work/groups" \
    --checkpoint "$work/at-backup" "$work/medium"
[ ! -e "$work/alone/data/bureaus" ] || fail "a restore that nobody answers for left something behind"
run "a restore that two persons answer for" "$bin/liuhen" restore $alone --recovery-key-file "$work/groups" \
    --checkpoint "$work/at-backup" --reason 服务器烧毁，其后没有办理任何事项 $two "$work/medium"
"$python" - "$work/alone/data/bureaus/qinghe/ledger.sqlite" <<'PYTHON' || fail "the restore is not on record as adopted"
import sqlite3, sys
rows = [row[0] for row in sqlite3.connect("file:%s?mode=ro" % sys.argv[1], uri=True).execute(
    "SELECT skeleton FROM entry ORDER BY position DESC LIMIT 4")]
sys.exit(0 if all(any(word in row for row in rows) for word in ("lock.adopted", "lockAdopted", "backup.restored")) else 1)
PYTHON
rm -rf "$work/alone"
cp -a "$work/demo/lock" "$work/new/lock"
run "a restore of both logs" "$bin/liuhen" restore $new --recovery-key-file "$work/groups" "$work/medium"
run "ledger verify of both" "$bin/liuhen" ledger verify $new
says '缺口：第 1 本'
run "a dossier of the restored place" "$bin/liuhen" dossier export $new --case-thread "$open_case" $as_head "$work/restored"
verdict 0 '缺口' "$work/restored" --vkey "$new_key"
# What was lost and is found again is not put back under the new log.
mv "$work/demo/data" "$work/newer"
mv "$work/lost" "$work/demo/data"
refused '曾经确认过\|找不到密钥文件' "$bin/liuhen" doctor $place
mv "$work/demo/data" "$work/lost"
mv "$work/newer" "$work/demo/data"

# Without the lock file only a checkpoint from outside tells of the loss, and then nobody knows the end of it.
other="--data $work/other/data --keys $work/other/keys --lock $work/other/lock"
cp -a "$work/second" "$work/third"
refused '用 --number-room 说明' "$bin/liuhen" restore $other --recovery-key-file "$work/groups" \
    --new-log --reason 服务器被盗 $two "$work/third"
[ ! -e "$work/other/data/bureaus" ] || fail "a refused restore left something behind"
run "a restore with a checkpoint from outside" "$bin/liuhen" restore $other --recovery-key-file "$work/groups" \
    --new-log --number-room 20 --reason 服务器被盗 $two "$work/third"
says '每种文书留空 20 个'
says '丢失多少不得而知'
other_key=$(sed -n 's/^公钥：\(.*\/2+.*\)/\1/p' "$work/log" | head -n 1)
run "a third dossier" "$bin/liuhen" dossier export $other --case-thread "$open_case" $as_head "$work/unknown"
verdict 0 '丢失多少条不得而知' "$work/unknown" --vkey "$other_key"
# A checkpoint outside that is later than what the bureau admits: refused.
"$python" - "$work/compact" "$work/later" <<'PYTHON'
import json, pathlib, sys
for path in pathlib.Path(sys.argv[1]).glob("data/ledger/threads/*/*.json"):
    entry = json.loads(path.read_text())
    for opening in entry["openings"]:
        if opening["name"] == "previousCheckpoint":
            pathlib.Path(sys.argv[2]).write_text(opening["value"])
PYTHON
verdict 1 '丢失的记录被少报' "$work/unknown" --vkey "$other_key" --checkpoint "$work/later"

# The clock goes back two hours: recording stops, reading goes on, and two persons confirm it.
command -v faketime >/dev/null || fail "faketime is missing: run scripts/setup.sh test"
refused '服务器时钟倒退了1小时.*当时的读数是' faketime -f '-2h' "$bin/liuhen" clock show $place
refused '✗ 时钟与最后一条记录相符' faketime -f '-2h' "$bin/liuhen" doctor $place
refused '已停止记录' faketime -f '-2h' "$bin/liuhen" dossier export $place --case-thread "$open_case" $as_head "$work/x"
refused '系统管理员和第二人' faketime -f '-2h' "$bin/liuhen" clock resume $place --reason 电池没电
run "clock resume" faketime -f '-2h' "$bin/liuhen" clock resume $place --reason 主板电池没电，已更换 $two
run "clock show" faketime -f '-2h' "$bin/liuhen" clock show $place
refused '不需要确认' faketime -f '-2h' "$bin/liuhen" clock resume $place --reason 再来一次 $two
run "a backup by the earlier clock" faketime -f '-2h' "$bin/liuhen" backup $place "$work/medium"
refused '超前了' faketime -f '+50h' "$bin/liuhen" clock show $place
run "clock resume ahead" faketime -f '+50h' "$bin/liuhen" clock resume $place --reason 长假后开机 $two
run "ledger verify after the clock" "$bin/liuhen" ledger verify $place

# A copy is not served beside the ledger it was made of: lock file and keys are one process's.
serve
curl -fs "$base/checkpoint" >"$work/whole"
cp -a "$work/demo/data" "$work/copy"
cp -a "$work/demo/lock" "$work/copied-lock"
refused '正由另一个进程使用' "$bin/liuhen" clock show --data "$work/copy" --keys "$work/demo/keys" --lock "$work/demo/lock"
refused '正由另一个进程使用' "$bin/liuhen" clock show --data "$work/copy" --keys "$work/demo/keys" --lock "$work/copied-lock"
stop

# The lock file is lost. A checkpoint of the whole ledger lets it go on, and only on the word of two persons: one that was
# made of an old copy would fit that copy as well. Everybody is told.
rm "$work/demo/lock/qinghe.lock"
adopt="$bin/liuhen ledger adopt $place --bureau qinghe"
refused '没有锁文件\|锁文件已损坏' "$bin/liuhen" clock show $place
refused '系统管理员和第二人共同决定' $adopt --checkpoint "$work/whole" --reason 锁文件所在的盘坏了
refused '须由两个人共同决定' $adopt --checkpoint "$work/whole" --reason 锁文件所在的盘坏了 \
    --account admin --secret-file "$work/admin" --second-account admin --second-secret-file "$work/admin"
refused '检查点不符' $adopt --checkpoint "$work/kept" --reason 锁文件所在的盘坏了 $two
refused '没有锁文件\|锁文件已损坏' "$bin/liuhen" clock show $place
run "the adoption" $adopt --checkpoint "$work/whole" --reason 锁文件所在的盘坏了，其后没有办理任何事项 $two
says '应当启用新的账本'
says '已登记，锁文件已重写'
refused '没有丢失任何记录' $adopt --checkpoint "$work/whole" --reason 再来一次 $two
run "ledger verify after the adoption" "$bin/liuhen" ledger verify $place
"$python" - "$work/demo/data/bureaus/qinghe/ledger.sqlite" <<'PYTHON' || fail "the adoption is not on record"
import sqlite3, sys
rows = [row[0] for row in sqlite3.connect("file:%s?mode=ro" % sys.argv[1], uri=True).execute(
    "SELECT skeleton FROM entry ORDER BY position DESC LIMIT 4")]
sys.exit(0 if any("lock.adopted" in row for row in rows) and any("lockAdopted" in row for row in rows) else 1)
PYTHON
echo "35-gap: $lost records lost and named; the case went on, verified across the gap, and every change was refused"
