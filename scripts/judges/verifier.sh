#!/bin/sh
# The static verifier where there is nothing else: verifier.sh PROGRAM. A root of its own holds the program and dossiers of
# Tests/Fixtures alone: no library, no shell, no Swift. It accepts with the key, does not without, refuses a changed byte.
# Beside them stands /proc, as on every running Linux: a static Swift program asks there where it lies.
set -eu
if [ "${LIUHEN_OWN_MOUNTS_HERE:-}" != 1 ]; then
    [ "$(id -u)" = 0 ] || { echo "verifier: a root of its own needs root" >&2; exit 1; }
    exec env LIUHEN_OWN_MOUNTS_HERE=1 unshare --mount --propagation private "$(readlink -f "$0")" "$(readlink -f "$1")"
fi
cd "$(dirname "$0")/../.."
program=$1
fixtures=Tests/Fixtures/dossier-v1
root=$(mktemp -d)
trap 'umount "$root/proc" 2>/dev/null; rm -rf "$root"' EXIT
mkdir "$root/tmp" "$root/proc"
mount -t proc proc "$root/proc"
cp "$program" "$root/liuhen-verify"
cp "$fixtures/tiny-compact.zip" "$fixtures/usual-complete.zip" "$root/"
vkey=$(cat "$fixtures/vkey")

# judged CODE ARGUMENT...
judged() {
    wanted=$1
    shift
    code=0
    env -i /usr/sbin/chroot "$root" /liuhen-verify "$@" >"$root/tmp/said" 2>&1 || code=$?
    [ "$code" = "$wanted" ] || { echo "verifier: $* ends with $code, not $wanted: $(cat "$root/tmp/said")" >&2; exit 1; }
}
for dossier in tiny-compact usual-complete; do
    judged 0 "/$dossier.zip" --vkey "$vkey"
    grep -q '结论' "$root/tmp/said" || { echo "verifier: no verdict in Chinese" >&2; exit 1; }
    judged 3 "/$dossier.zip"
    # In the middle of a file of it.
    python3 - "$root/$dossier.zip" <<'PYTHON'
import sys, zipfile
path = sys.argv[1]
with zipfile.ZipFile(path) as archive:
    pdf = next(info for info in archive.infolist() if info.filename.endswith(".pdf"))
data = bytearray(open(path, "rb").read())
start = pdf.header_offset + 30 + len(pdf.filename.encode())
data[start + pdf.compress_size // 2] ^= 1
open(path, "wb").write(data)
PYTHON
    code=0
    env -i /usr/sbin/chroot "$root" /liuhen-verify "/$dossier.zip" --vkey "$vkey" >"$root/tmp/said" 2>&1 || code=$?
    case $code in
        1 | 2) ;;
        *) echo "verifier: a changed byte ends with $code" >&2; exit 1 ;;
    esac
done
judged 2 /nothing.zip
! ldd "$program" >/dev/null 2>&1 || { echo "verifier: it wants libraries" >&2; exit 1; }
