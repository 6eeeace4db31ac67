#!/bin/sh
# Keys are changed, the process dying after each step, and afterwards everything opens, is backed up and comes back.
set -eu
cd "$(dirname "$0")/../.."
bin=$(swift build --show-bin-path)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
trap 'exit 1' INT TERM
fail() {
    echo "61-keys: $*" >&2
    exit 1
}
secret() {
    echo "demo-$1-2026" >"$root/secret-$1"
    echo "$root/secret-$1"
}
"$bin/liuhen" demo --directory "$root/base" --prepare-only >"$root/log"
thread=$(sqlite3 "$root/base/data/bureaus/qinghe/ledger.sqlite" \
    "SELECT lower(hex(thread)) FROM case_file WHERE state = 'filed' AND kind = 'penalty' LIMIT 1")
entries() {
    sqlite3 "$1/data/bureaus/qinghe/ledger.sqlite" \
        "SELECT count(*) FROM entry WHERE type = 'key.published' AND skeleton LIKE '%\"use\":\"$2\"%'"
}
wrapped() {
    # How many live key files there are under each vault key.
    find "$1/data/bureaus/qinghe/vault/keys" -type f | while read -r file; do
        od -An -tx1 -j16 -N8 "$file"
    done | tr -d ' ' | grep -v '^0*$' | sort | uniq -c | awk '{print $1}' | xargs
}
objects=$(wrapped "$root/base")
case $objects in *' '*) fail "the demonstration has two vault keys: $objects" ;; esac

# One step after another is the last. Then the server's other commands work, a backup waits, and the next run finishes.
for use in vault receipt; do
    for step in 1 2 3 4; do
        [ "$use $step" = "receipt 3" ] && continue
        here="$root/here"
        rm -rf "$here"
        cp -a "$root/base" "$here"
        place="--data $here/data --keys $here/keys --lock $here/lock"
        run="$bin/liuhen key rotate $place --use $use --account admin --secret-file $(secret admin)"
        old=$(cat "$here/keys/qinghe/$use.key")
        $run --stop-after $step >"$root/log" 2>&1 && fail "$use $step: it did not die"
        if [ "$step" != 4 ]; then
            # shellcheck disable=SC2086
            "$bin/liuhen" backup $place "$root/medium-half" >"$root/log" 2>&1 && fail "$use $step: half a change was backed up"
            grep -q '没有做完' "$root/log" || fail "$use $step: $(cat "$root/log")"
            # shellcheck disable=SC2086
            "$bin/liuhen" doctor $place 2>&1 | grep -q '✗ 密钥更换都已做完' || fail "$use $step: the doctor sees nothing"
            # Between the two keys everything still opens: a dossier reads every object of a case.
            # shellcheck disable=SC2086
            "$bin/liuhen" dossier export $place --case-thread "$thread" --account jiang \
                --secret-file "$(secret jiang)" "$root/half.zip" >"$root/log" 2>&1 || fail "$use $step: $(cat "$root/log")"
            rm -f "$root/half.zip"
            $run >"$root/log" 2>&1 || fail "$use $step: it does not go on: $(cat "$root/log")"
        fi
        [ "$(entries "$here" "$use")" = "$(($(entries "$root/base" "$use") + 1))" ] || fail "$use $step: not recorded once"
        [ "$(cat "$here/keys/qinghe/$use.key")" != "$old" ] || fail "$use $step: the key is the old one"
        [ "$(find "$here/keys" -name '*.next' -o -name "*.old" | wc -l)" = 0 ] || fail "$use $step: something is left beside"
        grep -rqF "$old" "$here/keys" && fail "$use $step: the old key is still there"
        [ "$(wrapped "$here")" = "$objects" ] || fail "$use $step: keys of objects: $(wrapped "$here"), not $objects"
        # shellcheck disable=SC2086
        "$bin/liuhen" ledger verify $place | grep -q '完整无误' || fail "$use $step: the ledger does not verify"
        # shellcheck disable=SC2086
        "$bin/liuhen" dossier export $place --case-thread "$thread" --account jiang --secret-file "$(secret jiang)" \
            "$root/whole.zip" >"$root/export" 2>&1 || fail "$use $step: $(cat "$root/export")"
        vkey=$(sed -n "s/.*--vkey '\(.*\)'.*/\1/p" "$root/export")
        "$bin/liuhen-verify" "$root/whole.zip" --vkey "$vkey" >"$root/log" || fail "$use $step: the dossier: $(cat "$root/log")"
        rm -f "$root/whole.zip"
    done
