#!/bin/sh
# What `make run` does after building writes to ./var-demo and nowhere else: done on a copy of this machine that is thrown
# away, in which every change stands in a list. Bureaus are made, cases worked on, documents printed, recordings inspected.
set -eu
cd "$(dirname "$0")/../.."
project=$(pwd -P)
bin=${LIUHEN_BIN:-$(swift build --show-bin-path)}
port=${LIUHEN_OWN_PORT:-18093}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "06-own-directory: $*" >&2
    exit 1
}

if [ "$(id -u)" != 0 ]; then
    echo "did not run: a copy of the machine needs root"
    [ "${LIUHEN_JUDGES:-}" != 1 ] || exit 1
    exit 0
fi

# What may be written: the demonstration, and what is built and installed for the project. Temporary
# files that are left behind, in /tmp as elsewhere, are told as well; but for the empty mark
# of Swift's own package manager, which the setup asks.
elsewhere() {
    grep -vE "^$project/(var-demo|\\.build|\\.venv|\\.tools)(/|\$)" "$1" |
        { grep -vE '^/tmp/TemporaryDirectory\.[A-Za-z0-9]+/\.keep-directory$' || true; }
}

cat >"$work/run" <<'END'
set -eu
bin=$1 port=$2
export PYTHONDONTWRITEBYTECODE=1
rm -rf var-demo
scripts/setup.sh run
"$bin/liuhen" demo --directory ./var-demo --listen "127.0.0.1:$port" &
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT
tries=0
until python3 -c "import urllib.request; urllib.request.urlopen('http://127.0.0.1:$port/health', timeout=10)" 2>/dev/null; do
    tries=$((tries + 1))
    [ "$tries" -le 240 ] || exit 1
    kill -0 "$server"
    sleep 0.5
done
python3 scripts/faults/visit.py "$port"
# The round that inspects new recordings comes every five seconds.
sleep 6
kill "$server"
wait "$server" || true
trap - EXIT
END
# Temporary files go to /tmp, which is in the copy.
env TMPDIR=/tmp scripts/throwaway.sh "$work/written" sh "$work/run" "$bin" "$port" >"$work/said" 2>&1 || {
    tail -n 20 "$work/said" >&2
    fail "the demonstration did not run"
}
inside=$(grep -c "^$project/var-demo/" "$work/written" || true)
[ "$inside" -gt 10 ] || fail "only $inside files in var-demo: the list is not of what ran"
elsewhere "$work/written" >"$work/elsewhere"
[ ! -s "$work/elsewhere" ] || fail "written outside of var-demo: $(head -n 20 "$work/elsewhere")"

# That the list would tell: a file in the home directory, one of the program's own changed, one of the system's removed.
# shellcheck disable=SC2016
scripts/throwaway.sh "$work/written" sh -c 'touch "$HOME/.liuhen-control" README.md; rm /etc/hostname' || fail "no control"
elsewhere "$work/written" >"$work/elsewhere"
for path in "$HOME/.liuhen-control" "$project/README.md" /etc/hostname; do
    grep -qxF "$path" "$work/elsewhere" || fail "the list does not tell that $path was changed"
done
echo "06-own-directory: $inside files in var-demo, none elsewhere"
