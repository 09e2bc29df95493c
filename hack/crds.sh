#!/usr/bin/env bash
# Prints a folder with the CustomResourceDefinitions that Pointsman reads: Gateway API, both InferencePools,
# InferenceModel, InferencePolicy. They come from the projects' Go modules, and ours from the chart.
# usage: hack/crds.sh   (needs Go; cached in ${POINTSMAN_CACHE:-~/.cache/pointsman})
set -euo pipefail
. "$(dirname "$0")/go-parts.sh"
version=$GATEWAY_API_VERSION

build() {
  local gateway
  gateway=$(go_module sigs.k8s.io/gateway-api "$version")
  rm -rf "$home/new" && mkdir -p "$home/new"
  cp "$gateway"/config/crd/standard/gateway.networking.k8s.io_{gateways,httproutes,referencegrants}.yaml \
    "$inference"/crds/inference.networking.{k8s.io_inferencepools,x-k8s.io_inferencepools,x-k8s.io_inferencemodels}.yaml \
    "$home/new/"
  chmod u+w "$home"/new/*
  mv "$home/new" "$home/crds"
}

check_go "the download of CustomResourceDefinitions" 1.21.0
inference=$("$hack/inference-extension.sh")
home=$cache/crds/$version-$(basename "$(dirname "$inference")") # whose folder has its versions for a name
build_once "$home" crds build
cp "$hack"/../charts/pointsman/crds/*.yaml "$home/crds/"
echo "$home/crds"
