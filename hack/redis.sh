#!/usr/bin/env bash
# Prints the path of a Redis in memory (hack/redis), in which the rate limit service counts, built once with Go.
# usage: hack/redis.sh   (the first build takes seconds; cached in ${POINTSMAN_CACHE:-~/.cache/pointsman})
set -euo pipefail
. "$(dirname "$0")/go-parts.sh"

version=$(sed -n 's/.*miniredis\/v2 v//p' "$hack/redis/go.mod" | head -1)
home=$cache/redis/$version
[ -x "$home/redis" ] || check_go "The Redis of tests" "$(go_line redis)"
build_once "$home" redis go_program redis "a Redis in memory with Go (seconds, once)" "$hack/redis" .
echo "$home/redis"
