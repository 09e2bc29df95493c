#!/usr/bin/env bash
# Starts the server once, against an API server of no objects, and keeps what the JVM learned as target/pointsman.aot:
# every later start takes half as long.
# usage: hack/aot-cache.sh   (the build calls it when it has made the jar)
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
jdk=$("$root/hack/jdk25.sh")
work=$root/target/training
log=$root/target/aot-cache.log

rm -rf "$work" && mkdir -p "$work"
"$jdk/bin/keytool" -genkeypair -alias training -keyalg EC -groupname secp256r1 -dname CN=training -ext san=ip:127.0.0.1 \
  -validity 2 -storetype PKCS12 -storepass training -keystore "$work/server.p12" >"$log" 2>&1
"$jdk/bin/keytool" -exportcert -rfc -alias training -storepass training -keystore "$work/server.p12" \
  >"$work/ca.crt" 2>>"$log"
coproc api { exec "$jdk/bin/java" "$root/hack/training/ApiServer.java" "$work/server.p12" training 2>>"$log"; }
read -r -t 60 port <&"${api[0]}" || { echo "aot-cache.sh: no API server to train with; see $log" >&2; exit 1; }
echo training >"$work/token"
cat >"$work/kubeconfig" <<EOF
apiVersion: v1
kind: Config
clusters: [{name: training, cluster: {server: "https://127.0.0.1:$port", certificate-authority: ca.crt}}]
users: [{name: training, user: {tokenFile: token}}]
contexts: [{name: training, context: {cluster: training, user: training}}]
current-context: training
EOF
"$jdk/bin/java" --enable-native-access=ALL-UNNAMED -Xlog:disable -Xlog:all=error \
  -XX:AOTCacheOutput="$root/target/pointsman.aot" -jar "$root/target/pointsman.jar" \
  serve --kubernetes --kubeconfig "$work/kubeconfig" \
  --grpc-address 127.0.0.1:0 --eds-address 127.0.0.1:0 --admin-address 127.0.0.1:0 --exit-when-ready \
  >>"$log" 2>&1 || {
  echo "aot-cache.sh: the server did not start; see $log:" >&2
  tail -5 "$log" >&2
  exit 1
}
eval "exec ${api[1]}>&-" # the API server ends with its input
