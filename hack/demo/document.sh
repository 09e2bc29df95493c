# The document's requests, for demo.sh: asks, prints answer and pod, and counts wrong answers in $failures.
# Needs $port, $work and step.

failures=0
ask() { # what, body; answer in $answer, its head in $head
  step "$1"
  echo "curl -X POST localhost:$port/v1/chat/completions -H 'Content-Type: application/json' -d '$2'"
  curl -sSN -m 30 -D "$work/head" -X POST "localhost:$port/v1/chat/completions" \
    -H 'Content-Type: application/json' -d "$2" | tee "$work/answer" || true
  echo
  answer=$(cat "$work/answer") head=$(tr -d '\r' <"$work/head")
  pod=$(sed -n 's/^x-inference-pod: //p' <<<"$head")
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
  show_access "7. The access log: a line for each request (Envoy writes it every 10 s)" 4
  expect "the line of qwen" "$(grep '"model":"qwen"' "$work/access.log")" '"pool":"default/qwen-pool"'
  expect "the line of the unknown model" "$(tail -n 1 "$work/access.log")" '"model":"gpt-unknown"'
}
