#!/usr/bin/env bash
# Prints the path of the Inference Extension's lightweight endpoint picker (lwepp) 1.6.0, with which its conformance
# suite 1.6 runs, built once. As released it answers no request that has a body when it is asked the way the protocol
# wants it, with full duplex streamed bodies: it never gives the body back. lwepp.patch changes that and nothing else.
# usage: hack/conformance/lwepp.sh   (the first build takes some minutes; cached in ${POINTSMAN_CACHE:-~/.cache/pointsman})
set -euo pipefail
me=lwepp.sh
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../go-parts.sh"
version=1.6.0

build() {
  local module
  module=$(cd / && go mod download -json "sigs.k8s.io/gateway-api-inference-extension@v$version" |
    sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
  [ -n "$module" ] || die "the Go module of the inference extension v$version cannot be fetched: is a Go proxy reachable?"
  rm -rf "$home/source"
  cp -r "$module" "$home/source"
  chmod -R u+w "$home/source"
  patch -s -d "$home/source" -p1 <"$here/lwepp.patch"
  cd "$home/source"
  GOWORK=off CGO_ENABLED=0 with_progress "$home/build.log" "lwepp $version with Go (some minutes, once)" \
    go build -o "$home/new" -ldflags "-s -w" ./cmd/lwepp
  rm -rf "$home/source"
  mv "$home/new" "$home/lwepp"
}

home=$cache/lwepp/$version-$(sha256sum "$here/lwepp.patch" | cut -c1-12)
[ -x "$home/lwepp" ] || check_go "lwepp $version" 1.26.0
build_once "$home" lwepp build
echo "$home/lwepp"
