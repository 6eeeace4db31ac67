#!/usr/bin/env bash
# Evidence files that are gone, overwritten and cut short on the disk: doctor names what is not there or too short, `vault check`
# what is not what was stored too, the backup takes the rest and says that it is not whole, and so does a restore; each names
# case and paper and ends with 1. What an earlier backup has of them stays there.
set -euo pipefail
cd "$(dirname "$0")/../.."
bin=${LIUHEN_BIN:-$(swift build --show-bin-path)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

fail() {
    echo "31-evidence: $*" >&2
    exit 1
}
place=(--data "$work/demo/data" --keys "$work/demo/keys" --lock "$work/demo/lock")
vault="$work/demo/data/bureaus/qinghe/vault"
# run CODE WORDS...: ends with that code; everything said is in $work/out.
run() {
    wanted=$1
    shift
    code=0
    "$bin/liuhen" "$@" "${place[@]}" >"$work/out" 2>&1 || code=$?
    [ "$code" = "$wanted" ] || fail "liuhen $* ends with $code and not $wanted: $(cat "$work/out")"
}
says() {
    for words in "$@"; do grep -qE -- "$words" "$work/out" || fail "it does not say “$words”: $(cat "$work/out")"; done
}
says_not() {
    for words in "$@"; do ! grep -qE -- "$words" "$work/out" || fail "it says “$words”: $(cat "$work/out")"; done
}
"$bin/liuhen" demo --prepare-only --directory "$work/demo" >"$work/log" || fail "the demonstration was not made"

run 0 doctor
says '✓ 证据库：记录提到的 [1-9][0-9]* 件都在'
run 0 vault check
says '机关 qinghe：记录提到的 [1-9][0-9]* 件都在，逐件读出，与记录的摘要相符。' '结果已登记在案'
run 0 backup "$work/whole"
says '已全部读回核对'

# The first three renditions that were issued: one gone, one overwritten in the middle, one cut; and a key file of a fourth.
sqlite3 "$work/demo/data/bureaus/qinghe/ledger.sqlite" \
    "SELECT json_extract(skeleton, '\$.plain.object') FROM entry WHERE type = 'document.issued' ORDER BY position LIMIT 4" >"$work/ids"
mapfile -t ids <"$work/ids"
[ "${#ids[@]}" = 4 ] || fail "too few papers: $(cat "$work/ids")"
at() { echo "$vault/$1/${2:0:2}/$2"; }
mv "$(at objects "${ids[0]}")" "$work/aside"
printf 'overwritten' | dd of="$(at objects "${ids[1]}")" bs=1 seek=9000 conv=notrunc status=none
truncate -s 5000 "$(at objects "${ids[2]}")"
: >"$(at keys "${ids[3]}")"

run 1 doctor
says '✗ 证据库：记录提到的 [0-9]+ 件中有 3 件不在或者不完整' '请停止服务' 'liuhen restore' \
    "案件“.+”的文书“.+”.*：文件不见了.*${ids[0]}" "文件被截短，只有 5000 字节，应为 [0-9]+ 字节.*${ids[2]}" \
    "密钥文件被截短，只有 0 字节.*${ids[3]}"
says_not "${ids[1]}"
run 1 vault check
says '不见的 1 件，损坏的 3 件' "案件“.+”的文书“.+”.*：内容已损坏.*${ids[1]}" "文件不见了.*${ids[0]}" '结果已登记在案'
# A medium of before keeps what it has of them; a new one takes the rest, and neither run is called whole.
run 1 backup "$work/whole"
says '^错误：备份已做成并保留，但不完整'
[ "$(grep -c '这份备份里有以前完好的一份，已保留' "$work/out")" = 3 ] || fail "what was kept: $(cat "$work/out")"
run 1 backup "$work/new"
says '^错误：备份已做成并保留，但不完整' "内容已损坏.*${ids[1]}.*没有备份" "文件不见了.*${ids[0]}.*没有备份" '不要清空'
[ "$(grep -c '。没有备份。$' "$work/out")" = 4 ] || fail "what was not backed up: $(cat "$work/out")"
[ ! -e "$work/new/qinghe/objects/${ids[1]:0:2}/${ids[1]}" ] || fail "rotten bytes were backed up"
run 0 ledger verify
run 0 ledger rebuild

# Restored from a medium on which one object is gone and another overwritten: all the rest is back, both are named, and
# the command ends with 1. The eight groups are written by another hand than the program's.
"$bin/liuhen" demo --prepare-only --directory "$work/second" >"$work/log" || fail "the second demonstration was not made"
place=(--data "$work/second/data" --keys "$work/second/keys" --lock "$work/second/lock")
run 0 backup "$work/medium"
python3 - "$work/second/keys/qinghe/backup.key" >"$work/groups" <<'PY'
import hashlib, sys
key = bytes.fromhex(open(sys.argv[1]).read().strip())
letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
for number in range(8):
    part = key[4 * number:4 * number + 4]
    value = int.from_bytes(part, "big") << 3
    word = "".join(letters[value >> 5 * place & 31] for place in range(6, -1, -1))
    print(word + letters[hashlib.sha256(b"liuhen/recovery/v1\n" + bytes([number]) + part).digest()[0] & 31])
PY
sqlite3 "$work/second/data/bureaus/qinghe/ledger.sqlite" \
    "SELECT json_extract(skeleton, '\$.plain.object') FROM entry WHERE type = 'document.issued' ORDER BY position LIMIT 2" >"$work/ids"
mapfile -t ids <"$work/ids"
mv "$work/medium/qinghe/objects/${ids[0]:0:2}/${ids[0]}" "$work/aside"
printf 'overwritten' | dd of="$work/medium/qinghe/objects/${ids[1]:0:2}/${ids[1]}" bs=1 seek=9000 conv=notrunc status=none
mkdir "$work/new-server"
cp -a "$work/second/lock" "$work/new-server/lock"
place=(--data "$work/new-server/data" --keys "$work/new-server/keys" --lock "$work/new-server/lock")
run 1 restore --recovery-key-file "$work/groups" "$work/medium"
says '^已恢复 [0-9]+ 条记录' "✗ 案件“.+”的文书“.+”.*${ids[0]}" "✗ 案件“.+”的文书“.+”.*${ids[1]}" \
    '^错误：恢复已完成，记录完整' '就是丢失了，请报告负责人' '恢复和缺损的证据已登记'
says_not 'damaged' 'segment' 'authenticate'
[ "$(grep -c '^✗' "$work/out")" = 2 ] || fail "more than two are lost: $(cat "$work/out")"
run 0 ledger verify
run 1 doctor
says '中有 2 件不在或者不完整'
# What another medium has of the first goes back to its place: its key is there already.
cp "$work/aside" "$work/new-server/data/bureaus/qinghe/vault/objects/${ids[0]:0:2}/${ids[0]}"
run 1 vault check
says '不见的 1 件，损坏的 0 件'
says_not "${ids[0]}"
echo "evidence that is gone, overwritten or cut is named by doctor, vault check, backup and restore"
