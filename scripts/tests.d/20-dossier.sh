#!/usr/bin/env bash
# A filed case of the demonstration, handed out by the program and judged from outside: liuhen-verify in all its exit
# codes, bagit.py on the bag, Go's packages on every proof, and PDF tools on every document. Uses the debug build and .venv;
# about half a minute.
set -euo pipefail
cd "$(dirname "$0")/../.."
liuhen=.build/debug/liuhen
verify=.build/debug/liuhen-verify
python=.venv/bin/python
for file in "$liuhen" "$verify" "$python"; do
    [ -x "$file" ] || { echo "20-dossier: $file is missing; run make test" >&2; exit 1; }
done
work=$(mktemp -d)
trap 'umount "$work/small" 2>/dev/null || true; rm -rf "$work"' EXIT

fail() {
    echo "20-dossier: $1" >&2
    exit 1
}

# verdict CODE WHAT ARGUMENT...: liuhen-verify must end with one of the codes (1 or 2 is written 12).
verdict() {
    codes=$1
    what=$2
    shift 2
    code=0
    "$verify" "$@" >"$work/verdict" 2>&1 || code=$?
    case $codes in
        *"$code"*) ;;
        *)
            cat "$work/verdict" >&2
            fail "$what: exit $code, not $codes"
            ;;
    esac
}

"$liuhen" demo --prepare-only --directory "$work/demo" >"$work/log" || fail "the demonstration was not made"
case_thread=$("$python" - "$work/demo/data/bureaus/qinghe/ledger.sqlite" <<'PYTHON'
import sqlite3, sys
rows = sqlite3.connect("file:%s?mode=ro" % sys.argv[1], uri=True).execute(
    "SELECT lower(hex(thread)) FROM case_file WHERE state = 'filed' AND kind = 'penalty'").fetchall()
print(*[row[0] for row in rows])
PYTHON
)
[ "${#case_thread}" = 32 ] || fail "not exactly one filed case: $case_thread"

# The secrets of a demonstration's accounts are printed on its sign-in page.
printf 'demo-jiang-2026\n' >"$work/custodian"
printf 'demo-shen-2026\n' >"$work/head"
export_dossier() {
    "$liuhen" dossier export --data "$work/demo/data" --keys "$work/demo/keys" --lock "$work/demo/lock" \
        --case-thread "$case_thread" "$@" >"$work/log" 2>&1
}
as_custodian="--account jiang --secret-file $work/custodian"
# shellcheck disable=SC2086
export_dossier $as_custodian --for archive --mode compact "$work/bag" || { cat "$work/log" >&2; fail "no directory"; }
vkey=$(sed -n "s/.*--vkey '\(.*\)'.*/\1/p" "$work/log")
[ -n "$vkey" ] || fail "the export names no key"
# shellcheck disable=SC2086
export_dossier $as_custodian --for court --mode complete "$work/bag.zip" || { cat "$work/log" >&2; fail "no archive"; }
export_dossier --account shen --secret-file "$work/head" --for party --recipient 喆䶮堃 --secrecy-check 已审查 \
    "$work/party" || { cat "$work/log" >&2; fail "no dossier for the party"; }
# What must not be written over, and who may not hand out.
# shellcheck disable=SC2086
export_dossier $as_custodian "$work/bag" && fail "an export wrote over another"
# shellcheck disable=SC2086
export_dossier $as_custodian --for party --secrecy-check 已审查 "$work/second" && fail "the custodian served the party"
[ ! -e "$work/second" ] || fail "a refused export left something"

# What is cut off in the middle, here by a full disk, leaves neither half a dossier under its name nor its parts.
mkdir "$work/small"
if mount -t tmpfs -o size=64k none "$work/small" 2>/dev/null; then
    for target in "$work/small/half.zip" "$work/small/half"; do
        # shellcheck disable=SC2086
        export_dossier $as_custodian --for archive "$target" && fail "a dossier of more than 64 KiB fitted into them"
        [ -z "$(ls -A "$work/small")" ] || fail "half an export stays: $(ls -A "$work/small")"
    done
    umount "$work/small"
