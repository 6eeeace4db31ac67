#!/bin/sh
# libFuzzer on every parser of Kernel and Ledger, and on what clients send and the vault keeps of it: journals of uploads,
# fields, forms with files. LIUHEN_FUZZ_RUNS inputs for each, from LIUHEN_SEED.
#
# Fewer inputs than stated are a failure, unless LIUHEN_FUZZ_SECONDS bounds the time for each parser; then the number
# that was reached is said.
#
# The two modules are compiled once more with coverage, and of Application, Vault and Web the files alone that read;
# swift-crypto is taken as swift build has made it, so no package is built a second time. Reading the head of a request is
# Hummingbird's and not in it: the fields of tus are looked at as text.
set -eu
runs=${LIUHEN_FUZZ_RUNS:-600000}
seed=${LIUHEN_SEED:-1}
seconds=${LIUHEN_FUZZ_SECONDS:-0}
built=.build/debug
out=.build/fuzz
[ -f "$built/Modules/Crypto.swiftmodule" ] || { echo "fuzz: swift-crypto is not built: run swift build first" >&2; exit 1; }
mkdir -p "$out"
crypto=.build/checkouts/swift-crypto/Sources

compile() {
    module=$1
    shift
    swiftc -module-name "$module" -swift-version 6 -O -wmo -parse-as-library -enable-testing -sanitize=fuzzer \
        -enable-upcoming-feature ExistentialAny -enable-upcoming-feature NonisolatedNonsendingByDefault \
        -I "$out" -I "$built/Modules" \
        -Xcc -fmodule-map-file="$crypto/CCryptoBoringSSL/include/module.modulemap" \
        -Xcc -fmodule-map-file="$crypto/CCryptoBoringSSLShims/include/module.modulemap" \
        -Xcc -I"$crypto/CCryptoBoringSSL/include" -Xcc -I"$crypto/CCryptoBoringSSLShims/include" \
        -emit-module -emit-module-path "$out/$module.swiftmodule" -c "$@" -o "$out/$module.o"
}
kit=Tests/TestKit
echo "fuzz: compiling"
# File names of the project hold no spaces.
# shellcheck disable=SC2046
compile Kernel $(find Sources/Kernel -name '*.swift' | sort)
# shellcheck disable=SC2046
compile Ledger $(find Sources/Ledger -name '*.swift' | sort)
compile Parsing $kit/Parsing/Parser.swift $kit/Parsing/Parser+Samples.swift $kit/DossierFixture.swift \
    $kit/DossierFixture+Papers.swift $kit/ReferenceTree.swift \
    $kit/MemoryBag.swift $kit/MemoryBytes.swift $kit/SeededRandom.swift
ports=Sources/Application/Ports
compile Application $ports/ByteSink.swift $ports/Upload.swift $ports/Vault.swift $ports/VaultError.swift
compile Vault Sources/Vault/UploadJournal.swift Sources/Vault/SealedForm.swift
compile Web Sources/Web/Forms/Form.swift Sources/Web/Forms/Multipart.swift Sources/Web/Uploads/ByteRange.swift \
    Sources/Web/Forms/ASCIICase.swift
compile Fuzz Fuzz/Target.swift Fuzz/Arrival.swift
find "$built/Crypto.build" "$built/CryptoBoringWrapper.build" "$built/CCryptoBoringSSL.build" \
    "$built/CCryptoBoringSSLShims.build" "$built/CXKCP.build" "$built/CXKCPShims.build" -name '*.o' >"$out/objects"
swiftc -sanitize=fuzzer "$out/Kernel.o" "$out/Ledger.o" "$out/Parsing.o" "$out/Application.o" \
    "$out/Vault.o" "$out/Web.o" "$out/Fuzz.o" @"$out/objects" \
    -o "$out/fuzz" 2>"$out/link.log" || { cat "$out/link.log" >&2; exit 1; }

status=0
# Swift's own report of a trap would hide libFuzzer's.
export SWIFT_BACKTRACE=enable=no

fuzz() {
    parser=$1
    inputs=$2
    rm -rf "$out/corpus/$parser"
    mkdir -p "$out/corpus/$parser" "$out/found"
    LIUHEN_PARSER=$parser LIUHEN_CORPUS=$out/corpus/$parser "$out/fuzz" || return 2
    LIUHEN_PARSER=$parser "$out/fuzz" -runs="$inputs" -seed="$seed" -max_total_time="$seconds" -max_len=8192 \
        -timeout=10 -rss_limit_mb=2048 -artifact_prefix="$out/found/$parser-" "$out/corpus/$parser" \
        >"$out/$parser.log" 2>&1
}

# What libFuzzer says it ran; 0 where it says nothing.
ran() {
    sed -n 's/^Done \([0-9][0-9]*\) runs in .*/\1/p' "$out/$1.log" | tail -n 1 | grep . || echo 0
}

cases() { sed -n "/^[a-z ]*enum $1/,/^\$/s/^ *case \([a-zA-Z0-9, ]*\)$/\1/p" "$2" | tr ',\n' '  '; }
parsers="$(cases Parser $kit/Parsing/Parser.swift) $(cases Arrival Fuzz/Arrival.swift)"
[ "$(echo "$parsers" | wc -w)" -ge 23 ] || { echo "fuzz: only these parsers: $parsers" >&2; exit 1; }
for parser in $parsers; do
    if fuzz "$parser" "$runs"; then
        count=$(ran "$parser")
        if [ "$count" -ge "$runs" ]; then
            echo "fuzz $parser: $count inputs"
        elif [ "$seconds" -gt 0 ]; then
            echo "fuzz $parser: $count of $runs inputs, ended after the $seconds s of LIUHEN_FUZZ_SECONDS"
        else
            status=1
            echo "fuzz $parser: only $count of $runs inputs were run" >&2
            tail -n 20 "$out/$parser.log" >&2
        fi
    else
        status=1
        echo "fuzz $parser: failed; the input, if there is one, is in $out/found" >&2
        tail -n 20 "$out/$parser.log" >&2
    fi
done
if fuzz control 1000000; then
    status=1
    echo "fuzz control: a planted fault was not found, so nothing would be" >&2
elif [ -n "$(find "$out/found" -name 'control-crash-*')" ]; then
    echo "fuzz control: the planted fault was found, as it must be"
    rm -f "$out"/found/control-*
else
    status=1
    tail -n 20 "$out/control.log" >&2
fi
exit $status
