#!/usr/bin/env bash
# Prints the path of echo-basic, the backend of Gateway API's conformance tests, built once as a Go tool.
# usage: hack/echo-basic.sh   (the first build takes a minute; cached in ${POINTSMAN_CACHE:-~/.cache/pointsman})
set -euo pipefail
me=echo-basic.sh
hack=$(cd "$(dirname "$0")" && pwd)
. "$hack/go-parts.sh"
version=1.5.1

home=$cache/echo-basic/$version
[ -x "$home/echo-basic" ] || check_go "echo-basic" 1.25.0
build_once "$home" echo-basic go_program echo-basic "echo-basic with Go (a minute, once)" \
  "$hack/echo-basic" sigs.k8s.io/gateway-api/conformance/echo-basic
echo "$home/echo-basic"
