#!/usr/bin/env bash
# Prints the path of Prometheus' promtool, built once as a Go tool, which checks the chart's alerts and tests them.
# usage: hack/promtool.sh   (the first build takes minutes; cached in ${POINTSMAN_CACHE:-~/.cache/pointsman})
set -euo pipefail
. "$(dirname "$0")/go-parts.sh"

home=$cache/promtool/$PROMETHEUS_VERSION
[ -x "$home/promtool" ] || check_go "promtool" "$(go_line promtool)"
export GOFLAGS=-tags=remove_all_sd # no service discovery, and none of its clouds
build_once "$home" promtool go_program promtool "promtool with Go (some minutes, once)" \
  "$hack/promtool" github.com/prometheus/prometheus/cmd/promtool
echo "$home/promtool"
