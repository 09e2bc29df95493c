#!/usr/bin/env bash
# Prints the path of an Envoy Gateway binary: the one on the PATH if it fits, else one built once as a Go tool.
# usage: hack/envoy-gateway.sh   (the first build takes 4 to 9 minutes; cached in ${POINTSMAN_CACHE:-~/.cache/pointsman})
set -euo pipefail
. "$(dirname "$0")/go-parts.sh"
version=$ENVOY_GATEWAY_VERSION minor=${ENVOY_GATEWAY_VERSION%.*}
minor=${minor//./\\.}

fits() { # a release says its version itself; a binary made by go install only in its build information
  "$1" version 2>/dev/null | grep -q "^ENVOY_GATEWAY_VERSION: v$minor\." ||
    { command -v go >/dev/null && go version -m "$1" 2>/dev/null |
      grep -qE "^\s+mod\s+github.com/envoyproxy/gateway\s+v$minor\."; }
}

build() {
  GOBIN="$home/new" CGO_ENABLED=0 with_progress "$home/build.log" "Envoy Gateway $version with Go (4 to 9 minutes, once)" \
    go install "github.com/envoyproxy/gateway/cmd/envoy-gateway@v$version"
  mv "$home/new/envoy-gateway" "$home/envoy-gateway"
}

if on_path=$(command -v envoy-gateway) && fits "$on_path"; then
  echo "$on_path"
  exit 0
fi
home=$cache/envoy-gateway/$version
[ -x "$home/envoy-gateway" ] || check_go "Envoy Gateway $version" "$ENVOY_GATEWAY_GO"
build_once "$home" envoy-gateway build
echo "$home/envoy-gateway"
