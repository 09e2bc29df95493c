# The scenarios canary, mirror and circuit-breaking, for demo.sh: many requests, then a table of what was expected and what
# was measured. Needs document.sh.

many() { # model, how many: status and pod of each answer
  curl -sS -m 300 -o /dev/null -w '%{http_code} %header{x-inference-pod}\n' -H 'Content-Type: application/json' \
    -d "$(chat "$1")" "http://localhost:$port/v1/chat/completions?[1-$2]"
}
answers() { grep -cE "$1" "$work/answers" || true; }                           # pattern
calls() { curl -sS "http://$1/calls" | python3 -c 'import json, sys; print(len(json.load(sys.stdin)))'; } # a picker's
count() { curl -sS "http://$1/metrics" | awk '/^vllm:request_success_total/ { n += $2 } END { print n + 0 }'; } # a pod's
configure() { # pod, settings
  curl -sS -o /dev/null -f -H 'Content-Type: application/json' -d "$2" "http://$1/admin/config"
}
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
  local held pod=127.0.0
  configure $pod.11:8000 '{"inter-token-latency": "500ms"}'
  configure $pod.12:8000 '{"inter-token-latency": "500ms"}'
  curl -sSN -m 60 -H 'Content-Type: application/json' -d "$(chat qwen '"stream": true, "max_tokens": 20, "ignore_eos": true, ')" \
    "http://localhost:$port/v1/chat/completions" >"$work/held" &
  held=$!
  while [ ! -s "$work/held" ]; do sleep 0.1; done
  table "" expected measured
  many qwen 20 >"$work/answers"
  row "qwen: refused with 503" 20 "$(answers '^503 $')"
  curl -sS -H 'Content-Type: application/json' -d "$(chat qwen)" "http://localhost:$port/v1/chat/completions" \
    >"$work/answers"
  row "qwen: of one more, refused as \"overloaded\"" 1 "$(answers '"code":"overloaded"')"
  many deepseek-r1 20 >"$work/answers"
  row "deepseek-r1: answered with 200" 20 "$(answers '^200 deepseek-r1-0')"
  wait "$held"
  configure $pod.11:8000 '{"inter-token-latency": "0s"}'
  configure $pod.12:8000 '{"inter-token-latency": "0s"}'
  row "qwen: the request under way was answered whole" 1 "$(grep -c '^data: \[DONE\]' "$work/held" || true)"
  many qwen 20 >"$work/answers"
  row "qwen: afterwards, answered with 200" 20 "$(answers '^200 qwen-')"
}
