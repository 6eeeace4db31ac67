#!/bin/sh
# The user's handbook says what the product shows: every name on a screen, document and command it quotes is looked up.
set -eu
cd "$(dirname "$0")/../.."
python3 scripts/judges/handbook.py docs/zh
# A judge that lets an invented name pass judges nothing. One line of each kind, each of which it has to name.
control=$(mktemp -d)
trap 'rm -rf "$control"' EXIT
cat >"$control/README.md" <<'END'
按「一键结案」。
按「去签」，它只是另一个词的一半。
先按「登录」，再按「保存到云端」。
制作《万能通知书》。
运行 `liuhen undo`，或者 `liuhen backup --cloud`。
见[没有的一页](nowhere.md)和[没有的一节](#没有的一节)。
按「登录。
按「专门人员（档案）」，它只在源文件的注释里。
END
cat >"$control/stray.md" <<'END'
没有一页通向这里。按「登录」。
END
if python3 scripts/judges/handbook.py "$control" >"$control/said" 2>&1; then
    echo "the judge takes a handbook of invented names" >&2
    exit 1
fi
while read -r wrong; do
    grep -qF "$wrong" "$control/said" || {
        echo "the judge does not say: $wrong" >&2
        cat "$control/said" >&2
        exit 1
    }
done <<'END'
README.md:1: 「一键结案」
README.md:2: 「去签」
README.md:3: 「保存到云端」
README.md:4: 《万能通知书》
README.md:5: no command undo
README.md:5: no option --cloud
README.md:6: nowhere.md leads nowhere
README.md:6: #没有的一节 names no heading
README.md:7: a bracket is not closed
README.md:8: 「专门人员（档案）」
stray.md:1: README.md does not lead here
END
# What is right in it is not refused.
if grep -qF '「登录」' "$control/said"; then
    echo "the judge refuses a name that stands on a screen" >&2
    exit 1
fi
