#!/bin/sh
# The static verifier where there is nothing else: verifier.sh PROGRAM. A root of its own holds the program and dossiers of
# Tests/Fixtures alone: no library, no shell, no Swift. It accepts with the key, does not without, refuses a changed byte.
set -eu
cd "$(dirname "$0")/../.."
program=$1
fixtures=Tests/Fixtures/dossier-v1
[ "$(id -u)" = 0 ] || { echo "verifier: a root of its own needs root" >&2; exit 1; }
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir "$root/tmp"
cp "$program" "$root/liuhen-verify"
cp "$fixtures/tiny-compact.zip" "$fixtures/usual-complete.zip" "$root/"
vkey=$(cat "$fixtures/vkey")

# judged CODE ARGUMENT...
judged() {
    wanted=$1
    shift
    code=0
    env -i chroot "$root" /liuhen-verify "$@" >"$root/tmp/said" 2>&1 || code=$?
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
    env -i chroot "$root" /liuhen-verify "/$dossier.zip" --vkey "$vkey" >"$root/tmp/said" 2>&1 || code=$?
    case $code in
        1 | 2) ;;
        *) echo "verifier: a changed byte ends with $code" >&2; exit 1 ;;
    esac
done
judged 2 /nothing.zip
! ldd "$program" >/dev/null 2>&1 || { echo "verifier: it wants libraries" >&2; exit 1; }
