#!/usr/bin/env bash
# Noise over pages of the ledger's file, as a dying disk writes it: pages say so, doctor and verify say what to do, rebuild
# makes lists and registers anew out of the entries; where the entries are damaged it says to restore. And: directories
# that are open to others are named by doctor.
set -euo pipefail
cd "$(dirname "$0")/../.."
bin=$(swift build --show-bin-path)
python=.venv/bin/python
[ -x "$python" ] || python=python3
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

fail() {
    echo "18-damage: $*" >&2
    exit 1
}
place=(--data "$work/demo/data" --keys "$work/demo/keys" --lock "$work/demo/lock")
ledger="$work/demo/data/bureaus/qinghe/ledger.sqlite"
"$bin/liuhen" demo --prepare-only --directory "$work/demo" >"$work/log" || fail "the demonstration was not made"
cp "$ledger" "$work/whole"
"$bin/liuhen" doctor "${place[@]}" >"$work/out" 2>&1 || fail "doctor of a whole place: $(cat "$work/out")"
grep -q '– 备份：还没有备份过' "$work/out" || fail "doctor does not speak of backups: $(cat "$work/out")"

# noise NAME: every page of a table or index becomes noise.
noise() {
    cp "$work/whole" "$ledger"
    rm -f "$ledger-wal" "$ledger-shm"
    sqlite3 "$work/whole" "SELECT pageno FROM dbstat WHERE name = '$1'" >"$work/pages"
    [ -s "$work/pages" ] || fail "no page of $1"
    while read -r page; do
        dd if=/dev/urandom of="$ledger" bs=4096 seek=$((page - 1)) count=1 conv=notrunc status=none
    done <"$work/pages"
}
port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
serve() {
    "$bin/liuhen" serve "${place[@]}" --listen "127.0.0.1:$port" >"$work/served" 2>&1 &
    server=$!
    for _ in $(seq 100); do
        curl -s -o /dev/null "http://127.0.0.1:$port/health" && return
        kill -0 "$server" 2>/dev/null || fail "the server ended: $(cat "$work/served")"
        sleep 0.2
    done
    fail "the server does not answer"
}
stop() {
    kill "$server"
    wait "$server" || true
    server=
}
# home: the first page of an officer; its status goes to stdout, the page to $work/page.
home() {
    rm -f "$work/jar"
    base="http://127.0.0.1:$port/b/qinghe"
    token=$(curl -s -c "$work/jar" "$base/sign-in" | grep -o 'name="form-token" value="[^"]*"' | head -1 | sed 's/.*value="//;s/"//')
    curl -s -o /dev/null -b "$work/jar" -c "$work/jar" -H 'Accept: text/html' --data-urlencode "form-token=$token" \
        --data-urlencode "account=zhou" --data-urlencode "secret=demo-zhou-2026" "$base/sign-in"
    curl -s -o "$work/page" -w '%{http_code}' -b "$work/jar" -H 'Accept: text/html' "$base"
}

noise obligation
serve
[ "$(home)" = 503 ] || fail "the first page on a damaged list: $(head -c 300 "$work/page")"
grep -q '账本文件有损坏，这一页暂时打不开' "$work/page" && grep -q 'liuhen ledger rebuild --repair' "$work/page" ||
    fail "the page does not say what is broken: $(sed -n '/<main/,$p' "$work/page" | head -c 600)"
! grep -q '系统出了问题' "$work/page" || fail "the page speaks of a fault of its own"
stop
code=0
"$bin/liuhen" doctor "${place[@]}" >"$work/out" 2>&1 || code=$?
[ "$code" = 1 ] && grep -q '✗ 账本文件：有 [0-9]* 处损坏' "$work/out" || fail "doctor: $(cat "$work/out")"
code=0
"$bin/liuhen" ledger rebuild "${place[@]}" >"$work/out" 2>&1 || code=$?
[ "$code" = 1 ] && grep -q '记录本身完整' "$work/out" && grep -q 'rebuild --repair' "$work/out" || fail "$(cat "$work/out")"
cmp -s "$ledger" "$work/whole" && fail "the noise is gone"
"$bin/liuhen" ledger rebuild --repair "${place[@]}" >"$work/out" 2>&1 || fail "rebuild: $(cat "$work/out")"
ls "$ledger".remade* >/dev/null 2>&1 && fail "what the repair needed is left behind"
grep -q '已由记录全部重新算出' "$work/out" && grep -q '与存储的完全一致' "$work/out" || fail "rebuild says: $(cat "$work/out")"
"$bin/liuhen" ledger verify "${place[@]}" >"$work/out" 2>&1 || fail "verify: $(cat "$work/out")"
"$bin/liuhen" doctor "${place[@]}" >"$work/out" 2>&1 || fail "doctor afterwards: $(cat "$work/out")"
grep -q 'ledger.sqlite.damaged-1' "$work/out" || fail "doctor does not speak of the old file: $(cat "$work/out")"
serve
[ "$(home)" = 200 ] || fail "the first page afterwards: $(head -c 300 "$work/page")"
stop
# The server has recorded since: an older copy would be behind its lock file.
cp "$ledger" "$work/whole"
rm -f "$ledger".damaged-*

