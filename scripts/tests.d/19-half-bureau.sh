#!/usr/bin/env bash
# A bureau of which a part is gone, half a bureau beside a good one, a founding that was killed at any moment, a demonstration
# asked for over a real bureau: the commands name what is wrong with its path, say in Chinese how to go on, and what they say
# suffices. What was changed in the ledger is never repeated as if it were true.
set -euo pipefail
cd "$(dirname "$0")/../.."
bin=${LIUHEN_BIN:-$(swift build --show-bin-path)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

fail() {
    echo "19-half-bureau: $*" >&2
    exit 1
}
# found AT [exec]: with exec, as the process itself, so that it is the one that is killed.
found() {
    ${2:-} "$bin/liuhen" init --data "$1/data" --keys "$1/keys" --lock "$1/lock" --bureau real --origin real.example/log/real \
        --name 虚构县统计局 --region 虚构县 --mark 虚统 --administrator 管一 --without-reading-back
}
found "$work/base" >"$work/founded"

# fresh: a copy of the whole bureau, at the same place each time.
at="$work/copy"
fresh() {
    rm -rf "$at"
    cp -a "$work/base" "$at"
}
# run CODE WORDS...: ends with that code; everything said is in $work/out and none of it is a bare fault.
run() {
    wanted=$1
    shift
    code=0
    "$bin/liuhen" "$@" --data "$at/data" --keys "$at/keys" --lock "$at/lock" >"$work/out" 2>&1 || code=$?
    [ "$code" = "$wanted" ] || fail "liuhen $* ends with $code and not $wanted: $(cat "$work/out")"
    if grep -nE 'errno|No such file|SQLite|系统调用失败|Error|unable to|says something|notFound' "$work/out"; then
        fail "liuhen $*: a bare fault"
    fi
}
says() {
    for words in "$@"; do grep -qF -- "$words" "$work/out" || fail "it does not say “$words”: $(cat "$work/out")"; done
}
says_not() {
    for words in "$@"; do ! grep -qF -- "$words" "$work/out" || fail "it says “$words”: $(cat "$work/out")"; done
}
ledger() { sqlite3 "$at/data/bureaus/real/ledger.sqlite" "$@"; }
# Takes the guards of a table away, as whoever has the disk can.
open_table() {
    ledger "$(ledger "SELECT group_concat('DROP TRIGGER ' || name, '; ') FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ($1)")"
}

fresh
run 0 doctor
says '机关 虚构县统计局：账本 ' '机关 real：有账号能够登录'

# Nobody can sign in; what doctor says gives the administrator a way in again.
rm -f "$at"/data/installation.sqlite*
run 1 doctor
says '没有人能够登录' "$at/data/installation.sqlite" 'liuhen account reset --bureau real'
[ ! -e "$at/data/installation.sqlite" ] || fail "doctor made the file that is missing"
run 0 account reset --bureau real --reason 登录数据丢失 admin
says '一次性密码：'
run 0 doctor
rm -f "$at"/data/installation.sqlite*
echo "no database at all, but as long as a page of one would have to be, so that it is not taken for an empty one" >"$at/data/installation.sqlite"
run 1 doctor
says '没有人能够登录' "$at/data/installation.sqlite 不能读取"
mv "$at/data/installation.sqlite" "$at/kept"
run 0 account reset --bureau real --reason 登录数据损坏 admin
run 0 doctor

# A part that is gone is named with its path by every command.
for part in keys/real data/bureaus/real/vault data/bureaus/real/ledger.sqlite keys/real/vault.key keys/real/log.key; do
    fresh
    rm -rf "${at:?}/$part" "$at/$part-wal" "$at/$part-shm"
    for command in doctor "person list"; do
        # shellcheck disable=SC2086  # the words are a command
        run 1 $command
        says "没有" "$at/$part" "恢复"
        says_not '没有做完'
    done
done
run 0 ledger verify
fresh
rm -f "$at"/data/bureaus/real/ledger.sqlite*
for command in "ledger verify" "ledger rebuild"; do
    # shellcheck disable=SC2086
    run 1 $command
    says "没有账本文件 $at/data/bureaus/real/ledger.sqlite" "liuhen restore"
done

# A log key that is none, and a ledger that was cut short: what to do, and nothing in the words of SQLite.
fresh
head -c 84 /dev/urandom >"$at/keys/real/log.key"
for command in doctor "person list" "serve --listen 127.0.0.1:0"; do
    # shellcheck disable=SC2086
    run 1 $command
    says "$at/keys/real/log.key 的内容不是所需的密钥" '放回' '恢复单'
done
for length in 50000 5000 100; do
    fresh
    rm -f "$at"/data/bureaus/real/ledger.sqlite-*
    truncate -s "$length" "$at/data/bureaus/real/ledger.sqlite"
    for command in doctor "person list" "ledger verify" "ledger rebuild" "serve --listen 127.0.0.1:0"; do
        # shellcheck disable=SC2086
        run 1 $command
        says '整个复制留底'
        says_not PRAGMA malformed damaged 'database'
    done
done

# The ledgers of two bureaus in each other's place: each is whole, and neither is that of its directory.
fresh
"$bin/liuhen" init --data "$at/data" --keys "$at/keys" --lock "$at/lock" --bureau two --origin two.example/log/two \
    --name 另一虚构县统计局 --region 虚构县 --mark 虚二 --administrator 管二 --without-reading-back >"$work/founded"
run 0 ledger verify
says '机关 real：完整无误' '机关 two：完整无误'
mkdir "$at/aside"
mv "$at"/data/bureaus/real/ledger.sqlite* "$at/aside"
mv "$at"/data/bureaus/two/ledger.sqlite* "$at/data/bureaus/real"
mv "$at"/aside/ledger.sqlite* "$at/data/bureaus/two"
run 1 ledger verify
says '机关 real：有 1 处不符' '这是机关 two 的账本' '机关 two：有 1 处不符' '这是机关 real 的账本' 'bureaus/two' 'liuhen restore'
says_not '完整无误'
run 1 ledger verify --bureau two
run 1 doctor

# A key of another bureau in the place of this one's is refused by every command, before anything is sealed under it.
found "$work/other" >/dev/null
mkdir "$work/disk"
for key in vault backup receipt; do
    fresh
    cp "$work/other/keys/real/$key.key" "$at/keys/real/$key.key"
    for command in doctor "person list" "backup $work/disk" "serve --listen 127.0.0.1:0"; do
        # shellcheck disable=SC2086
        run 1 $command
        says "$at/keys/real 里的" '不是这个机关的' '放回'
    done
    [ -z "$(ls -A "$work/disk")" ] || fail "something was backed up with a foreign $key key"
    cp "$work/base/keys/real/$key.key" "$at/keys/real/$key.key"
    run 0 doctor
done

# Beside a good bureau: the good one is judged, the other is named.
for half in empty vault noise; do
    fresh
    mkdir "$at/data/bureaus/half"
    [ "$half" != vault ] || mkdir -p "$at/data/bureaus/half/vault"
    [ "$half" != noise ] || { cp -a "$at/keys/real" "$at/keys/half"; cp "$at/lock/real.lock" "$at/lock/half.lock"
        head -c 20000 /dev/urandom >"$at/data/bureaus/half/ledger.sqlite"; }
    run 1 ledger verify
    says '机关 real：完整无误' "$at/data/bureaus/half"
    run 1 ledger rebuild
    says '机关 real：重新推算' '与存储的完全一致' "$at/data/bureaus/half"
    run 1 doctor
    says '机关 虚构县统计局：账本 ' "$at/data/bureaus/half"
    run 0 ledger verify --bureau real
done

# Entries that were changed, or are gone.
fresh
open_table "'opening'"
ledger "UPDATE opening SET value = '\"张假\"' WHERE name = 'name'"
run 1 doctor
says '机关 real：账本和证据库：机关本身的记录与承诺不符' 'name（被改动）' 'liuhen ledger verify'
says_not 张假
run 1 ledger verify
says '的值与承诺不符'
fresh
open_table "'opening'"
ledger "DELETE FROM opening WHERE name = 'name'"
run 1 doctor
says 'name（不在）'
fresh
open_table "'entry', 'opening'"
ledger "PRAGMA foreign_keys = OFF; DELETE FROM opening WHERE position = (SELECT max(position) FROM entry);
    DELETE FROM entry WHERE position = (SELECT max(position) FROM entry)"
run 1 ledger verify
[ "$(grep -c '^  ✗' "$work/out")" -gt 0 ] || fail "nothing found: $(cat "$work/out")"
if grep '^  ✗' "$work/out" | grep -E '[A-Za-z]{3,} [A-Za-z]{2,}'; then fail "a finding is English"; fi
says '记录类型的登记与各条记录不符'

# A refused adoption leaves no lock file, and its refusal is Chinese.
fresh
rm -f "$at"/lock/*
echo wrong-secret >"$work/secret"
chmod 600 "$work/secret"
adopt() {
    run 1 ledger adopt --bureau real --checkpoint "$1" --reason 试验 --account admin --secret-file "$work/secret" \
        --second-account other --second-secret-file "$work/secret"
    [ ! -e "$at/lock/real.lock" ] || fail "a refused adoption left a lock file"
}
printf 'nothing\n' >"$work/note"
adopt "$work/note"
says '检查点不符，没有改动任何内容' '文件不是检查点'
says_not signature 'not a note'
# Refused after the ledger was opened: nobody signs in with this secret.
ledger "SELECT writefile('$work/note', CAST(note AS BLOB)) FROM head ORDER BY position DESC LIMIT 1" >"$work/size"
adopt "$work/note"
says '条记录相符'
run 1 doctor
says '没有锁文件'

# A demonstration is never made over a real bureau, nor is it advised to remove one.
fresh
code=0
"$bin/liuhen" demo --prepare-only --directory "$at" --listen 127.0.0.1:0 >"$work/out" 2>&1 || code=$?
[ "$code" = 1 ] || fail "a demonstration over a real bureau: $(cat "$work/out")"
says '真实的机关 real' '另选一个目录'
says_not '请先删除' 'clean-demo'
run 0 doctor

# A founding that is killed when a file appears: doctor names what is left over, and moving exactly that is enough.
killed=0
for appears in keys/real keys/real/vault.key data/bureaus/real data/bureaus/real/ledger.sqlite lock/real.lock \
    data/bureaus/real/vault/objects data/bureaus/real/vault/format data/installation.sqlite; do
    rm -rf "$at"
    mkdir "$at"
    found "$at" exec >"$work/killed" 2>&1 &
    founding=$!
    until [ -e "$at/$appears" ] || ! kill -0 "$founding" 2>/dev/null; do :; done
    kill -9 "$founding" 2>/dev/null || true
    wait "$founding" 2>/dev/null || true
    code=0
    "$bin/liuhen" doctor --data "$at/data" --keys "$at/keys" --lock "$at/lock" >"$work/out" 2>&1 || code=$?
    if grep -q '机关 虚构县统计局：账本' "$work/out"; then
        # It was as good as done: at most the administrator's secret is missing.
        if [ "$code" != 0 ]; then
            says 'liuhen account reset --bureau real'
            run 0 account reset --bureau real --reason 没有拿到一次性密码 admin
        fi
        run 0 doctor
        continue
    fi
    killed=$((killed + 1))
    [ "$code" = 1 ] || fail "doctor after a founding killed at $appears: $(cat "$work/out")"
    says '没有做完' '再运行一次 liuhen init'
    says_not '恢复' '备份：' 'errno' '系统调用失败'
    mkdir "$work/away-$killed"
    sed -n 's/^  \(\/.*\)$/\1/p' "$work/out" >"$work/left"
    [ -s "$work/left" ] || fail "killed at $appears: no path is named: $(cat "$work/out")"
    while read -r path; do mv "$path" "$work/away-$killed/$(basename "$path")-$RANDOM"; done <"$work/left"
    found "$at" >"$work/out" 2>&1 || fail "killed at $appears: init does not succeed after what doctor said: $(cat "$work/out")"
    run 0 doctor
done
[ "$killed" -ge 4 ] || fail "only $killed foundings were killed in time"
echo "parts that are gone, halves, $killed killed foundings and a real bureau under a demonstration are named"
