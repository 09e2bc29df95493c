#!/usr/bin/env bash
# Prints the path of kine, K3s' storage layer, with which the API server keeps its objects in SQLite, built once as a Go tool.
# usage: hack/kine.sh   (the first build takes some minutes; cached in ${POINTSMAN_CACHE:-~/.cache/pointsman})
set -euo pipefail
. "$(dirname "$0")/go-parts.sh"

home=$cache/kine/$KINE_VERSION
[ -x "$home/kine" ] || check_go "kine" "$(go_line kine)"
build_once "$home" kine go_program kine "kine $KINE_VERSION with Go (some minutes, once)" "$hack/kine" github.com/k3s-io/kine
echo "$home/kine"
