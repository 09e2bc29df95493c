#!/usr/bin/env bash
# Prints the path of a real endpoint picker (EPP): that of the Gateway API Inference Extension, built once as a Go tool.
# usage: hack/endpoint-picker.sh          (the first build takes 4 to 7 minutes; cached in ${POINTSMAN_CACHE:-~/.cache/pointsman})
#        hack/endpoint-picker.sh bbr      its body-based router instead, which hack/bench.sh compares with
#        hack/endpoint-picker.sh llm-d    llm-d's scheduler instead; so does TRY_PICKER=llm-d, for hack/e2e.sh llm-d
set -euo pipefail
. "$(dirname "$0")/go-parts.sh"

version=$INFERENCE_EXTENSION_VERSION program=${1:-${TRY_PICKER:-epp}}
module=endpoint-picker package=sigs.k8s.io/gateway-api-inference-extension/cmd/$program what="$program $version"
if [ "$program" = llm-d ]; then
  version=$LLM_D_SCHEDULER_VERSION module=llm-d-scheduler what="llm-d's scheduler $LLM_D_SCHEDULER_VERSION"
  package=github.com/llm-d/llm-d-inference-scheduler/cmd/epp
fi
home=$cache/$module/$version
[ -x "$home/$program" ] || check_go "$what" "$(go_line $module)"
build_once "$home" "$program" go_program "$program" "$what with Go (4 to 7 minutes, once)" "$hack/$module" "$package"
echo "$home/$program"
