#!/usr/bin/env bash
# Prints the path of the Inference Extension's lightweight endpoint picker (lwepp), with which its conformance
# suite runs from 1.6 on, built once. As released it answers no request that has a body when it is asked the way the protocol
# wants it, with full duplex streamed bodies: it never gives the body back. The edits in lwepp/ repair that and nothing else.
# usage: hack/conformance/lwepp.sh   (the first build takes some minutes; cached in ${POINTSMAN_CACHE:-~/.cache/pointsman})
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../go-parts.sh"
version=$INFERENCE_EXTENSION_NEXT

build() {
  local module handlers=pkg/lwepp/handlers changed
  module=$(go_module sigs.k8s.io/gateway-api-inference-extension "$version")
  rm -rf "$home/source"
  cp -r "$module" "$home/source"
  chmod -R u+w "$home/source"
  sed -i -f "$here/lwepp/edits.sed" "$home/source/$handlers/server.go"
  changed=$(diff "$module/$handlers/server.go" "$home/source/$handlers/server.go" | grep -c '^[<>]') || true
  [ "$changed" = 6 ] || die "the edits of lwepp fit $version no more: $changed lines are others, not 6."
  cp "$here/lwepp/streamed.go" "$home/source/$handlers/"
  GOWORK=off go_program lwepp "lwepp $version with Go (some minutes, once)" "$home/source" ./cmd/lwepp
  rm -rf "$home/source"
}

home=$cache/lwepp/$version-$(cat "$here"/lwepp/* | sha256sum | cut -c1-12)
[ -x "$home/lwepp" ] || check_go "lwepp $version" "$(go_line conformance/v"${version%.*}")"
build_once "$home" lwepp build
echo "$home/lwepp"
