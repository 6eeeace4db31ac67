# Sourced by the scripts that walk a fresh demonstration: `demonstration PORT OUT` starts one of the debug build on
# loopback, waits until it answers, keeps its log in OUT and sets $address; it is ended and removed when the script ends.
# Where $demonstration_clock is set, it holds the variables under which the program reads another clock than the machine's.
# shellcheck shell=sh disable=SC2034  # address and bin are read by the script that sources this
bin=$(swift build --show-bin-path)
demonstration_directory=$(mktemp -d)
demonstration_server=
demonstration_clock=

end_demonstration() {
    [ -z "$demonstration_server" ] || kill "$demonstration_server" 2>/dev/null || true
    [ -z "$demonstration_server" ] || wait "$demonstration_server" 2>/dev/null || true
    rm -rf "$demonstration_directory"
}
trap end_demonstration EXIT INT TERM

demonstration() {
    address=http://127.0.0.1:$1
    rm -rf "$2"
    mkdir -p "$2"
    # The second env is the first to load what the variables name: faketime then changes the environment, and a Swift program
    # finds its arguments beside an environment that nobody changed.
    # shellcheck disable=SC2086  # variables, each a word
    env $demonstration_clock env "$bin/liuhen" demo --directory "$demonstration_directory/demo" --listen "127.0.0.1:$1" >"$2/server.log" 2>&1 &
    demonstration_server=$!
    tries=0
    until curl -fs -o /dev/null "$address/health"; do
        tries=$((tries + 1))
        if [ "$tries" -gt 240 ] || ! kill -0 "$demonstration_server" 2>/dev/null; then
            echo "the demonstration did not start; see $2/server.log" >&2
            exit 1
        fi
        sleep 0.5
    done
}