else
    [ "${LIUHEN_JUDGES:-}" != 1 ] || fail "no file system can be mounted here, so no export met a full disk"
    echo "20-dossier: no file system can be mounted here; a disk that is full in the middle of an export was not tried"
fi

# The verdicts: 0 with the key, 3 without, 1 under another key, 2 for what is no dossier.
other=$("$python" - "$vkey" <<'PYTHON'
import base64, hashlib, sys
name, _, key = sys.argv[1].split("+", 2)
raw = bytearray(base64.b64decode(key))
raw[5] ^= 1
number = hashlib.sha256(name.encode() + b"\n" + bytes(raw)).digest()[:4].hex()
print("%s+%s+%s" % (name, number, base64.b64encode(bytes(raw)).decode()))
PYTHON
)
for dossier in "$work/bag" "$work/bag.zip" "$work/party"; do
    verdict 0 "$dossier with its key" "$dossier" --vkey "$vkey"
    grep -q 演示 "$work/verdict" || fail "the verdict on $dossier does not say 演示"
    verdict 3 "$dossier without key" "$dossier"
    verdict 1 "$dossier under another key" "$dossier" --vkey "$other"
done
verdict 2 "nothing" "$work/nothing" --vkey "$vkey"
verdict 2 "a key that is none" "$work/bag" --vkey "not a key"
verdict 2 "a file that is no archive" "$work/log" --vkey "$vkey"
mkdir "$work/empty"
verdict 2 "an empty directory" "$work/empty" --vkey "$vkey"

# One byte changed, in every file of the bag in turn and at many places of the archive: never accepted.
"$python" - "$verify" "$vkey" "$work" <<'PYTHON' || fail "a changed byte was not noticed"
import pathlib, subprocess, sys
verify, key, work = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
bad = 0


def code(path):
    return subprocess.run([verify, str(path), "--vkey", key], capture_output=True).returncode


files = sorted(p for p in (work / "bag").rglob("*") if p.is_file())
assert len(files) > 100, len(files)
# Every document and recording, every tag file, and some of the many small ones.
chosen = [p for p in files if p.suffix in (".pdf", ".mp4", ".txt", ".html") or p.name == "dossier.json"]
chosen += [p for p in files if p not in chosen][::20]
for number, path in enumerate(chosen):
    before = path.read_bytes()
    place = len(before) * (number % 7) // 7
    path.write_bytes(before[:place] + bytes([before[place] ^ 1]) + before[place + 1:])
    if code(work / "bag") not in (1, 2):
        print("accepted with a change in", path)
        bad += 1
    path.write_bytes(before)
archive = (work / "bag.zip").read_bytes()
changed = work / "changed.zip"
for step in range(24):
    place = len(archive) * step // 24 if step < 20 else len(archive) - 1 - (step - 20) * 9
    changed.write_bytes(archive[:place] + bytes([archive[place] ^ 1]) + archive[place + 1:])
    if code(changed) not in (1, 2):
        print("accepted with a change at", place)
        bad += 1
