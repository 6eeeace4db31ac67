#!/bin/sh
# Arrows between modules point down only; each boundary is there because of what it forbids (docs/architecture.md).
set -u
status=0
# A module of another name would not be looked at.
missing() { status=1; echo "Sources/$1 is not there: mend the list in this file"; }
# allow MODULE PATTERN: every import in Sources/MODULE matches the pattern as a whole.
allow() {
    [ -d "Sources/$1" ] || { missing "$1"; return; }
    found=$(grep -rnE --include='*.swift' '^ *(@[A-Za-z_]+(\([a-z]+\))? +)*(public |package |internal |private |fileprivate )?import ' "Sources/$1" |
        sed -E 's/^([^:]*:[0-9]+):.*import +((struct|class|enum|protocol|func|var|let|typealias) +)?([A-Za-z_0-9-]+).*/\1 \4/' |
        grep -vE " ($2)\$")
    [ -z "$found" ] && return
    status=1
    echo "$found" | while IFS= read -r line; do echo "$line: not allowed in $1"; done
}
# forbid MODULE PATTERN: no import in Sources/MODULE matches the pattern.
forbid() {
    [ -d "Sources/$1" ] || { missing "$1"; return; }
    found=$(grep -rnE --include='*.swift' "import +((struct|class|enum|protocol|func) +)?($2)( |\$|\.)" "Sources/$1")
    [ -z "$found" ] && return
    status=1
    echo "$found" | while IFS= read -r line; do echo "$line: not allowed in $1"; done
}

platform='Glibc|Musl|Synchronization'
# No Foundation: no locale, no time zone, no Date in identity, hashing or law.
allow Kernel "$platform"
allow Ledger "Kernel|Crypto|$platform"
allow Casework 'Kernel'
allow Application "Casework|Ledger|Kernel|Crypto|CryptoExtras|Dispatch|Foundation|FoundationEssentials|$platform"
allow Demo "Application|Casework|Ledger|Kernel|Foundation|FoundationEssentials|$platform"
# The verifier contains no database and none of our pages.
allow liuhen-verify "Ledger|Kernel|ArgumentParser|Foundation|FoundationEssentials|$platform"
# Adapters never import one another, and the inner modules never import an adapter.
for adapter in Store Vault Rulebook Press Inspection Web; do
    others=$(echo "Store|Vault|Rulebook|Press|Inspection|Web" | sed -E "s/(^|\|)$adapter(\||\$)/\1\2/; s/\|\|/|/; s/^\|//; s/\|\$//")
    forbid "$adapter" "$others|Demo"
done
# Pages contain no SQL; only Store does.
for module in Kernel Ledger Casework Application Vault Rulebook Press Inspection Web Demo; do forbid "$module" 'GRDB'; done
exit "$status"
