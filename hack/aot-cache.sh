#!/usr/bin/env bash
# Starts the server once and keeps what the JVM learned as target/pointsman.aot: every later start takes half as long.
# usage: hack/aot-cache.sh   (the build calls it when it has made the jar)
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
"$("$root/hack/jdk25.sh")/bin/java" --enable-native-access=ALL-UNNAMED -Xlog:disable -Xlog:all=error \
  -XX:AOTCacheOutput="$root/target/pointsman.aot" -jar "$root/target/pointsman.jar" serve --resources "$root/hack/training" \
  --grpc-address 127.0.0.1:0 --eds-address 127.0.0.1:0 --admin-address 127.0.0.1:0 --exit-when-ready \
  >"$root/target/aot-cache.log" 2>&1 || {
  echo "aot-cache.sh: the server did not start; see target/aot-cache.log:" >&2
  tail -5 "$root/target/aot-cache.log" >&2
  exit 1
}
