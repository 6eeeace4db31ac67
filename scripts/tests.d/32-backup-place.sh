#!/usr/bin/env bash
# Copies go where they survive what they were made of: backups and exports refuse the server's own directories, one disk for
# both is told, what cannot be written says in Chinese what to do. A backup is made while recording has stopped, can be put
# back, and is recorded when recording goes on.
set -euo pipefail
cd "$(dirname "$0")/../.."
bin=${LIUHEN_BIN:-$(swift build --show-bin-path)}
work=$(mktemp -d)
apart=
trap 'rm -rf "$work" ${apart:+"$apart"}' EXIT
trap 'exit 1' INT TERM

fail() {
    echo "32-backup-place: $*" >&2
    exit 1
}
place="--data $work/srv/data --keys $work/srv/keys --lock $work/srv/lock"
# Words of the options hold no spaces.
# shellcheck disable=SC2086
"$bin/liuhen" init $place --bureau real --origin real.example/log --name 虚构县统计局 --region 虚构县 --mark 虚统 \
    --administrator 管一 --without-reading-back >"$work/sheet"
grep -o '第[1-8]组 [0-9A-Z]*' "$work/sheet" | head -n 8 | sed 's/.* //' >"$work/groups"

# run CODE COMMAND...: ends with that code, and nothing of it is a bare fault.
run() {
    wanted=$1
    shift
    code=0
    "$@" >"$work/out" 2>&1 || code=$?
    [ "$code" = "$wanted" ] || fail "$* ends with $code and not $wanted: $(cat "$work/out")"
    if grep -nE 'errno|No such file|Not a directory|No space|SQLite|系统调用失败|系统出现故障|Error|directory' "$work/out"; then
        fail "$*: a bare fault"
    fi
}
says() {
    for words in "$@"; do grep -qF -- "$words" "$work/out" || fail "it does not say “$words”: $(cat "$work/out")"; done
}
says_not() {
    for words in "$@"; do ! grep -qF -- "$words" "$work/out" || fail "it says “$words”: $(cat "$work/out")"; done
}
# shellcheck disable=SC2086
liuhen() { "$bin/liuhen" $1 $place "${@:2}"; }
stopped() { faketime -f '+40h' "$bin/liuhen" $1 $place "${@:2}"; }
made() {
    sqlite3 "$work/srv/data/bureaus/real/ledger.sqlite" "SELECT count(*) FROM entry WHERE type = 'backup.made'"
}

# The server's own directories, below them, above them, and by a link.
ln -s "$work/srv/keys" "$work/link"
ln -s "$work/srv/data/bureaus/no-such" "$work/dangling"
for target in "$work/srv/data" "$work/srv/data/copies" "$work/srv/keys" "$work/srv/keys/real" "$work/srv/lock/a/b" \
    "$work/srv" "$work/link" "$work/link/below" "$work/dangling" "$work/other/../srv/keys" ""; do
    for command in backup "ledger export" "dossier export --case-thread 00000000000000000000000000000000 --account x"; do
        run 1 liuhen "$command" "$target"
        # A dossier goes where nothing is.
        says '没有改动'
        [ -n "$target" ] || says '没有写明'
    done
done
run 1 liuhen backup "$work/link/below"
says '密钥目录' '请另选一个目录'
[ "$(find "$work/srv" -name manifest -o -name checkpoint -o -name copies -o -name no-such | wc -l)" = 0 ] ||
    fail "a refused copy was made: $(find "$work/srv")"
[ "$(made)" = 0 ] || fail "a refused backup is on record"

# One disk for both: told where it is made, and by the doctor. Another one: not.
run 0 liuhen backup "$work/medium"
says '注意：备份的目标与数据目录在同一个文件系统上'
run 0 liuhen doctor
says '– 备份：上次备份在今天，读回核对无误。备份的目标与数据目录在同一个文件系统上'
if [ -w /dev/shm ] && [ "$(stat -c %d /dev/shm)" != "$(stat -c %d "$work")" ]; then
    apart=$(mktemp -d -p /dev/shm)
    run 0 liuhen backup "$apart/medium"
    says_not '同一个文件系统'
    run 0 liuhen doctor
    says '✓ 备份：上次备份在今天'
