# Sourced by hack/conformance.sh, whose variables and kubectl these functions use.

# for_next_suite: puts on the cluster what the suite INFERENCE_EXTENSION_NEXT needs: the CRDs of its release (in $crds), which
# no longer has two others'.
for_next_suite() {
  kubectl apply --server-side --force-conflicts -f "$crds" >/dev/null
  kubectl delete crd --ignore-not-found inferenceobjectives.inference.networking.x-k8s.io \
    inferencemodelrewrites.inference.networking.x-k8s.io >/dev/null
  # The suite waits for pods in the Gateways' namespace; Envoy Gateway's proxies are in its own. Any pod does.
  kubectl apply -f - >/dev/null <<'YAML'
apiVersion: v1
kind: Namespace
metadata: {name: inference-conformance-infra}
---
apiVersion: v1
kind: Pod
metadata: {name: bystander, namespace: inference-conformance-infra}
spec: {containers: [{name: echo, image: "gcr.io/k8s-staging-gateway-api/echo-basic:any"}]}
YAML
}

table() { # title, file
  printf '\n%s\n' "$1"
  awk '{printf "  %s %4d s  %s\n", $1, $2, $3}' "$2"
}
# summary: prints every test with its time, and the sums.
summary() {
  table "Gateway API Inference Extension $suite, profile Gateway" "$work/results"
  [ -n "$only" ] || table "Ours, with the picker in use really killed" "$work/ours"
  printf '\n%d passed, %d failed, %d skipped; %d s; logs: %s\n' "$(cat "$work/results" "$work/ours" 2>/dev/null | grep -c ^PASS || true)" \
    "$(cat "$work/results" "$work/ours" 2>/dev/null | grep -c ^FAIL || true)" "$(grep -c ^SKIP "$work/results" || true)" $SECONDS "$work"
}

# keep_report: replaces the report in testdata/conformance, if all tests passed.
keep_report() {
  [ "$code" = 0 ] || die "the report is not kept: not every test passed."
  local folder=$root/testdata/conformance/v$suite
  mkdir -p "$folder"
  rm -f "$folder"/*-report.yaml
  cp "$work/report.yaml" "$folder/$version-default-gateway-report.yaml"
  chmod 644 "$folder"/*-report.yaml
  echo "$me: the report is in ${folder#"$root/"}"
}
