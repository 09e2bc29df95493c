# The scenario tokens, for demo.sh: a token budget for each model and user, charged by Envoy Gateway's global rate limit,
# with the real rate limit service and Redis. Needs document.sh, scenarios.sh and $work.

start_rate_limits() { # before the rig; the service takes its configuration from Envoy Gateway
  local redis service certificates=$work/envoy-gateway/config/certs
  redis=$(hack/redis.sh) service=$(hack/ratelimit.sh)
  "$redis" --bind 127.0.0.1 --port 16379 --save '' --appendonly no >"$work/redis.log" 2>&1 &
  helpers+=($!)
  env RUNTIME_ROOT="$work" RUNTIME_SUBDIRECTORY=ratelimit LOG_LEVEL=info USE_STATSD=false \
    HOST=127.0.0.1 PORT=18082 DEBUG_HOST=127.0.0.1 DEBUG_PORT=16070 GRPC_HOST=127.0.0.1 GRPC_PORT=18081 \
    REDIS_SOCKET_TYPE=tcp REDIS_URL=127.0.0.1:16379 FORCE_START_WITHOUT_INITIAL_CONFIG=true \
    CONFIG_TYPE=GRPC_XDS_SOTW CONFIG_GRPC_XDS_SERVER_URL=127.0.0.1:18001 CONFIG_GRPC_XDS_NODE_ID=envoy-ratelimit \
    CONFIG_GRPC_XDS_SERVER_USE_TLS=true CONFIG_GRPC_XDS_SERVER_TLS_SAN=envoy-gateway \
    CONFIG_GRPC_XDS_CLIENT_TLS_CERT="$certificates/envoy-rate-limit/tls.crt" \
    CONFIG_GRPC_XDS_CLIENT_TLS_KEY="$certificates/envoy-rate-limit/tls.key" \
    CONFIG_GRPC_XDS_SERVER_TLS_CACERT="$certificates/envoy-rate-limit/ca.crt" \
    bash -c 'until [ -s "$CONFIG_GRPC_XDS_CLIENT_TLS_CERT" ]; do sleep 0.2; done; exec "$0"' "$service" \
    >"$work/ratelimit.log" 2>&1 &
  helpers+=($!)
}

spend() { # what, user, model, further fields of the body, expected status and tokens left, bytes of the body if large
  local measured
  if [ -n "${6:-}" ]; then
    python3 -c 'import sys; print(sys.argv[1][:-1] + ", \"user\": \"" + "x" * int(sys.argv[2]) + "\"}")' \
      "$(chat "$3" "$4")" "$6"
  else
    chat "$3" "$4"
  fi >"$work/body"
  measured=$(curl -sS -m 60 -o "$work/answer" -H 'Content-Type: application/json' -H 'Expect:' -H "x-user: $2" \
    --data-binary "@$work/body" -w '%{http_code} %header{x-ratelimit-remaining}' \
    "http://localhost:$port/v1/chat/completions")
  printf '%-62s %-10s %s\n' "$1" "$5" "$measured"
  if [ "$measured" != "$5" ]; then
    echo "WRONG: $1" >&2
    failures=$((failures + 1))
  fi
  sleep 1 # Envoy charges after the response
}

tokens() {
  step "3. A budget of 30 for each model and user; a request costs 1, a response its 12 tokens (9 of the prompt): status, and rest of the budget"
  local three='"max_tokens": 3, "ignore_eos": true, ' waited=0
  local stream='"stream": true, "stream_options": {"include_usage": true}, '$three
  until [ "$(curl -sS -o /dev/null -H 'Content-Type: application/json' -H 'x-user: nobody' -d "$(chat qwen)" \
    -w '%header{x-ratelimit-remaining}' "http://localhost:$port/v1/chat/completions")" != '' ]; do
    [ $((waited += 1)) -lt 60 ] || { echo "WRONG: nothing counts; see $work/ratelimit.log" >&2 && exit 1; }
    sleep 1
  done
  printf '%-62s %-10s %s\n' "" expected measured
  spend "ann, qwen: a whole response" ann qwen "$three" '200 29'
  spend "ann, qwen: a stream" ann qwen "$stream" '200 16'
  spend "ann, qwen: a stream" ann qwen "$stream" '200 3'
  spend "ann, qwen: the budget is spent" ann qwen "$three" '429 0'
  spend "ann, deepseek-r1: another model" ann deepseek-r1 "$three" '200 29'
  spend "bob, qwen: another user, a body of 5 MB (through the loop)" bob qwen "$three" '200 29' 5000000
  spend "bob, qwen: a stream for a body of 5 MB" bob qwen "$stream" '200 16' 5000000
  spend "bob, qwen: counted once each" bob qwen "$three" '200 3'
  spend "bob, qwen: the budget is spent for a body of 5 MB too" bob qwen "$three" '429 0' 5000000
  spend "eve, qwen: a stream without include_usage" eve qwen '"stream": true, '"$three" '200 29'
  spend "eve, qwen: its response cost nothing" eve qwen "$three" '200 28'
}
