#!/usr/bin/env bash
# Prints the path of the rate limit service that Envoy Gateway deploys, built once as a Go tool in Envoy Gateway's version.
# usage: hack/ratelimit.sh   (the first build takes a minute; cached in ${POINTSMAN_CACHE:-~/.cache/pointsman})
set -euo pipefail
. "$(dirname "$0")/go-parts.sh"

home=$cache/ratelimit/$ENVOY_GATEWAY_VERSION
[ -x "$home/ratelimit" ] || check_go "The rate limit service" "$(go_line ratelimit)"
build_once "$home" ratelimit go_program ratelimit "the rate limit service with Go (a minute, once)" \
  "$hack/ratelimit" github.com/envoyproxy/ratelimit/src/service_cmd
echo "$home/ratelimit"
