# Sourced by the scripts that build a part of the rig with Go: one build, cached, with progress.
me=$(basename "$0") # for messages
hack=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$hack/versions"
ENVOY_GATEWAY_VERSION=${TRY_ENVOY_GATEWAY:-$ENVOY_GATEWAY_VERSION} # for hack/compatibility.sh
cache=${POINTSMAN_CACHE:-$HOME/.cache/pointsman}

die() {
  printf "$me: %s\n" "$@" >&2
  exit 1
}

check_go() { # $1: the part, $2: the Go it needs
  local go_is
  command -v go >/dev/null || die "$1 is built with Go, and there is none on the PATH." "Install Go $2 or newer."
  go_is=$(go env GOVERSION)
  # A newer Go is fetched by Go itself, unless GOTOOLCHAIN forbids it.
  [ "$(go env GOTOOLCHAIN)" != local ] && return
  [ "$(printf '%s\n' "$2" "${go_is#go}" | sort -V | head -1)" = "$2" ] || die \
    "$1 needs Go $2 or newer, and $(command -v go) is ${go_is#go} (GOTOOLCHAIN=local)." \
    "Install a newer Go or set GOTOOLCHAIN=auto."
}

# go_line MODULE: the Go that hack/MODULE needs.
go_line() { sed -n 's/^go //p' "$hack/$1/go.mod"; }

# with_progress LOG WHAT COMMAND...: runs COMMAND, its output in LOG; says every 30 s that it goes on; dies with the
# log's end if it fails.
with_progress() {
  local log=$1 what=$2 started=$SECONDS pid
  shift 2
  echo "$me: building $what ..." >&2
  "$@" >"$log" 2>&1 &
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
  echo "$me: built in $((SECONDS - started)) s" >&2
}

# go_module MODULE VERSION: prints the folder with the module's files.
go_module() {
  local folder
  folder=$(cd / && go mod download -json "$1@v$2" | sed -n 's/^\t"Dir": "\(.*\)",\{0,1\}$/\1/p')
  [ -n "$folder" ] || die "the Go module $1 v$2 cannot be fetched: is a Go proxy reachable?"
  echo "$folder"
}

# go_program NAME WHAT FOLDER PACKAGE: builds $home/NAME, which needs no libraries, with the go.mod of FOLDER.
go_program() {
  cd "$3"
  CGO_ENABLED=0 with_progress "$home/build.log" "$2" go build -o "$home/new" -trimpath -ldflags "-s -w" "$4"
  mv "$home/new" "$home/$1"
}

# build_once HOME STAMP COMMAND...: runs COMMAND (a function of the caller's) unless HOME/STAMP is there, one build at
# a time over all processes.
build_once() {
  local home=$1 stamp=$2
  shift 2
  [ -e "$home/$stamp" ] && return
  mkdir -p "$home"
  exec 9>"$home/.lock"
  flock -n 9 || {
    echo "$me: another build is under way, waiting for it ..." >&2
    flock 9
  }
  [ -e "$home/$stamp" ] || "$@" 9>&- # the lock is ours alone, not Go's children's
  exec 9>&-
}
