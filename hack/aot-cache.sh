#!/usr/bin/env bash
# Starts the server once, against an API server of no objects, and keeps what the JVM learned as target/pointsman.aot:
# every later start takes half as long.
# usage: hack/aot-cache.sh   (the build calls it when it has made the jar)
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
jdk=$("$root/hack/jdk25.sh")
log=$root/target/aot-cache.log
. "$root/hack/training/api-server.sh"

serve_training "$root/target/training" "$log"
timeout 300 "$jdk/bin/java" @"$root/hack/image/java.options" -Xlog:disable -Xlog:all=error \
  -XX:AOTCacheOutput="$root/target/pointsman.aot" -Dpointsman.warm-up-milliseconds=6000 -jar "$root/target/pointsman.jar" \
  serve --kubernetes --kubeconfig "$root/target/training/kubeconfig" \
  --grpc-address 127.0.0.1:0 --eds-address 127.0.0.1:0 --admin-address 127.0.0.1:0 --exit-when-ready \
  >>"$log" 2>&1 || {
  echo "aot-cache.sh: the server did not start within 300 s; see $log:" >&2
  tail -5 "$log" >&2
  exit 1
}
end_training
