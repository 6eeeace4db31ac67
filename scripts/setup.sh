#!/bin/sh
# Installs what is missing: Debian packages, fonts of the documents, and a Python environment of the project.
#
#   scripts/setup.sh run    what a server needs
#   scripts/setup.sh test   that, and the judges of the tests
#
# Safe to repeat; when nothing is missing it only looks. Writes nothing outside .venv, .tools and the package manager.
set -eu
cd "$(dirname "$0")/.."
mode=${1:-run}

stop() {
    echo "setup: $1" >&2
    shift
    for line in "$@"; do echo "       $line" >&2; done
    exit 1
}

case $mode in
    run | test) ;;
    *) stop "unknown mode '$mode'" "Use: scripts/setup.sh run, or: scripts/setup.sh test" ;;
esac

# What Swift needs to run and to link, then what a server needs.
packages="binutils git libc6-dev libcurl4 libedit2 libgcc-12-dev libncurses6 libstdc++-12-dev libxml2 tzdata zlib1g-dev"
packages="$packages ffmpeg poppler-utils qpdf fonts-noto-cjk fonts-lxgw-wenkai fonts-liberation libsqlite3-dev python3-venv"
if [ "$mode" = test ]; then
    packages="$packages e2fsprogs chromium strace faketime zbar-tools sqlite3 curl openssl default-jre-headless golang-go golang-golang-x-mod-dev"
fi

[ -r /etc/debian_version ] && command -v dpkg-query >/dev/null 2>&1 && command -v apt-get >/dev/null 2>&1 ||
    stop "this is not Debian." "Liuhen is built and tested on Debian 12. Elsewhere, install by hand: $packages" \
        "and see docs/operations.md for the fonts and the Python environment."

# Swift comes from swift.org or a package of one's own; no Debian release carries a new enough one.
if ! command -v swift >/dev/null 2>&1; then
    stop "Swift is not installed." \
        "Install Swift 6.2 or later (https://www.swift.org/install/linux/) and put it on the PATH, then try again."
fi
# On a bare machine it cannot start before its libraries are there: then it is asked after they were installed.
check_swift() {
    said=$(swift --version 2>&1) || return 1
    version=$(echo "$said" | sed -n 's/.*Swift version \([0-9]*\)\.\([0-9]*\).*/\1 \2/p' | head -n 1)
    # shellcheck disable=SC2086
    set -- ${version:-0 0}
    if [ "$1" -lt 6 ] || { [ "$1" -eq 6 ] && [ "$2" -lt 2 ]; }; then
        stop "Swift $1.$2 is too old; 6.2 or later is needed." \
            "Install a newer one (https://www.swift.org/install/linux/) and put it first on the PATH, then try again."
    fi
}
started=
if check_swift; then started=yes; fi

# One setup at a time: two at once would fight over .venv.
mkdir -p .tools
if [ -z "${LIUHEN_SETUP_LOCKED:-}" ]; then
    exec env LIUHEN_SETUP_LOCKED=1 flock .tools/setup.lock "$0" "$mode"
fi

updated=
need_root() {
    [ "$(id -u)" = 0 ] || stop "missing: $1" "Run as root once: sudo $0 $mode"
}
update_lists() {
    [ -n "$updated" ] || apt-get -o DPkg::Lock::Timeout=600 update -q || stop "apt-get update failed." \
        "Check the network and the package sources in /etc/apt, then try again."
    updated=yes
}

# Debian packages
installed=$(dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' 2>/dev/null | sed -n 's/^ii *//p')
missing=
for package in $packages; do
    echo "$installed" | grep -qx "$package" || missing="$missing $package"
done
if [ -n "$missing" ]; then
    need_root "${missing# }"
    echo "setup: installing$missing"
    update_lists
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -y -q --no-install-recommends $missing ||
        stop "installing$missing failed." "The lines above say why. Mend it and try again."
fi

[ -n "$started" ] || check_swift || stop "Swift is installed and does not start." "$said" \
    "Install it anew (https://www.swift.org/install/linux/), then try again."

# Fonts: exactly the files the press names, in a directory of their own. The Fandol faces come out of their Debian
# package without the typesetting system it belongs to.
fonts=.tools/fonts
wanted="FandolFang-Regular.otf FandolKai-Regular.otf
/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc
/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc
/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc
/usr/share/fonts/truetype/liberation/LiberationMono-Regular.ttf
/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf
/usr/share/fonts/truetype/liberation/LiberationSerif-Bold.ttf
/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf
/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf"
complete=yes
for font in $wanted; do
    [ -s "$fonts/${font##*/}" ] || complete=
done
if [ -z "$complete" ]; then
    echo "setup: preparing the fonts of the documents"
    rm -rf .tools/fonts.new .tools/fandol
    mkdir -p .tools/fonts.new .tools/fandol
    for font in $wanted; do
        case $font in
            /*)
                [ -s "$font" ] || stop "$font is not there." "Reinstall the fonts: apt-get install --reinstall fonts-noto-cjk fonts-lxgw-wenkai fonts-liberation"
                ln -s "$font" .tools/fonts.new/
                ;;
            *)
                if [ -s "$fonts/$font" ]; then
                    cp "$fonts/$font" .tools/fonts.new/
                    continue
                fi
                if ! ls .tools/fandol/*.deb >/dev/null 2>&1; then
                    apt-cache show texlive-lang-chinese >/dev/null 2>&1 || { need_root "package lists"; update_lists; }
                    (cd .tools/fandol && apt-get -o APT::Sandbox::User=root download -q texlive-lang-chinese) ||
                        stop "downloading texlive-lang-chinese failed." "Check the network, then try again."
                    dpkg-deb -x .tools/fandol/*.deb .tools/fandol/unpacked
                fi
                find .tools/fandol/unpacked -name "$font" -exec cp {} .tools/fonts.new/ \;
                [ -s ".tools/fonts.new/$font" ] || stop "texlive-lang-chinese holds no $font."
                ;;
        esac
    done
    rm -rf "$fonts" .tools/fandol
    mv .tools/fonts.new "$fonts"
fi

# Python environment: the stamp holds the requirements it was last brought up to.
stamp=.venv/.liuhen-requirements
requirements=scripts/requirements-$mode.txt
known=$(cat "$stamp" 2>/dev/null || :)
digest=$(cat scripts/requirements-run.txt "$requirements" | sha256sum | cut -c 1-64)
if [ ! -x .venv/bin/python ] || ! echo "$known" | grep -qx "$mode $digest"; then
    echo "setup: preparing the Python environment"
    [ -x .venv/bin/python ] || /usr/bin/python3 -m venv .venv ||
        stop "no Python environment could be made in .venv." "Remove .venv and try again."
    .venv/bin/python -m pip install --quiet --no-cache-dir --disable-pip-version-check -r "$requirements" ||
        stop "installing $requirements failed." "Check the network, or where pip looks (pip config list), then try again."
    { echo "$known" | grep -v "^$mode " || :; echo "$mode $digest"; } > "$stamp"
fi