done

# Who is no administrator changes nothing.
place="--data $root/base/data --keys $root/base/keys --lock $root/base/lock"
# shellcheck disable=SC2086
"$bin/liuhen" key rotate $place --use vault --account jiang --secret-file "$(secret jiang)" >"$root/log" 2>&1 &&
    fail "a custodian changed a key"
[ ! -e "$root/base/keys/qinghe/vault.key.next" ] || fail "a refused change left a key behind"
# A bureau without a backup key gets one, with a sheet; a death before the end prints the same sheet again.
rm "$root/base/keys/qinghe/backup.key"
before=$(entries "$root/base" backup)
# shellcheck disable=SC2086
"$bin/liuhen" backup $place "$root/medium" >"$root/log" 2>&1 && fail "a backup without a key"
# shellcheck disable=SC2086
add="$bin/liuhen key add-backup-key $place --account admin --secret-file $(secret admin) --without-reading-back"
for step in 1 2; do
    $add --stop-after $step >"$root/sheet-$step" 2>&1 && fail "it did not die"
done
$add >"$root/sheet" || fail "$(cat "$root/sheet")"
groups() { grep -o '第[1-8]组 [0-9A-Z]*' "$1" | sort -u; }
[ "$(groups "$root/sheet" | wc -l)" = 8 ] || fail "no sheet of eight groups"
[ "$(groups "$root/sheet")" = "$(groups "$root/sheet-2")" ] || fail "another key was printed after a death"
[ "$(entries "$root/base" backup)" = $((before + 1)) ] || fail "the backup key is not recorded once"
$add >"$root/log" 2>&1 && fail "a second backup key was made"
# Changed after a backup: the next one carries what comes back under the new key.
# shellcheck disable=SC2086
"$bin/liuhen" backup $place "$root/medium" >"$root/log" || fail "$(cat "$root/log")"
# shellcheck disable=SC2086
"$bin/liuhen" key rotate $place --use vault --account admin --secret-file "$(secret admin)" >"$root/log" || fail "$(cat "$root/log")"
# shellcheck disable=SC2086
"$bin/liuhen" backup $place "$root/medium" >"$root/log" || fail "$(cat "$root/log")"
groups "$root/sheet" | sort | sed 's/.* //' >"$root/groups"

# The log's key: another log. Two persons decide, both keys are named, and the old one signs nothing more.
old_key=$vkey
two="--account admin --secret-file $(secret admin) --second-account shen --second-secret-file $(secret shen)"
rotate="$bin/liuhen key rotate $place --use log"
# shellcheck disable=SC2086
$rotate --reason 换钥 --account admin --secret-file "$(secret admin)" >"$root/log" 2>&1 && fail "one person changed the log's key"
# shellcheck disable=SC2086
$rotate $two >"$root/log" 2>&1 && fail "the log's key was changed without a reason"
# shellcheck disable=SC2086
$rotate --reason "" $two >"$root/log" 2>&1 && fail "the log's key was changed for an empty reason"
grep -q -- '--reason：请填写原因' "$root/log" || fail "the empty reason: $(cat "$root/log")"
# shellcheck disable=SC2086
$rotate --reason 换钥 --account jiang --secret-file "$(secret jiang)" --second-account shen \
    --second-secret-file "$(secret shen)" >"$root/log" 2>&1 && fail "a custodian changed the log's key"
