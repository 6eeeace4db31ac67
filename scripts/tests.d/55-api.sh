#!/bin/sh
# Foreign judges over the API: the description is valid OpenAPI 3.1, and schemathesis finds nothing, once with a token that
# only reads and once with one that records. Proves first that it would find something. The calendar of terms is read
# with a foreign library.
set -eu
cd "$(dirname "$0")/../.."
root=$PWD
bin=$(swift build --show-bin-path)
out=$root/.test-results/api
work=$(mktemp -d)
port=${LIUHEN_API_PORT:-18095}
server=

finish() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    [ -z "$server" ] || wait "$server" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT INT TERM

fail() {
    echo "55-api: $*" >&2
    exit 1
}

scripts/setup.sh test
rm -rf "$out"
mkdir -p "$out"
"$bin/liuhen" demo --directory "$work/demo" --listen "127.0.0.1:$port" >"$out/server.log" 2>&1 &
server=$!
tries=0
until curl -fs -o /dev/null "http://127.0.0.1:$port/health"; do
    tries=$((tries + 1))
    if [ "$tries" -gt 240 ] || ! kill -0 "$server" 2>/dev/null; then fail "the demonstration did not start; see $out/server.log"; fi
    sleep 0.5
done

site=http://127.0.0.1:$port
curl -fs "$site/api/v1/openapi.json" >"$out/openapi.json"
.venv/bin/openapi-spec-validator --schema 3.1 "$out/openapi.json" >"$out/validator.txt" 2>&1 ||
    fail "the description is not valid: $(cat "$out/validator.txt")"
sed 's/"responses":{/"answers":{/' "$out/openapi.json" >"$work/broken.json"
if .venv/bin/openapi-spec-validator --schema 3.1 "$work/broken.json" >/dev/null 2>&1; then
    fail "the validator takes a broken description"
fi

.venv/bin/python Tests/API/terms.py "$site" || fail "the calendar is not one"
.venv/bin/python Tests/API/tokens.py "$site" "$work" || fail "no tokens were made"

# judge TOKEN REPORT OPTIONS...
judge() {
    token=$1
    name=$2
    shift 2
    .venv/bin/schemathesis --config-file "$work/known.toml" run "$site/api/v1/openapi.json" \
        --header "Authorization: Bearer $(cat "$work/$token")" --checks all \
        --seed 20261120 --workers 2 --rate-limit 90/s --continue-on-failure --suppress-health-check all --warnings off \
        --report json --report-json-path "$out/$name.json" --output-truncate false \
        "$@" >"$out/$name.txt" 2>&1 ||
        fail "schemathesis found something ($name): $(grep -A40 -m1 FAILURES "$out/$name.txt" || tail -40 "$out/$name.txt")"
    grep -o '[1-9][0-9]* generated.*' "$out/$name.txt" || fail "schemathesis tried nothing ($name)"
}
judge read read --phases examples,coverage,fuzzing --max-examples 12 --include-method GET
# All that records is tried with examples and at random; every single bound only of the openings, the drafts and the steps
# that have between them each kind of question, for all are checked by the same code.
judge record record --phases examples,fuzzing --max-examples 4 --exclude-method GET
judge record bounds --phases coverage --exclude-method GET \
    --exclude-path-regex '/steps/(?!(activity|rights|service-post|fine|preservation|measure|term-extension)$)'
curl -fs "$site/health" >/dev/null || fail "the server does not answer any more"
echo "55-api: the description is valid, and nothing was found with a reading and a recording token"
