#!/usr/bin/env bash
# Builds the container image and prints where it is: a Java runtime of only the modules that are needed, the jars, an
# AOT cache that this very runtime made, and the C library of this machine. Needs no registry and no container engine.
# usage: hack/image.sh [--root | --check] [--base IMAGE]
#   (nothing)     target/image/pointsman.tar, for docker load and the like
#   --root        target/image/root, the same files unpacked
#   --check       runs the files in a chroot, read-only and as the image's user, and says what was seen
#   --base IMAGE  an image that brings the C library instead (e.g. gcr.io/distroless/base-nossl-debian12); it is pulled
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD image=$PWD/target/image layers=$PWD/target/image/layers
want=tar base=scratch

while [ $# -gt 0 ]; do
  case $1 in
    --root) want=root ;;
    --check) want=check ;;
    --base) base=${2:?--base needs an image} && shift ;;
    -h | --help) sed -n 's/^# \{0,1\}//; 2,8p' "$0" && exit 0 ;;
    *) echo "image.sh: unknown option $1 (see hack/image.sh --help)" >&2 && exit 2 ;;
  esac
  shift
done
JAVA_HOME=$(hack/jdk25.sh)
export JAVA_HOME
say() { echo "image.sh: $*" >&2; }
. hack/training/api-server.sh
. hack/image/layers.sh
. hack/image/chroot.sh

tarball() {
  mkdir -p "$image/maven/classes" # jib asks for it
  ./mvnw -q -B -f hack/image/pom.xml jib:buildTar -Dimage.folder="$image" -Dimage.base="$base" \
    -Dimage.version="$version" -Dimage.revision="$(git rev-parse HEAD)" -Dimage.time="$time" \
    -Dimage.architecture="$(uname -m | sed 's/x86_64/amd64/; s/aarch64/arm64/')" \
    -Djib.applicationCache="$image/cache" -Djib.baseImageCache="$image/cache" >"$image/jib.log" 2>&1 ||
    { say "jib failed: $image/jib.log" && exit 1; }
}

# fresh: no input is newer than the image.
fresh() {
  [ -f "$image/built" ] && [ "$(cat "$image/built")" = "$base" ] && [ ! target/pointsman.jar -nt "$image/built" ] &&
    [ -z "$(find hack/image.sh hack/image -newer "$image/built" -print -quit)" ]
}

[ -f target/pointsman.jar ] && [ -f target/sbom.cdx.json ] && [ -d target/lib ] || ./mvnw -B -q -DskipTests -Dspotless.check.skip=true package >&2
version=$(sed -n 's:^  <version>\(.*\)</version>:\1:p' pom.xml | head -1)
time=$(sed -n 's:.*<project.build.outputTimestamp>\(.*\)</.*:\1:p' pom.xml)
if ! fresh; then
  build_layers
  echo "$base" >"$image/built"
fi
case $want in
  root) echo "$image/root" ;;
  check) check ;;
  tar)
    [ "$image/pointsman.tar" -nt "$image/built" ] || tarball
    echo "$image/pointsman.tar"
    ;;
esac
