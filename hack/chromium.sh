#!/usr/bin/env bash
# Prints the path of a Chromium, for the tests of the page: the machine's own, or Debian's package, installed once (as root).
# usage: hack/chromium.sh
set -euo pipefail
. "$(dirname "$0")/versions"

find_chromium() {
  command -v chromium || command -v chromium-browser || command -v google-chrome
}

if ! find_chromium; then
  exec 9>"${TMPDIR:-/tmp}/pointsman-chromium.lock"
  flock 9 # two callers, one installation
  if ! command -v chromium >/dev/null; then
    echo "chromium.sh: installing Debian's package chromium (some 130 packages, a minute or two, once) ..." >&2
    {
      export DEBIAN_FRONTEND=noninteractive
      apt-get update -qq && apt-get install -qq --no-install-recommends chromium fonts-dejavu-core
    } >&2 || {
      echo "chromium.sh: apt-get cannot install chromium: run as root on Debian or Ubuntu, or put a chromium on the PATH" >&2
      exit 1
    }
  fi
  find_chromium
fi
