#!/usr/bin/env bash
# Prints a folder with the CustomResourceDefinitions that Pointsman reads: Gateway API, both InferencePools,
# InferenceModel, InferencePolicy. They come from the projects' Go modules, and ours from the chart.
# usage: hack/crds.sh   (needs Go; cached in ${POINTSMAN_CACHE:-~/.cache/pointsman})
set -euo pipefail
me=crds.sh
hack=$(cd "$(dirname "$0")" && pwd)
. "$hack/go-parts.sh"
version=1.5.1

build() {
  local gateway inference
  gateway=$(go_module sigs.k8s.io/gateway-api "$version")
  inference=$("$hack/inference-extension.sh")
  rm -rf "$home/new" && mkdir -p "$home/new"
  cp "$gateway"/config/crd/standard/gateway.networking.k8s.io_{gateways,httproutes,referencegrants}.yaml \
    "$inference"/crds/inference.networking.{k8s.io_inferencepools,x-k8s.io_inferencepools,x-k8s.io_inferencemodels}.yaml \
    "$home/new/"
  chmod u+w "$home"/new/*
  mv "$home/new" "$home/crds"
}

home=$cache/crds/$version-1.5.0-0.3.0 # with the versions that inference-extension.sh takes
check_go "the download of CustomResourceDefinitions" 1.21.0
build_once "$home" crds build
cp "$hack"/../charts/pointsman/crds/*.yaml "$home/crds/"
echo "$home/crds"
