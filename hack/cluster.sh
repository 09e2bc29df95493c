#!/usr/bin/env bash
# A real Kubernetes cluster as plain processes, without containers: API server, controllers, and one node that runs
# pods in network and mount namespaces of their own. Needs root. Several can run at once, each with its state folder.
# usage: hack/cluster.sh [--state DIR] COMMAND
#   up [--store kine] [--foreground] [--proxy-port N]   start; with --foreground until the input ends. The first time builds
#                                        it (Go). Objects are kept in etcd, or with K3s' kine in SQLite.
#   down [--keep]                        stop all of it, also after a crash; --keep leaves the logs
#   run COMMAND...                       run a command inside, KUBECONFIG set: addresses and names are the cluster's
#   kubectl ARGUMENTS...                 the same with kubectl
#   env                                  print the exports for programs outside: KUBECONFIG, CLUSTER_PROXY
#   kubeconfig                           print the path of the kubeconfig for programs outside
#   logs NAMESPACE/POD [CONTAINER]       print what the pod's containers said (also of pods that are gone)
#   pull IMAGE...                        fetch or build what stands for the images (hack/cluster/images.yaml)
#   smoke                                install Envoy Gateway with Helm and send a request through it
set -euo pipefail
. "$(dirname "$0")/go-parts.sh"
state=${POINTSMAN_CLUSTER:-${TMPDIR:-/tmp}/pointsman-cluster}
if [ "${1:-}" = --state ]; then
  state=$(realpath -m "${2:?--state needs a folder}")
  shift 2
fi
command=${1:-help}
[ $# = 0 ] || shift
images=${POINTSMAN_IMAGES:-$hack/cluster/images.yaml}

node() { # its path; built again when its sources are others
  local sources
  sources=$(find "$hack/node" -type f ! -name '*_test.go' -print0 | sort -z | xargs -0 cat | sha256sum | cut -c1-16)
  home=$cache/node/$sources
  [ -x "$home/node" ] || check_go "The node" "$(go_line node)"
  build_once "$home" node go_program node "the node with Go (about a minute, once)" "$hack/node" .
  echo "$home/node"
}

case $command in
  up)
    [ "$(id -u)" = 0 ] || die "namespaces and mounts need root."
    command -v ip >/dev/null || die "iproute2 is needed: there is no ip on the PATH."
    store=()
    if [ "${1:-}" = --store ]; then
      [ "${2:-}" = kine ] || [ "${2:-}" = etcd ] || die "--store ${2:-}: there are etcd and kine."
      [ "$2" = etcd ] || store=(--kine "$("$hack/kine.sh")")
      shift 2
    fi
    bin=$("$hack/kubernetes.sh")
    node=$(node)
    exec "$node" up --state "$state" --images "$images" --bin "$bin" --root "$(dirname "$hack")" "${store[@]}" "$@"
    ;;
  down) exec "$(node)" down --state "$state" "$@" ;;
  run) exec "$(node)" run "$state" "$@" ;;
  kubectl) exec "$(node)" run "$state" "$("$hack/kubernetes.sh")/kubectl" "$@" ;;
  pull) exec "$(node)" pull "$images" "$(dirname "$hack")" "$@" ;;
  kubeconfig) echo "$state/kubeconfig.host" ;;
  env)
    [ -s "$state/proxy" ] || die "no cluster in $state."
    echo "export KUBECONFIG=$state/kubeconfig.host"
    echo "export CLUSTER_PROXY=http://$(cat "$state/proxy")"
    ;;
  logs)
    pod=${1:?NAMESPACE/POD is needed}
    [ -d "$state/logs/$pod" ] || die "no logs of $pod; there are: $(cd "$state/logs" 2>/dev/null && echo */*)"
    for log in "$state/logs/$pod/${2:-*}.log"; do cat $log; done
    ;;
  smoke) exec "$hack/cluster/smoke.sh" "$state" ;;
  help | -h | --help) sed -n 's/^# \{0,1\}//; 2,14p' "$0" ;;
  *) die "unknown command $command (see hack/cluster.sh --help)" ;;
esac
