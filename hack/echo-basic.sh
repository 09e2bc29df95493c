#!/usr/bin/env bash
# Prints the path of echo-basic, the backend of Gateway API's conformance tests, built once as a Go tool.
# usage: hack/echo-basic.sh   (the first build takes a minute; cached in ${POINTSMAN_CACHE:-~/.cache/pointsman})
set -euo pipefail
. "$(dirname "$0")/go-parts.sh"

home=$cache/echo-basic/$GATEWAY_API_VERSION
[ -x "$home/echo-basic" ] || check_go "echo-basic" "$(go_line echo-basic)"
build_once "$home" echo-basic go_program echo-basic "echo-basic with Go (a minute, once)" \
  "$hack/echo-basic" sigs.k8s.io/gateway-api/conformance/echo-basic
echo "$home/echo-basic"
