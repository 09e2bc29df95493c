#!/usr/bin/env bash
# The document's example on real parts: Envoy Gateway, Envoy and Pointsman, with stand-ins for what needs a GPU.
# Fetches and builds what is missing (some minutes the first time, under 30 s to be up afterwards), runs the document's
# requests, prints the answers and which pod served, and fails when an answer is wrong. Ctrl-C stops all of it.
# usage: hack/demo.sh [--once] [--port N] [--scenario NAME]
#   --once           stop after the requests
#   --port N         the gateway's port (default: 8080, the document's)
#   --scenario NAME  canary, mirror or circuit-breaking instead: many requests, then a table of what was expected and
#                    what was measured; fails when they differ
set -euo pipefail
cd "$(dirname "$0")/.."

once='' port=8080 scenario=''
misused() { echo "demo.sh: $* (see hack/demo.sh --help)" >&2 && exit 2; }
while [ $# -gt 0 ]; do
  case $1 in
    --once) once=yes ;;
    --port) [ $# -gt 1 ] || misused "--port needs a number" && port=$2 && shift ;;
    --scenario) [ $# -gt 1 ] || misused "--scenario needs a name" && scenario=$2 && shift ;;
    -h | --help) sed -n 's/^# \{0,1\}//; 2,9p' "$0" && exit 0 ;;
    *) misused "unknown option $1" ;;
  esac
  shift
done
case $scenario in
  '' | canary | mirror | circuit-breaking) ;;
  *) misused "unknown scenario $scenario: canary, mirror or circuit-breaking" ;;
esac
[[ $port =~ ^[1-9][0-9]{0,4}$ ]] && [ "$port" -le 65535 ] || misused "--port $port: not a number from 1 to 65535"
for tool in curl python3; do
  command -v "$tool" >/dev/null || { echo "demo.sh: $tool is needed and not on the PATH" >&2 && exit 1; }
done

# Before the build, which may take minutes. The other ports are looked at when everything starts.
python3 - "$port" <<'EOF' || exit 1
import socket, sys
try:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("0.0.0.0", int(sys.argv[1])))
        probe.listen()
except OSError as e:
    sys.exit(f"demo.sh: nothing can listen on port {sys.argv[1]}: {e.strerror}; take another with --port N")
EOF

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
[ -z "$scenario" ] || cp -r "testdata/demo-$scenario/." "$work/demo/"
sed -i "s/port: 8080/port: $port/" "$work/demo/gateway/inference-gateway.yaml"
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

the_document() {
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
}

many() { # model, how many: status and pod of each answer
  curl -sS -m 300 -o /dev/null -w '%{http_code} %header{x-served-by}\n' -H 'Content-Type: application/json' \
    -d "$(chat "$1")" "http://localhost:$port/v1/chat/completions?[1-$2]"
}
answers() { grep -cE "$1" "$work/answers" || true; }                           # pattern
calls() { curl -sS "http://$1/calls" | python3 -c 'import json, sys; print(len(json.load(sys.stdin)))'; } # a picker's
count() { curl -sS "http://$1/stub/count" | python3 -c 'import json, sys; print(json.load(sys.stdin)["count"])'; } # a pod's
table() { printf '%-58s %14s %9s\n' "$@"; }
row() { # what, expected, measured, how far off it may be
  local low=$(($2 - ${4:-0})) high=$(($2 + ${4:-0})) expected=$2
  [ -z "${4:-}" ] || expected="$low to $high"
  table "$1" "$expected" "$3"
  if [ "$3" -lt "$low" ] || [ "$3" -gt "$high" ]; then
    echo "WRONG: $1" >&2
    failures=$((failures + 1))
  fi
}
settled() { # command: its output, once it stays the same
  local before='' now
  now=$("$@")
  while [ "$now" != "$before" ]; do
    sleep 0.5
    before=$now now=$("$@")
  done
  echo "$now"
}

canary() {
  step "3. 1000 requests for qwen: 90 % for its pool, 10 % for the next version's"
  many qwen 1000 >"$work/answers"
  local next
  next=$(answers '^200 next-')
  table "" expected measured
  row "answered with 200" 1000 "$(answers '^200 ')"
  row "by the next version's pod (4 standard deviations)" 100 "$next" 38
  row "by the pods of qwen" $((1000 - next)) "$(answers '^200 qwen-')"
  row "asked of the next version's picker" "$next" "$(settled calls 127.0.0.24:9012)"
  row "asked of qwen's picker" $((1000 - next)) "$(settled calls 127.0.0.21:9012)"
}

mirror() {
  step "3. 1000 requests for qwen, of 30 % a copy for the next version"
  many qwen 1000 >"$work/answers"
  local copies
  copies=$(settled count 127.0.0.14:8000)
  table "" expected measured
  row "answered with 200 by the pods of qwen" 1000 "$(answers '^200 qwen-')"
  row "copies at the next version's pod (4 standard deviations)" 300 "$copies" 58
  row "asked of the next version's picker" "$copies" "$(settled calls 127.0.0.24:9012)"
  row "requests at the pods of qwen" 1000 $(($(count 127.0.0.11:8000) + $(count 127.0.0.12:8000)))
}

circuit_breaking() {
  step "3. One request for qwen is under way, the most that are allowed; 20 more, and 20 for deepseek-r1"
  curl -sSN -m 60 -D "$work/head" -H 'Content-Type: application/json' -H 'x-stub-hold: yes' \
    -d "$(chat qwen '"stream": true, ')" "http://localhost:$port/v1/chat/completions" >"$work/held" &
  local held=$! pod
  while [ ! -s "$work/held" ]; do sleep 0.1; done
  pod=$(tr -d '\r' <"$work/head" | sed -n 's/^x-served-by: qwen-//p')
  table "" expected measured
  many qwen 20 >"$work/answers"
  row "qwen: refused with 503" 20 "$(answers '^503 $')"
  curl -sS -H 'Content-Type: application/json' -d "$(chat qwen)" "http://localhost:$port/v1/chat/completions" \
    >"$work/answers"
  row "qwen: of one more, refused because of \"overflow\"" 1 "$(answers overflow)"
  many deepseek-r1 20 >"$work/answers"
  row "deepseek-r1: answered with 200" 20 "$(answers '^200 deepseek-r1-0')"
  curl -sS -o /dev/null "http://127.0.0.$((11 + pod)):8000/stub/release"
  wait "$held"
  row "qwen: the request under way was answered whole" 1 "$(grep -c '^data: \[DONE\]' "$work/held" || true)"
  many qwen 20 >"$work/answers"
  row "qwen: afterwards, answered with 200" 20 "$(answers '^200 qwen-')"
}

case $scenario in
  '') the_document ;;
  canary) canary ;;
  mirror) mirror ;;
  circuit-breaking) circuit_breaking ;;
esac
[ "$failures" = 0 ] || { echo "demo.sh: $failures results were wrong" >&2 && exit 1; }
step "All answers are right."
if [ -z "$once" ]; then
  echo "Running on until Ctrl-C: http://localhost:$port. Configuration and logs: $work"
  read -r line <&"$from_rig" || true # the rig says nothing more while all is well
  echo "$line" >&2 && exit 1
fi
