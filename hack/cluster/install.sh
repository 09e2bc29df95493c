#!/usr/bin/env bash
# Installs on a running cluster (hack/cluster.sh up) what a user installs, the way the README says: Envoy Gateway and
# Pointsman with Helm, and Envoy Gateway's configuration from Pointsman's ConfigMap.
# usage: hack/cluster/install.sh STATE [HELM_ARGUMENT...]   (arguments for Pointsman's chart)
#    or: hack/cluster/install.sh --kubeconfig FILE [HELM_ARGUMENT...]   on another cluster, with images
set -euo pipefail
hack=$(cd "$(dirname "$0")/.." && pwd)
. "$hack/versions"
ENVOY_GATEWAY_VERSION=${TRY_ENVOY_GATEWAY:-$ENVOY_GATEWAY_VERSION}
state=$1 started=$SECONDS
shift
if [ "$state" = --kubeconfig ]; then
  export KUBECONFIG=$1
  shift
fi
namespace=envoy-gateway-system
cluster() {
  if [ "$state" != --kubeconfig ]; then
    "$hack/cluster.sh" --state "$state" "$@"
  elif [ "$1" != pull ]; then # its images are there already, or come from their registries
    shift
    "$@"
  fi
}
kubectl=$(type -P kubectl || echo "$("$hack/kubernetes.sh")/kubectl")
kubectl() { cluster run "$kubectl" "$@"; }
step() { echo "install.sh: $* ($((SECONDS - started)) s)"; }

step "parts"
cluster pull docker.io/envoyproxy/gateway:v$ENVOY_GATEWAY_VERSION docker.io/envoyproxy/envoy:any pointsman:any \
  registry.k8s.io/gateway-api-inference-extension/epp:v$INFERENCE_EXTENSION_VERSION ghcr.io/llm-d/llm-d-inference-sim:v$INFERENCE_SIM_VERSION \
  gcr.io/k8s-staging-gateway-api/echo-basic:any
chart=$("$hack/envoy-gateway-chart.sh")
extension=$("$hack/inference-extension.sh")
helm() { cluster run "$("$hack/helm.sh" --path)" "$@"; }

step "the Inference Extension's CRDs"
kubectl apply --server-side -f "$extension/crds" >/dev/null
step "Envoy Gateway"
helm upgrade --install eg "$chart" -n $namespace --create-namespace --wait --timeout 3m >/dev/null
step "Pointsman"
helm upgrade --install pointsman "$hack/../charts/pointsman" -n $namespace --wait --timeout 3m "$@" >/dev/null
step "Envoy Gateway's configuration"
values=$(mktemp)
trap 'rm -f "$values"' EXIT
kubectl -n $namespace get configmap pointsman-envoy-gateway -o 'jsonpath={.data.values\.yaml}' >"$values"
helm upgrade eg "$chart" -n $namespace --reset-then-reuse-values -f "$values" --set config.envoyGateway.extensionApis.enableBackend=true \
  --wait --timeout 3m >/dev/null
kubectl -n $namespace rollout restart deployment/envoy-gateway >/dev/null # it does not reload its configuration by itself
kubectl -n $namespace rollout status deployment/envoy-gateway --timeout=2m >/dev/null
step "a GatewayClass"
kubectl apply -f - >/dev/null <<'YAML'
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: inference-gateway}
spec: {controllerName: gateway.envoyproxy.io/gatewayclass-controller}
YAML
kubectl wait --for=condition=Accepted --timeout=90s gatewayclass/inference-gateway >/dev/null
step "installed"
