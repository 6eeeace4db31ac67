#!/bin/sh
# The server beyond plain loopback: its own authority, a certificate from elsewhere, a proxy in front, or a refusal.
set -eu
cd "$(dirname "$0")/../.."
bin=$(swift build --show-bin-path)
work=$(mktemp -d)
place="--data $work/data --keys $work/keys --lock $work/lock"
server=
stop() {
    if [ -n "$server" ]; then
        kill "$(cat "$work/pid")" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    server=
}
trap 'stop; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
fail() {
    echo "60-tls: $*" >&2
    exit 1
}
port=18443
# Starts the server with these arguments and waits until it listens.
start() {
    rm -f "$work/pid"
    # Emptied here: the words of the server before must not be taken for those of this one.
    : >"$work/log"
    # shellcheck disable=SC2086,SC2016
    "$@" sh -c 'echo $$ >"$0"; exec "$@"' "$work/pid" \
        "$bin/liuhen" serve $place --listen 127.0.0.1:$port $way >"$work/log" 2>&1 &
    server=$!
    for _ in $(seq 300); do
        grep -q 留痕已启动 "$work/log" && return 0
        kill -0 "$server" 2>/dev/null || fail "it did not start: $(cat "$work/log")"
        sleep 0.1
    done
    fail "it does not listen: $(cat "$work/log")"
}
refused() {
    # shellcheck disable=SC2086
    if timeout 60 "$bin/liuhen" serve $place --listen "$1" $2 >"$work/refused" 2>&1; then fail "started: $1 $2"; fi
    grep -q "$3" "$work/refused" || fail "$1 $2 was refused in other words: $(cat "$work/refused")"
}
fetch() { curl --silent --show-error --max-time 20 --cacert "$1" --dump-header "$work/headers" "$2" >"$work/body"; }

# shellcheck disable=SC2086
"$bin/liuhen" init $place --bureau testing --origin testing.example/log/testing --name 测试统计局 --region 测试县 \
    --mark 测统 --administrator 管小理 --without-reading-back >"$work/init.txt"

# 1. Without any protection it listens on this machine only, and says what to choose from.
for address in 0.0.0.0:$port '[::]:'$port 192.0.2.1:$port example.org:$port; do
    refused "$address" "" 'tls-local'
done
refused 127.0.0.1:$port "--tls-local --behind-proxy" '只能用一种'
refused 127.0.0.1:$port "--tls-certificate $work/x.pem" '要一起给出'
refused 127.0.0.1:$port "--tls-name extra.example" '只与 --tls-local 同用'

# 2. Its own authority.
way="--tls-local --tls-name extra.example"
start env
curl --silent --insecure --max-time 20 "https://127.0.0.1:$port/trust/liuhen-ca.crt" >"$work/ca.der"
openssl x509 -inform der -in "$work/ca.der" -out "$work/ca.pem" || fail "the download is no certificate"
print=$(openssl dgst -sha256 -hex "$work/ca.der" | sed 's/.*= //' | tr a-f A-F | sed 's/../&:/g; s/:$//')
grep -q "$print" "$work/log" || fail "the console shows another fingerprint than the download has"
curl --silent --max-time 20 "https://127.0.0.1:$port/trust" >/dev/null 2>&1 && fail "trusted without the authority"
curl --silent --max-time 20 "http://127.0.0.1:$port/trust" >/dev/null 2>&1 && fail "answered without encryption"
fetch "$work/ca.pem" "https://127.0.0.1:$port/trust" || fail "not trusted with the authority"
for word in Windows Android iPhone 统信 麒麟 火狐 "$print"; do
    grep -q "$word" "$work/body" || fail "/trust says nothing of $word"
done
fetch "$work/ca.pem" "https://localhost:$port/b/testing/sign-in" || fail "not trusted under its name"
grep -qi '^set-cookie: __Host-liuhen=.*; Secure' "$work/headers" || fail "the cookie is not bound: $(cat "$work/headers")"
grep -qi '^strict-transport' "$work/headers" && fail "browsers are told to insist on what they do not trust yet"
curl --silent --max-time 20 --cacert "$work/ca.pem" --resolve "extra.example:$port:127.0.0.1" \
    "https://extra.example:$port/trust" >/dev/null || fail "not trusted under the added name"
curl --silent --max-time 20 --cacert "$work/ca.pem" --resolve "other.example:$port:127.0.0.1" \
    "https://other.example:$port/trust" >/dev/null 2>&1 && fail "trusted under a name that is not its own"
curl --silent --tls-max 1.1 --max-time 20 --cacert "$work/ca.pem" "https://localhost:$port/trust" >/dev/null 2>&1 &&
    fail "it speaks TLS 1.1"
