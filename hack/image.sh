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

modules() { # what the jars use, without what only their optional parts use
  "$JAVA_HOME/bin/jdeps" --multi-release 25 --ignore-missing-deps --print-module-deps \
    -cp 'target/lib/*' target/pointsman.jar target/lib/*.jar 2>/dev/null | tail -1 |
    tr , '\n' | grep -vxE 'java\.(compiler|desktop|rmi|instrument)|jdk\.(jconsole|jdi|attach)' | paste -sd, -
}

runtime() {
  local to=$layers/1-runtime
  "$JAVA_HOME/bin/jlink" --add-modules "$(modules)" --output "$to/opt/java" \
    --strip-debug --no-header-files --no-man-pages --compress zip-6
  mkdir -p "$to/tmp" "$to/etc"
  echo 'pointsman:x:65532:65532::/tmp:/sbin/nologin' >"$to/etc/passwd"
  echo 'pointsman:x:65532:' >"$to/etc/group"
  echo 'hosts: files dns' >"$to/etc/nsswitch.conf"
  [ "$base" = scratch ] || return 0
  # The C library, each file where the loader looks for it; Netty's native part needs no more than the JVM.
  find "$to/opt/java" -name '*.so' -o -path '*/bin/java' |
    LD_LIBRARY_PATH=$to/opt/java/lib:$to/opt/java/lib/server xargs ldd |
    awk '$1 ~ "^/.*/ld-" { print $1 } $3 ~ "^/" { print $3 }' | grep -v "^$to" | sort -u | while read -r file; do
    mkdir -p "$to$(dirname "$file")"
    cp -L "$file" "$to$file"
  done
}

libraries() {
  mkdir -p "$layers/2-libraries/opt/pointsman"
  cp -r target/lib "$layers/2-libraries/opt/pointsman/"
}

program() {
  local to=$layers/3-pointsman/opt/pointsman
  mkdir -p "$to"
  cp target/pointsman.jar "$to/"
  cp LICENSE "$to/"
  cat >"$to/java.options" <<OPTIONS
--enable-native-access=ALL-UNNAMED
-XX:+UseSerialGC
-XX:MaxRAMPercentage=60
-XX:+ExitOnOutOfMemoryError
-XX:-UsePerfData
-XX:AOTCache=/opt/pointsman/pointsman.aot
-Xlog:aot*=off
OPTIONS
  ./mvnw -q -B org.cyclonedx:cyclonedx-maven-plugin:2.9.1:makeBom -DoutputName=sbom.cdx -DoutputFormat=json \
    -DincludeTestScope=false -Dcyclonedx.skipNotDeployed=false >"$image/sbom.log" 2>&1 ||
    { say "the SBOM failed: $image/sbom.log" && exit 1; }
  cp target/sbom.cdx.json "$to/"
}

