#!/bin/sh
# The two commands on a bare machine: a minimal Debian is made, a clean clone of what is committed put into it, and there
# `make run` installs, builds and serves, people work at it, `scripts/setup.sh test` installs the judges, the tests are built
# and those run that lean on what was installed, and `make verifier` makes the program that runs without Swift: in a root of
# its own with nothing but itself it judges a dossier. Not the whole of `make test`: it takes long, and what a machine changes
# is what is built, found and installed. LIUHEN_BARE_TESTS=all runs it all. Takes half an hour and more, the network, 12 GB.
#
# From this machine come only Swift (the directory above its bin), the git and pip configuration, and the directories named
# in LIUHEN_BARE_SHARE (mirrors of packages, for a machine without the whole network), all for reading alone.
# LIUHEN_BARE_ROOT keeps the machine there for another run; LIUHEN_BARE_PORT is where it serves.
set -eu
cd "$(dirname "$0")/../.."
if [ "${LIUHEN_OWN_MOUNTS:-}" != 1 ]; then
    [ "$(id -u)" = 0 ] || { echo "did not run: a machine of one's own needs root"; exit 1; }
    exec env LIUHEN_OWN_MOUNTS=1 unshare --mount --propagation private "$PWD/scripts/soak.d/60-bare-machine.sh"
fi
project=$(pwd -P)
port=${LIUHEN_BARE_PORT:-18092}
work=$(mktemp -d)
machine=${LIUHEN_BARE_ROOT:-$work/machine}
serving=

finish() {
    [ -z "$serving" ] || kill "$serving" 2>/dev/null || true
    [ -z "$serving" ] || wait "$serving" 2>/dev/null || true
    # Never with anything mounted in it: what is shared would go too.
    umount -R "$machine" 2>/dev/null || true
    findmnt -R "$machine" >/dev/null 2>&1 || rm -rf "$work"
}
trap finish EXIT INT TERM

fail() {
    echo "60-bare-machine: $*" >&2
    exit 1
}

