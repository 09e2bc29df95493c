# The scenario errors, for demo.sh: requests that cannot be served, with the gateway's own responses. Needs document.sh.

result() { # path, curl's options: status and OpenAI's code of the answer
  local path=$1 status
  shift
  status=$(curl -sS -m 60 -o "$work/answer" -w '%{http_code}' "$@" "http://localhost:$port$path")
  echo "$status $(python3 -c '
import json, sys
try: print(json.load(open(sys.argv[1]))["error"]["code"])
except (ValueError, KeyError, TypeError): print("-")' "$work/answer")"
}
refused() { # what, expected status and code, path, curl's options
  local what=$1 expected=$2 measured
  shift 2
  measured=$(result "$@")
  printf '%-44s %-36s %s\n' "$what" "$expected" "$measured"
  if [ "$measured" != "$expected" ]; then
    echo "WRONG: $what" >&2
    failures=$((failures + 1))
  fi
}

errors() {
  step "3. Requests that cannot be served: status and code, in OpenAI's error format"
  local chat=/v1/chat/completions json='Content-Type: application/json'
  chat qwen | gzip >"$work/gzip"
  python3 -c 'print("{\"model\":\"qwen\",\"input\":\"" + "x" * (21 << 20) + "\"}")' >"$work/large"
  printf '%-44s %-36s %s\n' "" expected measured
  refused "no model" "400 missing_required_parameter" $chat -H "$json" -d '{"messages": []}'
  refused "a model that is no string" "400 missing_required_parameter" $chat -H "$json" -d '{"model": null}'
  refused "no body" "400 missing_required_parameter" $chat -H "$json" -X POST
  refused "JSON that ends early" "400 invalid_json" $chat -H "$json" -d '{"model": "qwen"'
  refused "a control character in the model's name" "400 invalid_model" $chat -H "$json" -d '{"model": "a\u0001"}'
  refused "an unknown model" "404 model_not_found" $chat -H "$json" -d '{"model": "gpt-unknown"}'
  refused "plain text" "415 unsupported_content_type" $chat -H 'Content-Type: text/plain' -d 'qwen'
  refused "an upload for an unknown model" "404 model_not_found" /v1/audio/transcriptions -F 'file=x;filename=x.wav' -F model=gpt-unknown
  refused "an upload for two models" "400 conflicting_models" /v1/audio/transcriptions -F model=qwen -F model=deepseek-r1
  refused "an upload without a model" "400 missing_required_parameter" /v1/audio/transcriptions -F 'file=x;filename=x.wav'
  refused "a compressed body" "415 unsupported_content_encoding" $chat -H "$json" -H 'Content-Encoding: gzip' \
    --data-binary "@$work/gzip"
  refused "21 MiB" "413 request_too_large" $chat -H "$json" -H 'Expect:' --data-binary "@$work/large"
  refused "21 MiB of unknown length" "413 request_too_large" $chat -H "$json" -H 'Expect:' \
    -H 'Transfer-Encoding: chunked' --data-binary "@$work/large"
  refused "the list of models" "200 -" /v1/models
  refused "one model of it" "200 -" /v1/models/qwen
  refused "a model that is not on it" "404 model_not_found" /v1/models/gpt-unknown
}
