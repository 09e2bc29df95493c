#!/usr/bin/env bash
# Vets and tests the Go programs of hack/ (the modules with a main.go; the others only pin versions) and checks their format.
# usage: hack/go-test.sh   (the build calls it after hack/parts.sh, which has fetched and compiled their dependencies)
set -euo pipefail
cd "$(dirname "$0")"
. ./go-parts.sh
check_go "The tests of hack/" "$(go_line node)"
export CGO_ENABLED=0 # as go-parts.sh builds: the compiled dependencies are shared
# -count=1: a cached result ignores changes of files outside the module, which the CRDs and the samples are.
for program in */main.go; do
  folder=$(dirname "$program")
  unformatted=$(gofmt -l "$folder")
  [ -z "$unformatted" ] || die "not formatted; run gofmt -w on:" "$unformatted"
  (cd "$folder" && go vet -trimpath ./... && go test -trimpath -count=1 ./...) || die "hack/$folder: go vet or go test failed"
done
