#!/usr/bin/env bash
# Changes of routes, pools, pods and policies, up to 50 a second, with traffic, on a real cluster of processes: nothing
# piles up, no update is lost, no request fails, and Envoy holds at the end what a fresh translation gives. Needs root.
# usage: hack/soak.sh [MINUTES]   (of changes, 30 if none is given; the table is kept in target/soak.json)
#        hack/soak.sh --plant heap|threads|files|streams   (90 s with a leak in a replica: has to fail, and tells what grew)
set -euo pipefail
cd "$(dirname "$0")/.."
minutes=${1:-30} plant=
if [ "$minutes" = --plant ]; then
  minutes= plant=${2:-}
  [[ $plant =~ ^(heap|threads|files|streams)$ ]]
else
  [[ $minutes =~ ^[1-9][0-9]*$ ]]
fi || { sed -n 's/^# \{0,1\}//; 2,5p' "$0" && exit 2; }
exec ./mvnw -B -q verify -Dtest=none -Dit.test=SoakIT -Dsoak.minutes="$minutes" -Dsoak.plant="$plant" -Dspotless.check.skip=true \
  -Dsurefire.failIfNoSpecifiedTests=false
