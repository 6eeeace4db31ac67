#!/bin/sh
# Runs a command in the project's directory on a copy of this machine that is thrown away afterwards.
#
#   scripts/throwaway.sh REPORT COMMAND...
#
# The copy is an overlay over / and over the project, in a mount namespace of its own: the command may remove packages and
# programs, and nothing of it is left. What it wrote, changed or removed stands in REPORT, one path a line.
# Needs root. Exits as the command did; 125 if there could be no copy.
set -eu
if [ "${LIUHEN_THROWAWAY:-}" != 1 ]; then
    cd "$(dirname "$0")/.."
    exec env LIUHEN_THROWAWAY=1 unshare --mount --propagation private "$PWD/scripts/throwaway.sh" "$@"
fi
report=$1
shift
project=$(pwd -P)
work=$(mktemp -d)
trap 'umount -R "$work" 2>/dev/null || umount -l "$work" 2>/dev/null || true; rmdir "$work" 2>/dev/null || true' EXIT
machine=$work/machine
{
    # Written to memory: an overlay cannot lie over every file system.
    mount -t tmpfs -o mode=755 throwaway "$work" &&
        mkdir "$machine" "$work/of-machine" "$work/of-project" "$work/work-1" "$work/work-2" &&
        mount -t overlay -o "lowerdir=/,upperdir=$work/of-machine,workdir=$work/work-1" overlay "$machine" &&
        mount -t overlay -o "lowerdir=$project,upperdir=$work/of-project,workdir=$work/work-2" overlay "$machine$project" &&
        mount -t proc proc "$machine/proc" && mount --rbind /dev "$machine/dev" && mount --rbind /sys "$machine/sys"
} || exit 125
status=0
# shellcheck disable=SC2016
chroot "$machine" sh -c 'cd "$0" && exec "$@"' "$project" "$@" || status=$?
{
    (cd "$work/of-machine" && find . ! -type d -o -type d -empty) | sed 's/^\.//'
    (cd "$work/of-project" && find . -mindepth 1 ! -type d -o -type d -empty) | sed "s|^\\.|$project|"
} >"$report"
exit $status
