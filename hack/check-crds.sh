#!/usr/bin/env bash
# Checks the chart's CustomResourceDefinitions and the sample policies with the API server's own code (needs Go; the
# first run downloads and builds it, some 2 minutes).
# usage: hack/check-crds.sh
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
for crd in charts/pointsman/crds/*.yaml; do
  (cd hack/check-crds && go run . "$root/$crd" "$root/testdata/policies/valid" "$root/testdata/policies/invalid")
done