for file in authority leaf; do
    [ "$(stat -c %a "$work/keys/tls/$file.pem")" = 600 ] || fail "others can read $file.pem"
done
openssl verify -x509_strict -CAfile "$work/ca.pem" "$work/keys/tls/leaf.pem" >/dev/null || fail "openssl refuses the leaf"
stop
serial() { openssl x509 -in "$work/keys/tls/$1.pem" -noout -serial; }
authority=$(serial authority)
leaf=$(serial leaf)
start env
[ "$(serial leaf)" = "$leaf" ] || fail "a start makes a new leaf"
stop
# A year later: another leaf under the same authority.
# `faketime` stands between the server and its process id, so the server writes its own.
if command -v faketime >/dev/null || [ "${LIUHEN_JUDGES:-}" = 1 ]; then
    start faketime -f +350d
    stop
    [ "$(serial authority)" = "$authority" ] || fail "a new authority was made, which no device trusts"
    [ "$(serial leaf)" != "$leaf" ] || fail "the leaf was not renewed 47 days before its end"
    rm "$work/keys/tls/leaf.pem"
else
    echo "60-tls: faketime is not installed; the renewal of a certificate was not tried"
fi
way=--tls-local
start env
openssl x509 -in "$work/keys/tls/leaf.pem" -noout -ext subjectAltName | grep -q extra.example && fail "a name that is not given stays"
fetch "$work/ca.pem" "https://127.0.0.1:$port/trust" || fail "the new leaf is not trusted under the old authority"
stop
chmod 644 "$work/keys/tls/authority.pem"
refused 127.0.0.1:$port --tls-local 'chmod 600'
chmod 600 "$work/keys/tls/authority.pem"

# 3. A certificate from elsewhere: here a county's, signed by a province's.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/province.key" -out "$work/province.pem" \
    -days 30 -subj /CN=Province 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/county.key" -out "$work/county.csr" \
    -subj /CN=county.example 2>/dev/null
printf 'subjectAltName=DNS:county.example,IP:127.0.0.1\n' >"$work/names"
openssl x509 -req -in "$work/county.csr" -CA "$work/province.pem" -CAkey "$work/province.key" -CAcreateserial -days 20 \
    -extfile "$work/names" -out "$work/county.pem" 2>/dev/null
way="--tls-certificate $work/county.pem --tls-key $work/county.key"
start env
fetch "$work/province.pem" "https://127.0.0.1:$port/b/testing/sign-in" || fail "the given certificate is not served"
grep -qi '^strict-transport-security: max-age=31536000' "$work/headers" || fail "no HSTS with a real certificate"
grep -qi '^set-cookie: .*; Secure' "$work/headers" || fail "the cookie is not bound"
fetch "$work/province.pem" "https://127.0.0.1:$port/trust"
head -1 "$work/headers" | grep -q 404 || fail "/trust is there without an authority of our own"
stop
way="--tls-certificate $work/province.pem --tls-key $work/province.key"
start env
curl --silent --insecure --max-time 20 --dump-header "$work/headers" "https://127.0.0.1:$port/b/testing/sign-in" >/dev/null
grep -qi '^strict-transport' "$work/headers" && fail "HSTS with a self-signed certificate"
stop
refused 127.0.0.1:$port "--tls-certificate $work/county.pem --tls-key $work/province.key" '不相符'
refused 127.0.0.1:$port "--tls-certificate $work/names --tls-key $work/county.key" '不是 PEM 格式的证书'
refused 127.0.0.1:$port "--tls-certificate $work/county.pem --tls-key $work/none" '不是 PEM 格式的私钥'
openssl x509 -req -in "$work/county.csr" -CA "$work/province.pem" -CAkey "$work/province.key" -CAcreateserial -days -1 \
    -extfile "$work/names" -out "$work/expired.pem" 2>/dev/null
refused 127.0.0.1:$port "--tls-certificate $work/expired.pem --tls-key $work/county.key" '不在有效期内'

# 4. A proxy in front: cookies are bound, and HSTS is the proxy's to send.
way=--behind-proxy
start env
curl --silent --max-time 20 --dump-header "$work/headers" "http://127.0.0.1:$port/b/testing/sign-in" >/dev/null
grep -qi '^set-cookie: .*; Secure' "$work/headers" || fail "behind a proxy the cookie is not bound"
grep -qi '^strict-transport' "$work/headers" && fail "HSTS is not ours to send behind a proxy"
stop
echo "60-tls: own authority, given certificate, proxy and refusals as they should be"