fi

# What cannot be written.
touch "$work/file"
run 1 liuhen backup "$work/file"
says "$work/file" '路径中有一段不是目录' '备份的目标要是能读能写的目录'
run 1 liuhen "ledger export" "$work/file"
says '路径中有一段不是目录' '没有导出完'
run 1 liuhen backup /proc/nowhere
says '没有做完'

# An export over what a newer ledger wrote: the alarm that an old copy was put back.
cp -a "$work/srv" "$work/older"
run 0 liuhen backup "$work/medium"
run 0 liuhen "ledger export" "$work/export"
run 1 "$bin/liuhen" ledger export --data "$work/older/data" --keys "$work/older/keys" --lock "$work/older/lock" "$work/export"
grep -Eq '里已有 [0-9]+ 条记录，账本现在只有 [0-9]+ 条|曾经确认过' "$work/out" || fail "an older ledger: $(cat "$work/out")"
says '旧的数据目录' 'liuhen restore'

# Recording has stopped: the backup is made all the same, comes back whole, and is recorded by the next run, once.
before=$(made)
run 0 stopped backup --label 二号盘 "$work/second"
says '已全部读回核对' '这次备份没有登记' '系统已停止记录' '下一次 liuhen backup 会一并补记'
[ "$(made)" = "$before" ] || fail "something was recorded while recording had stopped"
back="--data $work/back/data --keys $work/back/keys --lock $work/back/lock"
mkdir "$work/back"
cp -a "$work/srv/lock" "$work/back/lock"
# shellcheck disable=SC2086
run 0 "$bin/liuhen" restore $back --recovery-key-file "$work/groups" "$work/second"
says '恢复已登记'
run 0 liuhen doctor
says '1 次备份是在记录停止期间做成的，还没有登记'
run 0 liuhen backup "$work/medium"
says '1 次备份已补记'
[ "$(made)" = $((before + 2)) ] || fail "$(made) backups are on record, not $((before + 2))"
late=$(sqlite3 "$work/srv/data/bureaus/real/ledger.sqlite" \
    "SELECT count(*) FROM entry JOIN opening USING (position) WHERE type = 'backup.made' AND skeleton LIKE '%\"madeAt\":%' AND value = '\"二号盘\"'")
[ "$late" = 1 ] || fail "the late entry does not tell when and where: $late"
run 0 liuhen doctor
says_not '还没有登记'
run 0 liuhen backup "$work/second"
says_not '补记'
[ "$(made)" = $((before + 3)) ] || fail "a late backup was recorded twice"
run 0 liuhen "ledger verify"

# A lock file older than the backup proves nothing, and is not to be thrown away.
older="--data $work/new/data --keys $work/new/keys --lock $work/older/lock"
# shellcheck disable=SC2086
run 1 "$bin/liuhen" restore $older --recovery-key-file "$work/groups" "$work/second"
says '比这份备份旧' '证明不了' '不要删除' '--checkpoint' '--new-log'
printf 'nothing' >"$work/older/lock/real.lock"
# shellcheck disable=SC2086
run 1 "$bin/liuhen" restore $older --recovery-key-file "$work/groups" "$work/second"
says '已损坏'
# A key that others may read is in the way.
mkdir -p "$work/new/keys/real" "$work/new/lock"
cp "$work/srv/lock/real.lock" "$work/new/lock/"
install -m 644 "$work/srv/keys/real/vault.key" "$work/new/keys/real/vault.key"
# shellcheck disable=SC2086
run 1 "$bin/liuhen" restore ${older/older/new} --recovery-key-file "$work/groups" "$work/second"
says 'chmod 600'
echo "32-backup-place: no copy beside what it was made of, one disk told, a backup made while recording had stopped"
