#!/usr/bin/env bash
# Runs Helm: the one on the PATH if it is a 3.x, else one built once as a Go tool.
# usage: hack/helm.sh ARGUMENTS...   (--path only prints where it is; the first build takes about 2 minutes)
set -euo pipefail
. "$(dirname "$0")/go-parts.sh"
version=$HELM_VERSION

if ! helm=$(command -v helm) || ! "$helm" version --short 2>/dev/null | grep -q "^v${HELM_VERSION%%.*}\."; then
  home=$cache/helm/$version helm=$cache/helm/$version/helm
  [ -x "$helm" ] || check_go "Helm $version" "$(go_line helm)"
  build_once "$home" helm go_program helm "Helm $version with Go (about 2 minutes, once)" \
    "$hack/helm" helm.sh/helm/v3/cmd/helm
fi
if [ "${1:-}" = --path ]; then echo "$helm"; else exec "$helm" "$@"; fi
