#!/bin/sh
# What scripts/setup.sh says where something is missing: tried for real, each on a copy of this machine that is thrown away.
set -eu
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "05-setup: $*" >&2
    [ ! -s "$work/said" ] || sed 's/^/    /' "$work/said" >&2
    exit 1
}

if [ "$(id -u)" != 0 ]; then
    echo "did not run: a copy of the machine needs root"
    [ "${LIUHEN_JUDGES:-}" != 1 ] || exit 1
    exit 0
fi

# refuses NAME MODE CHANGE WORDS...: after CHANGE setup fails, and says all the words.
refuses() {
    name=$1
    mode=$2
    change=$3
    shift 3
    status=0
    scripts/throwaway.sh "$work/written" sh -c "$change" setup "$mode" >"$work/said" 2>&1 || status=$?
    case $status in
        0) fail "$name: setup ended well" ;;
        125) fail "$name: no copy of the machine could be made" ;;
    esac
    for words in "$@"; do
        grep -qF -- "$words" "$work/said" || fail "$name: setup does not say “$words”"
    done
    echo "$name: $(grep '^setup: ' "$work/said" | tail -n 1)"
}

# Inside the copy $1 is the mode. What is not broken is there: else every refusal would be of another thing.
scripts/throwaway.sh "$work/written" scripts/setup.sh test >"$work/said" 2>&1 ||
    fail "setup does not end well on this machine as it is: install first with scripts/setup.sh test"

without_swift='while found=$(command -v swift); do rm "$found"; done'
stub='found=$(command -v swift); rm "$found"; printf "#!/bin/sh\n%s\n" "$stub" >"$found"; chmod 755 "$found"'
without_package='dpkg --remove --no-triggers --force-depends --force-unsafe-io zbar-tools >/dev/null 2>&1; apt-get clean'
run='exec scripts/setup.sh "$1"'
# A user with a clone of their own: what setup writes belongs to them.
as_user='chown -R 65534 .tools; exec setpriv --reuid 65534 --regid 65534 --clear-groups scripts/setup.sh "$1"'

refuses "without Swift" run "$without_swift; $run" \
    "Swift is not installed" "https://www.swift.org/install/linux/" "PATH"
refuses "with an old Swift" run "stub='echo Swift version 5.10.1'; $stub; $run" \
    "Swift 5.10 is too old; 6.2 or later is needed" "https://www.swift.org/install/linux/"
refuses "with a Swift that does not start" run "stub='echo libncurses.so.6: not found >&2; exit 127'; $stub; $run" \
    "Swift is installed and does not start" "libncurses.so.6: not found"
refuses "on another system" test "rm /etc/debian_version; $run" \
    "this is not Debian" "install by hand" "fonts-noto-cjk" "zbar-tools" "docs/operations.md"
refuses "with a package missing, not as root" test "$without_package; $as_user" \
    "missing:" "zbar-tools" "Run as root once: sudo" "setup.sh test"
refuses "with a package missing, without network" test "$without_package; exec unshare --net scripts/setup.sh \"\$1\"" \
    "installing zbar-tools failed" "Mend it and try again"
refuses "without the Python environment and network" run \
    "rm -rf .venv; unset PIP_FIND_LINKS; PIP_CONFIG_FILE=/dev/null PIP_RETRIES=0 exec unshare --net scripts/setup.sh \"\$1\"" \
    "installing scripts/requirements-run.txt failed" "Check the network"
refuses "with an unknown mode" all "$run" "unknown mode 'all'" "scripts/setup.sh run"
