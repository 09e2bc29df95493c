#!/usr/bin/env bash
# Faults of all parts (Pointsman, Envoy Gateway, API server, pickers, pods, network) under traffic, on a real cluster of
# processes: one row a fault, with the failed requests, the longest gap and the time until all is whole. Needs root.
# usage: hack/chaos.sh [--short | --only REGEX]   (some 20 minutes, --short some 4; target/chaos.json keeps the table)
set -euo pipefail
cd "$(dirname "$0")/.."
case ${1:-} in
  '') faults=all ;;
  --short) faults= ;;
  --only) faults=${2:?a part of the names of rows} ;;
  *) sed -n 's/^# \{0,1\}//; 2,4p' "$0" && exit 2 ;;
esac
exec ./mvnw -B -q verify -Dtest=none -Dit.test=FaultMatrixIT -Dfaults="$faults" -Dspotless.check.skip=true \
  -Dsurefire.failIfNoSpecifiedTests=false