[ -e "$root/base/keys/qinghe/log.key" ] || fail "a refused change destroyed the key"
[ ! -e "$root/base/keys/qinghe/log-2.key" ] || fail "a refused change left a key for the next log"
# One that lies there all the same, of whoever put it there, is named and not taken up.
sed 's|log/qinghe+|log/qinghe/2+|' "$root/base/keys/qinghe/log.key" >"$root/planted.key"
install -m 600 "$root/planted.key" "$root/base/keys/qinghe/log-2.key"
# shellcheck disable=SC2086
"$bin/liuhen" doctor $place >"$root/log" 2>&1 && fail "the doctor sees no key of a log that is not there"
grep -q '✗ 没有用不上的账本密钥.*log-2.key.*请删除' "$root/log" || fail "a key of no log: $(cat "$root/log")"
cp "$root/base/keys/qinghe/log.key" "$root/stolen.key"
# shellcheck disable=SC2086
$rotate --reason 密钥可能外泄 $two >"$root/rotated" 2>&1 || fail "$(cat "$root/rotated")"
grep -qF "旧公钥：$old_key" "$root/rotated" || fail "the old key is not named: $(cat "$root/rotated")"
new_key=$(sed -n 's/^公钥：//p' "$root/rotated")
case $new_key in demo.liuhen.invalid/log/qinghe/2+*) ;; *) fail "the new log's key is $new_key" ;; esac
[ ! -e "$root/base/keys/qinghe/log.key" ] || fail "the old key is still there"
cmp -s "$root/planted.key" "$root/base/keys/qinghe/log-2.key" && fail "the next log began under a key that lay about"
grep -rqF "$(cat "$root/stolen.key")" "$root/base" && fail "the old key is still somewhere"
# shellcheck disable=SC2086
"$bin/liuhen" doctor $place >"$root/log" || fail "$(cat "$root/log")"
# shellcheck disable=SC2086
"$bin/liuhen" ledger verify $place >"$root/log" || fail "$(cat "$root/log")"
grep -q '换用密钥：第 1 本' "$root/log" || fail "the verification does not name the change: $(cat "$root/log")"
grep -q '缺口' "$root/log" && fail "a change of key is told as a loss: $(cat "$root/log")"
# shellcheck disable=SC2086
"$bin/liuhen" ledger rebuild $place | grep -q '完全一致' || fail "the lists differ"
open_case=$(sqlite3 "$root/base/data/bureaus/qinghe/ledger.sqlite" \
    "SELECT lower(hex(thread)) FROM case_file WHERE kind = 'penalty' AND state = 'open' ORDER BY id LIMIT 1")
# verdict CODE WORDS ARGUMENT...
verdict() {
    code=0
    "$bin/liuhen-verify" "$root/spanning" --json >"$root/json" 2>&1 || true
    "$bin/liuhen-verify" "$root/spanning" "$3" "$4" >"$root/log" 2>&1 || code=$?
    [ "$code" = "$1" ] || fail "liuhen-verify $3: exit $code, not $1: $(cat "$root/log")"
    grep -q "$2" "$root/log" || fail "the verdict does not say $2: $(cat "$root/log")"
}
# shellcheck disable=SC2086
"$bin/liuhen" dossier export $place --case-thread "$open_case" --account shen --secret-file "$(secret shen)" \
    "$root/spanning" >"$root/log" 2>&1 || fail "$(cat "$root/log")"
verdict 0 '换用密钥：第 1 个账本' --vkey "$new_key"
grep -q '结论：接受。' "$root/log" || fail "a change of key is told as a gap: $(cat "$root/log")"
verdict 3 '第 2 个账本（签名人未经证实）' --vkey "$old_key"
grep -q '"knownBy":"rotation"' "$root/json" || fail "the verdict for programs does not name the change"
# shellcheck disable=SC2086
"$bin/liuhen" backup $place "$root/medium" >"$root/log" || fail "$(cat "$root/log")"
back="--data $root/back/data --keys $root/back/keys --lock $root/back/lock"
mkdir -p "$root/back"
cp -a "$root/base/lock" "$root/back/lock"
# shellcheck disable=SC2086
"$bin/liuhen" restore $back --recovery-key-file "$root/groups" "$root/medium" >"$root/log" 2>&1 || fail "$(cat "$root/log")"
[ "$(wrapped "$root/back")" = "$objects" ] || fail "keys of objects came back as $(wrapped "$root/back")"
# shellcheck disable=SC2086
"$bin/liuhen" dossier export $back --case-thread "$thread" --account jiang --secret-file "$(secret jiang)" \
    "$root/back.zip" >"$root/log" 2>&1 || fail "after the restore: $(cat "$root/log")"
"$bin/liuhen-verify" "$root/back.zip" --vkey "$new_key" >"$root/log" || fail "the restored place: $(cat "$root/log")"
echo "61-keys: two keys changed with a death after each step, a backup key added, the log's key changed, all put back"
