#!/usr/bin/env bash
# Prints a folder with what users install of the Gateway API Inference Extension, taken from its Go module:
#   crds/           its CustomResourceDefinitions: InferencePool v1, and of an older version v1alpha2 and InferenceModel
#   inferencepool/  its Helm chart: an InferencePool and its endpoint picker
# usage: hack/inference-extension.sh   (cached in ${POINTSMAN_CACHE:-~/.cache/pointsman})
set -euo pipefail
. "$(dirname "$0")/go-parts.sh"

build() {
  local now before
  now=$(go_module sigs.k8s.io/gateway-api-inference-extension "$INFERENCE_EXTENSION_VERSION")
  before=$(go_module sigs.k8s.io/gateway-api-inference-extension "$INFERENCE_EXTENSION_V1ALPHA2")
  rm -rf "$home/new" && mkdir -p "$home/new/crds"
  cp "$now"/config/crd/bases/*.yaml "$before"/config/crd/bases/*.yaml "$home/new/crds/"
  cp -r "$now/config/charts/inferencepool" "$home/new/"
  chmod -R u+w "$home/new"
  mkdir -p "$home/new/inferencepool/charts" # as helm dependency build would
  cp -r "$now/config/charts/epplib" "$home/new/inferencepool/charts/"
  chmod -R u+w "$home/new"
  mv "$home/new" "$home/parts"
}

home=$cache/inference-extension/$INFERENCE_EXTENSION_VERSION+$INFERENCE_EXTENSION_V1ALPHA2
[ -d "$home/parts" ] || check_go "The inference extension" 1.21.0
build_once "$home" parts build
echo "$home/parts"