swift=$(readlink -f "$(command -v swift)") || fail "no Swift here to share"
tools=${swift%/usr/bin/*}
[ -d "$tools/usr/bin" ] || fail "Swift at $swift is not in a directory of its own"
command -v mmdebstrap >/dev/null 2>&1 ||
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -y -q --no-install-recommends mmdebstrap >/dev/null

begun=$(date +%s)
since() { echo "$(($(date +%s) - begun)) s: $*"; }

if [ ! -d "$machine/usr" ]; then
    mkdir -p "$machine"
    # What a person needs who clones and types make: the rest is what is to be proven.
    mmdebstrap --quiet --variant=minbase --include=ca-certificates,git,make bookworm "$machine" || fail "no minimal Debian"
fi
mount --bind "$machine" "$machine"
mount -t proc proc "$machine/proc"
mount --rbind /dev "$machine/dev"
mount -t sysfs sys "$machine/sys"
for shared in "$tools" ${LIUHEN_BARE_SHARE:-}; do
    mkdir -p "$machine$shared"
    mount --bind "$shared" "$machine$shared"
    mount -o remount,bind,ro "$machine$shared"
done
cp -L /etc/resolv.conf "$machine/etc/resolv.conf"
cp /etc/ssl/certs/ca-certificates.crt "$machine/etc/ssl/certs/ca-certificates.crt"
for file in /etc/gitconfig /etc/pip.conf; do [ ! -e "$file" ] || cp "$file" "$machine$file"; done
rm -rf "$machine/srv/liuhen"
git clone -q --no-hardlinks "$project" "$machine/srv/liuhen"
since "a minimal Debian of $(chroot "$machine" dpkg-query -W | wc -l) packages, and a clean clone"

# inside COMMAND...: in the clone, with an environment that owes nothing to this one but where pip looks.
inside() {
    # shellcheck disable=SC2046
    env -i HOME=/root TERM=dumb LANG=C.UTF-8 PATH="$tools/usr/bin:/usr/sbin:/usr/bin:/sbin:/bin" \
        $(env | grep '^PIP_[A-Z_]*=[^ ]*$' || true) \
        chroot "$machine" sh -c 'cd /srv/liuhen && exec "$@"' sh "$@"
}

if env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot "$machine" make -C /srv/liuhen run >"$work/said" 2>&1; then
    fail "make run without Swift ended well"
fi
grep -q 'Swift is not installed' "$work/said" || fail "without Swift: $(cat "$work/said")"
since "without Swift: $(grep -m 1 '^setup: ' "$work/said")"

inside make run "LISTEN=127.0.0.1:$port" >"$work/run.txt" 2>&1 &
serving=$!
until python3 -c "import urllib.request as r; r.urlopen('http://127.0.0.1:$port/health', timeout=10)" 2>/dev/null; do
    kill -0 "$serving" 2>/dev/null || { tail -n 40 "$work/run.txt" >&2; fail "make run ended"; }
    sleep 2
done
since "make run serves"
grep -E '^(setup:|Building|留痕已启动)' "$work/run.txt" | cut -c 1-160
touch "$work/marker"
PYTHONDONTWRITEBYTECODE=1 python3 scripts/faults/visit.py "$port" || fail "people cannot work at it"
sleep 6
written=$(find "$machine" -xdev -newer "$work/marker" -type f ! -path "$machine/srv/liuhen/var-demo/*" ! -path "$machine/tmp/*")
[ -z "$written" ] || fail "written outside of var-demo while it served: $written"
# make, its shell and the server: the server is asked to end, and the others end with it.
for process in /proc/[0-9]*; do
    [ "$(readlink "$process/root" 2>/dev/null)" = "$machine" ] || continue
    case $(tr '\0' ' ' <"$process/cmdline") in *"/liuhen demo "*) kill "${process#/proc/}" ;; esac
done
wait "$serving" || true
serving=
new=$(git -C "$machine/srv/liuhen" status --porcelain --ignored | sed 's/^...//' | LC_ALL=C sort | tr '\n' ' ')
# Package.resolved is what Swift writes down of the exact versions that Package.swift names.
[ "$new" = ".build/ .tools/ .venv/ Package.resolved var-demo/ " ] || fail "make run left in the clone: $new"
since "it ended; in the clone there are new: $new"

inside scripts/setup.sh test >"$work/test.txt" 2>&1 || { tail -n 20 "$work/test.txt" >&2; fail "scripts/setup.sh test"; }
inside scripts/setup.sh test >"$work/again.txt" 2>&1 || fail "scripts/setup.sh test a second time"
[ ! -s "$work/again.txt" ] || fail "set-up did something a second time: $(cat "$work/again.txt")"
since "scripts/setup.sh test installed what tests need; a second time it does nothing"

if [ "${LIUHEN_BARE_TESTS:-}" = all ]; then
    inside make test >"$work/tests.txt" 2>&1 || { tail -n 60 "$work/tests.txt" >&2; fail "make test"; }
    since "make test: $(tail -n 1 "$work/tests.txt")"
else
    # As make test does, with the judges demanded: Go and pymerkle, bagit.py, ffprobe in its confinement, the press's worker.
    inside swift build --build-tests >"$work/tests.txt" 2>&1 || { tail -n 40 "$work/tests.txt" >&2; fail "the tests do not build"; }
    since "the tests are built"
    inside env LIUHEN_JUDGES=1 swift test --skip-build \
        --filter 'KernelTests|LogJudgeTests|BagJudgeTests|ObjectTests|ConfinementTests|FfprobeTests|RealWorkerTests|LockFileTests' \
        >"$work/tests.txt" 2>&1 || { grep -E '✘|error:' "$work/tests.txt" >&2 || tail -n 40 "$work/tests.txt" >&2; fail "the tests"; }
    said=$(grep -E 'Test run with [1-9][0-9]* tests? .* passed' "$work/tests.txt") || fail "no test ran"
    since "$said"
fi

inside make verifier >"$work/verifier.txt" 2>&1 || { tail -n 40 "$work/verifier.txt" >&2; fail "make verifier"; }
scripts/judges/verifier.sh "$machine/srv/liuhen/.build/verifier/release/liuhen-verify" || fail "the static verifier"
since "make verifier made a program that judges a dossier with nothing else in its root"
