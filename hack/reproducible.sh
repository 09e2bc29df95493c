#!/usr/bin/env bash
# Builds the commit at HEAD twice, in two folders, time zones, languages and file modes, and compares what ships byte for
# byte: the jar, its libraries and the list of parts (SBOM). Prints each digest; fails and names the files that differ.
# The AOT cache is not compared: it has addresses of one run of the JVM. --image also compares the image's other layers.
# usage: hack/reproducible.sh [--image]
set -euo pipefail
cd "$(dirname "$0")/.."
image=no
case ${1:-} in
  --image) image=yes ;;
  -h | --help) sed -n 's/^# \{0,1\}//; 2,6p' "$0" && exit 0 ;;
esac
work=$(mktemp -d "${TMPDIR:-/tmp}/reproducible-XXXX")
trap 'rm -rf "$work"' EXIT

# build FOLDER TZ LANG UMASK: the digests of its files in FOLDER.sums
build() {
  git clone -q --no-hardlinks . "$work/$1"
  (
    cd "$work/$1"
    umask "$4"
    export TZ=$2 LC_ALL=$3
    ./mvnw -B -q -Dstyle.color=never -DskipTests -Dspotless.check.skip=true -Dmaven.test.skip=true -Dexec.skip=true package \
      >"$work/$1.log" 2>&1 || { tail -20 "$work/$1.log" >&2 && exit 1; }
    files=(target/pointsman.jar target/lib/*.jar target/sbom.cdx.json)
    if [ $image = yes ]; then
      hack/aot-cache.sh
      hack/image.sh --root >/dev/null
      mapfile -t -O ${#files[@]} files < <(find target/image/layers -type f ! -name '*.aot' | sort)
    fi
    sha256sum "${files[@]}" >"$work/$1.sums"
  )
}

build one UTC C.UTF-8 022
build a-folder-with-another-name Pacific/Auckland C 077
cat "$work/one.sums"
if ! diff "$work/one.sums" "$work/a-folder-with-another-name.sums" >"$work/differences"; then
  echo "reproducible.sh: two builds of $(git rev-parse --short HEAD) differ:" >&2
  cat "$work/differences" >&2
  exit 1
fi
echo "reproducible: $(wc -l <"$work/one.sums") files of $(git rev-parse --short HEAD) are the same in two builds"
