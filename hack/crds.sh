#!/usr/bin/env bash
# Prints a folder with the CustomResourceDefinitions that Pointsman reads: Gateway API, both InferencePools,
# InferenceModel, InferencePolicy. They come from the projects' Go modules.
# usage: hack/crds.sh   (needs Go; cached in ${POINTSMAN_CACHE:-~/.cache/pointsman})
set -euo pipefail
me=crds.sh
hack=$(cd "$(dirname "$0")" && pwd)
. "$hack/go-parts.sh"
gateway_api=1.5.1 inference=1.5.0 inference_alpha=0.3.0 # the last with InferenceModel and the v1alpha2 InferencePool

module() { # $1: module@version; prints its folder
  go mod download -json "$1" | sed -n 's/^\t"Dir": "\(.*\)",\?$/\1/p'
}

build() {
  local gateway inference_dir alpha
  gateway=$(module "sigs.k8s.io/gateway-api@v$gateway_api")
  inference_dir=$(module "sigs.k8s.io/gateway-api-inference-extension@v$inference")
  alpha=$(module "sigs.k8s.io/gateway-api-inference-extension@v$inference_alpha")
  rm -rf "$home/new" && mkdir -p "$home/new"
  cp "$gateway"/config/crd/standard/gateway.networking.k8s.io_{gateways,httproutes,referencegrants}.yaml \
    "$inference_dir/config/crd/bases/inference.networking.k8s.io_inferencepools.yaml" \
    "$alpha"/config/crd/bases/inference.networking.x-k8s.io_inference{pools,models}.yaml "$home/new/"
  chmod u+w "$home"/new/*
  mv "$home/new" "$home/crds"
}

home=$cache/crds/$gateway_api-$inference-$inference_alpha
check_go "the download of CustomResourceDefinitions" 1.21.0
build_once "$home" crds build
cp "$hack"/../charts/pointsman/crds/*.yaml "$home/crds/"
echo "$home/crds"