# The image's files as one folder; hard links, so that it costs nothing.
unpacked() {
  rm -rf "$image/root" && mkdir -p "$image/root"
  local layer
  for layer in "$layers"/*; do cp -al "$layer/." "$image/root/"; done
}

# same_times: the time that the image gives every file; the AOT cache is for jars of that time.
same_times() { find "$layers" -exec touch -h -d @1 {} +; }

# run_in_root NETWORK DATA KEEP COMMAND...: in a chroot of the image's files, in a network of its own (own) or not
# (shared), read-only, as the image's user; with the folder DATA as /data and, unless empty, the writable folder KEEP as
# /tmp/keep.
run_in_root() {
  local network=() user=(--map-root-user) # whoever is not root stays what they are
  [ "$(id -u)" != 0 ] || user=()
  [ "$1" != own ] || network=(--net)
  unshare "${user[@]}" "${network[@]}" --mount --pid --fork --kill-child bash -c '
    set -e
    root=$1 network=$2 data=$3 keep=$4; shift 4
    [ "$network" != own ] || ip link set lo up
    mount --bind "$root" "$root"
    mkdir -p "$root/proc" "$root/dev" "$root/data"
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
    mount --bind -o ro "$data" "$root/data"
    [ -z "$keep" ] || { mkdir -p "$root/tmp/keep"; mount --bind "$keep" "$root/tmp/keep"; }
    mount -o remount,bind,ro "$root"
    if grep -q "^ *0 *0 *4294967295" /proc/self/uid_map; then set -- --userspec=65532:65532 "$root" "$@"; else set -- "$root" "$@"; fi
    exec chroot "$@"
  ' bash "$image/root" "$@"
}

aot() {
  mkdir -p "$image/keep" "$layers/4-aot/opt/pointsman"
  chmod 777 "$image/keep"
  grep -vi aot "$layers/3-pointsman/opt/pointsman/java.options" >"$image/keep/options"
  serve_training "$image/training" "$image/aot.log"
  run_in_root shared "$image/training" "$image/keep" /opt/java/bin/java @/tmp/keep/options -Xlog:disable -Xlog:all=error \
    -XX:AOTCacheOutput=/tmp/keep/pointsman.aot -jar /opt/pointsman/pointsman.jar serve --kubernetes \
    --kubeconfig /data/kubeconfig --grpc-address 127.0.0.1:0 --eds-address 127.0.0.1:0 --admin-address 127.0.0.1:0 \
    --exit-when-ready >>"$image/aot.log" 2>&1 || { say "the server did not start: $image/aot.log" && exit 1; }
  end_training
  mv "$image/keep/pointsman.aot" "$layers/4-aot/opt/pointsman/"
}

build() {
  rm -rf "$image" && mkdir -p "$layers"
  say "Java runtime ..."
  runtime
  libraries
  say "jar and SBOM ..."
  program
  same_times
  unpacked
  say "AOT cache ..."
  aot
  same_times
  unpacked
}

tarball() {
  mkdir -p "$image/maven/classes" # jib asks for it
  ./mvnw -q -B -f hack/image/pom.xml jib:buildTar -Dimage.folder="$image" -Dimage.base="$base" \
    -Dimage.version="$version" -Dimage.revision="$(git rev-parse HEAD)" -Dimage.time="$time" \
    -Dimage.architecture="$(uname -m | sed 's/x86_64/amd64/; s/aarch64/arm64/')" \
    -Djib.applicationCache="$image/cache" -Djib.baseImageCache="$image/cache" >"$image/jib.log" 2>&1 ||
    { say "jib failed: $image/jib.log" && exit 1; }
}

# What the image holds is as old as its inputs say.
fresh() {
  [ -f "$image/built" ] && [ "$(cat "$image/built")" = "$base" ] && [ ! target/pointsman.jar -nt "$image/built" ] &&
    [ ! hack/image.sh -nt "$image/built" ]
}

check() {
  run() { run_in_root own "$root/testdata/demo/cluster" '' /opt/java/bin/java @/opt/pointsman/java.options "$@"; }
  run -jar /opt/pointsman/pointsman.jar serve --resources /data --exit-when-ready >"$image/check.log" 2>&1 ||
    { say "the server did not start: $image/check.log" && tail -5 "$image/check.log" >&2 && exit 1; }
  grep -oE 'ready, [0-9]+ ms after start' "$image/check.log"
  # The JVM says nothing of a cache that it refuses: ask for it.
  run -XX:AOTMode=on -jar /opt/pointsman/pointsman.jar --version >"$image/check.log" 2>&1 ||
    { say "the AOT cache does not fit: $image/check.log" && tail -5 "$image/check.log" >&2 && exit 1; }
  echo "AOT cache accepted; user 65532, root file system read-only"
  du -shL "$image/root" | cut -f1 | sed 's/$/ unpacked/'
}

[ -f target/pointsman.jar ] && [ -d target/lib ] || ./mvnw -B -q -DskipTests -Dspotless.check.skip=true package >&2
version=$(sed -n 's:^  <version>\(.*\)</version>:\1:p' pom.xml | head -1)
time=$(sed -n 's:.*<project.build.outputTimestamp>\(.*\)</.*:\1:p' pom.xml)
if ! fresh; then
  build
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
