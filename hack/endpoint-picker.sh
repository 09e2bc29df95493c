#!/usr/bin/env bash
# Prints the path of the real endpoint picker (EPP) of the Gateway API Inference Extension, built once as a Go tool.
# usage: hack/endpoint-picker.sh        (the first build takes 4 to 7 minutes; cached in ${POINTSMAN_CACHE:-~/.cache/pointsman})
#        hack/endpoint-picker.sh bbr    its body-based router instead, which hack/bench.sh compares with
set -euo pipefail
. "$(dirname "$0")/go-parts.sh"

version=$INFERENCE_EXTENSION_VERSION program=${1:-epp}
home=$cache/endpoint-picker/$version
[ -x "$home/$program" ] || check_go "The endpoint picker $version" "$(go_line endpoint-picker)"
build_once "$home" "$program" go_program "$program" "$program $version with Go (4 to 7 minutes, once)" \
  "$hack/endpoint-picker" "sigs.k8s.io/gateway-api-inference-extension/cmd/$program"
echo "$home/$program"