# Indices, the search index, persons: a few more of them, each made anew.
for table in person case_by_title case_text_data claim thread; do
    noise "$table"
    "$bin/liuhen" ledger rebuild --repair "${place[@]}" >"$work/out" 2>&1 || fail "$table: $(cat "$work/out")"
    "$bin/liuhen" ledger verify "${place[@]}" >"$work/out" 2>&1 || fail "$table: $(cat "$work/out")"
    rm -f "$ledger".damaged-*
done

# The entries themselves: nothing is changed, and it says to restore.
noise entry
before=$(sha256sum <"$ledger")
code=0
"$bin/liuhen" ledger rebuild --repair "${place[@]}" >"$work/out" 2>&1 || code=$?
[ "$code" != 0 ] && grep -q '备份恢复' "$work/out" || fail "damaged entries: $(cat "$work/out")"
[ "$(sha256sum <"$ledger")" = "$before" ] || fail "the damaged file was changed"
cp "$work/whole" "$ledger"
rm -f "$ledger-wal" "$ledger-shm"

# One byte of one entry, of one opening, of a head kept outside: verify names the place, says how far it is anchored, ends
# with 1; and with 0 when the byte is back.
verify() {
    code=0
    "$bin/liuhen" ledger verify "${place[@]}" "$@" >"$work/out" 2>&1 || code=$?
}
# says CODE WORDS...: verify ended with that code and each of these lines.
says() {
    [ "$code" = "$1" ] || fail "verify ends with $code and not $1: $(cat "$work/out")"
    shift
    for line in "$@"; do grep -qxE "$line" "$work/out" || fail "verify does not say “$line”: $(cat "$work/out")"; done
}
# byte OF: turns a bit of a byte in the file, of the skeleton or of a value of an entry two thirds up the log; says index,
# thread, seq, field. The salts are found in the file: nothing else in it is like them.
byte() {
    "$python" - "$ledger" "$1" <<'PYTHON'
import sqlite3, sys
path, what = sys.argv[1:]
place = sqlite3.connect("file:%s?mode=ro&immutable=1" % path, uri=True)
index, thread, seq, name, salt, value, entry_salt, skeleton = place.execute(
    "SELECT e.position, lower(hex(e.thread)), e.seq, o.name, o.salt, o.value, e.salt, e.skeleton FROM entry AS e"
    " JOIN opening AS o ON o.position = e.position"
    " WHERE e.position >= (SELECT max(position) * 2 / 3 FROM entry) ORDER BY e.position, o.name LIMIT 1").fetchone()
value = value.encode() if isinstance(value, str) else value
skeleton = skeleton.encode() if isinstance(skeleton, str) else skeleton
data = bytearray(open(path, "rb").read())
found = {"skeleton": entry_salt + skeleton[:64], "opening": salt + value[:8]}[what]
start = data.find(found)
# In a value inside of its quotes; in a skeleton within its first member's name.
assert start > 0 and data.find(found, start + 1) < 0, (what, start)
data[start + 32 + 3] ^= 1
open(path, "wb").write(data)
print(index, thread, seq, name)
PYTHON
}
sqlite3 "file:$ledger?mode=ro&immutable=1" "SELECT writefile('$work/outside', CAST(note AS BLOB)) FROM head
    WHERE position = (SELECT max(position) FROM head WHERE position < (SELECT max(position) / 2 FROM head))" >"$work/out"
