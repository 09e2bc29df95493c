#!/usr/bin/env bash
# Ours, beside the suite, whose EppUnAvailableFailOpen takes away a picker that its route does not use: what happens
# to requests when the picker in use is killed. Needs the suite's base resources. Runs inside the cluster:
#   hack/cluster.sh run hack/conformance/failure-modes.sh KUBECTL
# Prints a line per test: PASS or FAIL, seconds, name; what was measured goes to standard error. Exit code 1: a FAIL.
set -uo pipefail
kubectl=$1
here=$(cd "$(dirname "$0")" && pwd)
namespace=inference-conformance-app-backend
work=$(mktemp -d)
k() { "$kubectl" -n $namespace "$@"; }
cleanup() {
  k delete -f "$here/failure-modes.yaml" --ignore-not-found >/dev/null
  rm -rf "$work"
}
trap cleanup EXIT

. "$here/requests.sh"

# without_picker PICKER COMMAND...: the picker's processes are killed, not asked to stop, while COMMAND runs
without_picker() {
  local picker=$1 label code=0
  shift
  label=$(k get deployment "$picker" -o 'jsonpath={.spec.selector.matchLabels.app}')
  k scale "deployment/$picker" --replicas=0 >/dev/null
  k delete pods -l "app=$label" --force --grace-period=0 >/dev/null 2>&1
  k wait --for=delete pods -l "app=$label" --timeout=60s >/dev/null
  "$@" || code=$?
  k scale "deployment/$picker" --replicas=1 >/dev/null
  k rollout status "deployment/$picker" --timeout=120s >/dev/null || code=1
  return $code
}

# goes_on PATH POOL: requests are answered by the pool's pods, and no more by the one that they ask for
goes_on() {
  local first ip started=$SECONDS bad served
  read -r first ip < <(pods "$2")
  eventually 60 is_ok "$1" "$ip" || { says "no request is answered"; return 1; }
  says "$1: the first 200 after $((SECONDS - started)) s"
  answers 20 "$1" "$ip" >"$work/answers"
  bad=$(grep -cv '^200 ' "$work/answers")
  served=$(cut -d' ' -f2 "$work/answers" | sort -u | grep -c "^${2%-inference-model-server}-")
  says "$1: $(wc -l <"$work/answers") requests: $(cut -d' ' -f1 "$work/answers" | sort | uniq -c | xargs), by $served pods"
  [ "$bad" = 0 ] && [ "$served" -gt 1 ]
}

# fails PATH POOL: every request is answered 5xx
fails() {
  local first ip started=$SECONDS
  read -r first ip < <(pods "$2")
  eventually 60 is_5xx "$1" "$ip" || { says "requests do not fail"; return 1; }
  says "$1: the first 5xx after $((SECONDS - started)) s"
  answers 10 "$1" "$ip" >"$work/answers"
  says "$1: $(wc -l <"$work/answers") requests: $(cut -d' ' -f1 "$work/answers" | sort | uniq -c | xargs)"
  ! grep -qv '^5.. ' "$work/answers"
}

failed=0
# try NAME PATH POOL PICKER WHAT: the pods follow the picker; without it, WHAT; with it again, they follow it again
try() {
  local started=$SECONDS said=FAIL
  if eventually 60 follows "$2" "$3" && without_picker "$4" "$5" "$2" "$3" && eventually 60 follows "$2" "$3"; then
    said=PASS
  else
    failed=1
  fi
  printf '%s %s %s\n' $said $((SECONDS - started)) "$1"
}

k apply -f "$here/failure-modes.yaml" >/dev/null || exit 1
gateway=$("$kubectl" -n inference-conformance-infra get gateway conformance-primary -o 'jsonpath={.status.addresses[0].value}')
try FailOpenWithPickerKilled /pointsman-fail-open secondary-inference-model-server secondary-app-endpoint-picker goes_on
try FailCloseWithPickerKilled /pointsman-fail-close primary-inference-model-server primary-app-endpoint-picker fails
exit $failed
