#!/bin/sh
# Commands typed in a wrong directory, or with a port that is taken, say so in Chinese and leave nothing behind.
set -eu
cd "$(dirname "$0")/../.."
root=$(pwd)
bin=$(swift build --show-bin-path)
work=$(mktemp -d)
holder=
end() {
    [ -z "$holder" ] || kill "$holder" 2>/dev/null || true
    rm -rf "$work"
}
trap end EXIT INT TERM

fail() {
    echo "17-wrong-place: $*" >&2
    exit 1
}

mkdir "$work/empty"
cd "$work/empty"
if "$bin/liuhen" doctor >"$work/out" 2>&1; then fail "doctor found a server in an empty directory"; fi
grep -q '里还没有机关' "$work/out" || fail "doctor: $(cat "$work/out")"
grep -q '里没有程序文件' "$work/out" || fail "doctor: $(cat "$work/out")"
[ -z "$(ls -A)" ] || fail "doctor left $(ls -A)"
if "$bin/liuhen" demo --prepare-only >"$work/out" 2>&1; then fail "a demonstration without the program's files"; fi
grep -q '里没有程序文件' "$work/out" || fail "demo: $(cat "$work/out")"
[ -z "$(ls -A)" ] || fail "demo left $(ls -A)"

for words in --help "help serve" "dossier export --help" "help ledger"; do
    # shellcheck disable=SC2086  # the words are a command
    "$bin/liuhen" $words >"$work/out"
    grep -q '^用法：liuhen' "$work/out" || fail "$words: no usage"
    if grep -nE '(OVERVIEW|USAGE|ARGUMENTS|OPTIONS|SUBCOMMANDS):|Show |default: |for detailed help' "$work/out"; then
        fail "$words speaks English"
    fi
done

# The help of every command, found by going down from the first: a golden file, so that a change of words is seen.
help_of() {
    # shellcheck disable=SC2086  # the words are a command
    COLUMNS=100 "$bin/liuhen" $1 --help >"$work/help" || fail "liuhen $1 --help"
    { echo "\$ liuhen $1 --help"; cat "$work/help"; echo; } >>"$work/helps"
    for command in $(sed -n '/^子命令：/,$p' "$work/help" | sed -n 's/^  \([a-z][a-z-]*\)\( .*\)\{0,1\}$/\1/p'); do
        case $command in help | exercise*) continue ;; esac
        help_of "${1:+$1 }$command"
    done
}
: >"$work/helps"
help_of ""
grep -q '^\$ liuhen regulation check --help' "$work/helps" && grep -q '^\$ liuhen ledger verify --help' "$work/helps" ||
    fail "the help does not name every command"
if grep -nE '(OVERVIEW|USAGE|ARGUMENTS|OPTIONS|SUBCOMMANDS):|Show |default: |for detailed help|<[a-z]' "$work/helps"; then
    fail "a help speaks English"
fi
sed -i '/^  exercise/d' "$work/helps"
[ -z "${LIUHEN_UPDATE_GOLDEN:-}" ] || cp "$work/helps" "$root/Tests/Fixtures/usage/help.txt"
diff -u "$root/Tests/Fixtures/usage/help.txt" "$work/helps" || fail "helps are others than before"

# One wrong line of each group of commands, as it is answered: docs and manuals quote these words.
: >"$work/usage"
while IFS= read -r words; do
    code=0
    # shellcheck disable=SC2086  # the words are a command
    "$bin/liuhen" $words >"$work/out" 2>&1 || code=$?
    [ "$code" = 64 ] || fail "liuhen $words ends with $code: $(cat "$work/out")"
    {
        echo "\$ liuhen $words"
        cat "$work/out"
    } >>"$work/usage"
done <"$root/Tests/Fixtures/usage/lines.txt"
if grep -nE '<[a-z]|\[[a-z<]+\]|(Usage|Error|Help|USAGE):|Missing|Unknown|Unexpected|See ' "$work/usage"; then
    fail "a usage error speaks English"
fi
[ -z "${LIUHEN_UPDATE_GOLDEN:-}" ] || cp "$work/usage" "$root/Tests/Fixtures/usage/answers.txt"
diff -u "$root/Tests/Fixtures/usage/answers.txt" "$work/usage" || fail "usage errors are others than before"
[ -z "$(ls -A)" ] || fail "usage errors left $(ls -A)"

cd "$root"
python3 -c '
import socket, sys, time
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(1)
print(s.getsockname()[1], flush=True); time.sleep(60)' >"$work/port" &
holder=$!
until [ -s "$work/port" ]; do sleep 0.1; done
port=$(cat "$work/port")
for command in "demo --directory $work/demo" "serve --data $work/var --keys $work/keys --lock $work/lock"; do
    code=0
    # shellcheck disable=SC2086  # the words are options
    "$bin/liuhen" $command --listen "127.0.0.1:$port" >"$work/out" 2>&1 || code=$?
    [ "$code" = 1 ] || fail "$command: exit $code"
    grep -q "端口 $port 已被占用" "$work/out" || fail "$command: $(cat "$work/out")"
    [ "$(wc -l <"$work/out")" = 1 ] || fail "$command says more: $(cat "$work/out")"
done
[ ! -e "$work/demo" ] && [ ! -e "$work/var" ] || fail "something was made although the port is taken"
