#!/usr/bin/env bash
# Faults of all parts (Pointsman, Envoy Gateway, API server, pickers, pods, network) under traffic, on a real cluster of
# processes: one row a fault, with the failed requests, the longest gap and the time until all is whole. Needs root.
# usage: hack/chaos.sh [--short]   (some 20 minutes, --short some 4; the table is kept in target/chaos.json)
set -euo pipefail
cd "$(dirname "$0")/.."
case ${1:-} in
  '') faults=all ;;
  --short) faults=short ;;
  *) sed -n 's/^# \{0,1\}//; 2,4p' "$0" && exit 2 ;;
esac
exec ./mvnw -B -q verify -Dtest=none -Dit.test=FaultMatrixIT -Dfaults=$faults -Dspotless.check.skip=true \
  -Dsurefire.failIfNoSpecifiedTests=false
