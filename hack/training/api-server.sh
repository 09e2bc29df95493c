# To be sourced: serve_training FOLDER LOG starts an API server of no objects, which ends with this shell or with
# end_training; FOLDER/kubeconfig leads to it. It is what AOT caches are trained with.
serve_training() {
  local work=$1 log=$2 hack jdk port
  hack=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
  jdk=$("$hack/jdk25.sh")
  rm -rf "$work" && mkdir -p "$work"
  "$jdk/bin/keytool" -genkeypair -alias training -keyalg EC -groupname secp256r1 -dname CN=training -ext san=ip:127.0.0.1 \
    -validity 2 -storetype PKCS12 -storepass training -keystore "$work/server.p12" >"$log" 2>&1
  "$jdk/bin/keytool" -exportcert -rfc -alias training -storepass training -keystore "$work/server.p12" \
    >"$work/ca.crt" 2>>"$log"
  coproc training { exec "$jdk/bin/java" "$hack/training/ApiServer.java" "$work/server.p12" training 2>>"$log"; }
  read -r -t 60 port <&"${training[0]}" || { echo "$(basename "$0"): no API server to train with; see $log" >&2; return 1; }
  echo training >"$work/token"
  cat >"$work/kubeconfig" <<EOF
apiVersion: v1
kind: Config
clusters: [{name: training, cluster: {server: "https://127.0.0.1:$port", certificate-authority: ca.crt}}]
users: [{name: training, user: {tokenFile: token}}]
contexts: [{name: training, context: {cluster: training, user: training}}]
current-context: training
EOF
}
end_training() {
  eval "exec ${training[1]}>&-" # it ends with its input
}
