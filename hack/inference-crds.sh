#!/usr/bin/env bash
# Prints the folder of the Gateway API Inference Extension's CustomResourceDefinitions: those of 1.5.0 (InferencePool
# v1) and those of 0.3.0 (InferencePool v1alpha2, InferenceModel), taken from its Go module.
# usage: hack/inference-crds.sh   (cached in ${POINTSMAN_CACHE:-~/.cache/pointsman})
set -euo pipefail
me=inference-crds.sh
hack=$(cd "$(dirname "$0")" && pwd)
. "$hack/go-parts.sh"

build() {
  local version module
  rm -rf "$home/new" && mkdir "$home/new"
  for version in 1.5.0 0.3.0; do
    module=$(cd / && go mod download -json "sigs.k8s.io/gateway-api-inference-extension@v$version" |
      sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
    [ -n "$module" ] || die "the Go module of the inference extension v$version cannot be fetched: is a Go proxy reachable?"
    cp "$module"/config/crd/bases/*.yaml "$home/new/"
  done
  chmod u+w "$home/new"/*
  mv "$home/new" "$home/crds"
}

home=$cache/inference-crds/1.5.0+0.3.0
[ -d "$home/crds" ] || check_go "The set of CRDs" 1.21.0
build_once "$home" crds build
echo "$home/crds"
