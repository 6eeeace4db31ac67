#!/bin/sh
# Calls that are forbidden in Sources, each with the reason.
set -u
status=0
forbid() {
    reason=$1
    pattern=$2
    shift 2
    for place in "$@"; do [ -d "$place" ] || { status=1; echo "$place is not there: mend the list in this file"; }; done
    # Comments may speak of what code may not do.
    found=$(grep -rnE --include='*.swift' "$pattern" "$@" | grep -vE '^[^:]*:[0-9]+: *//')
    [ -z "$found" ] && return
    status=1
    echo "$found" | while IFS= read -r line; do echo "$line"; done
    echo "    $reason"
}

forbid "Markup is written as a literal; a value that is not HTML must be escaped." 'HTML\((stringLiteral|stringInterpolation):' Sources
forbid "An attribute without quotes lets a value end it." '<[A-Za-z][^>]*[A-Za-z-]=\\\(' Sources/Web Sources/Kernel
forbid "On Linux this is the cooperative pool itself: use a private serial queue, a thread or NIOThreadPool." 'DispatchQueue\.global|DispatchQueue\(.*\.concurrent' Sources
forbid "Days and instants are CivilDay and Instant of Kernel: no time zone and no locale may decide a term." 'ISO8601DateFormatter|DateFormatter|\.formatted\(' Sources
forbid "A server does not end itself; throw an error that says how to go on." 'fatalError\(|try!' Sources
forbid "Warnings are mended, not muted." 'swift-format-ignore|swiftlint:' Sources Tests

# An exception from the compiler's proof needs ours.
for file in $(grep -rlE --include='*.swift' '@unchecked Sendable|nonisolated\(unsafe\)' Sources); do
    awk -v file="$file" '
        /Safe because/ { proof = NR }
        /@unchecked Sendable|nonisolated\(unsafe\)/ && !/^ *\/\// && (!proof || NR - proof > 8) {
            printf "%s:%d: no \"Safe because\" in the lines before\n", file, NR; bad = 1
        }
        END { exit bad }' "$file" || status=1
done
exit "$status"
