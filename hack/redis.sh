#!/usr/bin/env bash
# Prints the path of the machine's Redis server, in which the rate limit service counts.
# usage: hack/redis.sh
set -euo pipefail
type -P redis-server || {
  echo "redis.sh: rate limits are counted in Redis, and there is no redis-server on the PATH: install Debian's redis-server" >&2
  exit 1
}
