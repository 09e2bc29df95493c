#!/usr/bin/env bash
# Prints the path of a Python with the stock clients of OpenAI and Anthropic, installed once from PyPI and cached.
# usage: hack/python-clients.sh
set -euo pipefail
. "$(dirname "$0")/versions"

home=${POINTSMAN_CACHE:-$HOME/.cache/pointsman}/python-clients/$OPENAI_CLIENT_VERSION-$ANTHROPIC_CLIENT_VERSION
if [ ! -e "$home/ready" ]; then
  mkdir -p "$home"
  exec 9>"$home/.lock"
  flock 9 # two callers, one installation
  if [ ! -e "$home/ready" ]; then
    echo "python-clients.sh: fetching the Python clients openai and anthropic from PyPI (once) ..." >&2
    python3 -m venv --clear "$home/venv"
    "$home/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
      "openai==$OPENAI_CLIENT_VERSION" "anthropic==$ANTHROPIC_CLIENT_VERSION" >&2 || {
      echo "python-clients.sh: pip cannot install the clients: is PyPI reachable?" >&2
      exit 1
    }
    touch "$home/ready"
  fi
fi
echo "$home/venv/bin/python"