size=$(sed -n 2p "$work/outside")
[ "$size" -gt 10 ] || fail "no head to keep outside: $(cat "$work/outside")"
entries=$(sqlite3 "file:$ledger?mode=ro&immutable=1" 'SELECT count(*) FROM entry')
claimed='  自称锚定：已随文书送达、随案卷或者检查点交出、或者备份至第 [1-9][0-9]* 条'
verify
says 0 '机关 qinghe：完整无误' "  没有给出外面的检查点：$entries 条都只靠签名，.*" "$claimed"
verify --since "$work/outside"
says 0 '机关 qinghe：完整无误' "  已由外面的检查点锚定至第 $size 条；其后 $((entries - size)) 条（[0-9]+ 秒之内）尚未锚定" "$claimed"
sed -e '3{s/^A/B/;t' -e 's/^./A/;}' "$work/outside" >"$work/forged"
cmp -s "$work/outside" "$work/forged" && fail "the head kept outside was not changed"
verify --since "$work/forged"
says 1 '机关 qinghe：有 1 处不符' "  ✗ 外面的检查点 $work/forged：签名或者内容不符"
! grep -q 第一条不符 "$work/out" || fail "an entry is blamed for a head: $(cat "$work/out")"
for what in skeleton opening; do
    read -r index thread seq name <<<"$(byte $what)"
    [ -n "$name" ] || fail "no $what was changed"
    fault='骨架或者盐被改动，与承诺不符'
    [ "$what" = skeleton ] || fault="字段 $name 的值与承诺不符"
    verify --since "$work/outside"
    says 1 '机关 qinghe：有 [1-9][0-9]* 处不符' "  第一条不符的记录：第 $index 条记录（记录线 $thread 第 $seq 条）：$fault" \
        "  ✗ 第 $index 条记录（记录线 $thread 第 $seq 条）：$fault" "  已由外面的检查点锚定至第 $size 条；.*" "$claimed"
    cp "$work/whole" "$ledger"
done
verify
says 0 '机关 qinghe：完整无误'

# Whoever can write the file gives somebody powers that no entry gives: neither the server nor doctor takes them, a server that
# runs records nothing for that person, and rebuild puts the row right.
wrong="人员登记与记录"
powers() { sqlite3 "$ledger" "UPDATE person SET roles = '$1' WHERE account = 'zhou'"; }
roles=$(sqlite3 "$ledger" "SELECT roles FROM person WHERE account = 'zhou'")
serve
[ "$(home)" = 200 ] || fail "the first page before anything was changed: $(head -c 300 "$work/page")"
powers '["agencyHead","officer"]'
code=$(curl -s -o "$work/page" -w '%{http_code}' -b "$work/jar" -H 'Accept: text/html' "http://127.0.0.1:$port/b/qinghe")
[ "$code" = 503 ] && grep -q "$wrong" "$work/page" && grep -q 'liuhen ledger rebuild' "$work/page" ||
    fail "a session goes on with powers of the register: $code $(sed -n '/<main/,$p' "$work/page" | head -c 600)"
powers "$roles"
code=$(curl -s -o "$work/page" -w '%{http_code}' -b "$work/jar" -H 'Accept: text/html' "http://127.0.0.1:$port/b/qinghe")
[ "$code" = 200 ] || fail "the row is back, and the page is not: $code"
stop
powers '["agencyHead","officer"]'
code=0
"$bin/liuhen" doctor "${place[@]}" >"$work/out" 2>&1 || code=$?
[ "$code" = 1 ] && grep -q "✗ ${wrong}一致：1 人不一致：.*（zhou）：职责登记为“.*”，记录是“.*”" "$work/out" ||
    fail "doctor of powers that no entry gives: $(cat "$work/out")"
code=0
"$bin/liuhen" serve "${place[@]}" --listen "127.0.0.1:$port" >"$work/served" 2>&1 || code=$?
[ "$code" != 0 ] && grep -q "没有启动：.*$wrong" "$work/served" || fail "the server starts: $(cat "$work/served")"
"$bin/liuhen" ledger rebuild --repair "${place[@]}" >"$work/out" 2>&1 || fail "rebuild of a person: $(cat "$work/out")"
[ "$(sqlite3 "$ledger" "SELECT roles FROM person WHERE account = 'zhou'")" = "$roles" ] || fail "the row stands as it was written"
"$bin/liuhen" doctor "${place[@]}" >"$work/out" 2>&1 || fail "doctor after the repair: $(cat "$work/out")"

# Who else can enter.
"$bin/liuhen" doctor "${place[@]}" >"$work/out" 2>&1 || fail "doctor of the whole file: $(cat "$work/out")"
for wrong in "777 demo/keys" "777 demo/keys/qinghe" "755 demo/data" "666 demo/data/bureaus/qinghe/ledger.sqlite" "777 demo/lock"; do
    path="$work/${wrong#* }"
    right=$(stat -c %a "$path")
    chmod "${wrong%% *}" "$path"
    code=0
    "$bin/liuhen" doctor "${place[@]}" >"$work/out" 2>&1 || code=$?
    [ "$code" = 1 ] && grep -q "✗ .*$path 的权限是 ${wrong%% *}.*chmod [67]00 $path" "$work/out" || fail "$wrong: $(cat "$work/out")"
    chmod "$right" "$path"
done
echo "damage is told, lists are made anew, open directories are named"