for size in (0, 1, len(archive) // 2, len(archive) - 1):
    changed.write_bytes(archive[:size])
    if code(changed) not in (1, 2):
        print("accepted when cut to", size)
        bad += 1
assert code(work / "bag") == 0, "the bag was not put back"
print("%d files and 28 archives changed" % len(chosen))
sys.exit(1 if bad else 0)
PYTHON

# The bag is a bag to an independent program too, also out of the archive.
"$python" -c 'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])' "$work/bag.zip" "$work/out"
for bag in "$work/bag" "$work/party" "$work"/out/*; do
    "$python" -m bagit --validate --quiet "$bag" || fail "bagit.py refuses $bag"
done

# Each proof of a single entry, with its leaf and entry, to Go's own packages: accepted as it was handed out, and refused
# with a byte of any part changed, beside another leaf, without its entry, and under another key.
judge="$work/proofjudge"
GOPATH=/usr/share/gocode GO111MODULE=off GOFLAGS='' GOCACHE="$work/go" \
    go build -o "$judge" Tests/Judges/proofjudge/main.go >"$work/log" 2>&1 || { cat "$work/log" >&2; fail "no Go judge"; }
for dossier in "$work/bag" "$work/party"; do
    count=$(find "$dossier" -name '*.tlog-proof' | wc -l)
    [ "$count" -gt 20 ] || fail "only $count proofs in $dossier"
    said=$("$judge" "$dossier/data/ledger" "$vkey" 2>&1) || fail "Go refuses a proof in $dossier: $said"
    [ "$said" = "ok $count $(sed -n 2p "$dossier/data/ledger/checkpoint")" ] || fail "Go read $count proofs: $said"
done
"$judge" "$work/bag/data/ledger" "$other" >/dev/null 2>&1 && fail "Go takes a proof under another key"
"$python" - "$judge" "$vkey" "$work/bag/data/ledger" <<'PYTHON' || fail "the judge of proofs takes what is none"
import pathlib, subprocess, sys
judge, key, ledger = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])


def refused(what):
    assert subprocess.run([judge, ledger, key], capture_output=True).returncode == 1, what


proofs = sorted(ledger.glob("threads/*/*.tlog-proof"))
proof = proofs[len(proofs) // 2]
text = proof.read_bytes()
# Of the header, the index, a hash, the checkpoint's origin, size and root, and the signature.
head = text.index(b"\n\n") + 2
lines = [0, text.index(b"index ") + 6, text.index(b"\n", text.index(b"index ")) + 5, head]
lines += [text.index(b"\n", head) + 1, text.index(b"\n", text.index(b"\n", head) + 1) + 5, len(text) - 20]
for place in lines:
    proof.write_bytes(text[:place] + bytes([text[place] ^ 1]) + text[place + 1:])
    refused(place)
proof.write_bytes(text)
for suffix in (".leaf", ".tlog-proof"):
    here, there = proof.with_suffix(suffix), proofs[0].with_suffix(suffix)
    before = here.read_bytes()
    here.write_bytes(there.read_bytes())
    refused(suffix)
    here.write_bytes(before)
entry = proof.with_suffix(".json")
before = entry.read_bytes()
entry.write_bytes(before.replace(b'"actor":"', b'"actor":"0', 1))
refused("an actor")
entry.unlink()
refused("an entry that is gone")
entry.write_bytes(before)
assert subprocess.run([judge, ledger, key], capture_output=True).returncode == 0, "the bag was not put back"
PYTHON

# Every PDF of ours is one of record, says 演示, and the decision has its number. What came in from outside is as it came.
find "$work/bag" -name '*.pdf' ! -path '*/音像/*' >"$work/pdfs"
[ "$(wc -l <"$work/pdfs")" -ge 10 ] || fail "only $(wc -l <"$work/pdfs") documents"
tr '\n' '\0' <"$work/pdfs" | xargs -0 "$python" scripts/judges/pdf.py >"$work/judged" || {
    cat "$work/judged" >&2
    fail "a document is not of record"
}
numbered=0
while IFS= read -r pdf; do
    pdftotext "$pdf" "$work/text"
    grep -q 演示 "$work/text" || fail "$pdf does not say 演示"
    # The letters across the page come one by one; parties are called 演示 too, and would hide that they are missing.
    grep -qx 演 "$work/text" && grep -qx 示 "$work/text" || fail "$pdf has no 演示 across its pages"
    if grep -q '清禾统罚决〔20[0-9][0-9]〕1 *号' "$work/text"; then
        case $pdf in *行政处罚决定书.pdf) numbered=1 ;; esac
    fi
done <"$work/pdfs"
[ "$numbered" = 1 ] || fail "the decision does not show its number"
# What stays in the house is not in the party's dossier, in no file of it.
grep -rqF 建议启动一般程序 "$work/bag" || fail "the archive's dossier lacks the internal opinion"
! grep -rqF 建议启动一般程序 "$work/party" || fail "the party's dossier holds an internal opinion"
echo "20-dossier: $(wc -l <"$work/pdfs") documents judged, dossiers accepted, every change refused"
