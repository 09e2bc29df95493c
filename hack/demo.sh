#!/usr/bin/env bash
# The document's example on real parts: Envoy Gateway, Envoy, Pointsman and llm-d's simulator of vLLM.
# Fetches and builds what is missing (some minutes the first time, under 30 s to be up afterwards), runs the document's
# requests, prints the answers and which pod served, and fails when an answer is wrong. Ctrl-C stops all of it.
# usage: hack/demo.sh [--once] [--port N] [--scenario NAME]
#   --once           stop after the requests
#   --port N         the gateway's port (default: 8080, the document's)
#   --scenario NAME  canary, mirror, circuit-breaking, fallback, errors or tokens instead: requests, then a table of what
#                    was expected and what was measured; fails when they differ
set -euo pipefail
cd "$(dirname "$0")/.."

. hack/demo/options.sh

step() { if [ -t 1 ]; then printf '\e[1m==> %s\e[0m\n' "$*"; else echo "==> $*"; fi; }

step "1. Parts"
JAVA_HOME=$(hack/jdk25.sh)
export JAVA_HOME
built=target/demo-built # newer than every source once jar and stand-ins are built
if [ ! -f "$built" ] || [ ! -f target/pointsman.jar ] || [ -n "$(find src proto pom.xml -newer "$built" -print -quit)" ]; then
  echo "building Pointsman and the stand-ins ..."
  ./mvnw -B -q -Dstyle.color=never -DskipTests -Dspotless.check.skip=true package
  touch "$built"
fi
echo "Envoy:         $(hack/envoy.sh)"
echo "Envoy Gateway: $(hack/envoy-gateway.sh)"
echo "Model server:  $(hack/inference-sim.sh)"

step "2. Start"
started=$SECONDS
work=$(mktemp -d "${TMPDIR:-/tmp}/pointsman-demo.XXXXXX")
cp -r testdata/demo "$work/demo"
[ ! -d "testdata/demo-$scenario" ] || cp -r "testdata/demo-$scenario/." "$work/demo/"
sed -i "s/port: 8080/port: $port/" "$work/demo/gateway/inference-gateway.yaml"
. hack/demo/access-log.sh
log_access
. hack/demo/tokens.sh
helpers=() # processes beside the rig's
[ "$scenario" != tokens ] || start_rate_limits
coproc rig {
  exec "$JAVA_HOME/bin/java" -Xmx128m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC \
    -cp "target/test-classes:target/classes:target/lib/*:target/rig-lib/*" dev.pointsman.rig.RunRig "$work/demo" "$work"
}
rig_pid=$rig_PID to_rig=${rig[1]} from_rig=${rig[0]} # bash forgets these when the coprocess ends

stop() { # the rig stops what it started when its input ends
  local code=$?
  trap '' INT TERM
  exec {to_rig}>&- || true
  wait "$rig_pid" 2>/dev/null || true
  [ ${#helpers[@]} = 0 ] || kill "${helpers[@]}" 2>/dev/null || true
  if [ "$code" = 0 ] || [ "$code" = 130 ]; then rm -rf "$work"; else echo "Logs: $work" >&2; fi
  exit "$code"
}
trap stop EXIT
trap 'exit 130' INT TERM

up=''
while read -r line <&"$from_rig"; do
  [ "$line" != READY ] || { up=yes && break; }
  echo "$line"
done
[ -n "$up" ] || exit 1
echo "up after $((SECONDS - started)) s"

. hack/demo/document.sh
. hack/demo/scenarios.sh
. hack/demo/fallback.sh
. hack/demo/errors.sh
case $scenario in
  '') the_document ;;
  canary) canary ;;
  mirror) mirror ;;
  circuit-breaking) circuit_breaking ;;
  fallback) fallback ;;
  errors) errors ;;
  tokens) tokens ;;
esac
[ "$failures" = 0 ] || { echo "demo.sh: $failures results were wrong" >&2 && exit 1; }
step "All answers are right."
if [ -z "$once" ]; then
  echo "Running on until Ctrl-C: http://localhost:$port. Configuration and logs: $work"
  read -r line <&"$from_rig" || true # the rig says nothing more while all is well
  echo "$line" >&2 && exit 1
fi
