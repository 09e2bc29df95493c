#!/usr/bin/env bash
# Runs the end-to-end tests on Kubernetes, from a fresh clone on: builds the parts and the jar, then the tests.
# usage: hack/e2e.sh [processes | kine | llm-d | k3s] [TEST...]
#   processes   on a cluster of plain processes (the default); needs root, iproute2, Go and a JDK 25
#   kine        the same, with the objects in K3s' storage layer (kine, SQLite) instead of etcd
#   llm-d       on processes, with llm-d's scheduler as the picker instead of the Inference Extension's
#   k3s         in K3s; needs Docker and the images (it says so and ends with 3 where they are missing)
#   TEST...     only these classes, e.g. PoolChangesIT
set -euo pipefail
cd "$(dirname "$0")/.."
case ${1:-} in
  -h | --help) sed -n 's/^# \{0,1\}//; 2,8p' "$0" && exit 0 ;;
esac
cluster=processes
case ${1:-} in
  processes | kine | k3s) cluster=$1 && shift ;;
  llm-d) export TRY_PICKER=llm-d && shift ;;
esac
tests=${*:-dev/pointsman/e2e/kubernetes/*IT}
if [ "$cluster" != k3s ]; then
  [ "$(id -u)" = 0 ] || { echo "e2e.sh: network namespaces and mounts need root: run it as root, or hack/e2e.sh k3s" >&2 && exit 2; }
  hack/parts.sh
else
  docker info >/dev/null 2>&1 || { echo "e2e.sh: not run: no Docker answers (docker info)" >&2 && exit 3; }
  hack/helm.sh --path >/dev/null
fi
exec ./mvnw -B verify -Dtest=none -Dit.test="${tests// /,}" -Dsurefire.failIfNoSpecifiedTests=false -Dcluster="$cluster"
