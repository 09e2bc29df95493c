#!/usr/bin/env bash
# Prints the path of an Envoy Gateway 1.9 binary: the one on the PATH if it fits, else one built once as a Go tool.
# usage: hack/envoy-gateway.sh   (the first build takes 4 to 9 minutes; cached in ${POINTSMAN_CACHE:-~/.cache/pointsman})
set -euo pipefail
version=1.9.0
wants_go=1.26.6 # the go line of that version's go.mod

die() {
  printf 'envoy-gateway.sh: %s\n' "$@" >&2
  exit 1
}

fits() { # a release says its version itself; a binary made by go install only in its build information
  "$1" version 2>/dev/null | grep -q '^ENVOY_GATEWAY_VERSION: v1\.9\.' ||
    { command -v go >/dev/null && go version -m "$1" 2>/dev/null |
      grep -qE '^\s+mod\s+github.com/envoyproxy/gateway\s+v1\.9\.'; }
}

check_go() {
  local go_is
  command -v go >/dev/null || die \
    "Envoy Gateway $version is needed and there is neither one on the PATH nor Go to build it." \
    "Install Go $wants_go or newer, or put an envoy-gateway 1.9 binary on the PATH."
  go_is=$(go env GOVERSION)
  # A newer Go is fetched by Go itself, unless GOTOOLCHAIN forbids it.
  [ "$(go env GOTOOLCHAIN)" != local ] && return
  [ "$(printf '%s\n' "$wants_go" "${go_is#go}" | sort -V | head -1)" = "$wants_go" ] || die \
    "Envoy Gateway $version needs Go $wants_go or newer, and $(command -v go) is ${go_is#go} (GOTOOLCHAIN=local)." \
    "Install a newer Go, set GOTOOLCHAIN=auto, or put an envoy-gateway 1.9 binary on the PATH."
}

build() { # into $1
  local log="$1/build.log" started=$SECONDS pid
  echo "envoy-gateway.sh: building Envoy Gateway $version with Go (4 to 9 minutes, once) ..." >&2
  GOBIN="$1/new" CGO_ENABLED=0 go install "github.com/envoyproxy/gateway/cmd/envoy-gateway@v$version" >"$log" 2>&1 &
  pid=$!
  trap 'kill "$pid" 2>/dev/null || true' EXIT
  while kill -0 "$pid" 2>/dev/null; do
    if [ -t 2 ]; then
      printf '\r  %d:%02d ' $(((SECONDS - started) / 60)) $(((SECONDS - started) % 60)) >&2
    elif [ $(((SECONDS - started) % 30)) = 29 ]; then
      echo "  still building after $((SECONDS - started)) s" >&2
    fi
    sleep 1
  done
  trap - EXIT
  wait "$pid" || die "the build failed; the end of $log:" "$(tail -5 "$log")"
  mv "$1/new/envoy-gateway" "$1/envoy-gateway"
  echo "envoy-gateway.sh: built in $((SECONDS - started)) s" >&2
}

if on_path=$(command -v envoy-gateway) && fits "$on_path"; then
  echo "$on_path"
  exit 0
fi
home=${POINTSMAN_CACHE:-$HOME/.cache/pointsman}/envoy-gateway/$version
if [ ! -x "$home/envoy-gateway" ]; then
  check_go
  mkdir -p "$home"
  exec 9>"$home/.lock"
  flock -n 9 || {
    echo "envoy-gateway.sh: another build is under way, waiting for it ..." >&2
    flock 9
  }
  [ -x "$home/envoy-gateway" ] || build "$home" 9>&- # the lock is ours alone, not Go's children's
fi
echo "$home/envoy-gateway"
