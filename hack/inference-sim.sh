#!/usr/bin/env bash
# Prints the path of llm-d's simulator of vLLM, the model server of the demo and of the tests on Kubernetes, built once from its
# Go module. One line of it is another: it listens on $POD_IP alone where that is set, because the demo's pods share a machine.
# usage: hack/inference-sim.sh   (the first build takes a minute; cached in ${POINTSMAN_CACHE:-~/.cache/pointsman})
set -euo pipefail
. "$(dirname "$0")/go-parts.sh"
version=$INFERENCE_SIM_VERSION

build() {
  local module file=pkg/communication/http.go changed
  module=$(go_module github.com/llm-d/llm-d-inference-sim "$version")
  rm -rf "$home/source"
  cp -r "$module" "$home/source"
  chmod -R u+w "$home/source"
  sed -i 's/^\t"net"$/&\n\t"os"/; s/Sprintf(":%d", c.simulator/Sprintf("%s:%d", os.Getenv("POD_IP"), c.simulator/' \
    "$home/source/$file"
  changed=$(diff "$module/$file" "$home/source/$file" | grep -c '^[<>]') || true
  [ "$changed" = 3 ] || die "the edit fits $version no more: $changed lines are others, not 3."
  GOWORK=off go_program llm-d-inference-sim "llm-d's simulator $version with Go (a minute, once)" "$home/source" \
    ./cmd/llm-d-inference-sim
  rm -rf "$home/source"
}

home=$cache/inference-sim/$version
[ -x "$home/llm-d-inference-sim" ] || check_go "llm-d's simulator $version" "$INFERENCE_SIM_GO"
build_once "$home" llm-d-inference-sim build
echo "$home/llm-d-inference-sim"
