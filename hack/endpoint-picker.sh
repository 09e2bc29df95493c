#!/usr/bin/env bash
# Prints the path of the real endpoint picker (EPP) of the Gateway API Inference Extension, built once as a Go tool.
# usage: hack/endpoint-picker.sh   (the first build takes 4 to 7 minutes; cached in ${POINTSMAN_CACHE:-~/.cache/pointsman})
set -euo pipefail
. "$(dirname "$0")/go-parts.sh"

version=$INFERENCE_EXTENSION_VERSION
home=$cache/endpoint-picker/$version
[ -x "$home/epp" ] || check_go "The endpoint picker $version" "$(go_line endpoint-picker)"
build_once "$home" epp go_program epp "the endpoint picker $version with Go (4 to 7 minutes, once)" \
  "$hack/endpoint-picker" sigs.k8s.io/gateway-api-inference-extension/cmd/epp
echo "$home/epp"
