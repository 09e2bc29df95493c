#!/usr/bin/env bash
# Builds, one after the other and with progress, everything that the tests need and no registry of Java has: Envoy, Envoy
# Gateway, Kubernetes, Helm, the endpoint picker, the simulator of vLLM, the rate limit service, Python clients, promtool,
# Chromium, the node. Half an hour on a fresh machine; nothing when all is there. (kine is built by those who ask for it.)
# usage: hack/parts.sh [--unit]   (--unit: those of the unit tests, the Envoys; cached in ${POINTSMAN_CACHE:-~/.cache/pointsman})
set -euo pipefail
cd "$(dirname "$0")/.."
. hack/versions
for version in "$ENVOY_VERSION" "$ENVOY_VERSION_BEFORE" "$ENVOY_VERSION_OLDEST"; do
  hack/envoy.sh "$version" >/dev/null
done
[ "${1:-}" != --unit ] || exit 0
started=$SECONDS
for part in envoy.sh envoy-gateway.sh kubernetes.sh "helm.sh --path" endpoint-picker.sh inference-sim.sh envoy-gateway-chart.sh \
  inference-extension.sh echo-basic.sh ratelimit.sh redis.sh crds.sh python-clients.sh promtool.sh "promtool.sh prometheus" chromium.sh; do
  hack/$part >/dev/null
done
hack/cluster.sh pull any/host:any # builds the node
[ $((SECONDS - started)) -lt 5 ] || echo "parts.sh: all parts are there after $((SECONDS - started)) s" >&2
