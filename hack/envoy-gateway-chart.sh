#!/usr/bin/env bash
# Prints the folder of Envoy Gateway's own Helm chart, as its release has it, taken from its Go module.
# usage: hack/envoy-gateway-chart.sh   (cached in ${POINTSMAN_CACHE:-~/.cache/pointsman})
set -euo pipefail
. "$(dirname "$0")/go-parts.sh"
version=$ENVOY_GATEWAY_VERSION

build() {
  local module
  module=$(go_module github.com/envoyproxy/gateway "$version")
  rm -rf "$home/new"
  cp -r "$module/charts/gateway-helm" "$home/new"
  chmod -R u+w "$home/new"
  # Their release does the same: it sets the version, and the image in the values.
  sed -i "s/v0.0.0-latest/v$version/; s/^appVersion: .*/appVersion: v$version/" "$home/new/Chart.yaml"
  sed "s|\${GatewayImage}|docker.io/envoyproxy/gateway:v$version|; s|\${GatewayImagePullPolicy}|IfNotPresent|" \
    "$home/new/values.tmpl.yaml" >"$home/new/values.yaml"
  rm "$home/new/values.tmpl.yaml"
  mv "$home/new" "$home/gateway-helm"
}

home=$cache/envoy-gateway-chart/$version
[ -d "$home/gateway-helm" ] || check_go "Envoy Gateway's chart" 1.21.0
build_once "$home" gateway-helm build
echo "$home/gateway-helm"
