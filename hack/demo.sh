#!/usr/bin/env bash
# The document's example on real parts: Envoy Gateway, Envoy and Pointsman, with stand-ins for what needs a GPU.
# Fetches and builds what is missing (some minutes the first time, under 30 s to be up afterwards), runs the document's
# requests, prints the answers and which pod served, and fails when an answer is wrong. Ctrl-C stops all of it.
# usage: hack/demo.sh [--once] [--port N]
#   --once     stop after the requests
#   --port N   the gateway's port (default: 8080, the document's)
set -euo pipefail
cd "$(dirname "$0")/.."

once='' port=8080
while [ $# -gt 0 ]; do
  case $1 in
    --once) once=yes ;;
    --port) port=${2:?--port needs a number} && shift ;;
    -h | --help) sed -n 's/^# \{0,1\}//; 2,7p' "$0" && exit 0 ;;
    *) echo "demo.sh: unknown option $1 (see hack/demo.sh --help)" >&2 && exit 2 ;;
  esac
  shift
done
for tool in curl python3; do
  command -v "$tool" >/dev/null || { echo "demo.sh: $tool is needed and not on the PATH" >&2 && exit 1; }
done

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

step "2. Start"
started=$SECONDS
work=$(mktemp -d "${TMPDIR:-/tmp}/pointsman-demo.XXXXXX")
cp -r testdata/demo "$work/demo"
sed -i "s/port: 8080/port: $port/" "$work/demo/gateway/inference-gateway.yaml"
coproc rig {
  exec "$JAVA_HOME/bin/java" -Xmx128m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC \
    -cp "target/test-classes:target/classes:target/lib/*" dev.pointsman.rig.RunRig "$work/demo" "$work"
}
rig_pid=$rig_PID to_rig=${rig[1]} from_rig=${rig[0]} # bash forgets these when the coprocess ends

stop() { # the rig stops what it started when its input ends
  local code=$?
  trap '' INT TERM
  exec {to_rig}>&- || true
  wait "$rig_pid" 2>/dev/null || true
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

failures=0
ask() { # what, body; answer in $answer, its head in $head
  step "$1"
  echo "curl -X POST localhost:$port/v1/chat/completions -H 'Content-Type: application/json' -d '$2'"
  curl -sSN -m 30 -D "$work/head" -X POST "localhost:$port/v1/chat/completions" \
    -H 'Content-Type: application/json' -d "$2" | tee "$work/answer" || true
  echo
  answer=$(cat "$work/answer") head=$(tr -d '\r' <"$work/head")
  pod=$(sed -n 's/^x-served-by: //p' <<<"$head")
  echo "--> $(head -1 <<<"$head"), served by pod: ${pod:-none}"
}
expect() { # what, text, pattern
  if ! grep -qE "$3" <<<"$2"; then
    echo "WRONG: $1: expected $3, got: $2" >&2
    failures=$((failures + 1))
  fi
}
chat() { # model, further fields
  printf '{"model": "%s", %s"temperature": 0, "messages": [{"role": "user", "content": "who are you?"}]}' "$1" "${2:-}"
}

ask "3. The model qwen" "$(chat qwen)"
expect "the model" "$answer" '"model":"qwen"'
expect "the pod" "$pod" '^qwen-[01]$'
ask "4. The model deepseek-r1" "$(chat deepseek-r1)"
expect "the model" "$answer" '"model":"deepseek-r1"'
expect "the pod" "$pod" '^deepseek-r1-0$'
ask "5. Streaming (server-sent events)" "$(chat qwen '"stream": true, ')"
expect "the pod" "$pod" '^qwen-[01]$'
expect "the last event" "$(tail -n 2 <<<"$answer")" '^data: \[DONE\]$'
ask "6. A model that nobody serves" "$(chat gpt-unknown)"
expect "the status" "$(head -1 <<<"$head")" ' 404 '
expect "the error" "$answer" '"code":"model_not_found"'

[ "$failures" = 0 ] || { echo "demo.sh: $failures answers were wrong" >&2 && exit 1; }
step "All answers are right."
if [ -z "$once" ]; then
  echo "Running on until Ctrl-C: http://localhost:$port. Configuration and logs: $work"
  read -r line <&"$from_rig" || true # the rig says nothing more while all is well
  echo "$line" >&2 && exit 1
fi
