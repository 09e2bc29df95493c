#!/usr/bin/env bash
# Runs Helm: the one on the PATH if it is a 3.x, else one built once as a Go tool.
# usage: hack/helm.sh ARGUMENTS...   (--path only prints where it is; the first build takes about 2 minutes)
set -euo pipefail
me=helm.sh
hack=$(cd "$(dirname "$0")" && pwd)
. "$hack/go-parts.sh"
version=3.22.0

if ! helm=$(command -v helm) || ! "$helm" version --short 2>/dev/null | grep -q '^v3\.'; then
  home=$cache/helm/$version helm=$cache/helm/$version/helm
  [ -x "$helm" ] || check_go "Helm $version" 1.26.0
  build_once "$home" helm go_program helm "Helm $version with Go (about 2 minutes, once)" \
    "$hack/helm" helm.sh/helm/v3/cmd/helm
fi
if [ "${1:-}" = --path ]; then echo "$helm"; else exec "$helm" "$@"; fi
