# The scenario fallback, for demo.sh: a pool fails in several ways, and the next one stands in for it. Needs scenarios.sh.

told() { curl -sS -o /dev/null "http://$1"; } # a picker
fail() { # percent of the requests of the pods of qwen
  local address
  for address in 127.0.0.11:8000 127.0.0.12:8000; do
    configure $address "{\"failure-injection-rate\": $1, \"failure-types\": [\"server_error\"]}"
  done
}
milliseconds() { # model: the median of 100 requests
  curl -sS -m 300 -o /dev/null -w '%{time_total}\n' -H 'Content-Type: application/json' -d "$(chat "$1")" \
    "http://localhost:$port/v1/chat/completions?[1-100]" | sort -n | sed -n 50p | awk '{ printf "%.1f", $1 * 1000 }'
}
stands_in() { # what
  local picks
  picks=$(settled calls 127.0.0.24:9012)
  many qwen 1000 >"$work/answers"
  row "$1: answered with 200" 1000 "$(answers '^200 ')"
  row "  by the next version's pod" 1000 "$(answers '^200 next-')"
  row "  asked of the next version's picker" 1000 $(($(settled calls 127.0.0.24:9012) - picks))
}

fallback() {
  step "3. 1000 requests for qwen each time; its pool is replaced by the next version's, which knows the model as qwen-next"
  table "" expected measured
  many qwen 1000 >"$work/answers"
  row "all is well: answered with 200 by the pods of qwen" 1000 "$(answers '^200 qwen-')"
  local well failing
  well=$(milliseconds qwen)

  fail 100
  stands_in "the model servers of qwen answer 503"
  failing=$(milliseconds qwen)
  curl -sS -H 'Content-Type: application/json' -d "$(chat qwen)" "http://localhost:$port/v1/chat/completions" \
    >"$work/answers"
  row "  the model in the request of one more is qwen-next" 1 "$(answers '"model":"qwen-next"')"
  fail 0

  told 127.0.0.21:9012/mood?is=REFUSING
  stands_in "the picker of qwen answers 429"
  python3 -c 'import sys; print(sys.argv[1][:-1] + ", \"user\": \"" + "x" * 5000000 + "\"}")' "$(chat qwen)" >"$work/body"
  curl -sS -m 60 -o /dev/null -H 'Content-Type: application/json' -H 'Expect:' --data-binary "@$work/body" \
    -w '%{http_code} %header{x-inference-pod}\n' "http://localhost:$port/v1/chat/completions" >"$work/answers"
  row "  a body of 5 MB: by the next version's pod" 1 "$(answers '^200 next-')"
  told 127.0.0.21:9012/mood?is=HONEST

  many qwen 1000 >"$work/answers"
  row "all is well again: by the pods of qwen" 1000 "$(answers '^200 qwen-')"
  echo "median of a request: $well ms by its pool, $failing ms by the next"
}
