#!/bin/sh
# Words that have no place in a tracked file: paths of the machine it was written on, hosts of package registries,
# notes to oneself. Put together from halves, so that this file holds none of them.
set -u
status=0
# Where git does not answer, nothing would be found.
[ "$(git ls-files | wc -l)" -gt 100 ] || { echo "git does not tell the tracked files"; exit 1; }
refuse() {
    reason=$1
    pattern=$2
    shift 2
    found=$(git grep -nIE "$pattern" -- . "$@" ':!Tests/Fixtures' | cut -c 1-200)
    [ -z "$found" ] && return
    status=1
    echo "$found"
    echo "    $reason"
}

refuse "A path of one machine." '(^|[^A-Za-z0-9_.])/(wo''rk|ro''ot|ho''me/[a-z]+)/'
refuse "The name of a package registry's host." '(py''pi|pytho''nhosted|np''mjs|cra''tes|ru''bygems|mav''en)\.(org|io|com)|proxy\.gol''ang\.org|deb\.deb''ian\.org|docker''\.io'
refuse "A note to oneself: do it, or open an issue." '(^|[^A-Za-z])(TO''DO|FIX''ME|XX''X:|HA''CK)([^A-Za-z]|$)'
refuse "A merge was left half done." '^(<<<<<<<|>>>>>>>) '
refuse "White space at the end of a line." '[ 	]+$' '*.swift' '*.py' '*.sh' '*.typ' '*.yaml'
exit "$status"
