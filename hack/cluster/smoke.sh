#!/usr/bin/env bash
# Shows that a running cluster (hack/cluster.sh up) is one: installs Envoy Gateway with its own Helm chart, makes a
# gateway with a route, and asks through it, from a pod and from the host.
# usage: hack/cluster/smoke.sh STATE   (called by hack/cluster.sh smoke)
set -euo pipefail
hack=$(cd "$(dirname "$0")/.." && pwd)
. "$hack/versions"
state=$1 started=$SECONDS
cluster() { "$hack/cluster.sh" --state "$state" "$@"; }
kubectl() { cluster kubectl "$@"; }
step() { echo "==> $* ($((SECONDS - started)) s)"; }

step "parts"
cluster pull docker.io/envoyproxy/gateway:v$ENVOY_GATEWAY_VERSION docker.io/envoyproxy/envoy:any gcr.io/x/echo-basic:any
chart=$("$hack/envoy-gateway-chart.sh")
helm=$("$hack/helm.sh" --path)

step "Envoy Gateway with Helm"
cluster run "$helm" upgrade --install eg "$chart" -n envoy-gateway-system --create-namespace --wait --timeout 3m >/dev/null
kubectl apply --server-side -f "$("$hack/inference-extension.sh")/crds" >/dev/null

step "a gateway, a route, an echo server, a Job that asks"
kubectl apply -f "$hack/cluster/smoke.yaml"
kubectl wait --for=condition=Programmed --timeout=90s gateway/smoke
address=$(kubectl get gateway smoke -o 'jsonpath={.status.addresses[0].value}')
kubectl create configmap smoke --from-literal=address="$address" # the Job's pod waits for it
kubectl wait --for=condition=Complete --timeout=60s job/asker
step "what the pod got from http://$address/from-a-pod"
cluster logs "default/$(kubectl get pods -l job-name=asker -o 'jsonpath={.items[0].metadata.name}')"

step "and the host, through the proxy into the cluster"
curl -sS --fail-with-body -x "http://$(cat "$state/proxy")" "http://$address/from-the-host" | grep -E '"(path|pod)"'

step "away with it"
kubectl delete -f "$hack/cluster/smoke.yaml" --wait --timeout=60s >/dev/null
kubectl delete configmap smoke >/dev/null
step "good"
