#!/usr/bin/env bash
# Runs Envoy as in a container of its own: with its own /dev/shm, and so with its own sockets of the loops, and without the
# hot restart, for which the proxies of one network namespace would need a number each. The access log is written at once.
# usage: hack/envoy-alone.sh ENVOY'S OPTIONS   (needs root, in a user namespace at least, and util-linux)
set -euo pipefail
envoy=$("$(dirname "$(readlink -f "$0")")/envoy.sh")
exec unshare --mount bash -c 'mount -t tmpfs tmpfs /dev/shm && exec "$@"' - \
  "$envoy" --disable-hot-restart --file-flush-interval-msec 100 "$@"
