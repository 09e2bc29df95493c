#!/usr/bin/env bash
# Prints a folder with what users install of the Gateway API Inference Extension, taken from its Go module:
#   crds/           its CustomResourceDefinitions: of 1.5.0 (InferencePool v1), of 0.3.0 (v1alpha2, InferenceModel)
#   inferencepool/  its Helm chart 1.5.0: an InferencePool and its endpoint picker
# usage: hack/inference-extension.sh   (cached in ${POINTSMAN_CACHE:-~/.cache/pointsman})
set -euo pipefail
me=inference-extension.sh
hack=$(cd "$(dirname "$0")" && pwd)
. "$hack/go-parts.sh"

build() {
  local now before
  now=$(go_module sigs.k8s.io/gateway-api-inference-extension 1.5.0)
  before=$(go_module sigs.k8s.io/gateway-api-inference-extension 0.3.0)
  rm -rf "$home/new" && mkdir -p "$home/new/crds"
  cp "$now"/config/crd/bases/*.yaml "$before"/config/crd/bases/*.yaml "$home/new/crds/"
  cp -r "$now/config/charts/inferencepool" "$home/new/"
  chmod -R u+w "$home/new"
  mkdir -p "$home/new/inferencepool/charts" # as helm dependency build would
  cp -r "$now/config/charts/epplib" "$home/new/inferencepool/charts/"
  chmod -R u+w "$home/new"
  mv "$home/new" "$home/parts"
}

home=$cache/inference-extension/1.5.0+0.3.0
[ -d "$home/parts" ] || check_go "The inference extension" 1.21.0
build_once "$home" parts build
echo "$home/parts"
