# Sourced by hack/image.sh, whose variables these functions use: programs in the image's files, without a container engine.
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
