#!/usr/bin/env bash
# Prints a folder that holds kube-apiserver, kube-controller-manager, kubectl and etcd, built once as Go tools.
# usage: hack/kubernetes.sh   (the first build takes 7 to 14 minutes; cached in ${POINTSMAN_CACHE:-~/.cache/pointsman})
set -euo pipefail
. "$(dirname "$0")/go-parts.sh"
version=$KUBERNETES_VERSION

build() {
  local stamp=k8s.io/component-base/version
  rm -rf "$home/new" && mkdir -p "$home/new"
  cd "$hack/kubernetes"
  CGO_ENABLED=0 with_progress "$home/build.log" "Kubernetes $version with Go (7 to 14 minutes, once)" \
    go build -o "$home/new/" -trimpath \
    -ldflags "-s -w -X $stamp.gitVersion=v$version -X $stamp.gitMajor=1 -X $stamp.gitMinor=${version:2:2}" \
    k8s.io/kubernetes/cmd/kube-apiserver k8s.io/kubernetes/cmd/kube-controller-manager \
    k8s.io/kubernetes/cmd/kubectl go.etcd.io/etcd/server/v3
  mv "$home/new/server" "$home/new/etcd" 2>/dev/null || mv "$home/new/v3" "$home/new/etcd"
  mv "$home/new" "$home/bin"
}

home=$cache/kubernetes/$version
check_go "Kubernetes $version" "$(go_line kubernetes)"
build_once "$home" bin build
echo "$home/bin"
