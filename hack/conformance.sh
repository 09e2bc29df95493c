#!/usr/bin/env bash
# Runs the conformance suite of the Gateway API Inference Extension (profile Gateway) against Envoy Gateway and
# Pointsman on a cluster of processes (hack/cluster.sh), then two tests of ours beside it (hack/conformance/
# failure-modes.sh). Prints a table of all tests; the exit code is 0 only if every one of them passed. Needs root.
# usage: hack/conformance.sh [--suite V] [--state DIR] [--test NAME] [--record]
#   --suite V     the suite's version, one of the two in hack/versions (default: the older)
#   --state DIR   on the cluster that runs there, with hack/cluster/install.sh done; it is left running
#   --test NAME   only this test of the suite, and none of ours
#   --record      keep the suite's report in testdata/conformance (all tests must pass)
# The report says who implements it: CONFORMANCE_ORGANIZATION, CONFORMANCE_URL and CONFORMANCE_CONTACT, "unset" by default.
# Some 3 minutes once everything is built (5 and more from 1.6 on, where a test waits for luck), on a busy machine longer.
# Logs stay in the folder that is named at the end.
set -euo pipefail
. "$(dirname "$0")/go-parts.sh"
. "$hack/conformance/suite.sh"
root=$(dirname "$hack")

suite=$INFERENCE_EXTENSION_VERSION state='' only='' record=''
while [ $# -gt 0 ]; do
  case $1 in
    --suite) suite=${2:?--suite needs a version} && shift ;;
    --state) state=$(realpath -m "${2:?--state needs a folder}") && shift ;;
    --test) only=${2:?--test needs a name} && shift ;;
    --record) record=yes ;;
    -h | --help) sed -n 's/^# \{0,1\}//; 2,12p' "$0" && exit 0 ;;
    *) echo "$me: unknown option $1 (see hack/conformance.sh --help)" >&2 && exit 2 ;;
  esac
  shift
done
case $suite in
  "$INFERENCE_EXTENSION_VERSION" | "$INFERENCE_EXTENSION_NEXT") module=$hack/conformance/v${suite%.*} ;;
  *) die "no suite $suite: there are $INFERENCE_EXTENSION_VERSION and $INFERENCE_EXTENSION_NEXT (hack/versions)." ;;
esac
[ -z "$record" ] || [ -z "$only" ] || die "--record keeps the report of a whole run: leave --test away."
version=$(git -C "$root" describe --always --abbrev=12 --dirty)
[ -z "$record" ] || [[ $version != *-dirty ]] || die "--record needs a commit that the report can name: commit your changes."
for tool in curl jq; do
  command -v "$tool" >/dev/null || die "$tool is needed and not on the PATH."
done
step() { echo "$me: $* ($SECONDS s)"; }

build() {
  cd "$module"
  CGO_ENABLED=0 with_progress "$home/build.log" "the suite $suite with Go (some minutes, once)" \
    go test -c -o "$home/new" sigs.k8s.io/gateway-api-inference-extension/conformance
  mv "$home/new" "$home/suite"
}
home=$cache/conformance/$suite-$(sha256sum "$module/go.sum" | cut -c1-12)
[ -x "$home/suite" ] || check_go "The suite $suite" "$(go_line "conformance/v${suite%.*}")"
build_once "$home" suite build
"$hack/conformance/lwepp.sh" >/dev/null

work=$(mktemp -d "${TMPDIR:-/tmp}/pointsman-conformance.XXXXXX")
cluster() { "$hack/cluster.sh" --state "$state" "$@"; }
if [ -z "$state" ]; then
  state=$work/cluster
  if [ -n "$(find "$root/src/main" "$root/proto" "$root/pom.xml" -newer "$root/target/pointsman.jar" -print -quit 2>&1)" ]; then
    step "building Pointsman"
    (cd "$root" && ./mvnw -B -q -Dstyle.color=never -DskipTests -Dspotless.check.skip=true package)
  fi
  step "a cluster"
  trap 'cluster down --keep >/dev/null 2>&1 || true' EXIT
  trap 'exit 130' INT TERM
  cluster up >"$work/cluster.log" 2>&1 || die "the cluster does not start:" "$(tail -5 "$work/cluster.log")"
  "$hack/cluster/install.sh" "$state"
fi
kubectl() { cluster kubectl "$@"; }
if [ "$suite" = "$INFERENCE_EXTENSION_NEXT" ]; then
  mismatch=()
  crds=$(cd "$module" && go list -m -f '{{.Dir}}' sigs.k8s.io/gateway-api-inference-extension)/config/crd/bases
  for_next_suite
else # Envoy Gateway 1.9 brings Gateway API 1.6's CRDs, this suite asks for those of 1.5
  mismatch=(-allow-crds-mismatch)
fi

step "the suite $suite"
code=0
cluster run "$home/suite" -test.v -test.timeout 30m -gateway-class inference-gateway -cleanup-base-resources=false \
  "${mismatch[@]}" ${only:+-run-test "$only"} -report-output "$work/report.yaml" \
  -organization "${CONFORMANCE_ORGANIZATION:-unset}" -project pointsman -version "$version" \
  -url "${CONFORMANCE_URL:-unset}" -contact "${CONFORMANCE_CONTACT:-unset}" \
  >"$work/suite.log" 2>&1 || code=$?
sed -nE 's/^ {4}--- (PASS|FAIL|SKIP): TestConformance\/([^/ ]+) \(([0-9]+)\.[0-9]+s\)/\1 \3 \2/p' "$work/suite.log" >"$work/results"
ran=$(grep -cv '^SKIP' "$work/results" || true)
[ "$ran" -gt 0 ] || die "no test ran; the end of $work/suite.log:" "$(tail -15 "$work/suite.log")"
if [ -z "$only" ]; then
  step "our tests of the failure modes"
  cluster run "$hack/conformance/failure-modes.sh" "$("$hack/kubernetes.sh")/kubectl" \
    >"$work/ours" 2>"$work/failure-modes.log" || code=1
  [ "$(wc -l <"$work/ours")" = 2 ] || code=1
  sed 's/^/  /' "$work/failure-modes.log"
fi

summary
grep -q ^FAIL "$work/results" && code=1
[ -z "$record" ] || keep_report
exit "$code"
