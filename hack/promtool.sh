#!/usr/bin/env bash
# Prints the path of Prometheus' promtool, built once as a Go tool, which checks the chart's alerts and tests them.
# usage: hack/promtool.sh             (the first build takes minutes; cached in ${POINTSMAN_CACHE:-~/.cache/pointsman})
#        hack/promtool.sh prometheus  the server instead, without its page: it scrapes Pointsman in FirstHourIT
set -euo pipefail
. "$(dirname "$0")/go-parts.sh"

program=${1:-promtool}
home=$cache/promtool/$PROMETHEUS_VERSION
[ -x "$home/$program" ] || check_go "$program" "$(go_line promtool)"
export GOFLAGS=-tags=remove_all_sd # no service discovery, and none of its clouds
[ "$program" = promtool ] || GOFLAGS+=,enable_kubernetes_sd
build_once "$home" "$program" go_program "$program" "$program with Go (some minutes, once)" \
  "$hack/promtool" "github.com/prometheus/prometheus/cmd/$program"
echo "$home/$program"
