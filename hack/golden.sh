#!/usr/bin/env bash
# Rewrites the golden files of testdata/translate and testdata/chart, and the reference made from the code; look at the diff
# before you commit it.
# usage: hack/golden.sh                        every case
#        hack/golden.sh import FOLDER CASE     first copies the requests recorded in FOLDER, masked, into a case
set -euo pipefail
cd "$(dirname "$0")/.."
cases=testdata/translate

if [ "${1:-}" = import ]; then
  [ $# -eq 3 ] || { sed -n 2,5p "$0" >&2; exit 2; }
  ./mvnw -B -q test-compile dependency:copy-dependencies@lib
  mkdir -p "$cases/$3"
  find "$cases/$3" -name '[0-9]*-Post*Modify.pb' -delete
  "$(hack/jdk25.sh)/bin/java" -cp 'target/test-classes:target/classes:target/lib/*:target/rig-lib/*' \
    dev.pointsman.golden.RecordingMask "$2" "$cases/$3"
  [ -f "$cases/$3/objects.yaml" ] || echo "golden.sh: now write $cases/$3/objects.yaml" >&2
fi
find "$cases" -mindepth 2 -maxdepth 2 \( -name out.yaml -o -name diagnostics.txt \) | while read -r golden; do
  ls "$(dirname "$golden")"/[0-9]*-PostTranslateModify.pb >/dev/null 2>&1 || rm "$golden" # an orphan
done
find "$cases" -mindepth 1 -type d -empty -delete
./mvnw -B -q test -Dtest=GoldenTest,ChartIT,ReferencePagesTest -Dgolden.update=true
git status --short "$cases" testdata/chart src/site
